//! Changes: forms with and without a right token, closing a lead, handing in a file, exports.

use crate::access::lead_id;
use crate::browser::Browser;
use crate::fixture::World;
use crate::house::officer;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let world = World::new();
    let browser = Browser::of(&world, officer(&world), "");
    let other = Browser::guest(&world).get("/sign-in").await.hidden("form_token");
    let id = lead_id(&world, 0);
    for path in [
        "/leads",
        "/registers/lead/export",
        "/screen",
        "/sign-out",
        "/preferences",
        &format!("/registers/lead/records/{id}/step"),
    ] {
        for token in ["", "00", other.as_str()] {
            let answer = browser.post(path, token, &[("step", "close"), ("format", "csv")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            assert!(answer.visible().contains("页面已过期"), "{path}");
        }
    }
    let none = browser.upload(&[("dataset", "household"), ("day", "2026-11-20")], "a.csv", b"x").await;
    assert_eq!(none.status, StatusCode::FORBIDDEN);
    assert!(!world.path("inbox").exists(), "nothing landed");
    assert_eq!(browser.get("/").await.status, StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn a_form_sent_from_another_site_is_refused() {
    let world = World::new();
    let browser = Browser::of(&world, officer(&world), "");
    let token = browser.get("/").await.hidden("form_token");
    let request = Request::post("/screen")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    let answer = browser.send(request, Body::from(format!("form_token={token}"))).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_lead_is_closed_with_a_reason_and_remembers_it() {
    let world = World::new();
    let browser = Browser::of(&world, officer(&world), "");
    let path = format!("/leads/{}", lead_id(&world, 0));
    let page = browser.get(&path).await;
    let token = page.hidden("form_token");
    let lead = &world.package.registers["lead"];
    let step = lead.step.iter().find(|step| !step.required.is_empty()).expect("a step with a reason");
    let field = &step.required[0];
    let column = lead.field.iter().find(|column| column.name == *field).expect("its field");
    let code = &world.package.codes[column.codes.as_ref().expect("a list")].code[1];
    let name = format!("field.{field}");
    let (acts, version) = (format!("/registers/lead/records/{}/step", lead_id(&world, 0)), page.hidden("version"));
    let bare = [("step", step.name.as_str()), ("version", version.as_str())];
    let without = browser.post(&acts, &token, &bare).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY, "a reason is needed");
    let fields = [bare[0], bare[1], (name.as_str(), code.code.as_str()), ("field.note", "已入户,情况属实")];
    let closed = browser.post(&acts, &token, &fields).await;
    assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.visible());
    let after = browser.get(closed.header("location")).await.visible();
    for part in [&code.label, &step.label, "没有要办的步骤", "已入户,情况属实"] {
        assert!(after.contains(part), "{part} in {after}");
    }
    let again = browser.post(&acts, &token, &fields).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "closed once");
    assert!(again.visible().contains(&step.label), "who closed it and when: {}", again.visible());
}

#[tokio::test]
async fn a_file_lands_under_its_hash_and_a_job_waits() {
    let world = World::new();
    let browser = Browser::of(&world, officer(&world), "");
    let page = browser.get("/import").await;
    let token = page.hidden("form_token");
    let dataset =
        (world.package.registers.iter()).find(|(_, one)| one.may_import.iter().any(|role| role == officer(&world)));
    let dataset = dataset.expect("a register to import").0.as_str();
    let content = "户编号,姓名\n1,甲\n".as_bytes();
    let fields = [("form_token", token.as_str()), ("dataset", dataset), ("day", "2026-11-20")];
    let answer = browser.upload(&fields, "..\\台账 2026.CSV", content).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.visible());
    let hash = blake3::hash(content).to_hex().to_string();
    let landed = std::fs::read(world.path("inbox").join(format!("{hash}.csv"))).expect("the file landed");
    assert_eq!(landed, content);
    let job = world.store.claim_job(1, 1000).expect("a store").expect("a job");
    assert_eq!(job.kind, "import");
    let expected =
        [("dataset", dataset), ("file_hash", &hash), ("original_name", "台账 2026.CSV"), ("day", "2026-11-20")];
    for (name, value) in expected {
        assert_eq!(job.payload[name], Value::from(value));
    }
    let state = browser.get(&format!("/jobs/{}/state", job.id)).await;
    assert!(state.text.contains("hx-trigger") && state.visible().contains("台账 2026.CSV"), "{}", state.text);
    let twice = browser.upload(&fields, "again.csv", content).await;
    assert_eq!(twice.header("location"), answer.header("location"), "the same file is one job");
}

#[tokio::test]
async fn files_that_cannot_be_taken_leave_nothing_behind() {
    let world = World::new();
    let browser = Browser::of(&world, officer(&world), "");
    let token = browser.get("/import").await.hidden("form_token");
    let cases = [
        ("household", "2026-11-20", "a.exe", b"x".as_slice()),
        ("household", "2026-11-24", "a.csv", b"x"),
        ("household", "someday", "a.csv", b"x"),
        ("no_such_thing", "2026-11-20", "a.csv", b"x"),
        ("household", "2026-11-20", "a.csv", b""),
    ];
    for (dataset, day, name, content) in cases {
        let fields = [("form_token", token.as_str()), ("dataset", dataset), ("day", day)];
        let answer = browser.upload(&fields, name, content).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{dataset} {day} {name}");
        assert!(!answer.visible().contains("??"));
    }
    let left = std::fs::read_dir(world.path("inbox")).map(|entries| entries.count()).unwrap_or(0);
    assert_eq!(left, 0);
    assert!(world.store.claim_job(1, 1000).expect("a store").is_none());
}

