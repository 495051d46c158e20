//! Places that are said on the command line are places of the package, and of the installation.

use crate::harness::{Story, text};

#[test]
fn a_place_that_is_not_there_or_lies_elsewhere_is_refused_with_what_to_do() {
    let story = Story::begin();
    story.init();
    let (dir, out) = (text(&story.dir()), text(&story.path("out.xlsx")));
    let account = |name: &str, region: &str| -> Vec<String> {
        ["account", "--dir", &dir, name, "--role", "county_officer", "--region", region].map(str::to_owned).into()
    };
    let template = |region: &str| -> Vec<String> {
        ["template", "--dir", &dir, "organisation", "--out", &out, "--region", region].map(str::to_owned).into()
    };
    let file = story.path("a.csv");
    std::fs::write(&file, "a\n1\n").expect("writes");
    let import = |place: &str| -> Vec<String> {
        ["import", "--dir", &dir, "organisation", &text(&file), "--place", place].map(str::to_owned).into()
    };
    let init = |region: &str| -> Vec<String> {
        let (other, package) = (text(&story.path("other")), text(&crate::harness::root().join("policy/sichuan-2021")));
        ["init", "--dir", &other, "--package", &package, "--region", region].map(str::to_owned).into()
    };
    for (arguments, told) in [
        (account("an", "999999"), "999999"),
        (account("an", "510199"), "510199"),
        (account("an", "510104"), "510104"),
        (template("999999"), "999999"),
        (template("510104"), "510104"),
        (import("999999"), "999999"),
        (import("510104"), "510104"),
        (init("999999"), "999999"),
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let refused = story.refused(&arguments);
        assert!(refused.contains(told) && refused.contains("区划"), "{arguments:?}: {refused}");
    }
    assert!(!story.path("other").exists(), "nothing is left half made");
    let home = account("an", "513431");
    story.run(&home.iter().map(String::as_str).collect::<Vec<_>>());
    let around = template("513400");
    story.run(&around.iter().map(String::as_str).collect::<Vec<_>>());
}
