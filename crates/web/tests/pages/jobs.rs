//! My tasks: every kind says what it is, and a file that was refused says so and why.

use crate::browser::Browser;
use crate::fixture::World;
use crate::house::officer;
use model::Actor;
use serde_json::{Value, json};
use store::{Account, NewJob};
use web::jobs::{EXPORT, IMPORT, KINDS, SCREEN, TAKE_BACK};
use words::Wording;

fn actor(world: &World) -> Actor {
    let account = world.store.accounts().expect("a store").into_iter().find(|one| one.name == officer(world));
    let Account { name, shown_name, role, region, department, .. } = account.expect("an account");
    Actor { account: name, shown_name, role, region, department }
}

/// Orders of every kind, each with what its title says in English besides the name of the kind.
fn orders(world: &World) -> Vec<(&'static str, Value, String)> {
    let (place, package) = (world.places.county, &world.package);
    let (indicator, declared) = package.indicators.iter().next().expect("an indicator");
    let (lead, leads) = package.raised().expect("leads");
    let (name, register) = package.registers.iter().next().expect("a register");
    let import = |preview: bool| {
        json!({
            "dataset": name, "inbox_file": "a.xlsx", "file_hash": "abcdefabcdef0123", "original_name": "a.xlsx",
            "bytes": 10, "day": "2026-11-20", "region": place, "preview": preview,
        })
    };
    let export = |key: &str, of: Value| {
        let mut order = json!({ "list": key, "format": "csv", "language": "en" });
        order[key] = of;
        order
    };
    let figures = json!({ "indicator": indicator, "place": place, "period": "2026-09" });
    let of_register = format!("Export of records: {}", leads.label_en);
    vec![
        (IMPORT, import(false), format!("Delivery of {}: a.xlsx", register.label_en)),
        (IMPORT, import(true), format!("Preview of {}: a.xlsx", register.label_en)),
        (TAKE_BACK, json!({ "import": "i", "file_name": "b.xlsx" }), "Take back b.xlsx".to_owned()),
        (SCREEN, json!({ "region": place }), format!("Screening of {}", package.divisions.name(place))),
        (EXPORT, export("records", json!({ "register": lead, "columns": [] })), of_register.clone()),
        (EXPORT, json!({ "list": "leads", "format": "csv", "language": "en" }), of_register),
        (EXPORT, export("figures", figures), format!("Export of figures: {}, ", declared.label_en)),
    ]
}

#[tokio::test]
async fn every_kind_of_task_says_what_it_is() {
    let world = World::new();
    let (actor, orders) = (actor(&world), orders(&world));
    assert!(KINDS.iter().all(|kind| orders.iter().any(|(known, ..)| known == kind)), "a kind has no order here");
    let english = Browser::of(&world, officer(&world), "; sw_language=en");
    let chinese = Browser::of(&world, officer(&world), "");
    for (kind, order, title) in &orders {
        let id = world.store.enqueue(&actor, NewJob::changing(kind, order, &order.to_string()), 1).expect("a store");
        for path in ["/jobs".to_owned(), format!("/jobs/{id}")] {
            let shown = english.get(&path).await.visible();
            assert!(shown.contains(title.as_str()), "{path}: {title} in {shown}");
            let shown = chinese.get(&path).await.visible();
            assert!(!shown.contains("后台任务") && !shown.contains("??"), "{path}: {shown}");
        }
    }
    let figures = english.get("/jobs").await.visible();
    assert!(figures.contains("September 2026"), "{figures}");
}

#[tokio::test]
async fn a_file_that_was_refused_is_not_done() {
    let why = Wording::pair("缺少“户编号”列。", "The column of household numbers is missing.");
    let outcomes = [
        (json!({ "import": "x", "refusal": why }), "没有收下", true),
        (json!({ "preview": { "refusal": why } }), "没有收下", true),
        (json!({ "import": "x" }), "已完成", false),
    ];
    for (outcome, state, is_refused) in outcomes {
        let world = World::new();
        let (_, order, _) = orders(&world).remove(usize::from(!outcome["preview"].is_null()));
        let id = world.store.enqueue(&actor(&world), NewJob::changing(IMPORT, &order, ""), 1).expect("a store");
        world.store.claim_job(1, 1_000).expect("a store").expect("a job");
        world.store.finish_job(id, &outcome, 2).expect("a store");
        for path in ["/jobs".to_owned(), format!("/jobs/{id}")] {
            let page = Browser::of(&world, officer(&world), "").get(&path).await;
            let shown = page.visible();
            assert!(shown.contains(state), "{path} {outcome}: {shown}");
            assert_eq!(shown.contains(why.chinese()), is_refused, "{path} {outcome}: {shown}");
            if is_refused {
                let next = if outcome["import"] == "x" { "href=\"/imports/x\"" } else { "/import?job=" };
                assert!(page.text.contains(next), "{path}: it leads to what can be done");
                assert!(!shown.contains("已完成"), "{path} {outcome}: {shown}");
            }
        }
    }
}
