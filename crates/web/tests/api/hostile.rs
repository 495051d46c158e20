//! Bodies and requests that nobody sends by accident: each gets one problem document, none breaks anything.

use crate::valley::{Caller, VILLAGES, Valley, garden};
use axum::body::Body;
use serde_json::json;

const RECORDS: &str = "/api/v1/registers/garden/records";
const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

#[tokio::test]
async fn hostile_bodies_are_refused_with_their_reason() {
    let valley = Valley::new();
    let clerk = valley.caller("clerk");
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let nested = format!("{{\"fields\":{}{}}}", "{\"a\":".repeat(5_000), "1".to_owned() + &"}".repeat(5_000));
    let huge = "9".repeat(5_000);
    let field = |value: &str| format!("{{\"fields\":{{\"worth_fen\":{value}}}}}");
    let text = |value: &str| format!("{{\"fields\":{{\"garden_no\":\"{value}\"}}}}");
    let cases: Vec<(Vec<u8>, u16)> = vec![
        (Vec::new(), 400),
        (b"{".to_vec(), 400),
        (b"\xff\xfe".to_vec(), 400),
        (deep.into_bytes(), 400),
        (nested.into_bytes(), 400),
        (b"[]".to_vec(), 422),
        (b"null".to_vec(), 422),
        (b"{\"fields\":[]}".to_vec(), 422),
        (field(&huge).into_bytes(), 400),
        (field("1e400").into_bytes(), 400),
        (field("1e30").into_bytes(), 422),
        (field("99999999999999999999").into_bytes(), 422),
        (field("-0.0").into_bytes(), 422),
        (field("NaN").into_bytes(), 400),
        (field("true").into_bytes(), 422),
        (text("a\\u0000b").into_bytes(), 422),
        (text("\\ud800").into_bytes(), 400),
        (text("\\u001b[31m").into_bytes(), 422),
        (text(&"字".repeat(2_001)).into_bytes(), 422),
        (text("' or 1=1; drop table r_garden --").into_bytes(), 422),
        (vec![b' '; 64 * 1024 + 1], 413),
        ([b"{\"fields\":{\"garden_no\":\"".to_vec(), vec![b'x'; 70_000], b"\"}}".to_vec()].concat(), 413),
    ];
    for (body, status) in cases {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let answer = clerk.raw("POST", RECORDS, &JSON, Body::from(body)).await;
        assert_eq!(answer.status.as_u16(), status, "{shown} {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{shown}");
        assert!(answer.text.len() < 4_000, "{shown}: {} bytes", answer.text.len());
    }
    let kept =
        clerk.raw("POST", RECORDS, &JSON, Body::from(garden("'; drop --", VILLAGES[0], json!({})).to_string())).await;
    assert_eq!(kept.status.as_u16(), 201, "odd texts are texts: {}", kept.text);
    assert_eq!(
        clerk.get("/registers/garden/records").await.json["records"][0]["fields"]["garden_no"],
        ";drop--",
        "folded, as every key"
    );
}

