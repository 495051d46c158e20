//! One record: who sees and does what, steps and what they need, earlier days, masked fields, files.

use crate::browser::{Answer, Browser};
use crate::fixture::today;
use crate::valley::{PHONE, Valley, day, decimal, text};
use axum::http::StatusCode;
use model::{Day, Fen, Value, Version};
use store::{Command, Entry};

fn address(id: &str) -> String {
    format!("/registers/garden/records/{id}")
}

async fn post(browser: &Browser, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = browser.get(page).await;
    let version = page.text.split_once("name=\"version\" value=\"").and_then(|(_, rest)| rest.split('"').next());
    let is_named = fields.iter().any(|(name, _)| *name == "version");
    let version = [("version", version.unwrap_or("1"))];
    let fields = [if is_named { &[] } else { &version[..] }, fields].concat();
    browser.post(path, &page.hidden("form_token"), &fields).await
}

#[tokio::test]
async fn each_role_sees_and_does_what_the_register_says() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[]);
    let page = address(&id);
    // Role, the page, the form of a correction, withdrawal offered, unmasking offered.
    let cases = [
        ("clerk", StatusCode::OK, StatusCode::OK, true, true),
        ("cadre", StatusCode::OK, StatusCode::OK, true, false),
        ("county", StatusCode::OK, StatusCode::FORBIDDEN, false, false),
        ("officer", StatusCode::OK, StatusCode::FORBIDDEN, false, false),
        ("clerk2", StatusCode::OK, StatusCode::OK, true, true),
        ("cadre2", StatusCode::NOT_FOUND, StatusCode::NOT_FOUND, false, false),
    ];
    for (account, sees, corrects, withdraws, unmasks) in cases {
        let browser = valley.browser(account);
        let answer = browser.get(&page).await;
        assert_eq!(answer.status, sees, "{account}");
        assert_eq!(browser.get(&format!("{page}/correct")).await.status, corrects, "{account}");
        assert_eq!(answer.text.contains(&format!("action=\"{page}/withdraw\"")), withdraws, "{account}");
        assert_eq!(answer.text.contains(&format!("action=\"{page}/unmask\"")), unmasks, "{account}");
        assert!(!answer.text.contains(PHONE), "{account}: a phone is masked");
        assert!(!answer.visible().contains("??"), "{account}: a word is missing");
    }
    let county = valley.browser("county");
    for path in ["/registers/lead/records/1", "/registers/none/records/1", "/registers/garden/records/zz"] {
        assert_eq!(county.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(valley.browser("county").get("/registers/garden/records/new").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_record_is_shown_with_units_labels_child_records_and_where_it_came_from() {
    let valley = Valley::new();
    let tool = vec![("tool_no".to_owned(), text("T1")), ("name".to_owned(), text("犁"))];
    valley.apply(
        "clerk",
        "2026-11-20",
        Command::Enter(Entry { register: "tool".into(), fields: tool, ..Entry::default() }),
    );
    let more =
        [("tool_no", text("T1")), ("crops", text("apple,tea")), ("minutes", text("第一行\n<script>alert(1)</script>"))];
    let id = valley.garden("G1", "2026-11-20", &more);
    let answer = valley.browser("clerk").get(&address(&id)).await;
    let seen = answer.visible();
    let shown =
        ["4.5 亩", "1,200 元", "苹果、茶", "果园", "138****5678", "收成(2 条)", "10.5 公斤", "21 公斤", "139****1111"];
    for part in shown.into_iter().chain(["王干部·clerk 于 2026-11-20 录入", "归属", "(自动计算)", "草拟"])
    {
        assert!(seen.contains(part), "{part} in {seen}");
    }
    assert!(answer.text.contains("href=\"/registers/tool/records/"), "a reference is a link");
    assert!(answer.text.contains("href=\"/households/1\""), "the household's file is a link");
    assert!(!answer.text.contains("<script>alert") && answer.text.contains("&#60;script&#62;"), "text is escaped");
    let english =
        Browser::at(valley.router(today), crate::fixture::session(&valley.store, "clerk") + "; sw_language=en");
    let seen = english.get(&address(&id)).await.visible();
    assert!(seen.contains("Harvests (2)") && seen.contains("Drafted") && !seen.contains("??"), "{seen}");
}

#[tokio::test]
async fn a_step_names_what_is_missing_asks_for_it_and_is_taken() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[]);
    let (page, browser) = (address(&id), valley.browser("clerk"));
    let answer = browser.get(&page).await;
    assert!(answer.visible().contains("还需要填写:  评议记录"), "{}", answer.visible());
    assert!(answer.text.contains("name=\"field.minutes\""), "it is asked for in place");
    let without = post(&browser, &page, &format!("{page}/step"), &[("step", "publish")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.visible().contains("评议记录") && without.text.contains("href=\"#publish.minutes\""));
    let fields = [("step", "publish"), ("field.minutes", "2026年11月20日村民代表会议评议通过")];
    let taken = post(&browser, &page, &format!("{page}/step"), &fields).await;
    assert_eq!(taken.header("location"), format!("{page}?done=publish"));
    let after = browser.get(taken.header("location")).await.visible();
    for part in ["已办理“公示”", "公示中", "状态: 草拟 → 公示中", "评议记录: – → 2026年11月20日"]
    {
        assert!(after.contains(part), "{part} in {after}");
    }
    let again = post(&browser, &page, &format!("{page}/step"), &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.visible().contains("王干部·clerk"), "it says who was quicker: {}", again.visible());
}

#[tokio::test]
async fn of_two_who_saw_the_same_record_one_takes_the_step_and_the_other_learns_who() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[]);
    let (page, clerk, other) = (address(&id), valley.browser("clerk"), valley.browser("clerk2"));
    let (seen, seen_by_other) = (clerk.get(&page).await, other.get(&page).await);
    let send = async |browser: &Browser, seen: &Answer| {
        let version = seen.hidden("version");
        let fields = [("step", "patrol"), ("version", version.as_str())];
        browser.post(&format!("{page}/step"), &seen.hidden("form_token"), &fields).await
    };
    assert_eq!(send(&clerk, &seen).await.status, StatusCode::SEE_OTHER);
    let late = send(&other, &seen_by_other).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    let visible = late.visible();
    assert!(visible.contains("王干部·clerk 于") && visible.contains("办理“巡查”"), "{visible}");
    assert_eq!(valley.seen("garden", &id).version, Version(2), "it was taken once");
    assert_eq!(send(&other, &late).await.status, StatusCode::SEE_OTHER, "who looked again may take it again");
    let without = other.post(&format!("{page}/step"), &late.hidden("form_token"), &[("step", "patrol")]).await;
    assert_eq!(without.status, StatusCode::FORBIDDEN, "a form of an earlier release is asked for anew");
}

