//! The main job: department files in, explained leads out.

use crate::harness::{Story, root, text};
use serde_json::Value;

const HOUSEHOLDS: u32 = 600;

fn screened() -> Story {
    let story = Story::begin();
    let sample = story.sample("sample", HOUSEHOLDS, 7, &["--format", "csv"]);
    story.init();
    story.import_all(&sample);
    story.screen();
    story
}

#[test]
fn a_county_is_imported_screened_and_explained() {
    let story = screened();
    let leads = story.leads();
    assert!(!leads.is_empty(), "a made-up county has households at risk");
    let urgencies: Vec<i64> = leads.iter().filter_map(|lead| lead["urgency"].as_i64()).collect();
    assert!(urgencies.is_sorted_by(|left, right| left >= right), "most urgent first");
    let mut households: Vec<&Value> = leads.iter().map(|lead| &lead["household_no"]).collect();
    households.sort_by_key(|number| number.as_i64());
    households.dedup();
    assert_eq!(households.len(), leads.len(), "one lead per household");
    for lead in leads.iter().take(25) {
        check_explained(&story.explain(lead));
    }
}

/// Every reason states what it found; the rows of a summed fact add up to the value that the reason states.
fn check_explained(lead: &Value) {
    let reasons = lead["reasons"].as_array().expect("reasons");
    assert!(!reasons.is_empty());
    for reason in reasons {
        let because = reason["because"].as_str().unwrap_or_default();
        assert!(!because.is_empty() && !because.contains('{'), "a finished sentence: {because}");
        assert!(!reason["articles"].as_array().expect("articles").is_empty());
        assert_eq!(reason["rule_version"].as_str().map(str::len), Some(12));
        check_sum(reason);
        for row in reason["evidence"].as_array().expect("evidence") {
            assert!(row["row"].as_u64().is_some_and(|row| row > 0));
            assert_eq!(row["file"].as_str().map(str::len), Some(12), "rows name their file by its hash");
        }
    }
}

/// Where a rule states a fact and its rows feed that fact alone, they add up to the value (or hold it, for a highest value).
fn check_sum(reason: &Value) {
    let rule = root().join(format!("policy/sichuan-2021/rules/{}.toml", reason["rule"].as_str().expect("a rule")));
    let rule: toml::Table = std::fs::read_to_string(rule).expect("the rule").parse().expect("TOML");
    let rows = reason["evidence"].as_array().expect("evidence");
    let fact = rule.get("value").and_then(toml::Value::as_str).unwrap_or_default();
    let adds: Vec<i64> =
        rows.iter().filter(|row| row["fact"] == fact).filter_map(|row| row["adds"]["fen"].as_i64()).collect();
    let Some(stated) = reason["value"]["fen"].as_i64().filter(|_| !adds.is_empty()) else { return };
    let highest = adds.iter().max().copied().unwrap_or_default();
    let sum: i64 = adds.iter().sum();
    assert!(stated == sum || stated == highest, "{reason:#}");
}

#[test]
fn the_same_inputs_give_the_same_leads_whatever_the_number_of_threads() {
    let story = screened();
    let dir = text(&story.dir());
    let mut seen = Vec::new();
    for threads in ["1", "2", "8"] {
        let report = story.run(&["screen", "--dir", &dir, "--threads", threads]);
        assert_eq!(report["raised"], 0, "a second screening raises nothing new");
        assert_eq!(report["changed"], 0, "a second screening changes nothing");
        let explained: Vec<Value> = story.leads().iter().map(|lead| story.explain(lead)).collect();
        seen.push(serde_json::to_string(&explained).expect("JSON"));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
}

#[test]
fn what_if_says_who_comes_and_goes_and_writes_nothing() {
    let story = screened();
    let dir = text(&story.dir());
    let before = state_of(&story);
    let nothing = story.run(&["whatif", "--dir", &dir, "--set", "monitoring_line=8000"]);
    let wide = story.run(&["whatif", "--dir", &dir, "--set", "monitoring_line=20000"]);
    let came_in = |found: &Value| found["came_in"].as_array().map(Vec::len).expect("households that come in");
    assert!(came_in(&wide) > came_in(&nothing), "a higher line brings households in");
    let places = wide["by_township"].as_object().expect("by township");
    let by_place: u64 = places.values().filter_map(|change| change["came_in"].as_u64()).sum();
    assert_eq!(by_place, came_in(&wide) as u64, "every household that comes in has a place");
    assert_eq!(state_of(&story), before, "nothing was written");
    let refusal = story.refused(&["whatif", "--dir", &dir, "--set", "no_such_parameter=1"]);
    assert!(refusal.contains("no_such_parameter"), "{refusal}");
}

fn state_of(story: &Story) -> (Value, usize) {
    let dir = text(&story.dir());
    (story.run(&["verify", "--dir", &dir]), story.leads().len())
}

#[test]
fn the_score_says_how_much_of_the_planted_truth_is_found() {
    let story = screened();
    let (dir, truth) = (text(&story.dir()), text(&story.path("sample/truth")));
    let scored = story.run(&["score", "--dir", &dir, "--truth", &truth]);
    let number = |measure: &Value, name: &str| measure[name].as_u64().unwrap_or_else(|| panic!("{name} in {scored}"));
    let all = &scored["overall"];
    assert!(number(all, "in_need") > 0 && number(all, "visible") <= number(all, "in_need"));
    assert!(number(all, "found") <= number(all, "in_need") && number(all, "found") <= number(all, "raised"));
    let budgets = scored["visits"].as_array().expect("budgets");
    let visits: Vec<u64> = budgets.iter().filter_map(|one| one["per_hundred"].as_u64()).collect();
    assert_eq!(visits, [1, 2, 5]);
    let hits: Vec<u64> = budgets.iter().map(|one| number(&one["measure"], "found")).collect();
    assert!(hits.is_sorted(), "more visits never find less");
    assert!(hits[2] > 0, "five visits in a hundred households find somebody");
}

#[test]
fn the_event_log_of_imports_and_a_screening_verifies() {
    let story = screened();
    let dir = text(&story.dir());
    let report = story.run(&["verify", "--dir", &dir]);
    let leads = story.leads().len() as u64;
    // Each file leaves its beginning, what it added by county, and its end; each lead leaves that it was raised.
    assert!(leads > 0 && report["events"].as_u64() > Some(leads + 2 * 20), "{report}, {leads} leads");
}
