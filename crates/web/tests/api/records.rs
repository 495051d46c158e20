//! Records entered, read, listed, corrected, moved on and withdrawn.

use crate::valley::{Caller, IDENTITY, PHONE, VILLAGES, Valley, garden};
use axum::body::Body;
use axum::http::StatusCode;
use serde_json::{Value as Json, json};

#[tokio::test]
async fn a_record_comes_back_as_it_was_sent() {
    let valley = Valley::new();
    let clerk = valley.caller("clerk");
    let hash = "ab".repeat(32);
    let sent = json!({
        "household_no": "1",
        "crops": [],
        "planted_on": "2024-03-01",
        "minutes": "第一行\n第二行",
        "photos": [{ "hash": hash, "name": "现场.jpg" }],
        "harvest": [{ "picked_on": "2024-05-01", "weight_kg": "3.50" }, { "picked_on": "2024-05-02" }],
    });
    let entered = clerk.post("/registers/garden/records", garden("G1", VILLAGES[0], sent)).await;
    assert_eq!(entered.status, StatusCode::CREATED, "{}", entered.text);
    assert_eq!((entered.json["version"].as_i64(), entered.header("etag")), (Some(1), "\"1\""));
    let location = entered.header("location").strip_prefix("/api/v1").expect("a place in the API").to_owned();
    let record = clerk.get(&location).await;
    assert_eq!(record.header("etag"), "\"1\"");
    let fields = &record.json["fields"];
    let expected = json!({
        "garden_no": "G1", "region_code": VILLAGES[0], "household_no": "1", "keeper_name": "阿依",
        "keeper_phone": "138****5678", "kind_code": "fruit", "crops": null, "area_mu": "4.5", "worth_fen": 120_000,
        "planted_on": "2024-03-01", "tool_no": null, "minutes": "第一行\n第二行",
        "photos": [{ "hash": hash, "name": "现场.jpg" }], "harvest_kg": "3.5", "is_large": false,
        "harvest": [
            { "_row": 0, "picked_on": "2024-05-01", "weight_kg": "3.5", "buyer_phone": null },
            { "_row": 1, "picked_on": "2024-05-02", "weight_kg": null, "buyer_phone": null },
        ],
    });
    assert_eq!(*fields, expected);
    assert_eq!(record.json["place"], VILLAGES[0]);
    assert_eq!((&record.json["state"], &record.json["may_correct"]), (&json!("drafted"), &json!(true)));
    assert_eq!(record.json["steps"][0]["step"], "publish");
    assert_eq!(record.json["steps"][0]["required"], json!(["minutes"]));
}

#[tokio::test]
async fn a_change_names_its_version_and_the_later_one_learns_who_was_first() {
    let valley = Valley::new();
    let id = valley.garden("G1", json!({})).await;
    let record = format!("/registers/garden/records/{id}");
    let (clerk, colleague) = (valley.caller("clerk"), valley.caller("colleague"));
    let larger = || Some(json!({ "fields": { "area_mu": "6" } }));
    clerk.send("PATCH", &record, &[], larger()).await.problem(428, "unconditional");
    clerk.send("DELETE", &record, &[], Some(json!({ "reason": "误录" }))).await.problem(428, "unconditional");
    let changed = clerk.send("PATCH", &record, &[("if-match", "\"1\"")], larger()).await;
    assert_eq!((changed.status, changed.header("etag")), (StatusCode::OK, "\"2\""), "{}", changed.text);
    let read = clerk.get(&record).await.json;
    assert_eq!((&read["fields"]["area_mu"], &read["fields"]["is_large"]), (&json!("6"), &json!(true)));
    for tag in ["\"1\"", "\"7\"", "W/\"1\"", "\"1\", W/\"7\"", "2", "\"x\""] {
        let late = colleague.send("PATCH", &record, &[("if-match", tag), ("accept-language", "en")], larger()).await;
        late.problem(412, "overtaken");
        let detail = late.json["detail"].as_str().unwrap_or_default();
        assert!(detail.contains("某人clerk") && detail.contains("2024-06-02"), "{tag} {detail}");
    }
    let gone = colleague.send("DELETE", &record, &[("if-match", "\"1\"")], Some(json!({ "reason": "误录" }))).await;
    gone.problem(412, "overtaken");
    let without = colleague.send("DELETE", &record, &[("if-match", "\"2\"")], Some(json!({}))).await;
    assert_eq!(without.problem(422, "invalid"), ["reason"]);
    let gone = colleague.send("DELETE", &record, &[("if-match", "\"2\"")], Some(json!({ "reason": "误录" }))).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.text);
    assert_eq!(clerk.get("/registers/garden/records").await.json["total"]["count"], 0);
    assert_eq!(clerk.get("/registers/garden/records?withdrawn=true").await.json["total"]["count"], 1);
    let history = clerk.get(&format!("{record}/history")).await.json;
    assert_eq!(history["events"][0]["action"], "withdrawn");
    assert_eq!(history["events"][0]["notes"]["why"], "误录");
    let change = json!({ "field": "area_mu", "before": "4.5", "after": "6" });
    assert!(history["events"][1]["changes"].as_array().expect("changes").contains(&change), "{history}");
}

