//! A newer package: what it would change is shown, what does not fit is refused with file and line, and then it is taken in.

use crate::harness::{Story, text};
use serde_json::{Value, json};

const REGISTER: &str = "registers/heating_subsidy.toml";

/// Replaces every `before` in a file of the story's package.
fn edit(story: &Story, file: &str, before: &str, after: &str) {
    let path = story.package.join(file);
    let whole = std::fs::read_to_string(&path).expect("reads");
    assert!(whole.contains(before), "`{before}` stands in {file}");
    std::fs::write(path, whole.replace(before, after)).expect("writes");
}

/// Household number and village of the first household of a sample.
fn first_household(story: &Story, sample: &Value) -> (String, String) {
    let package = policy::Package::load(&story.package, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let file = sample["registers"].as_array().expect("files").iter().find(|file| file[0] == "household");
    let path = file.and_then(|file| file[1].as_str()).expect("the register of households");
    let whole = std::fs::read_to_string(path).expect("reads");
    let mut lines = whole.trim_start_matches('\u{feff}').lines();
    let headings: Vec<&str> = lines.next().expect("headings").split(',').collect();
    let cells: Vec<&str> = lines.next().expect("a row").split(',').collect();
    let cell = |field: &str| {
        let field = package.registers["household"].field_named(field).expect("is declared");
        let names: Vec<&String> = field.headings.iter().chain([&field.label]).collect();
        let at = headings.iter().position(|heading| names.iter().any(|name| *name == heading)).expect("has a heading");
        cells[at].trim_matches('"').to_owned()
    };
    (cell("household_no"), cell("region_code"))
}

#[test]
fn a_newer_package_is_planned_refused_mended_and_taken_in() {
    let story = Story::with_own_package();
    let (dir, package) = (text(&story.dir()), text(&story.package));
    story.run(&["new", "register", "heating_subsidy", "--package", &package]);
    let sample = story.sample("sample", 20, 7, &["--clean"]);
    story.init();
    let households = sample["registers"].as_array().expect("files").iter().find(|file| file[0] == "household");
    story.import("household", households.and_then(|file| file[1].as_str()).expect("a file"));
    let (household, village) = first_household(&story, &sample);
    let file = story.path("subsidy.csv");
    let rows = format!("编号,户编号,行政区划代码,登记日期,核定金额(元)\nA1,{household},{village},2024-11-01,300\n");
    std::fs::write(&file, rows).expect("writes");
    let report = story.import("heating_subsidy", &text(&file));
    assert_eq!(report[0]["summary"]["rows_taken"], 1, "{report}");
    assert!(story.run(&["migrate", "--dir", &dir, "--plan"])["plan"]["tables"].as_array().expect("a list").is_empty());

    edit(&story, REGISTER, "approved_fen", "granted_fen");
    edit(&story, REGISTER, "\"granted_fen - paid_total_fen\"", "\"granted_fen * 2\"");
    for arguments in [
        ["migrate", "--dir", &dir, "--package", &package, "--plan"].as_slice(),
        &["migrate", "--dir", &dir, "--package", &package],
    ] {
        let refused = story.refused(arguments);
        for part in ["heating_subsidy.toml:", "`approved_fen` 有数据", "[[removed]]", "changes"] {
            assert!(refused.contains(part), "`{part}` in {refused}");
        }
    }
    let change = "from = 2025-01-01\nreason = \"文件改称核准金额\"\nreason_en = \"The document has another word\"\n\n\
        [[renamed]]\nregister = \"heating_subsidy\"\nfield = \"approved_fen\"\nto = \"granted_fen\"\n";
    std::fs::create_dir_all(story.package.join("changes")).expect("makes the folder");
    std::fs::write(story.package.join("changes/granted.toml"), change).expect("writes");
    let planned = story.run(&["migrate", "--dir", &dir, "--package", &package, "--plan"]);
    assert_eq!(planned["done"], false);
    assert_eq!(planned["plan"]["renamed"][0][0], "heating_subsidy.approved_fen", "{planned}");
    assert_eq!(planned["plan"]["recalculated"], json!([["heating_subsidy", 1]]), "{planned}");
    assert_eq!(planned["plan"]["refused"], json!([]));
    let output = story.try_run(&["migrate", "--dir", &dir, "--package", &package, "--plan"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in
        ["升级计划(未作任何改动)", "改名:heating_subsidy.approved_fen → granted_fen", "重新核算:heating_subsidy 1 条"]
    {
        assert!(said.contains(part), "`{part}` in {said}");
    }
    let before = story.run(&["verify", "--dir", &dir]);

    let done = story.run(&["migrate", "--dir", &dir, "--package", &package]);
    assert_eq!(done["settled"]["recalculated"], json!([["heating_subsidy", 1]]), "{done}");
    let after = story.run(&["verify", "--dir", &dir]);
    let events = |said: &Value| said["events"].as_u64().expect("a number");
    assert_eq!(events(&after), events(&before) + 1, "one record changed, by one event");
    let again = story.run(&["migrate", "--dir", &dir, "--recalculate"]);
    assert_eq!(again["settled"], json!({ "filled_in": 0, "recoded": [], "recalculated": [] }));
    let out = text(&story.path("subsidy-again.csv"));
    story.run(&["export", "--dir", &dir, "heating_subsidy", "--out", &out, "--format", "csv"]);
    let exported = std::fs::read_to_string(&out).expect("reads");
    assert!(exported.contains("300") && exported.contains("600"), "{exported}");
}
