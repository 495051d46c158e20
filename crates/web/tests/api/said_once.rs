//! What is said twice is refused, and the conditions of a change are read as the standard says.

use crate::valley::{VILLAGES, Valley, garden};
use axum::body::Body;
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_name_that_stands_twice_is_refused_with_its_place_and_nothing_is_entered() {
    let valley = Valley::new();
    let clerk = valley.caller("clerk");
    let whole = garden("G1", VILLAGES[0], json!({})).to_string();
    let twice = whole.replacen("\"area_mu\":", "\"area_mu\":\"1\",\"area_mu\":", 1);
    assert_ne!(whole, twice);
    let outside = format!("{{\"fields\":{{}},{}", &whole[1..]);
    let rows =
        whole.replacen("\"fields\":{", "\"fields\":{\"harvest\":[{\"weight_kg\":\"1\",\"weight_kg\":\"2\"}],", 1);
    for (body, place) in [(&twice, "fields.area_mu"), (&outside, "fields"), (&rows, "fields.harvest[0].weight_kg")] {
        let json = [("content-type", "application/json")];
        let answer = clerk.raw("POST", "/api/v1/registers/garden/records", &json, Body::from(body.clone())).await;
        assert_eq!(answer.problem(422, "invalid"), [place], "{body}");
    }
    assert_eq!(clerk.get("/registers/garden/records").await.json["total"]["count"], 0);
    for address in ["/registers?a=1&a=2", "/registers/garden/records?limit=5&limit=6"] {
        clerk.get(address).await.problem(422, "invalid");
    }
}

#[tokio::test]
async fn a_child_record_that_is_given_twice_is_refused() {
    let valley = Valley::new();
    let id =
        valley.garden("G1", json!({ "harvest": [{ "picked_on": "2024-05-01" }, { "picked_on": "2024-05-02" }] })).await;
    let (clerk, record) = (valley.caller("clerk"), format!("/registers/garden/records/{id}"));
    let rows = [
        (json!([{ "_row": 0 }, { "_row": 1 }, { "_row": 0, "weight_kg": "2" }]), "harvest[2]._row"),
        (json!([{ "picked_on": "2024-05-03" }, { "picked_on": "2024-05-03" }]), "harvest[1]"),
        (
            json!([{ "picked_on": "2024-05-03", "weight_kg": null }, { "weight_kg": null, "picked_on": "2024-05-03" }]),
            "harvest[1]",
        ),
    ];
    for (rows, place) in rows {
        let change = json!({ "fields": { "harvest": rows } });
        let answer = clerk.send("PATCH", &record, &[("if-match", "\"1\"")], Some(change)).await;
        assert_eq!(answer.problem(422, "invalid"), [place]);
    }
    let differing = json!([{ "_row": 1 }, { "_row": 0 }, { "picked_on": "2024-05-03" }, { "picked_on": "2024-05-04" }]);
    let change = json!({ "fields": { "harvest": differing } });
    let changed = clerk.send("PATCH", &record, &[("if-match", "\"1\"")], Some(change)).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
}

#[tokio::test]
async fn if_match_takes_weak_tags_lists_and_stars() {
    let valley = Valley::new();
    let id = valley.garden("G1", json!({})).await;
    let (clerk, record) = (valley.caller("clerk"), format!("/registers/garden/records/{id}"));
    let tags = ["\"1\"", "W/\"2\"", "\"9\", W/\"3\"", "*", "\"4\", \"5\" ,\"6\""];
    for (version, tag) in (2..).zip(tags) {
        let change = json!({ "fields": { "area_mu": version.to_string() } });
        let changed = clerk.send("PATCH", &record, &[("if-match", tag)], Some(change)).await;
        assert_eq!(changed.json["version"], version, "{tag} {}", changed.text);
    }
    let patrol = format!("{record}/steps/patrol");
    let taken = clerk.send("POST", &patrol, &[("if-match", "*")], Some(json!({}))).await;
    assert_eq!(taken.json["version"], 7, "{}", taken.text);
    let nothing = clerk
        .send(
            "PATCH",
            "/registers/garden/records/0123456789abcdef",
            &[("if-match", "*")],
            Some(json!({ "fields": { "area_mu": "1" } })),
        )
        .await;
    nothing.problem(404, "missing");
    let gone =
        clerk.send("DELETE", &record, &[("if-match", "W/\"6\", W/\"7\"")], Some(json!({ "reason": "误录" }))).await;
    assert_eq!(gone.status, StatusCode::OK, "{}", gone.text);
}

#[tokio::test]
async fn who_is_late_learns_truly_who_changed_what() {
    let valley = Valley::new();
    let id = valley.garden("G1", json!({ "keeper_phone": "13812345678" })).await;
    let (clerk, colleague, record) =
        (valley.caller("clerk"), valley.caller("colleague"), format!("/registers/garden/records/{id}"));
    let change = json!({ "fields": { "area_mu": "6", "keeper_phone": "13987654321" } });
    clerk.send("PATCH", &record, &[("if-match", "\"1\"")], Some(change)).await;
    let look = json!({ "field": "keeper_phone", "purpose": "核对情况属实" });
    let looked = colleague.post(&format!("{record}/unmask"), look).await;
    assert_eq!(looked.status, StatusCode::OK, "{}", looked.text);
    let late = async |who: &crate::valley::Caller, tag: &str| {
        let change = json!({ "fields": { "area_mu": "7" } });
        let headers = [("if-match", tag), ("accept-language", "en")];
        let answer = who.send("PATCH", &record, &headers, Some(change)).await;
        answer.problem(412, "overtaken");
        assert!(!answer.text.contains("13987654321") && !answer.text.contains("某人colleague"), "{}", answer.text);
        answer.json["detail"].as_str().unwrap_or_default().to_owned()
    };
    let detail = late(&colleague, "\"1\"").await;
    let package = crate::valley::package();
    let label = |name: &str| package.registers["garden"].field_named(name).expect("a field").label_en.clone();
    for part in ["The record was changed after you opened it", "某人clerk", &label("area_mu"), &label("keeper_phone")]
    {
        assert!(detail.contains(part), "{part}: {detail}");
    }
    assert!(!detail.contains(&label("kind_code")), "what stayed is not told as changed: {detail}");
    let own = late(&clerk, "\"1\"").await;
    assert!(own.contains("You changed the record yourself"), "{own}");
    for none in ["\"9\"", "3"] {
        let detail = late(&colleague, none).await;
        assert!(detail.contains("none of this record") && !detail.contains("after you opened"), "{detail}");
    }
}