#[tokio::test]
async fn a_corrected_child_record_keeps_what_its_corrector_cannot_see() {
    let valley = Valley::new();
    let rows = json!([{ "picked_on": "2024-05-01", "buyer_phone": PHONE }, { "picked_on": "2024-05-02" }]);
    let id = valley.garden("G1", json!({ "harvest": rows })).await;
    let record = format!("/registers/garden/records/{id}");
    let clerk = valley.caller("clerk");
    let change = |rows: Json| Some(json!({ "fields": { "harvest": rows } }));
    let heavier = change(json!([{ "_row": 0, "weight_kg": "2" }]));
    let changed = clerk.send("PATCH", &record, &[("if-match", "\"1\"")], heavier).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    let read = clerk.get(&record).await.json;
    let expected = json!([{ "_row": 0, "picked_on": "2024-05-01", "weight_kg": "2", "buyer_phone": "138****5678" }]);
    assert_eq!(read["fields"]["harvest"], expected);
    for row in [json!(-1), json!("0"), json!(7)] {
        let wrong = change(json!([{ "_row": row, "weight_kg": "2" }]));
        clerk.send("PATCH", &record, &[("if-match", "\"2\"")], wrong).await.problem(422, "invalid");
    }
    let history = clerk.get(&format!("{record}/history")).await.json;
    assert_eq!(history["events"][0]["changes"][0], json!({ "field": "harvest", "before": "2", "after": "1" }));
}