fn when_the_wait_is_over() -> Day {
    today().plus_days(30)
}

#[tokio::test]
async fn nobody_confirms_what_they_entered_and_nobody_before_the_wait_is_over() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[]);
    let fields = vec![("minutes".to_owned(), text("会议通过"))];
    let publish = |step: &str, fields| Command::TakeStep {
        version: None,
        register: "garden".into(),
        id: id.clone(),
        step: step.into(),
        fields,
    };
    valley.apply("clerk", "2026-11-22", publish("publish", fields));
    let (page, step) = (address(&id), [("step", "confirm")]);
    let early = valley.browser("county").get(&page).await.visible();
    assert!(early.contains("2026-11-28"), "it says until when: {early}");
    let own = valley.browser_on("clerk", when_the_wait_is_over);
    let seen = own.get(&page).await.visible();
    assert!(seen.contains("录入") && seen.contains("不能由您办理“确认”"), "{seen}");
    let refused = post(&own, &page, &format!("{page}/step"), &step).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let other = valley.browser_on("cadre", when_the_wait_is_over).get(&page).await.visible();
    assert!(other.contains("确认: 由以下岗位办理: 乡镇经办、县级"), "{other}");
    let county = valley.browser_on("county", when_the_wait_is_over);
    let taken = post(&county, &page, &format!("{page}/step"), &step).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.visible());
    assert_eq!(valley.seen("garden", &id).state.as_deref(), Some("confirmed"));
    let closed = own.get(&format!("{page}/correct")).await;
    assert_eq!(closed.status, StatusCode::CONFLICT, "what is confirmed is not corrected");
}

