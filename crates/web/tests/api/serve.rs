//! The valley over a real address, for tools that try an API from outside by its description.

use crate::valley::Valley;
use serde_json::json;
use std::time::Duration;

/// `SERVE_SECONDS=300 cargo nextest run -p web --run-ignored only the_valley_is_served --no-capture`
/// says the address and a token, and serves as long.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "serves for tools outside; nothing is checked here"]
async fn the_valley_is_served() {
    let seconds = std::env::var("SERVE_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let valley = Valley::new();
    let id = valley.garden("G1", json!({ "harvest": [{ "picked_on": "2024-05-01", "weight_kg": "3" }] })).await;
    let (token, _) = valley.token("clerk", &["*"]);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("an address");
    let address = listener.local_addr().expect("an address");
    println!("http://{address}/api/v1 {token} {id}");
    let stop = tokio::time::sleep(Duration::from_secs(seconds));
    web::serve(listener, valley.router.clone(), web::ConnectionLimits::default(), stop).await.expect("serves");
}