#[tokio::test]
async fn steps_ask_for_what_they_need_and_are_taken_once() {
    let valley = Valley::new();
    let id = valley.garden("G1", json!({})).await;
    const VERSION: &str = "\"1\"";
    let take = async |who: &Caller, step: &str, version: &str, body| {
        who.send("POST", &format!("/registers/garden/records/{id}/steps/{step}"), &[("if-match", version)], Some(body))
            .await
    };
    let (clerk, colleague) = (valley.caller("clerk"), valley.caller("colleague"));
    assert_eq!(take(&clerk, "publish", VERSION, json!({})).await.problem(422, "invalid"), ["minutes"]);
    take(&clerk, "nothing", VERSION, json!({})).await.problem(404, "missing");
    let with_other = json!({ "fields": { "minutes": "已评议", "area_mu": "9" } });
    assert_eq!(take(&clerk, "publish", VERSION, with_other).await.problem(422, "invalid"), ["area_mu"]);
    let unconditional = clerk.post(&format!("/registers/garden/records/{id}/steps/patrol"), json!({})).await;
    unconditional.problem(428, "unconditional");
    let patrolled = take(&clerk, "patrol", VERSION, json!({})).await;
    assert_eq!((patrolled.status, patrolled.header("etag")), (StatusCode::OK, "\"2\""), "{}", patrolled.text);
    let second = take(&colleague, "patrol", VERSION, json!({})).await;
    second.problem(412, "overtaken");
    assert!(second.text.contains("某人clerk"), "who was quicker: {}", second.text);
    const VERSION_2: &str = "\"2\"";
    let taken = take(&clerk, "publish", VERSION_2, json!({ "fields": { "minutes": "已评议" } })).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    assert_eq!(taken.json["version"], 3);
    const VERSION_3: &str = "\"3\"";
    take(&clerk, "publish", VERSION_2, json!({})).await.problem(412, "overtaken");
    take(&clerk, "publish", VERSION_3, json!({})).await.problem(409, "conflict");
    take(&clerk, "confirm", VERSION_3, json!({})).await.problem(403, "forbidden");
    take(&colleague, "confirm", VERSION_3, json!({})).await.problem(409, "conflict");
    let read = colleague.get(&format!("/registers/garden/records/{id}")).await.json;
    assert_eq!((&read["state"], &read["may_correct"]), (&json!("public"), &json!(false)));
    assert!(read["steps"].as_array().expect("steps").iter().any(|step| !step["refusal"].is_null()), "{read}");
    let record = format!("/registers/garden/records/{id}");
    let version = [("if-match", "\"3\"")];
    let locked = colleague.send("PATCH", &record, &version, Some(json!({ "fields": { "area_mu": "9" } }))).await;
    locked.problem(409, "conflict");
    let undo = async |who: &Caller, body| who.send("POST", &format!("{record}/undo"), &version, Some(body)).await;
    assert_eq!(undo(&clerk, json!({})).await.problem(422, "invalid"), ["reason"]);
    undo(&valley.caller("elsewhere"), json!({ "reason": "点错了" })).await.problem(404, "missing");
    let undone = undo(&clerk, json!({ "reason": "点错了" })).await;
    assert_eq!(undone.status, StatusCode::OK, "{}", undone.text);
    assert_eq!(clerk.get(&record).await.json["state"], "drafted");
    undo(&clerk, json!({ "reason": "点错了" })).await.problem(412, "overtaken");
}