#[tokio::test]
async fn a_period_that_is_none_is_said_to_be_none() {
    let world = World::new();
    let browser = Browser::of(&world, officer(&world), "");
    let at = "/indicators/households_in_range";
    assert_eq!(browser.get(&format!("{at}?period=")).await.status, StatusCode::OK);
    for period in ["2025-13", "x"] {
        assert_eq!(browser.get(&format!("{at}?period={period}")).await.status, StatusCode::NOT_FOUND, "{period}");
    }
}

#[tokio::test]
async fn an_export_is_a_job_and_only_its_own_account_gets_the_file() {
    let world = World::new();
    let account = officer(&world);
    let browser = Browser::of(&world, account, "");
    let page = browser.get("/leads?state=overdue").await;
    let token = page.hidden("form_token");
    assert!(page.text.contains("<form class=\"sw-buttons\" action=\"/registers/lead/export\""), "{}", page.text);
    let due_before = page.hidden("due_before");
    let asked = [("format", "csv"), ("open", "yes"), ("due_before", due_before.as_str())];
    let answer = browser.post("/registers/lead/export", &token, &asked).await;
    let address = answer.header("location").to_owned();
    let job = world.store.claim_job(1, 1000).expect("a store").expect("a job");
    assert_eq!((job.kind.as_str(), address.as_str()), ("export", format!("/jobs/{}", job.id).as_str()));
    let records = &job.payload["records"];
    assert_eq!((&records["register"], &records["filter"]["open"]), (&Value::from("lead"), &Value::from(true)));
    assert_eq!(records["filter"]["due_before"], Value::from(due_before));
    let folder = world.path("out").join(job.id.to_string());
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("线索.csv"), "甲,乙\n").expect("a file");
    std::fs::write(folder.join("secret.csv"), "丙\n").expect("a file");
    let outcome = web::jobs::ExportOutcome { file: "线索.csv".into(), rows: 1 };
    world.store.finish_job(job.id, &serde_json::to_value(outcome).expect("JSON"), 2).expect("a store");
    let page = browser.get(&address).await;
    assert!(page.text.contains("/files/%E7%BA%BF%E7%B4%A2.csv") && !page.text.contains("hx-trigger"), "{}", page.text);
    let file = browser.get(&format!("{address}/files/%E7%BA%BF%E7%B4%A2.csv")).await;
    assert_eq!((file.status, file.text.as_str()), (StatusCode::OK, "甲,乙\n"));
    assert!(file.header("content-disposition").starts_with("attachment"));
    for name in ["secret.csv", "..%2F..%2Fstore.db", "none.csv"] {
        assert_eq!(browser.get(&format!("{address}/files/{name}")).await.status, StatusCode::NOT_FOUND, "{name}");
    }
    let other = world.package.roles.keys().find(|name| name.as_str() != account).expect("another account");
    let other = Browser::of(&world, other, "");
    for path in [address.clone(), format!("{address}/state"), format!("{address}/files/%E7%BA%BF%E7%B4%A2.csv")] {
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn language_and_size_are_kept_in_cookies_and_go_back_to_the_page() {
    let world = World::new();
    let browser = Browser::of(&world, officer(&world), "");
    let token = browser.get("/leads").await.hidden("form_token");
    let cases = [
        ("language", "en", "/leads", "/leads", Some("sw_language=en")),
        ("large", "1", "/leads?risk=01", "/leads?risk=01", Some("sw_large=1")),
        ("language", "xx", "https://elsewhere.example/", "/", None),
    ];
    for (name, value, next, location, cookie) in cases {
        let answer = browser.post("/preferences", &token, &[(name, value), ("next", next)]).await;
        assert_eq!(answer.header("location"), location);
        assert_eq!(answer.headers.get("set-cookie").is_some(), cookie.is_some());
        assert!(answer.header("set-cookie").starts_with(cookie.unwrap_or_default()));
    }
}

#[tokio::test]
async fn what_an_import_gives_back_goes_to_whoever_may_hand_it_in() {
    let world = World::new();
    let row = world
        .store
        .view(&store::system_actor(world.package.head.region))
        .imports(None, 1)
        .expect("imports")
        .rows
        .remove(0);
    let folder = world.path("out").join(format!("import-{}-{}", row.dataset, row.file_name));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("错误标注.xlsx"), "marked").expect("a file");
    std::fs::write(world.path("out").join("other.xlsx"), "other").expect("a file");
    let address = format!("/imports/{}", row.import_id);
    for (account, role) in &world.package.roles {
        let browser = Browser::of(&world, account, "");
        let page = browser.get(&address).await;
        let may = world.package.sources[&row.dataset].may_hand_in.contains(account) && page.status == StatusCode::OK;
        assert_eq!(page.text.contains(&format!("{address}/files/")), may, "{account} {role:?}");
        let file = browser.get(&format!("{address}/files/%E9%94%99%E8%AF%AF%E6%A0%87%E6%B3%A8.xlsx")).await;
        assert_eq!(file.text == "marked", may, "{account}");
        for name in ["..%2Fother.xlsx", "other.xlsx", "none.xlsx"] {
            assert_ne!(
                browser.get(&format!("{address}/files/{name}")).await.status,
                StatusCode::OK,
                "{account} {name}"
            );
        }
    }
}