#[tokio::test]
async fn an_earlier_day_shows_the_earlier_value_and_says_so() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2024-06-02", &[]);
    let fields = vec![("area_mu".to_owned(), decimal("7.25")), ("worth_fen".to_owned(), Value::Fen(Fen(50)))];
    let entry = Entry { register: "garden".into(), fields, ..Entry::default() };
    valley.apply("clerk", "2025-03-01", Command::Correct { id: id.clone(), version: Version(1), entry });
    let (page, browser) = (address(&id), valley.browser("clerk"));
    let now = browser.get(&page).await.visible();
    for part in ["7.25 亩", "面积: 4.5 亩 → 7.25 亩", "价值: 1,200 元 → 0.50 元"] {
        assert!(now.contains(part), "{part} in {now}");
    }
    let then = browser.get(&format!("{page}?as_of=2024-06-30")).await;
    let seen = then.visible();
    assert!(seen.contains("历史情况,截至 2024-06-30") && seen.contains("4.5 亩") && !seen.contains("7.25"), "{seen}");
    for control in ["/step\"", "/unmask\"", "/withdraw\"", "/correct\""] {
        assert!(!then.text.contains(control), "{control}: the past is not changed");
    }
    let before = browser.get(&format!("{page}?as_of=2024-06-01")).await;
    assert_eq!(before.status, StatusCode::CONFLICT);
    assert!(before.visible().contains("那一天还没有这条记录"));
    assert_eq!(browser.get(&format!("{page}?as_of=someday")).await.status, StatusCode::CONFLICT);
    assert!(browser.get(&format!("{page}?as_of=2999-01-01")).await.visible().contains("7.25"));
}

#[tokio::test]
async fn a_look_at_a_masked_field_needs_a_purpose_is_logged_and_shown_once() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[]);
    let (page, browser) = (address(&id), valley.browser("clerk"));
    let unmask = format!("{page}/unmask");
    for purpose in ["", "看"] {
        let fields = [("field", "keeper_phone"), ("purpose", purpose)];
        let refused = post(&browser, &page, &unmask, &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!refused.text.contains(PHONE) && refused.visible().contains("用途"));
    }
    assert!(!valley.seen("garden", &id).history.iter().any(|event| event.action == "unmasked"));
    let fields = [("field", "keeper_phone"), ("purpose", "电话回访核实收成")];
    let shown = post(&browser, &page, &unmask, &fields).await;
    assert_eq!((shown.status, shown.header("cache-control")), (StatusCode::OK, "no-store"));
    assert!(shown.text.contains(PHONE));
    let seen = shown.visible();
    assert!(seen.contains("用途: 电话回访核实收成") && seen.contains("栏目: 看管人电话"), "{seen}");
    assert!(!browser.get(&page).await.text.contains(PHONE), "only once");
    assert!(valley.seen("garden", &id).history.iter().any(|event| event.action == "unmasked"));
    let cadre = valley.browser("cadre");
    let refused = post(&cadre, &page, &unmask, &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(!refused.text.contains(PHONE));
}

