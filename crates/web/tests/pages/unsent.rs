//! A form that comes too late loses nothing: it is kept for its account alone, shown again, and taken once.

use crate::access::lead_id;
use crate::browser::{Answer, Browser};
use crate::fixture::{AT_MS, World, now_ms, session, today};
use crate::gardens::Gardens;
use crate::house::officer;
use crate::valley::{Valley, value};
use axum::http::StatusCode;
use model::Version;
use std::path::Path;
use store::SessionTimes;

/// Names and values of a form.
type Fields = &'static [(&'static str, &'static str)];

const NEW: &str = "/registers/garden/records/new";
/// What is typed, and found nowhere but in the form.
const TYPED: &str = "夜里才写完的一句话<\"&>";

fn ended(valley: &Valley, browser: &Browser) {
    let token = browser.cookie.trim_start_matches("sw_session=").to_owned();
    valley.store.end_session(&token, now_ms()).expect("a store");
}

/// The address behind the sign-in.
fn next(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.visible());
    let next = answer.header("location").strip_prefix("/sign-in?next=").unwrap_or_default();
    next.replace("%2F", "/").replace("%3F", "?").replace("%3D", "=").replace("%26", "&")
}

/// The part of the page from the form that goes to this address to its end.
fn form<'a>(page: &'a Answer, action: &str) -> &'a str {
    let start =
        page.text.find(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("{action} in {}", page.visible()));
    page.text[start..].split("</form>").next().unwrap_or_default()
}

fn token(form: &str) -> String {
    let (_, rest) = form.split_once("name=\"form_token\" value=\"").expect("a form token");
    rest.split('"').next().unwrap_or_default().to_owned()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;").replace('"', "&#34;")
}

/// True where a file below the folder holds the text.
fn lies_open(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).expect("a folder").flatten().any(|entry| match entry.path() {
        path if path.is_dir() => lies_open(&path, text),
        path => {
            let bytes = std::fs::read(path).expect("a file");
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        }
    })
}

/// What a clerk types for a garden.
fn garden() -> Vec<(&'static str, &'static str)> {
    vec![
        ("stage", "record"),
        ("field.garden_no", "G-9"),
        ("field.region_code", "990101100201"),
        ("field.kind_code", "fruit"),
        ("field.crops", "tea"),
        ("field.crops", "apple"),
        ("field.area_mu", "4.5"),
        ("field.minutes", TYPED),
        ("rows.harvest", "2"),
        ("child.harvest.0.picked_on", "2026-05-01"),
        ("child.harvest.1.picked_on", "2026-05-02"),
        ("child.harvest.1.weight_kg", "7"),
    ]
}

#[tokio::test]
async fn a_form_whose_session_has_ended_is_kept_sealed_and_stands_there_again_after_the_sign_in() {
    let valley = Valley::new();
    let browser = valley.browser("clerk");
    let old = browser.get(NEW).await.hidden("form_token");
    ended(&valley, &browser);
    let late = browser.parts(NEW, &old, &garden(), &[("field.photos", "现场.jpg", b"x")]).await;
    let address = next(&late);
    assert!(address.starts_with(&format!("{NEW}?unsent=")) && !late.header("location").contains("G-9"), "{address}");
    let folder = valley.folder.path();
    assert!(!lies_open(folder, "夜里才写完"), "sealed where it lies");
    let sign_in = Browser::at(valley.router(today), String::new()).get(late.header("location")).await;
    assert!(sign_in.visible().contains("已加密保留"), "{}", sign_in.visible());
    let other = valley.browser("clerk2").get(&address).await;
    assert!(
        !other.text.contains("夜里才写完") && other.visible().contains("没有可以恢复的内容"),
        "{}",
        other.visible()
    );
    assert!(!valley.browser("clerk2").get("/unsent").await.text.contains("夜里才写完"));

    let again = valley.browser("clerk");
    assert!(again.get("/").await.visible().contains("1 份填写后未能提交的表单"));
    let listed = again.get("/unsent").await;
    assert!(listed.text.contains(&address) && listed.text.contains(&escaped(TYPED)), "{}", listed.visible());
    for code in ["fruit", "apple", "990101100201"] {
        assert!(!listed.visible().contains(code), "labels, no codes: {code}: {}", listed.visible());
    }
    let page = again.get(&address).await;
    assert!(page.visible().contains("1 个文件没有保留"), "{}", page.visible());
    let shown = form(&page, NEW);
    for part in ["value=\"G-9\"", "value=\"4.5\"", "value=\"2026-05-02\"", "value=\"7\"", &escaped(TYPED)] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    for ticked in ["value=\"tea\" checked", "value=\"apple\" checked", "value=\"fruit\" selected"] {
        assert!(shown.contains(ticked), "{ticked}: {shown}");
    }
    assert_ne!(token(shown), old);
    let entered = again.parts(NEW, &token(shown), &garden(), &[]).await;
    assert!(entered.header("location").ends_with("done=entered"), "{}", entered.visible());
    let twice = again.parts(NEW, &token(shown), &garden(), &[]).await;
    assert!(twice.header("location").ends_with("done=there"), "sent twice is taken once: {}", twice.visible());
    let none = again.get("/unsent").await;
    assert!(none.visible().contains("没有未提交的表单"), "{}", none.visible());
    assert!(!again.get("/").await.visible().contains("未能提交"));
}