#[tokio::test]
async fn a_step_sends_back_only_to_the_states_that_it_names() {
    let valley = Valley::new();
    let id = valley.garden("G1", json!({})).await;
    let clerk = valley.caller("clerk");
    let cases = [
        (json!({ "reason": "材料不齐" }), "returns_to"),
        (json!({ "returns_to": "drafted", "reason": "材料不齐" }), "returns_to"),
        (json!({ "returns_to": 1 }), "returns_to"),
    ];
    for (body, named) in cases {
        let at = format!("/registers/garden/records/{id}/steps/patrol");
        let answer = clerk.send("POST", &at, &[("if-match", "*")], Some(body.clone())).await;
        assert_eq!(answer.problem(422, "invalid"), [named], "{body}");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_named_all_at_once() {
    let valley = Valley::new();
    let clerk = valley.caller("clerk");
    let wrong = json!({
        "nothing": 1,
        "is_large": true,
        "harvest_kg": "1",
        "area_mu": 4.5,
        "worth_fen": "120000",
        "keeper_phone": "138****5678",
        "crops": "tea",
        "planted_on": "2024-06-03",
        "harvest": [{ "weight_kg": "1" }, { "picked_on": "2024-02-30", "who": 1 }, 5],
    });
    let answer = clerk.post("/registers/garden/records", garden("G1", VILLAGES[0], wrong)).await;
    let mut named = answer.problem(422, "invalid");
    named.sort();
    let expected = [
        "area_mu",
        "crops",
        "harvest[1].picked_on",
        "harvest[1].who",
        "harvest[2]",
        "harvest_kg",
        "is_large",
        "keeper_phone",
        "nothing",
        "planted_on",
        "worth_fen",
    ];
    assert_eq!(named, expected);
    assert!(!answer.text.contains("138"), "what was sent is not repeated");
    let missing =
        clerk.post("/registers/garden/records", json!({ "fields": { "garden_no": "G1", "region_code": VILLAGES[0] } }));
    assert_eq!(missing.await.problem(422, "invalid"), ["kind_code"]);
    let other = clerk.post("/registers/garden/records", json!({ "fields": {}, "state": "confirmed" })).await;
    assert_eq!(other.problem(422, "invalid"), ["state"]);
    let dangling = garden("G1", VILLAGES[0], json!({ "tool_no": "T-9" }));
    assert_eq!(clerk.post("/registers/garden/records", dangling).await.problem(422, "invalid"), ["tool_no"]);
}

#[tokio::test]
async fn lists_are_filtered_ordered_and_paged_as_the_register_declares() {
    let valley = Valley::new();
    let areas = ["3", "10", "1.5", "7", "20"];
    for (number, area) in areas.iter().enumerate() {
        let kind = if number % 2 == 0 { "fruit" } else { "tea" };
        let planted = format!("2024-01-0{}", number + 1);
        let more =
            json!({ "area_mu": area, "kind_code": kind, "planted_on": planted, "worth_fen": 100 * (number + 1) });
        valley.garden(&format!("G{number}"), more).await;
    }
    let clerk = valley.caller("clerk");
    let numbers = |answer: &Json| -> Vec<String> {
        let rows = answer["records"].as_array().expect("rows").iter();
        rows.map(|row| row["fields"]["garden_no"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let cases: [(&str, &[&str]); 10] = [
        ("", &["G0", "G1", "G2", "G3", "G4"]),
        ("?sort=-area_mu", &["G4", "G1", "G3", "G0", "G2"]),
        ("?sort=area_mu&area_mu.from=3&area_mu.to=10", &["G0", "G3", "G1"]),
        ("?kind_code=tea", &["G1", "G3"]),
        ("?planted_on.from=2024-01-04", &["G3", "G4"]),
        ("?planted_on=2024-01-02", &["G1"]),
        ("?garden_no.begins=G3", &["G3"]),
        ("?state=public", &[]),
        ("?region=990101100202", &[]),
        ("?due_before=2024-01-01", &[]),
    ];
    for (query, expected) in cases {
        let answer = clerk.get(&format!("/registers/garden/records{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query} {}", answer.text);
        assert_eq!(numbers(&answer.json), expected, "{query}");
    }
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let page = clerk.get(&format!("/registers/garden/records?sort=-worth_fen&limit=2{after}")).await.json;
        assert_eq!(page["total"], json!({ "count": 5, "is": "exactly" }));
        found.extend(numbers(&page));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(found, ["G4", "G3", "G2", "G1", "G0"]);
    let wrong = [
        ("?sort=minutes", "sort"),
        ("?sort=keeper_phone", "sort"),
        ("?minutes=x", "minutes"),
        ("?minutes.from=x", "minutes.from"),
        ("?kind_code.from=tea", "kind_code.from"),
        ("?area_mu.begins=1", "area_mu.begins"),
        ("?kind_code=none", "kind_code"),
        ("?area_mu=x", "area_mu"),
        ("?state=none", "state"),
        ("?region=1", "region"),
        ("?limit=0", "limit"),
        ("?limit=501", "limit"),
        ("?limit=-1", "limit"),
        ("?withdrawn=1", "withdrawn"),
        ("?fields=none", "none"),
        ("?fields=area_mu,area_mu", "area_mu"),
        ("?page=2", "page"),
        ("?kind_code=tea&kind_code=fruit", "kind_code"),
    ];
    for (query, field) in wrong {
        let answer = clerk.get(&format!("/registers/garden/records{query}")).await;
        assert_eq!(answer.problem(422, "invalid"), [field], "{query}");
    }
    let told = clerk.get("/registers/garden/records?withdrawn=yes").await.json["detail"].to_string();
    assert!(told.contains("withdrawn"), "{told}");
    let told = clerk.get("/registers/garden/records?page=2").await.json["detail"].to_string();
    assert!(["state", "due_before", "withdrawn", "area_mu.from"].iter().all(|name| told.contains(name)), "{told}");
    clerk.get("/registers/garden/records?after=00").await.problem(422, "invalid");
}

#[tokio::test]
async fn people_are_searched_for_in_bodies_and_never_in_addresses() {
    let valley = Valley::new();
    valley.garden("G1", json!({})).await;
    valley.garden("G2", json!({ "keeper_phone": "13900000000", "keeper_name": "阿牛" })).await;
    let clerk = valley.caller("clerk");
    for query in ["keeper_name=%E9%98%BF", "keeper_name.begins=%E9%98%BF", "keeper_phone=13812345678"] {
        let answer = clerk.get(&format!("/registers/garden/records?{query}")).await;
        answer.problem(422, "invalid");
        assert!(answer.json["hint"].as_str().unwrap_or_default().contains("search"), "{}", answer.text);
    }
    let cases = [
        (json!({ "keeper_phone": PHONE }), 1),
        (json!({ "keeper_name": "阿牛" }), 1),
        (json!({ "keeper_name.begins": "阿", "sort": "-area_mu", "limit": 1 }), 2),
        (json!({ "area_mu.from": "5" }), 0),
        (json!({ "fields": ["garden_no"] }), 2),
    ];
    for (body, count) in cases {
        let answer = clerk.post("/registers/garden/records/search", body.clone()).await;
        assert_eq!(answer.json["total"]["count"], count, "{body} {}", answer.text);
    }
    let duty = json!({ "fields": { "identity_no": IDENTITY, "name": "吉木·阿古莫", "region_code": VILLAGES[0], "started_on": "2024-01-01" } });
    let entered = clerk.post("/registers/duty/records", duty).await;
    assert_eq!(entered.status, StatusCode::CREATED, "{}", entered.text);
    let found = clerk.post("/registers/duty/records/search", json!({ "identity_no": IDENTITY })).await;
    assert_eq!(found.json["total"]["count"], 1, "{}", found.text);
    assert!(!found.text.contains(IDENTITY));
    clerk.get(&format!("/registers/duty/records?identity_no={IDENTITY}")).await.problem(422, "invalid");
    let hidden =
        valley.caller("analyst").post("/registers/garden/records/search", json!({ "keeper_name.begins": "阿" })).await;
    hidden.problem(422, "invalid");
}

#[tokio::test]
async fn a_look_at_a_sensitive_field_needs_a_purpose_and_is_remembered() {
    let valley = Valley::new();
    let id = valley.garden("G1", json!({})).await;
    let at = format!("/registers/garden/records/{id}/unmask");
    let clerk = valley.caller("clerk");
    for body in [json!({ "field": "keeper_phone" }), json!({ "field": "keeper_phone", "purpose": "看" })] {
        clerk.post(&at, body).await.problem(422, "invalid");
    }
    clerk.post(&at, json!({ "field": "area_mu", "purpose": "核对联系方式" })).await.problem(404, "missing");
    let seen = clerk.post(&at, json!({ "field": "keeper_phone", "purpose": "核对联系方式" })).await;
    assert_eq!(seen.json, json!({ "field": "keeper_phone", "value": PHONE }));
    let history = clerk.get(&format!("/registers/garden/records/{id}/history")).await.json;
    assert_eq!(history["events"][0]["notes"]["purpose"], "核对联系方式");
    assert_eq!(history["events"][0]["who"], "某人clerk");
}

#[tokio::test]
async fn a_past_day_shows_what_stood_then() {
    let valley = Valley::new();
    let id = valley.garden("G1", json!({})).await;
    let clerk = valley.caller("clerk");
    let at = |query: &str| format!("/registers/garden/records/{id}{query}");
    let then = clerk.get(&at("?as_of=2024-06-02")).await;
    assert_eq!((then.status, then.header("etag")), (StatusCode::OK, ""));
    assert_eq!(then.json["steps"], json!([]));
    clerk.get(&at("?as_of=2024-06-01")).await.problem(404, "missing");
    assert_eq!(clerk.get(&at("?as_of=yesterday")).await.problem(422, "invalid"), ["as_of"]);
    assert_eq!(clerk.get(&at("?day=2024-06-01")).await.problem(422, "invalid"), ["day"]);
}

#[tokio::test]
async fn files_are_judged_by_their_content_and_read_where_a_record_names_them() {
    let valley = Valley::new();
    let clerk = valley.caller("clerk");
    let mut picture = std::io::Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_pixel(16, 16, image::Rgb([90, 120, 60]));
    pixels.write_to(&mut picture, image::ImageFormat::Png).expect("encodes");
    let picture = [picture.into_inner().as_slice(), b"GPS 30.123N <script>"].concat();
    let kept = clerk.raw("POST", "/api/v1/attachments", &[], Body::from(picture)).await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text);
    assert_eq!(kept.json["media"], "image/jpeg");
    for broken in [&b"\x89PNG\r\n\x1a\nand more"[..], b"\xff\xd8\xffjunk", b""] {
        let answer = clerk.raw("POST", "/api/v1/attachments", &[], Body::from(broken)).await;
        answer.problem(422, "invalid");
    }
    let hash = kept.json["hash"].as_str().expect("a hash").to_owned();
    clerk
        .raw("POST", "/api/v1/attachments", &[("content-type", "image/png")], Body::from("<script>"))
        .await
        .problem(415, "media");
    let large = [b"%PDF-", vec![0; 8 << 20].as_slice()].concat();
    clerk.raw("POST", "/api/v1/attachments", &[], Body::from(large)).await.problem(413, "large");
    let with = valley.garden("G1", json!({ "photos": [{ "hash": hash, "name": "现场.jpg" }] })).await;
    let without = valley.garden("G2", json!({})).await;
    let file = clerk.get(&format!("/registers/garden/records/{with}/files/{hash}")).await;
    assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "image/jpeg"));
    assert_eq!(file.header("content-disposition"), "attachment");
    assert!(!file.text.contains("GPS") && !file.text.contains("script"), "only the picture is kept");
    clerk.get(&format!("/registers/garden/records/{without}/files/{hash}")).await.problem(404, "missing");
}

#[tokio::test]
async fn a_declaration_says_what_a_program_has_to_know() {
    let valley = Valley::new();
    let shown = valley.caller("cadre").get("/registers/garden").await.json;
    assert_eq!(shown["rights"], json!({ "enter": true, "import": false, "export": false, "unmask": false }));
    let field =
        |name: &str| shown["fields"].as_array().expect("fields").iter().find(|one| one["name"] == name).cloned();
    assert_eq!(field("area_mu").expect("it is there")["max"], "1000");
    assert_eq!(field("is_large").expect("it is there")["is_calculated"], true);
    assert_eq!(field("crops").expect("it is there")["many"], true);
    assert_eq!(shown["children"][0]["name"], "harvest");
    assert!(shown["codes"]["garden_kind"].as_array().is_some_and(|codes| !codes.is_empty()));
    assert_eq!(shown["steps"][0]["required"], json!(["minutes"]));
    assert_eq!(shown["steps"][1]["is_for_caller"], false);
    let filter = shown["list"]["filter"].as_array().expect("filters");
    assert!(
        !filter.contains(&json!("keeper_phone"))
            && shown["list"]["search"].as_array().is_some_and(|all| all.contains(&json!("keeper_phone")))
    );
    let schema = valley.caller("cadre").get("/registers/garden/schema").await.json;
    assert_eq!(schema, json!({ "name": "garden" }));
}
