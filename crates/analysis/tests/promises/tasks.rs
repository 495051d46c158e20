//! A county is a task that can be sent, and a run asks for rows only.

use crate::memory::Lists;
use crate::support::{COUNTIES, Folder, county, day, lake, package, request};
use analysis::{
    AnalysisError, Found, Screener, ScreeningOutcome, ScreeningRequest, Task, Verified, household_facts, put_together,
    screen,
};
use model::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn bytes(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("it can be written")
}

fn sent<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_slice(&bytes(value)).expect("it can be read")
}

/// Everything of an outcome but the names of what was read.
fn told(outcome: &ScreeningOutcome) -> Vec<Vec<u8>> {
    vec![
        bytes(&outcome.leads),
        bytes(&outcome.rules),
        bytes(&outcome.quality),
        bytes(&outcome.quality_counts),
        bytes(&outcome.indicators),
        bytes(&outcome.villages),
        bytes(&outcome.households),
    ]
}

/// A request that uses everything that a task carries.
fn full_request() -> ScreeningRequest {
    let (package, folder) = (package(), Folder::new());
    let first = screen(&lake(folder.path(), &package, 300), &package, &request(2)).expect("it runs");
    let reasons = first.leads.iter().step_by(2).flat_map(|lead| {
        lead.reasons.iter().map(|reason| Verified {
            household_no: lead.household_no,
            rule: reason.rule.clone(),
            resident_key: reason.resident_key,
            band: reason.band,
        })
    });
    let overrides = [("spending_line".to_owned(), Value::Fen(model::Fen(900_000)))];
    ScreeningRequest { verified: reasons.collect(), overrides: overrides.into(), ..request(3) }
}

#[test]
fn a_task_that_was_sent_finds_what_the_direct_run_finds() {
    let (package, folder) = (package(), Folder::new());
    let lake = lake(folder.path(), &package, 300);
    let request = full_request();
    let direct = screen(&lake, &package, &request).expect("it runs");
    assert!(direct.leads.len() > 20 && direct.quality.len() > 20 && !direct.indicators.is_empty());
    let screener = Screener::new(&lake, &package, 1);
    let tasks = screener.tasks(&request).expect("readable");
    assert_eq!(tasks.iter().map(|task| task.county).collect::<Vec<_>>(), COUNTIES);
    // Whoever does a task knows nothing but its bytes, the package and the rows; the answers come back in any order.
    let mut found: Vec<Found> = Vec::new();
    for task in tasks.iter().rev() {
        let elsewhere = Screener::new(&lake, &package, 2);
        let task: Task<'_> = serde_json::from_slice(&bytes(task)).expect("a task");
        found.push(sent(&elsewhere.find(&task).expect("it runs").expect("a county")));
    }
    found.reverse();
    let together = put_together(&package, &request, found).expect("counties");
    assert_eq!(told(&together), told(&direct));
    assert_eq!(together.inputs, direct.inputs);
}

#[test]
fn a_task_of_another_package_is_refused() {
    let (package, folder) = (package(), Folder::new());
    let lake = lake(folder.path(), &package, 10);
    let (screener, request) = (Screener::new(&lake, &package, 1), request(1));
    let mut task = screener.tasks(&request).expect("readable").remove(0);
    assert!(screener.find(&task).is_ok());
    task.package_hash = "0123456789ab".into();
    assert!(matches!(screener.find(&task), Err(AnalysisError::OtherPackage { .. })));
}

#[test]
fn a_county_without_households_gives_nothing() {
    let (package, folder) = (package(), Folder::new());
    let lake = lake(folder.path(), &package, 10);
    let (screener, request) = (Screener::new(&lake, &package, 1), request(1));
    let task = Task { county: 990_199, ..screener.tasks(&request).expect("readable").remove(0) };
    assert_eq!(screener.find(&task).expect("it runs"), None);
    assert!(matches!(put_together(&package, &request, Vec::new()), Err(AnalysisError::NoDataset { .. })));
}

#[test]
fn rows_from_memory_give_the_same_leads_as_the_lake() {
    let (package, folder) = (package(), Folder::new());
    let lake = lake(folder.path(), &package, 150);
    let mut lists = Lists::default();
    for number in COUNTIES {
        lists.fill(&package, number, &county(11, number, 150));
    }
    let request = full_request();
    let [stored, listed] = [screen(&lake, &package, &request), screen(&lists, &package, &request)];
    let (stored, listed) = (stored.expect("it runs"), listed.expect("it runs"));
    assert!(stored.leads.len() > 10, "{} leads", stored.leads.len());
    assert_eq!(told(&stored), told(&listed));
    for lead in stored.leads.iter().take(10) {
        let facts = |facts: analysis::Result<Vec<analysis::FactLine>>| bytes(&facts.expect("a household"));
        let on = day("2023-06-30");
        assert_eq!(
            facts(household_facts(&lake, &package, lead.household_no, on, on)),
            facts(household_facts(&lists, &package, lead.household_no, on, on))
        );
    }
}