#[tokio::test]
async fn every_form_about_a_record_is_shown_again_and_takes_no_effect_by_itself() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[]);
    let page = format!("/registers/garden/records/{id}");
    let cases: [(&str, &str, Fields); 4] = [
        (
            "correct",
            "/correct",
            &[
                ("stage", "record"),
                ("version", "1"),
                ("field.minutes", TYPED),
                ("field.area_mu", "5"),
                ("rows.harvest", "2"),
                ("held.harvest.0", "0"),
                ("held.harvest.1", "1"),
                ("child.harvest.0.picked_on", "2024-05-01"),
                ("child.harvest.0.weight_kg", "11"),
            ],
        ),
        ("step", "", &[("version", "1"), ("step", "publish"), ("field.minutes", TYPED)]),
        ("withdraw", "", &[("version", "1"), ("why", TYPED)]),
        ("unmask", "", &[("field", "keeper_phone"), ("purpose", TYPED)]),
    ];
    for (name, at, fields) in cases {
        for is_ended in [true, false] {
            let browser = valley.browser("clerk");
            let before = browser.get(&format!("{page}{at}")).await;
            let action = format!("{page}/{name}");
            let page = if is_ended {
                let token = token(form(&before, &action));
                ended(&valley, &browser);
                let address = next(&browser.post(&action, &token, fields).await);
                valley.browser("clerk").get(&address).await
            } else {
                let page = browser.post(&action, "00", fields).await;
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}");
                page
            };
            // Of several steps the one that was sent is filled in.
            assert!(page.visible().contains("您填写的内容已放回"), "{name}: {}", page.visible());
            let (above, _) =
                page.text.split_once(&escaped(TYPED)).unwrap_or_else(|| panic!("{name}: {}", page.visible()));
            let (_, form) = above.rsplit_once("<form ").expect("it stands in a form");
            assert!(form.starts_with(&format!("action=\"{action}\"")), "{name}: {form}");
            if let Some((_, step)) = fields.iter().find(|(name, _)| *name == "step") {
                assert!(form.contains(&format!("name=\"step\" value=\"{step}\"")), "{form}");
            }
            let folded = above.rsplit_once("<details").filter(|(_, rest)| !rest.contains("</details>"));
            assert!(
                folded.is_none_or(|(_, rest)| rest.split('>').next().is_some_and(|tag| tag.ends_with(" open"))),
                "{name} is unfolded"
            );
            assert_eq!(valley.seen("garden", &id).version, Version(1), "{name} took no effect");
        }
    }
    assert_eq!(valley.seen("garden", &id).history.len(), 1);
    let clerk = valley.browser("clerk");
    let wrong = clerk
        .post(&format!("{page}/step"), "00", &[("version", "1"), ("step", "publish"), ("field.minutes", TYPED)])
        .await;
    let fresh = token(form(&wrong, &format!("{page}/step")));
    let taken = clerk
        .post(&format!("{page}/step"), &fresh, &[("version", "1"), ("step", "publish"), ("field.minutes", TYPED)])
        .await;
    assert_eq!(taken.header("location"), format!("{page}?done=publish"), "{}", taken.visible());
    // What waits for a record that has moved on is shown for copying.
    let gone = clerk.post(&format!("{page}/withdraw"), "00", &[("version", "1"), ("why", TYPED)]).await;
    assert!(gone.text.contains(&escaped(TYPED)) && gone.visible().contains("现在没有这份表单"), "{}", gone.visible());
}

