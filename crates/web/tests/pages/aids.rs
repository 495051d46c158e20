//! Steps with effects as their readers meet them: the days of a notice before it is put up, who agreed, what followed, and the
//! ways back.

use crate::browser::{Answer, Browser};
use crate::fixture::today;
use crate::gardens::{Gardens, VILLAGES, text};
use axum::body::Body;
use axum::http::{Request, StatusCode};
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
    let said = format!("公示5天,到{last} 24时止;{free}起可以办理下一步");
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

#[tokio::test]
async fn the_receipt_of_a_step_says_all_that_followed() {
    let world = world();
    let id = entered(&world);
    let page = format!("/registers/aid/records/{id}");
    let cadre = world.browser("cadre");
    let done = send(&cadre, &page, "step", &[("step", "publish")]).await;
    let after = cadre.get(done.header("location")).await.visible();
    let (from, last, free) = (today(), today().plus_days(5), today().plus_days(6));
    let said = format!("{from}张贴公示,到{last} 24时止;{free}起可以办理下一步");
    assert!(after.contains(&said), "{said} in {after}");
    assert!(after.contains("公示中:办理期限"), "the day by which it should move on: {after}");
    let again = cadre.get(&page).await.visible();
    assert!(!again.contains(&said), "the receipt stands behind the step only");
    // Two who agree: the first is told who is missing, the second what was opened.
    let world = self::world();
    let id = entered(&world);
    let page = format!("/registers/aid/records/{id}");
    step(&world, "cadre", 8, &id, "publish");
    let (county, clerk) = (world.browser("county"), world.browser("clerk"));
    let done = send(&county, &page, "step", &[("step", "approve")]).await;
    let after = county.get(done.header("location")).await.visible();
    assert!(after.contains("已有1人同意,共需2人;还需1人,由"), "{after}");
    let done = send(&clerk, &page, "step", &[("step", "approve")]).await;
    let after = clerk.get(done.header("location")).await;
    assert!(after.visible().contains("已通知:") && after.visible().contains("公示撤下"), "{}", after.visible());
    assert!(!after.text.contains("/registers/visit/"), "no link into a register that is not seen");
    let cadre = world.browser("cadre");
    let after = cadre.get(&format!("{page}?done=approve")).await;
    assert!(after.visible().contains("走访 · A1 · 由其他台账转入"), "by its number: {}", after.visible());
    assert!(after.text.contains("<a href=\"/registers/visit/records/"), "and with its address");
}

#[tokio::test]
async fn the_receipt_of_many_says_who_must_still_agree() {
    let world = world();
    let id = entered(&world);
    step(&world, "cadre", 8, &id, "publish");
    let clerk = world.browser("clerk");
    let list = clerk.get("/registers/aid/records").await;
    let (record, version) = (format!("record-{id}"), "2".to_owned());
    let fields = [("step", "approve"), (record.as_str(), version.as_str()), ("confirm", "1")];
    let done = clerk.post("/registers/aid/bulk", &list.hidden("form_token"), &fields).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.visible().contains("已有1人同意,共需2人;还需1人"), "{}", done.visible());
}

/// The county's officer acts for the cadre of the first village from some day of now to another.
fn deputy(world: &Gardens, number: &str, from: i64, until: i64) {
    let fields = vec![
        ("office_no".to_owned(), text(number)),
        ("account".to_owned(), text("county")),
        ("role_code".to_owned(), text("cadre")),
        ("region_code".to_owned(), text(VILLAGES[0])),
        ("from_on".to_owned(), Value::Day(today().plus_days(from))),
        ("until_on".to_owned(), Value::Day(today().plus_days(until))),
    ];
    let entry = Entry { register: "office".into(), fields, ..Entry::default() };
    // A colleague of the county's: nobody names himself or herself.
    let colleague = model::Actor { account: "keeper".to_owned(), ..world.actor("county") };
    let now = model::Moment { day: today().plus_days(-30), at_ms: 0 };
    world.store.apply(&colleague, now, Command::Enter(entry)).expect("is named");
}

