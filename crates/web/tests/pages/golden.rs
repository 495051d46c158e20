//! The main pages as their readers see them, in files that are read and reviewed.
//!
//! Make them anew with `UPDATE_GOLDEN=1` and look at the difference.

use crate::access::lead_id;
use crate::browser::Browser;
use crate::fixture::{World, today};
use crate::house::officer;
use crate::outline::outline;
use crate::valley::{Valley, day, text};
use axum::http::StatusCode;
use std::path::Path;

const ENGLISH: &str = "; sw_language=en";

/// Holds the outline of a page against its file; `of`: the part of the page that is looked at.
async fn is_golden(browser: &Browser, path: &str, of: &str, name: &str) {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    let found = outline(&answer.text, of);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/golden").join(format!("{name}.html"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&file, &found).expect("the golden file is written");
    }
    let golden = std::fs::read_to_string(&file).unwrap_or_default();
    let differs = found.lines().zip(golden.lines()).position(|(found, golden)| found != golden);
    let line = differs.unwrap_or_else(|| found.lines().count().min(golden.lines().count()));
    assert!(
        found == golden,
        "{name}.html differs from line {} on; look at it with UPDATE_GOLDEN=1 and git diff\nfound:  {}\ngolden: {}",
        line + 1,
        found.lines().nth(line).unwrap_or("the end"),
        golden.lines().nth(line).unwrap_or("the end"),
    );
}

#[tokio::test]
async fn the_pages_of_the_watch_are_the_golden_ones() {
    let world = World::new();
    let browser = Browser::of(&world, officer(&world), "");
    let lead = format!("/leads/{}", lead_id(&world, 0));
    let household = format!("/households/{}", world.household_no(0));
    is_golden(&browser, "/", "body", "workbench").await;
    is_golden(&browser, "/leads", "main", "leads").await;
    is_golden(&browser, &lead, "main", "lead").await;
    is_golden(&browser, &household, "main", "household").await;
    let english = Browser::of(&world, officer(&world), ENGLISH);
    is_golden(&english, &lead, "main", "lead.en").await;
}

#[tokio::test]
async fn the_pages_of_files_and_of_the_policy_are_the_golden_ones() {
    let world = World::new();
    let browser = Browser::of(&world, officer(&world), "");
    let imports = world.store.view(&store::system_actor(world.package.head.region)).imports(None, 1).expect("imports");
    let import = format!("/imports/{}", imports.rows[0].import_id);
    let rule = format!("/rules/{}", world.package.rules.keys().next().expect("a rule"));
    is_golden(&browser, "/import", "main", "import").await;
    is_golden(&browser, &import, "main", "import_with_faults").await;
    is_golden(&browser, &rule, "main", "rule").await;
    is_golden(&browser, "/policy", "main", "policy").await;
    let english = Browser::of(&world, officer(&world), ENGLISH);
    is_golden(&english, &import, "main", "import_with_faults.en").await;
}

#[tokio::test]
async fn the_pages_of_records_are_the_golden_ones() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[("crops", text("apple,tea"))]);
    valley.garden("G2", "2026-11-21", &[("planted_on", day_of("2026-03-01"))]);
    let browser = valley.browser("clerk");
    is_golden(&browser, "/registers/garden/records", "main", "records").await;
    is_golden(&browser, &format!("/registers/garden/records/{id}"), "main", "record").await;
    is_golden(&browser, "/registers/garden/records/new?household=1", "main", "record_form").await;
    let session = crate::fixture::session(&valley.store, "clerk");
    let english = Browser::at(valley.router(today), session + ENGLISH);
    is_golden(&english, &format!("/registers/garden/records/{id}"), "main", "record.en").await;
}

fn day_of(written: &str) -> model::Value {
    model::Value::Day(day(written))
}