#[tokio::test]
async fn a_correction_that_waited_still_learns_that_somebody_was_quicker() {
    let valley = Valley::new();
    let id = valley.garden("G1", "2026-11-20", &[]);
    let path = format!("/registers/garden/records/{id}/correct");
    let clerk = valley.browser("clerk");
    let fields = |area: &'static str| {
        let place = ("field.region_code", "990101100201");
        [("stage", "record"), ("version", "1"), ("field.kind_code", "fruit"), place, ("field.area_mu", area)]
    };
    let waiting = clerk.post(&path, "00", &fields("7")).await;
    let second = valley.browser("clerk2");
    let quicker = second.post(&path, &second.get(&path).await.hidden("form_token"), &fields("8")).await;
    assert!(quicker.header("location").ends_with("done=corrected"), "{}", quicker.visible());
    let shown = form(&waiting, &path);
    assert!(shown.contains("name=\"version\" value=\"1\""), "{shown}");
    let late = clerk.post(&path, &token(shown), &fields("7")).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.visible().contains("已被他人修改"), "{}", late.visible());
    assert_eq!(late.text.matches("data-label=\"由谁改动\"").count(), 1, "only what changed: {}", late.visible());
    assert_eq!(value(&valley.seen("garden", &id), "area_mu"), crate::valley::decimal("8"));
    assert!(clerk.get("/unsent").await.text.contains(&path), "what was refused is still kept");
}