#[tokio::test]
async fn a_deputy_works_in_the_office_on_its_days_only() {
    let world = world();
    let id = entered(&world);
    step(&world, "cadre", 8, &id, "publish");
    step(&world, "county", 1, &id, "approve");
    step(&world, "clerk", 1, &id, "approve");
    let office = format!("cadre@{}", VILLAGES[0]);
    let mut county = world.browser("county");
    let own = county.cookie.clone();
    let before = county.get("/").await;
    assert!(!before.text.contains("action=\"/office\""), "nobody offers an office that is not held");
    let refused = county.post("/office", &before.hidden("form_token"), &[("office", &office)]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    deputy(&world, "1", -3, -1);
    deputy(&world, "2", 1, 3);
    county.cookie = format!("{own}; sw_office={office}");
    assert_eq!(county.get("/registers/visit").await.status, StatusCode::NOT_FOUND, "before and after its days");
    deputy(&world, "3", 0, 0);
    county.cookie = own.clone();
    let page = county.get("/").await;
    assert!(page.text.contains(&format!("value=\"{office}\"")), "the bar offers it");
    assert_eq!(county.get("/registers/visit").await.status, StatusCode::NOT_FOUND, "until it is chosen");
    let chosen = county.post("/office", &page.hidden("form_token"), &[("office", &office)]).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER);
    let line = chosen.header("set-cookie");
    assert!(line.starts_with(&format!("sw_office={office};")) && line.contains("HttpOnly"), "{line}");
    county.cookie = format!("{own}; sw_office={office}");
    let list = county.get("/registers/visit/records").await;
    assert!(list.visible().contains("A1") && list.visible().contains("代办"), "{}", list.visible());
    let links = list.text.split("/registers/visit/records/").skip(1).filter_map(|rest| rest.split('"').next());
    let link = links.into_iter().find(|link| link.len() == 16).expect("a record");
    let visit = format!("/registers/visit/records/{link}");
    let done = send(&county, &visit, "step", &[("step", "finish")]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.visible());
    let after = county.get(done.header("location")).await;
    let role = &world.package.roles["cadre"].label;
    assert!(after.visible().contains(&format!("county·阿木(代{role})")), "{}", after.visible());
    let back = county.post("/office", &after.hidden("form_token"), &[("office", "")]).await;
    assert!(back.header("set-cookie").starts_with("sw_office=;"), "{}", back.header("set-cookie"));
    assert!(back.header("set-cookie").contains("Max-Age=0"));
}

#[tokio::test]
async fn a_program_calls_for_an_office_on_its_days_only() {
    let world = world();
    let new = store::NewToken {
        name: "程序".into(),
        account: "county".into(),
        scopes: vec![store::Scope::All],
        expires_on: None,
    };
    let token = world.apply("county", &today().to_string(), Command::AddToken(new)).text.expect("a token");
    let county = world.browser("county");
    let office = format!("cadre@{}", VILLAGES[0]);
    let call = async |office: &str| {
        let request =
            Request::get("/api/v1/registers/visit/records").header("authorization", format!("Bearer {token}"));
        let request = if office.is_empty() { request } else { request.header("act-for", office) };
        county.send(request, Body::empty()).await
    };
    assert_eq!(call("").await.status, StatusCode::NOT_FOUND);
    let refused = call(&office).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains(&office), "{}", refused.text);
    let unread = call("村干部@990101100201").await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unread.text);
    assert!(unread.text.contains("Act-For"), "{}", unread.text);
    deputy(&world, "1", 0, 0);
    assert_eq!(call(&office).await.status, StatusCode::OK);
    assert_eq!(call("").await.status, StatusCode::NOT_FOUND, "only where it names the office");
    assert_eq!(call("clerk@990101100").await.status, StatusCode::FORBIDDEN);
}
