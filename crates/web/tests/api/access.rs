//! Who may what: tokens, scopes, rights of the account, and places.

use crate::valley::{Answer, Caller, VILLAGES, Valley, garden, today};
use axum::body::Body;
use axum::http::StatusCode;
use model::Moment;
use serde_json::{Value as Json, json};
use store::{Command, NewToken, Scope};

#[tokio::test]
async fn a_call_without_a_token_in_force_is_refused_and_always_alike() {
    let valley = Valley::new();
    let good = valley.caller("clerk");
    assert_eq!(good.get("/registers").await.status, StatusCode::OK);
    let (revoked, id) = valley.token("clerk", &["*"]);
    valley.system(Command::RevokeToken { token_id: id });
    let expired = NewToken {
        name: "到今天".into(),
        account: "clerk".into(),
        scopes: vec![Scope::All],
        expires_on: Some(today()),
    };
    let expired = valley.system(Command::AddToken(expired)).text.expect("its text");
    let last_day = Caller { token: expired.clone(), ..good.clone() };
    assert_eq!(last_day.get("/registers").await.status, StatusCode::OK, "the last day is one");
    assert!(valley.store.bearer(&expired, today().plus_days(1), 0).expect("a store").is_none(), "the day after is not");
    let session = "11".repeat(32);
    let begun = valley.store.begin_session("clerk", &session, 1, store::SessionTimes::default());
    assert!(begun.expect("a store").is_some());
    let cookie = format!("sw_session={session}");
    let mut bodies: Vec<String> = Vec::new();
    let wrong = ["", revoked.as_str(), "swt_0000", &session];
    for token in wrong {
        let caller = Caller { token: token.to_owned(), ..good.clone() };
        for (method, path) in [("GET", "/registers"), ("POST", "/registers/garden/records"), ("GET", "/nothing")] {
            let answer = caller.send(method, path, &[("cookie", &cookie)], None).await;
            answer.problem(401, "unauthenticated");
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            bodies.push(answer.text);
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

/// One call of each kind on a garden.
async fn calls(caller: &Caller, id: &str) -> Vec<(&'static str, Answer)> {
    let record = format!("/registers/garden/records/{id}");
    let at = |path: &str| format!("{record}{path}");
    let version = [("if-match", "\"99\"")];
    let hash = "0".repeat(64);
    vec![
        ("read", caller.get("/registers/garden").await),
        ("read", caller.get("/registers/garden/schema").await),
        ("read", caller.get("/registers/garden/records").await),
        ("read", caller.post("/registers/garden/records/search", json!({})).await),
        ("read", caller.get(&record).await),
        ("read", caller.get(&at("/history")).await),
        ("read", caller.get(&at(&format!("/files/{hash}"))).await),
        ("write", caller.post("/registers/garden/records", json!({ "fields": {} })).await),
        ("write", caller.send("PATCH", &record, &version, Some(json!({ "fields": {} }))).await),
        ("write", caller.send("DELETE", &record, &version, Some(json!({ "reason": "误录" }))).await),
        ("write", caller.post(&at("/unmask"), json!({ "field": "keeper_phone", "purpose": "核对联系方式" })).await),
        ("step", caller.send("POST", &at("/steps/publish"), &version, Some(json!({}))).await),
    ]
}

#[tokio::test]
async fn every_scope_allows_its_own_calls_and_no_others() {
    let valley = Valley::new();
    let id = valley.garden("G1", json!({})).await;
    let cases: [(&[&str], &[&str]); 6] = [
        (&["*"], &["read", "write", "step"]),
        (&["read:garden"], &["read"]),
        (&["write:garden"], &["write"]),
        (&["step:garden"], &["step"]),
        (&["read:garden", "step:garden"], &["read", "step"]),
        (&["read:tool", "write:tool"], &[]),
    ];
    for (scopes, allowed) in cases {
        let caller = valley.caller_with("clerk", scopes);
        for (at, (kind, answer)) in calls(&caller, &id).await.into_iter().enumerate() {
            let is_forbidden = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(!is_forbidden, allowed.contains(&kind), "{scopes:?} call {at}: {}", answer.text);
        }
        let listed = caller.get("/registers").await.json["registers"].as_array().expect("a list").len();
        let expected = if scopes == ["*"] { valley.store.view(&actor(&valley, "clerk")).registers().len() } else { 1 };
        assert_eq!(listed, expected, "{scopes:?}");
    }
    let reader = valley.caller_with("clerk", &["read:garden"]);
    let png = Body::from(&b"\x89PNG\r\n\x1a\n"[..]);
    reader.raw("POST", "/api/v1/attachments", &[], png).await.problem(403, "forbidden");
}

fn actor(valley: &Valley, account: &str) -> model::Actor {
    valley.store.find_account(account).expect("a store").expect("an account").actor()
}

#[tokio::test]
async fn a_token_never_may_more_than_its_account() {
    let valley = Valley::new();
    let id = valley.garden("G1", json!({})).await;
    let record = format!("/registers/garden/records/{id}");
    let county = valley.caller("county");
    assert_eq!(county.get(&record).await.status, StatusCode::OK);
    let entered = county.post("/registers/garden/records", garden("G2", VILLAGES[0], json!({}))).await;
    entered.problem(403, "forbidden");
    let version = [("if-match", "\"1\"")];
    county
        .send("PATCH", &record, &version, Some(json!({ "fields": { "area_mu": "5" } })))
        .await
        .problem(403, "forbidden");
    county.send("DELETE", &record, &version, Some(json!({ "reason": "误录" }))).await.problem(403, "forbidden");
    let look = json!({ "field": "keeper_phone", "purpose": "核对联系方式" });
    county.post(&format!("{record}/unmask"), look).await.problem(403, "forbidden");
    let minutes = json!({ "fields": { "minutes": "已评议" } });
    county.send("POST", &format!("{record}/steps/publish"), &version, Some(minutes)).await.problem(403, "forbidden");
    let outside = valley.caller("clerk").post("/registers/garden/records", garden("G3", VILLAGES[2], json!({}))).await;
    outside.problem(403, "forbidden");
    // A register of another department, and one that the role does not see, are as if they did not exist.
    for (account, register) in [("officer", "garden"), ("analyst", "tool"), ("cadre", "duty")] {
        let hidden = valley.caller(account);
        let (seen, none) =
            (hidden.get(&format!("/registers/{register}")).await, hidden.get("/registers/nothing").await);
        seen.problem(404, "missing");
        assert_eq!(seen.text, none.text, "{account} {register}");
    }
    let own = NewToken { name: "x".into(), account: "clerk".into(), scopes: vec![Scope::All], expires_on: None };
    let other = actor(&valley, "county");
    assert!(
        valley.store.apply(&other, Moment { day: today(), at_ms: 1 }, Command::AddToken(own)).is_err(),
        "only for oneself"
    );
}

#[tokio::test]
async fn what_lies_elsewhere_looks_like_what_does_not_exist() {
    let valley = Valley::new();
    let id = valley.garden("G1", json!({})).await;
    let nothing = "0123456789abcdef";
    for account in ["neighbour", "elsewhere", "other_county"] {
        let caller = valley.caller(account);
        let (there, none) = (calls(&caller, &id).await, calls(&caller, nothing).await);
        for (at, ((kind, there), (_, none))) in there.iter().zip(&none).enumerate() {
            assert_eq!((there.status, &there.text), (none.status, &none.text), "{account} {kind} {at}");
            assert!(!there.text.contains("阿依") && !there.text.contains("G1"), "{account} {at}");
        }
        let record = &there[4].1;
        record.problem(404, "missing");
        let list = caller.get("/registers/garden/records").await;
        assert_eq!(list.json["records"], json!([]), "{account}");
        assert_eq!(list.json["total"], json!({ "count": 0, "is": "exactly" }), "{account}");
        let found = caller.post("/registers/garden/records/search", json!({ "keeper_phone": "13812345678" })).await;
        assert_eq!(found.json["records"], json!([]), "{account}");
    }
    for account in ["clerk", "colleague", "cadre", "county", "analyst"] {
        let caller = valley.caller(account);
        assert_eq!(caller.get(&format!("/registers/garden/records/{id}")).await.status, StatusCode::OK, "{account}");
        assert_eq!(caller.get("/registers/garden/records").await.json["total"]["count"], 1, "{account}");
    }
}

#[tokio::test]
async fn a_key_that_is_taken_elsewhere_tells_nothing_of_its_record() {
    let valley = Valley::new();
    let id = valley.garden("G1", json!({})).await;
    let same = |village: &str| garden("G1", village, json!({}));
    let own = valley.caller("colleague").post("/registers/garden/records", same(VILLAGES[1])).await;
    own.problem(409, "conflict");
    assert_eq!(own.json["record"], Json::from(id.as_str()));
    let away = valley.caller("elsewhere").post("/registers/garden/records", same(VILLAGES[3])).await;
    away.problem(409, "conflict");
    assert_eq!(away.json["record"], Json::Null);
    assert!(!away.text.contains("某人") && !away.text.contains(&id) && !away.text.contains("2024"), "{}", away.text);
}

#[tokio::test]
async fn names_are_masked_for_roles_that_do_not_see_them() {
    let valley = Valley::new();
    let id =
        valley.garden("G1", json!({ "harvest": [{ "picked_on": "2024-05-01", "buyer_phone": "13912345678" }] })).await;
    let shown = valley.caller("clerk").get(&format!("/registers/garden/records/{id}")).await.json;
    assert_eq!(shown["fields"]["keeper_name"], "阿依");
    assert_eq!(shown["fields"]["keeper_phone"], "138****5678");
    assert_eq!(shown["masked"], json!(["keeper_phone", "harvest.buyer_phone"]));
    let hidden = valley.caller("analyst").get("/registers/garden/records?fields=*").await.json;
    let row = &hidden["records"][0];
    assert_eq!(row["fields"]["keeper_name"], "阿*");
    assert_eq!(row["masked"], json!(["keeper_name", "keeper_phone"]));
}