#[tokio::test]
async fn a_form_of_another_account_is_kept_for_that_one() {
    let valley = Valley::new();
    let clerk = valley.browser("clerk");
    let token = clerk.get(NEW).await.hidden("form_token");
    ended(&valley, &clerk);
    let second = valley.browser("clerk2");
    let sent = second.parts(NEW, &token, &garden(), &[]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert!(sent.visible().contains("属于另一个账号") && !sent.text.contains("夜里才写完"), "{}", sent.visible());
    assert!(!second.get("/unsent").await.text.contains("夜里才写完"));
    let kept = valley.browser("clerk").get("/unsent").await;
    assert!(kept.text.contains("夜里才写完"), "{}", kept.visible());
    let forgot = valley.browser("clerk2");
    let id = kept.hidden("form");
    let own = |page: &Answer| page.hidden("form_token");
    forgot.post("/unsent/forget", &own(&forgot.get("/unsent").await), &[("form", &id)]).await;
    let clerk = valley.browser("clerk");
    assert!(clerk.get("/unsent").await.text.contains(&id), "nobody else deletes it");
    let gone = clerk.post("/unsent/forget", &own(&clerk.get("/unsent").await), &[("form", &id)]).await;
    assert_eq!(gone.header("location"), "/unsent");
    assert!(clerk.get("/unsent").await.visible().contains("没有未提交的表单"));
    let empty = clerk.parts(NEW, "00", &[("field.minutes", " ")], &[]).await;
    assert_eq!(empty.status, StatusCode::FORBIDDEN);
    assert!(clerk.get("/unsent").await.visible().contains("没有未提交的表单"), "nothing typed, nothing kept");
    let nobody = Browser::at(valley.router(today), String::new());
    for forged in ["", "00", &token[..128], &format!("{}.00", &token[..128])] {
        let answer = nobody.parts(NEW, forged, &garden(), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{forged}");
        assert!(!answer.header("location").contains("unsent"), "nobody's form is kept for nobody: {forged}");
    }
}

#[tokio::test]
async fn forms_are_kept_for_their_time_in_their_number_and_up_to_their_size() {
    const HOUR: i64 = 3_600_000;
    let valley = Valley::new();
    let clerk = valley.browser("clerk");
    let page = clerk.get("/").await.hidden("form_token");
    ended(&valley, &clerk);
    for number in 0..14 {
        let answer = clerk.post("/households", &page, &[("text", &format!("第{number}次"))]).await;
        assert!(next(&answer).starts_with("/?unsent="), "{}", answer.header("location"));
    }
    let again = valley.browser("clerk");
    let kept = again.get("/unsent").await;
    assert_eq!(kept.text.matches("name=\"form\" value=").count(), 10, "{}", kept.visible());
    assert!(kept.text.contains("第13次") && !kept.text.contains("第3次"), "the newest");
    let huge = "长".repeat(100_000);
    let answer = clerk.parts(NEW, &page, &[("field.minutes", &huge)], &[]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let said = answer.visible();
    assert!(said.contains("填写的内容太长") && !said.contains("200 MB"), "it is no file: {said}");

    let site = |now_ms: fn() -> i64| {
        let site = valley.site(today);
        web::router(valley.store.clone(), web::Site { now_ms, unsent_hours: 5, ..site })
    };
    let cookie = session(&valley.store, "clerk2");
    let token = Browser::at(site(now_ms), cookie.clone()).get(NEW).await.hidden("form_token");
    valley.store.end_session(cookie.trim_start_matches("sw_session="), now_ms()).expect("a store");
    let soon = Browser::at(site(|| AT_MS + 4 * HOUR), cookie.clone()).parts(NEW, &token, &garden(), &[]).await;
    let address = next(&soon);
    // Nine hours after that page was made the form is gone, and a form of that page would be nobody's.
    let long = SessionTimes { idle_ms: 24 * HOUR, longest_ms: 24 * HOUR };
    let session = "ab".repeat(32);
    valley.store.begin_session("clerk2", &session, AT_MS, long).expect("a store").expect("an account");
    let cookie = format!("sw_session={session}");
    for (hours, is_kept) in [(8, true), (9, false)] {
        let later: fn() -> i64 = if hours == 8 { || AT_MS + 8 * HOUR } else { || AT_MS + 9 * HOUR };
        let page = Browser::at(site(later), cookie.clone()).get(&address).await;
        assert_eq!(page.text.contains("夜里才写完"), is_kept, "{hours} {}", page.visible());
    }
    let late = Browser::at(site(|| AT_MS + 5 * HOUR), String::new()).parts(NEW, &token, &garden(), &[]).await;
    assert!(!late.header("location").contains("unsent"), "{}", late.header("location"));
}

#[tokio::test]
async fn closings_uploads_and_searches_are_shown_again() {
    let world = World::new();
    let account = officer(&world);
    let lead = &world.package.registers["lead"];
    let step = lead.step.iter().find(|step| !step.required.is_empty()).expect("a step with a reason");
    let column = lead.field.iter().find(|column| column.name == step.required[0]).expect("its field");
    let code = &world.package.codes[column.codes.as_ref().expect("a list")].code[1].code;
    let browser = Browser::of(&world, account, "");
    let reason = format!("field.{}", column.name);
    let closing =
        [("step", step.name.as_str()), ("version", "1"), (reason.as_str(), code.as_str()), ("field.note", TYPED)];
    let seen = browser.get(&format!("/leads/{}", lead_id(&world, 0))).await.text;
    let (before, _) = seen.split_once("/step\"").expect("a form for a step");
    let (_, path) = before.rsplit_once("action=\"").expect("its address");
    let page = browser.post(&format!("{path}/step"), "00", &closing).await;
    let (above, _) = page.text.split_once(&escaped(TYPED)).unwrap_or_else(|| panic!("{}", page.visible()));
    let (_, shown) = above.rsplit_once("<form ").expect("a form");
    assert!(shown.contains(&format!("value=\"{}\"", step.name)), "{shown}");
    assert!(shown.contains(&format!("value=\"{code}\"")) && shown.contains(" checked"), "{shown}");

    let dataset = "household";
    let upload =
        browser.upload(&[("form_token", "00"), ("dataset", dataset), ("day", "2026-11-20")], "a.csv", b"1").await;
    assert_eq!(upload.status, StatusCode::FORBIDDEN);
    let shown = form(&upload, "/import");
    assert!(shown.contains("value=\"2026-11-20\""), "{shown}");
    assert!(upload.visible().contains("1 个文件没有保留"), "{}", upload.visible());
    assert!(!world.path("inbox").exists(), "nothing landed");

    let search = browser.post("/households", "00", &[("text", "吉木")]).await;
    assert!(form(&search, "/households").contains("value=\"吉木\""), "{}", search.visible());
}

#[tokio::test]
async fn a_bulk_step_is_shown_again_with_its_records_and_fields() {
    let world = Gardens::new();
    let id = world.garden("G1", "2026-11-20", &[]);
    let browser = world.browser("clerk");
    let record = format!("record-{id}");
    let fields = [("step", "publish"), ("confirm", "1"), (record.as_str(), "1"), ("field_minutes", TYPED)];
    let page = browser.post("/registers/garden/bulk", "00", &fields).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let shown = form(&page, "/registers/garden/bulk");
    assert!(shown.contains(&escaped(TYPED)) && shown.contains(&format!("name=\"{record}\" value=\"1\"")), "{shown}");
    let done = browser.post("/registers/garden/bulk", &token(shown), &fields).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.visible());
    assert!(browser.get("/unsent").await.visible().contains("没有未提交的表单"));
    assert_eq!(browser.get("/registers/garden/bulk").await.header("location"), "/registers/garden/records");
}

#[tokio::test]
async fn what_is_said_twice_where_one_is_expected_is_refused() {
    let valley = Valley::new();
    let clerk = valley.browser("clerk");
    for address in ["/registers/garden/records?state=drafted&state=public", "/notices?a=1&a=1", "/help?x&x"] {
        assert_eq!(clerk.get(address).await.status, StatusCode::BAD_REQUEST, "{address}");
    }
    let token = clerk.get("/").await.hidden("form_token");
    let twice = clerk.post("/households", &token, &[("text", "甲"), ("text", "乙")]).await;
    assert_eq!(twice.status, StatusCode::BAD_REQUEST);
    let mut fields = garden();
    fields.push(("field.area_mu", "5"));
    let token = clerk.get(NEW).await.hidden("form_token");
    let twice = clerk.parts(NEW, &token, &fields, &[]).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.visible().contains("这一栏只能填一次"), "{}", twice.visible());
}