#[tokio::test]
async fn every_wrong_request_gets_a_problem_in_the_callers_language() {
    let valley = Valley::new();
    let clerk = valley.caller("clerk");
    let cases = [
        ("GET", "/api", 404),
        ("GET", "/api/v1", 404),
        ("GET", "/api/v1/", 404),
        ("GET", "/api/v2/registers", 404),
        ("POST", "/api/nothing", 404),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/registers/%FF", 404),
        ("GET", "/api/v1/registers/..%2F..%2Fetc", 404),
        ("GET", "/api/v1/registers/garden/records/%00", 404),
        ("GET", "/api/v1/registers/garden/records/-00000000000001", 404),
        ("PUT", "/api/v1/registers", 405),
        ("DELETE", "/api/v1/registers/garden/records", 405),
        ("GET", "/api/v1/registers/garden/records/search", 405),
        ("OPTIONS", "/api/v1/registers", 405),
        ("TRACE", "/api/v1/registers", 405),
        ("POST", "/api/v1/openapi.json", 405),
        ("GET", "/api/v1/registers?x=%FF", 422),
    ];
    for (method, path, status) in cases {
        for (language, is_english) in [("en", true), ("zh-CN", false)] {
            let answer = clerk.raw(method, path, &[("accept-language", language)], Body::empty()).await;
            assert_eq!(answer.status.as_u16(), status, "{method} {path} {}", answer.text);
            assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
            assert_eq!(answer.header("content-language"), if is_english { "en" } else { "zh-CN" });
            let title = answer.json["title"].as_str().unwrap_or_default();
            assert_eq!(title.is_ascii(), is_english, "{title}");
            assert_eq!(answer.header("cache-control"), "no-store");
        }
    }
    let wrong_method = clerk.raw("PUT", "/api/v1/registers", &[], Body::empty()).await;
    assert!(wrong_method.header("allow").contains("GET"), "{:?}", wrong_method.headers);
    let form = [("content-type", "application/x-www-form-urlencoded")];
    clerk.raw("POST", RECORDS, &form, Body::from("fields=1")).await.problem(415, "media");
    let nothing = clerk.raw("POST", RECORDS, &[], Body::from("{}")).await;
    nothing.problem(415, "media");
}

#[tokio::test]
async fn too_many_requests_wait_and_each_token_for_itself() {
    let valley = Valley::new();
    let (one, other) = (valley.caller("clerk"), valley.caller("clerk"));
    let mut refused = None;
    for _ in 0..2_000 {
        let answer = one.get("/nothing").await;
        if answer.status.as_u16() == 429 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.expect("the pace is limited");
    refused.problem(429, "many");
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds >= 1));
    assert_eq!(other.get("/registers").await.status.as_u16(), 200);
}

#[tokio::test]
async fn random_calls_are_always_answered_and_never_broken() {
    let valley = Valley::new();
    let id = valley.garden("G1", json!({})).await;
    let mut seed = 0x5eed_u64;
    let mut next = move |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap_or_default() % most
    };
    let methods = ["GET", "POST", "PATCH", "DELETE"];
    let ends = [
        "",
        "/records",
        "/records/search",
        "/records/{id}",
        "/records/{id}/history",
        "/records/{id}/unmask",
        "/records/{id}/undo",
        "/records/{id}/steps/publish",
        "/records/{id}/steps/confirm",
    ];
    let names = [
        "garden_no",
        "region_code",
        "kind_code",
        "crops",
        "area_mu",
        "worth_fen",
        "photos",
        "harvest",
        "tool_no",
        "keeper_name",
        "field",
        "purpose",
        "reason",
        "sort",
        "limit",
        "after",
        "fields",
    ];
    let values = [
        "null",
        "true",
        "0",
        "-1",
        "1e300",
        "\"\"",
        "\"990101100201\"",
        "\"tea\"",
        "[]",
        "[1]",
        "[{}]",
        "[{\"picked_on\":\"2024-05-01\"}]",
        "{}",
        "{\"a\":1}",
        "\"4.5\"",
        "\"\\u0000\"",
    ];
    let callers: Vec<Caller> = (0..5).map(|_| valley.caller("clerk")).collect();
    for round in 0..1_000 {
        let members: Vec<String> =
            (0..next(5)).map(|_| format!("\"{}\":{}", names[next(names.len())], values[next(values.len())])).collect();
        let inner = format!("{{{}}}", members.join(","));
        let body = if next(2) == 0 { inner } else { format!("{{\"fields\":{inner}}}") };
        let path = format!("/api/v1/registers/garden{}", ends[next(ends.len())].replace("{id}", &id));
        let method = methods[next(methods.len())];
        let version = format!("\"{}\"", next(3));
        let headers = [("content-type", "application/json"), ("if-match", version.as_str())];
        let answer = callers[round % callers.len()].raw(method, &path, &headers, Body::from(body.clone())).await;
        assert!(answer.status.as_u16() < 500, "{method} {path} {body}: {}", answer.text);
        let is_problem = answer.header("content-type") == "application/problem+json";
        assert_eq!(is_problem, answer.status.as_u16() >= 400, "{method} {path} {body}: {}", answer.text);
    }
}
