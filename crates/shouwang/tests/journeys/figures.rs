//! From files to the page of an indicator: department files and ledgers in, a screening, figures by place, a file of them.

use crate::county::{On, csv_lines, package};
use crate::harness::{REGION, Story};
use crate::served::{Served, between};

const HOUSEHOLDS: u32 = 240;

fn screened(on: &On) -> Story {
    let story = Story::begin();
    let sample = story.sample("sample", HOUSEHOLDS, 7, &["--format", "csv", "--ledgers"]);
    on.init(&story);
    story.import_all(&sample);
    let first = story.screen();
    assert!(first["figures"].as_u64().is_some_and(|figures| figures > 0), "{first}");
    let again = story.screen();
    assert_eq!(again["figures"], 0, "the same figures twice change nothing: {again}");
    story
}

/// The figures of an indicator as the page gives them to a file: rows by their place code, group and code.
fn exported(served: &Served, story: &Story, indicator: &str) -> Vec<Vec<String>> {
    let page = served.get(&format!("/indicators/{indicator}")).text();
    let hidden = |name: &str| between(&page, &format!("name=\"{name}\" value=\""), "\"").unwrap_or_default().to_owned();
    let fields = ["form_token", "place", "period"].map(|name| (name, hidden(name)));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let file = served.exported(story, &format!("/indicators/{indicator}/export"), &fields, "csv");
    let mut lines = csv_lines(std::fs::read_to_string(&file).expect("a file").trim_start_matches('\u{feff}'));
    lines.remove(0);
    lines
}

#[test]
fn files_become_figures_on_a_page_and_places_add_up() {
    for on in On::both() {
        let story = screened(&on);
        let package = package(&story);
        let served = Served::begin(&story);
        let list = served.get("/indicators").text();
        for (name, indicator) in &package.indicators {
            assert!(list.contains(&format!("/indicators/{name}\"")), "{name} is listed");
            let page = served.get(&format!("/indicators/{name}"));
            assert!(page.head().contains(" 200"), "{name}: {}", page.head());
            let page = page.text();
            assert!(page.contains(&indicator.label) && page.contains("历期"), "{name} has a series");
            let definition = between(&page, "id=\"definition\"", "</dl>").expect("what is counted, in words");
            assert!(!definition.contains('_'), "{name} in words: {definition}");
            let lines = exported(&served, &story, name);
            adds_up(name, &lines);
        }
        let households = exported(&served, &story, "households_in_range");
        let told: u64 = [9, 10].map(|column| households[0][column].parse::<u64>().unwrap_or_default()).iter().sum();
        assert_eq!(told, u64::from(HOUSEHOLDS), "every household is in the whole or not known: {:?}", households[0]);
        let policy = served.get("/policy").text();
        assert!(policy.contains("/indicators/households_in_range\""), "an article shows its figures");
        let below = served.get(&format!("/indicators/households_in_range?place={}", &households[1][3]));
        assert!(below.head().contains(" 200"), "a row leads to the place below");
        let other = served.get("/indicators/households_in_range?place=110000000000");
        assert!(other.head().contains(" 404"), "a place outside does not exist");
    }
}

/// The first line is the place; those below it, and the codes of each group, add up to it.
fn adds_up(name: &str, lines: &[Vec<String>]) {
    let number = |line: &Vec<String>, column: usize| {
        line[column].replace([',', '元'], "").trim().parse::<f64>().unwrap_or_default()
    };
    let (whole, rest) = lines.split_first().expect("the place itself");
    assert_eq!(whole[3], format!("{REGION:0<12}"), "{name}");
    for column in [8, 9, 10] {
        let below: f64 = rest.iter().filter(|line| line[5].is_empty()).map(|line| number(line, column)).sum();
        assert!((below - number(whole, column)).abs() < 0.001, "{name}: {below} below {whole:?}");
        let mut groups: Vec<&String> = rest.iter().map(|line| &line[5]).filter(|group| !group.is_empty()).collect();
        groups.dedup();
        for group in groups {
            let of_group: f64 = rest.iter().filter(|line| line[5] == *group).map(|line| number(line, column)).sum();
            assert!((of_group - number(whole, column)).abs() < 0.001, "{name}: {of_group} of {group}, {whole:?}");
        }
    }
}
