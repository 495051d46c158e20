//! Steps with effects as their readers meet them: the days of a notice before it is put up, who agreed, what followed, and the
//! ways back.

use crate::browser::{Answer, Browser};
use crate::fixture::today;
use crate::gardens::{Gardens, VILLAGES, text};
use axum::http::StatusCode;
use model::{Fen, Value};
use policy::Package;
use std::path::Path;
use std::sync::Arc;
use store::{Command, Entry};

/// The valley with its aids, where notices hang for five days.
fn world() -> Gardens {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../store/tests/store");
    let folder = tempfile::tempdir().expect("a folder");
    for (from, to) in [("codes", "codes"), ("valley", "valley"), ("grants", "valley")] {
        copy(&here.join(from), &folder.path().join(to));
    }
    let days = folder.path().join("valley/parameters/notice_days.toml");
    let written = std::fs::read_to_string(&days).expect("reads");
    let (first, _) = written.split_once("[[value]]\nfrom = 2024-09-01").expect("two values");
    std::fs::write(&days, first).expect("writes");
    let package = Package::load(&folder.path().join("valley"), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let location = (&folder.path().join("store.db")).into();
    Gardens::of(Arc::new(package), location, folder)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("lists") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.file_type().expect("a type").is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("copies")),
        }
    }
}

/// Enters an aid ten days ago as the cadre of its village.
fn entered(world: &Gardens) -> String {
    let fields = vec![
        ("aid_no".to_owned(), text("A1")),
        ("region_code".to_owned(), text(VILLAGES[0])),
        ("household_no".to_owned(), text("1")),
        ("amount_fen".to_owned(), Value::Fen(Fen(10_000))),
    ];
    let entry = Entry { register: "aid".into(), fields, ..Entry::default() };
    let on = today().plus_days(-10).to_string();
    world.apply("cadre", &on, Command::Enter(entry)).id.expect("an id")
}

fn step(world: &Gardens, account: &str, days_ago: i64, id: &str, step: &str) {
    let (register, id, step) = ("aid".to_owned(), id.to_owned(), step.to_owned());
    let on = today().plus_days(-days_ago).to_string();
    world.apply(account, &on, Command::TakeStep { register, id, version: None, step, fields: Vec::new() });
}

async fn send(browser: &Browser, page: &str, to: &str, more: &[(&str, &str)]) -> Answer {
    let seen = browser.get(page).await;
    let version = seen.hidden("version");
    let fields: Vec<(&str, &str)> = more.iter().copied().chain([("version", version.as_str())]).collect();
    browser.post(&format!("{page}/{to}"), &seen.hidden("form_token"), &fields).await
}

#[tokio::test]
async fn the_days_of_a_notice_are_said_before_it_is_put_up() {
    let world = world();
    let id = entered(&world);
    let page = format!("/registers/aid/records/{id}");
    let seen = world.browser("cadre").get(&page).await.visible();
    let (last, free) = (today().plus_days(5), today().plus_days(6));
    let said = format!("公示5天,到{last}24时止;{free}起可以办理下一步");
    assert!(seen.contains(&said), "{said} in {seen}");
    assert!(seen.contains("审批期限"), "the deadline is said: {seen}");
}

#[tokio::test]
async fn a_page_tells_who_agreed_and_what_followed_and_takes_it_back() {
    let world = world();
    let id = entered(&world);
    let page = format!("/registers/aid/records/{id}");
    step(&world, "cadre", 8, &id, "publish");
    step(&world, "county", 1, &id, "approve");
    let clerk = world.browser("clerk");
    let seen = clerk.get(&page).await.visible();
    assert!(seen.contains("已有1人办理,共需2人") && seen.contains("county·阿木"), "{seen}");
    let done = send(&clerk, &page, "step", &[("step", "approve")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.visible());
    let after = clerk.get(done.header("location")).await.visible();
    assert!(after.contains("随这一步办理的") && after.contains("走访 · 由其他台账转入"), "{after}");
    let back = send(&clerk, &page, "undo", &[("why", "点错了")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.visible());
    let after = clerk.get(back.header("location")).await.visible();
    assert!(after.contains("这一步已撤销") && after.contains("公示中"), "{after}");
    let again = send(&clerk, &page, "undo", &[("why", "点错了")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "there is nothing more to take back");
}

#[tokio::test]
async fn a_record_is_sent_back_with_its_reason() {
    let world = world();
    let id = entered(&world);
    let page = format!("/registers/aid/records/{id}");
    step(&world, "cadre", 1, &id, "publish");
    let clerk = world.browser("clerk");
    let fields = [("step", "approve"), ("back_to", "drafted")];
    let without = send(&clerk, &page, "step", &fields).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is needed");
    let with = fields.into_iter().chain([("field.opinion", "金额有误")]).collect::<Vec<_>>();
    let back = send(&clerk, &page, "step", &with).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.visible());
    let after = clerk.get(back.header("location")).await.visible();
    assert!(after.contains("已退回") && after.contains("草拟"), "{after}");
}
