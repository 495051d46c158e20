//! Requests that are sent again: nothing is done twice, and the first answer is given again.

use crate::valley::{Answer, Caller, VILLAGES, Valley, garden};
use axum::http::StatusCode;
use serde_json::{Value as Json, json};

async fn enter(caller: &Caller, key: &str, body: &Json) -> Answer {
    caller.send("POST", "/registers/garden/records", &[("idempotency-key", key)], Some(body.clone())).await
}

#[tokio::test]
async fn the_same_request_gets_the_first_answer_even_after_a_restart() {
    let valley = Valley::new();
    let clerk = valley.caller("clerk");
    let body = garden("G1", VILLAGES[0], json!({}));
    let first = enter(&clerk, "k-1", &body).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let same = |again: &Answer, first: &Answer| {
        assert_eq!((again.status, &again.text), (first.status, &first.text));
        assert_eq!((again.header("etag"), again.header("location")), (first.header("etag"), first.header("location")));
    };
    same(&enter(&clerk, "k-1", &body).await, &first);
    let id = first.json["id"].as_str().expect("an id").to_owned();
    let record = format!("/registers/garden/records/{id}");
    let headers = [("idempotency-key", "k-2"), ("if-match", "\"1\"")];
    let change = || Some(json!({ "fields": { "area_mu": "6" } }));
    let changed = clerk.send("PATCH", &record, &headers, change()).await;
    assert_eq!(changed.status, StatusCode::OK);
    let look = || Some(json!({ "field": "keeper_phone", "purpose": "核对联系方式" }));
    let seen = clerk.send("POST", &format!("{record}/unmask"), &[("idempotency-key", "k-3")], look()).await;
    let gone = [("idempotency-key", "k-4"), ("if-match", "\"2\"")];
    let why = || Some(json!({ "reason": "误录" }));
    let withdrawn = clerk.send("DELETE", &record, &gone, why()).await;
    assert_eq!(withdrawn.status, StatusCode::OK, "{}", withdrawn.text);
    let valley = valley.restarted();
    let clerk = Caller { router: valley.router.clone(), ..clerk };
    same(&enter(&clerk, "k-1", &body).await, &first);
    same(&clerk.send("PATCH", &record, &headers, change()).await, &changed);
    same(&clerk.send("POST", &format!("{record}/unmask"), &[("idempotency-key", "k-3")], look()).await, &seen);
    same(&clerk.send("DELETE", &record, &gone, why()).await, &withdrawn);
    let history = clerk.get(&format!("{record}/history")).await.json;
    let actions: Vec<&str> =
        history["events"].as_array().expect("events").iter().filter_map(|event| event["action"].as_str()).collect();
    assert_eq!(actions, ["withdrawn", "unmasked", "changed", "added"], "each was done once");
}

#[tokio::test]
async fn a_key_belongs_to_one_request_of_one_token() {
    let valley = Valley::new();
    let (clerk, colleague) = (valley.caller("clerk"), valley.caller("colleague"));
    assert_eq!(enter(&clerk, "k", &garden("G1", VILLAGES[0], json!({}))).await.status, StatusCode::CREATED);
    let other = garden("G2", VILLAGES[0], json!({}));
    assert_eq!(enter(&clerk, "k", &other).await.problem(422, "key-reused"), ["Idempotency-Key"]);
    let elsewhere = clerk.send(
        "POST",
        "/registers/tool/records",
        &[("idempotency-key", "k")],
        Some(json!({ "fields": { "tool_no": "T1", "name": "锄" } })),
    );
    elsewhere.await.problem(422, "key-reused");
    assert_eq!(enter(&colleague, "k", &other).await.status, StatusCode::CREATED, "another token");
    for key in ["", " ", &"k".repeat(256)] {
        assert_eq!(enter(&clerk, key, &other).await.problem(422, "invalid"), ["Idempotency-Key"], "{key}");
    }
}

#[tokio::test]
async fn what_was_refused_keeps_no_key() {
    let valley = Valley::new();
    let clerk = valley.caller("clerk");
    let missing = json!({ "fields": { "garden_no": "G1", "region_code": VILLAGES[0] } });
    enter(&clerk, "k", &missing).await.problem(422, "invalid");
    assert_eq!(enter(&clerk, "k", &garden("G1", VILLAGES[0], json!({}))).await.status, StatusCode::CREATED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_at_the_same_time_make_one_record() {
    let valley = Valley::new();
    let clerk = valley.caller("clerk");
    let body = garden("G1", VILLAGES[0], json!({}));
    let calls = (0..50).map(|_| {
        let (clerk, body) = (clerk.clone(), body.clone());
        tokio::spawn(async move { enter(&clerk, "the-same", &body).await })
    });
    let calls: Vec<_> = calls.collect();
    let mut texts = Vec::new();
    for call in calls {
        let answer = call.await.expect("a call");
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        texts.push(answer.text);
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert_eq!(clerk.get("/registers/garden/records").await.json["total"]["count"], 1);
    let id = serde_json::from_str::<Json>(&texts[0]).expect("JSON")["id"].as_str().expect("an id").to_owned();
    let history = clerk.get(&format!("/registers/garden/records/{id}/history")).await.json;
    assert_eq!(history["events"].as_array().map(Vec::len), Some(1));
}
