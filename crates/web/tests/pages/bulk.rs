//! One step for many records: what can be done together, what cannot, and that nothing happens twice.

use crate::browser::{Answer, Browser};
use crate::gardens::{Gardens, LIST, text};
use axum::http::StatusCode;
use model::{Value, Version};

fn minutes() -> (&'static str, Value) {
    ("minutes", text("三人到会"))
}

/// The records that a section of the page names.
fn named(page: &Answer, section: &str) -> Vec<String> {
    let Some((_, rest)) = page.text.split_once(&format!("<h2 id=\"{section}\">")) else { return Vec::new() };
    let section = rest.split("</section>").next().unwrap_or_default();
    let links = section
        .split("/records/")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('>')?.1.split('<').next()?.to_owned()));
    links.filter_map(|text| Some(text.split(' ').next()?.to_owned())).collect()
}

async fn bulk(browser: &Browser, fields: &[(String, &str)]) -> Answer {
    let token = browser.get(LIST).await.hidden("form_token");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    browser.post("/registers/garden/bulk", &token, &fields).await
}

fn ticked(step: &'static str, ids: &[&String]) -> Vec<(String, &'static str)> {
    let records = ids.iter().map(|id| (format!("record-{id}"), "1"));
    [("step".to_owned(), step)].into_iter().chain(records).collect()
}

fn taken(world: &Gardens, id: &str, step: &str) -> usize {
    let view = world.store.view(&world.actor("clerk"));
    let file = view.record("garden", id, crate::fixture::today()).expect("reads").expect("is there");
    file.history.iter().filter(|event| event.action == step).count()
}

#[tokio::test]
async fn what_can_be_done_together_is_told_before_anything_happens() {
    let world = Gardens::new();
    let lacks = world.garden("G1", "2026-11-20", &[]);
    let has = world.garden("G2", "2026-11-20", &[minutes()]);
    let public = world.garden("G3", "2026-11-20", &[minutes()]);
    world.step("clerk", "2026-11-20", &public, "publish", &[]);
    let done = world.garden("G4", "2026-11-10", &[minutes()]);
    world.step("clerk", "2026-11-10", &done, "publish", &[]);
    world.step("second", "2026-11-20", &done, "confirm", &[]);
    let browser = world.browser("clerk");
    let none = "0123456789abcdef".to_owned();
    let page = bulk(&browser, &ticked("publish", &[&lacks, &has, &public, &done, &none])).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(named(&page, "ready"), ["G1", "G2"]);
    assert_eq!(named(&page, "taken"), ["G3", "G4"]);
    assert!(page.visible().contains("可批量 2 条,需逐户 1 条,已办理 2 条"), "{}", page.visible());
    assert_eq!(page.text.matches("name=\"field_").count(), 1, "the minutes are asked for once");
    assert_eq!(taken(&world, &lacks, "publish") + taken(&world, &has, "publish"), 0, "nothing has happened");
    let page = bulk(&browser, &ticked("confirm", &[&public, &lacks])).await;
    assert_eq!((named(&page, "ready").len(), named(&page, "single").len()), (0, 2));
    assert!(
        page.visible().contains("本记录由您录入") && page.visible().contains("当前状态为“草拟”"),
        "{}",
        page.visible()
    );
    let second = world.browser("second");
    let page = bulk(&second, &ticked("confirm", &[&public])).await;
    assert!(page.visible().contains("2026-11-26起可以办理"), "the wait is not over: {}", page.visible());
}

#[tokio::test]
async fn what_is_confirmed_is_done_once_however_often_it_is_sent() {
    let world = Gardens::new();
    let lacks = world.garden("G1", "2026-11-20", &[]);
    let has = world.garden("G2", "2026-11-20", &[("minutes", text("五人到会"))]);
    let browser = world.browser("clerk");
    let mut fields = ticked("publish", &[&lacks, &has]);
    fields.push(("confirm".to_owned(), "1"));
    let page = bulk(&browser, &fields).await;
    assert!(page.text.contains("<a href=\"#field_minutes\">"), "the field is still to be filled in");
    assert_eq!(taken(&world, &lacks, "publish"), 0, "nothing is done by halves");
    fields.push(("field_minutes".to_owned(), "三人到会"));
    let page = bulk(&browser, &fields).await;
    assert_eq!(named(&page, "ready"), ["G1", "G2"]);
    assert!(page.visible().contains("本次办理 2 条,未办理 0 条,此前已办理 0 条"), "{}", page.visible());
    for _ in 0..2 {
        let again = bulk(&browser, &fields).await;
        assert_eq!((named(&again, "ready").len(), named(&again, "taken")), (0, vec!["G1".to_owned(), "G2".to_owned()]));
    }
    for (id, expected) in [(&lacks, "三人到会"), (&has, "五人到会")] {
        assert_eq!(taken(&world, id, "publish"), 1);
        let view = world.store.view(&world.actor("clerk"));
        let file = view.record("garden", id, crate::fixture::today()).expect("reads").expect("is there");
        let minutes = file.fields.iter().find(|field| field.name == "minutes").map(|field| field.value.clone());
        assert_eq!(minutes, Some(text(expected)), "what a record has already is not overwritten");
    }
}

#[tokio::test]
async fn a_record_that_changed_since_it_was_looked_at_is_left_alone() {
    let world = Gardens::new();
    let id = world.garden("G1", "2026-11-20", &[minutes()]);
    let fields = vec![("kind_code".to_owned(), text("fruit")), ("minutes".to_owned(), text("改正"))];
    let entry = store::Entry { register: "garden".into(), fields, ..store::Entry::default() };
    world.apply("cadre", "2026-11-21", store::Command::Correct { id: id.clone(), version: Version(1), entry });
    let browser = world.browser("clerk");
    let mut fields = ticked("publish", &[&id]);
    fields.push(("confirm".to_owned(), "1"));
    let page = bulk(&browser, &fields).await;
    assert_eq!((named(&page, "ready").len(), named(&page, "single")), (0, vec!["G1".to_owned()]));
    assert_eq!(taken(&world, &id, "publish"), 0);
}

#[tokio::test]
async fn who_may_not_take_a_step_or_see_a_record_does_nothing_with_it() {
    let world = Gardens::new();
    let id = world.garden("G1", "2026-11-10", &[minutes()]);
    world.step("clerk", "2026-11-10", &id, "publish", &[]);
    let cases = [("cadre", "confirm", StatusCode::FORBIDDEN), ("clerk", "nothing", StatusCode::FORBIDDEN)];
    for (account, step, status) in cases {
        let page = bulk(&world.browser(account), &ticked(step, &[&id])).await;
        assert_eq!(page.status, status, "{account} {step}");
    }
    let other = world.browser("other");
    let mut fields = ticked("confirm", &[&id]);
    fields.push(("confirm".to_owned(), "1"));
    let page = bulk(&other, &fields).await;
    assert!(page.visible().contains("没有找到这条记录") && !page.visible().contains("G1"), "{}", page.visible());
    assert_eq!(taken(&world, &id, "confirm"), 0);
    let clerk = world.browser("clerk");
    assert_eq!(bulk(&clerk, &ticked("publish", &[])).await.status, StatusCode::CONFLICT, "nothing is ticked");
    let many: Vec<String> = (0..201).map(|number| format!("{number:016x}")).collect();
    let many = bulk(&clerk, &ticked("publish", &many.iter().collect::<Vec<_>>())).await;
    assert_eq!(many.status, StatusCode::CONFLICT, "too many at one time");
    let forged = clerk.post("/registers/garden/bulk", "wrong", &[("step", "publish")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}
