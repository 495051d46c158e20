//! After an upgrade records are brought up behind the open pages: nothing is shown by half, and everybody is told.

use crate::browser::Browser;
use crate::gardens::{Gardens, LIST};
use axum::http::StatusCode;
use store::{Command, Location, NewToken};
use test_server::Scratch;

/// Asks with a token, in English.
async fn ask(world: &Gardens, token: &str) -> (StatusCode, String, serde_json::Value) {
    use tower::ServiceExt;
    let request = axum::http::Request::get("/api/v1/registers/garden/records").header("accept-language", "en");
    let request = request.header("authorization", format!("Bearer {token}")).body(axum::body::Body::empty());
    let answer =
        web::router(world.store.clone(), world.site()).oneshot(request.expect("a request")).await.expect("answers");
    let after = answer.headers().get("retry-after").map_or("", |value| value.to_str().expect("a text")).to_owned();
    let status = answer.status();
    let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await.expect("reads");
    (status, after, serde_json::from_slice(&body).expect("JSON"))
}

#[test]
fn while_records_are_brought_up_nothing_is_shown_by_half() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let scratch = Scratch::new().unwrap_or_else(|why| panic!("{why}"));
    let location = || Location::from(scratch.address().as_str());
    let world = Gardens::at(location(), tempfile::tempdir().expect("a folder"));
    for number in ["G1", "G2", "G3"] {
        world.garden(number, "2026-11-20", &[]);
    }
    let scopes = vec!["*".parse().expect("a scope")];
    let new = NewToken { name: "测试".into(), account: "clerk".into(), scopes, expires_on: None };
    let token = world.apply("clerk", "2026-11-20", Command::AddToken(new)).text.expect("its text");
    // As a program of an earlier form leaves what it writes.
    let aged = scratch.forge("update r_garden set id = null, place = null, county = null where garden_no <> 'G1'");
    aged.unwrap_or_else(|why| panic!("{why}"));
    let world = world.restarted(location());
    let clerk = world.browser("clerk");
    for (cookie, why) in [("", "还剩约 2 条"), ("; sw_language=en", "about 2 are left")] {
        let reader = Browser::at(web::router(world.store.clone(), world.site()), clerk.cookie.clone() + cookie);
        let answer = runtime.block_on(reader.get(LIST));
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.visible().contains(why), "{}", answer.visible());
        assert_eq!(answer.header("retry-after"), "10");
        assert_eq!(answer.header("refresh"), "10", "it is asked for again by itself");
        assert!(!answer.text.contains("G1"), "a list by half would be false");
    }
    let sent = runtime.block_on(clerk.post("/registers/garden/records", "", &[("garden_no", "G4")]));
    assert!(sent.status.is_client_error() || sent.status.is_server_error());
    assert_eq!(sent.header("refresh"), "", "what was sent is not sent again by itself");
    let guest = Browser::at(web::router(world.store.clone(), world.site()), String::new());
    assert_eq!(runtime.block_on(guest.get("/sign-in")).status, StatusCode::OK);

    let (status, after, problem) = runtime.block_on(ask(&world, &token));
    assert_eq!((status, after.as_str()), (StatusCode::SERVICE_UNAVAILABLE, "10"));
    assert!(problem["type"].as_str().expect("a kind").ends_with("/problems/waiting"), "{problem}");
    assert!(problem["detail"].as_str().expect("a reason").contains("about 2 are left"), "{problem}");

    assert_eq!(world.store.finish_upgrade().expect("brings them up"), 2);
    let (status, _, list) = runtime.block_on(ask(&world, &token));
    assert_eq!((status, list["records"].as_array().map(Vec::len)), (StatusCode::OK, Some(3)), "{list}");
    let answer = runtime.block_on(clerk.get(LIST));
    assert_eq!(answer.status, StatusCode::OK);
    assert!(["G1", "G2", "G3"].iter().all(|number| answer.text.contains(number)));
}