#[tokio::test]
async fn a_record_is_withdrawn_with_a_reason_and_stays_readable() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[]);
    let (page, browser) = (address(&id), valley.browser("clerk"));
    let withdraw = format!("{page}/withdraw");
    let without = post(&browser, &page, &withdraw, &[("version", "1"), ("why", " ")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    let old = post(&browser, &page, &withdraw, &[("version", "0"), ("why", "重复录入")]).await;
    assert_eq!(old.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = post(&browser, &page, &withdraw, &[("version", "1"), ("why", "重复录入")]).await;
    assert_eq!(done.header("location"), format!("{page}?done=withdrawn"));
    let seen = browser.get(&page).await;
    assert!(seen.visible().contains("本记录已撤回") && seen.visible().contains("原因: 重复录入"), "{}", seen.visible());
    assert!(!seen.text.contains("/step\"") && !seen.text.contains("/correct\""));
}

#[tokio::test]
async fn forms_about_a_record_need_their_token() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[]);
    let (page, browser) = (address(&id), valley.browser("clerk"));
    let paths = ["step", "withdraw", "unmask", "correct"].map(|name| format!("{page}/{name}"));
    for path in paths.iter().map(String::as_str).chain(["/registers/garden/records/new"]) {
        let fields =
            [("version", "1"), ("why", "x"), ("step", "publish"), ("field", "keeper_phone"), ("purpose", "核实情况")];
        assert_eq!(browser.post(path, "00", &fields).await.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(browser.parts(path, "00", &fields, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let file = valley.seen("garden", &id);
    assert_eq!((file.version, file.history.len()), (Version(1), 1));
}

#[tokio::test]
async fn a_household_shows_its_records_in_the_registers() {
    let valley = Valley::new();
    let fields = vec![
        ("household_no".to_owned(), text("1")),
        ("region_code".to_owned(), text("990101100201")),
        ("started_on".to_owned(), Value::Day(day("2026-01-05"))),
    ];
    let entry = Entry { register: "nursery".into(), fields, ..Entry::default() };
    let id = valley.apply("clerk", "2026-11-20", Command::Enter(entry)).id.expect("an id");
    let gardens: Vec<String> = (1..=6).map(|number| valley.garden(&format!("G{number}"), "2026-11-20", &[])).collect();
    let page = valley.browser("clerk").get("/households/1").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains(&format!("/registers/nursery/records/{id}")), "{}", page.visible());
    assert!(page.text.contains("/registers/nursery/records/new?household=1"));
    assert_eq!(gardens.iter().filter(|garden| page.text.contains(garden.as_str())).count(), 5, "at most five of each");
    assert!(page.visible().contains("园子台账(6 条)"), "{}", page.visible());
    let other = valley.browser("cadre").get("/households/2").await;
    assert!(!other.text.contains(&id));
}

#[tokio::test]
async fn labels_name_their_fields_and_no_id_stands_twice() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[]);
    let (page, browser) = (address(&id), valley.browser("clerk"));
    let paths = [
        page.clone(),
        format!("{page}/correct"),
        "/registers/garden/records/new".to_owned(),
        "/registers/nursery/records/new?household=1".to_owned(),
        "/registers/duty/records/new".to_owned(),
    ];
    for path in paths {
        let html = browser.get(&path).await.text;
        let all = |mark: &str| -> Vec<String> {
            let found = html.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
            found.map(str::to_owned).collect()
        };
        let ids = all(" id=\"");
        let once: std::collections::BTreeSet<&String> = ids.iter().collect();
        assert_eq!(once.len(), ids.len(), "{path}: {ids:?}");
        for mark in [" for=\"", " aria-describedby=\"", " aria-labelledby=\"", " list=\"", " href=\"#"] {
            for name in all(mark) {
                assert!(once.contains(&name), "{path}: {mark}{name}");
            }
        }
        for forbidden in [" style=", "<style", " onclick", "javascript:", "<script>"] {
            assert!(!html.contains(forbidden), "{path}: {forbidden}");
        }
    }
}
