//! The guide for the API, followed: each request of it is sent, in the order of the page, and answers as printed.

use crate::valley::{Answer, Caller, Valley};
use axum::body::Body;
use serde_json::Value as Json;
use std::path::PathBuf;

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/guides/use-the-api.md")
}

/// A message as the guide prints it: its first line, its headers, and what stands behind an empty line.
struct Message<'guide> {
    first: &'guide str,
    headers: Vec<(&'guide str, &'guide str)>,
    body: &'guide str,
}

impl Message<'_> {
    fn read(block: &str) -> Message<'_> {
        let (head, body) = block.split_once("\n\n").unwrap_or((block, ""));
        let mut lines = head.lines();
        let first = lines.next().unwrap_or_default();
        Message { first, headers: lines.filter_map(|line| line.split_once(": ")).collect(), body: body.trim() }
    }
}

/// The blocks of messages: requests and answers by turns.
fn messages(guide: &str) -> Vec<&str> {
    let blocks = guide.split("```http\n").skip(1);
    blocks.filter_map(|rest| rest.split_once("\n```")).map(|(block, _)| block).collect()
}

async fn send(caller: &Caller, request: &Message<'_>) -> Answer {
    let (method, address) = request.first.split_once(' ').expect("method and address");
    assert!(request.body.is_empty() || serde_json::from_str::<Json>(request.body).is_ok(), "{}", request.body);
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(&request.headers);
    caller.raw(method, address, &headers, Body::from(request.body.to_owned())).await
}

/// The answer with the headers that the guide names, as the guide prints it.
fn printed(answer: &Answer, named: &Message<'_>) -> String {
    let mut text = format!("HTTP/1.1 {}", answer.status);
    for (name, _) in &named.headers {
        text.push_str(&format!("\n{name}: {}", answer.header(&name.to_lowercase())));
    }
    if !answer.json.is_null() {
        text.push_str(&format!("\n\n{}", serde_json::to_string_pretty(&answer.json).expect("JSON")));
    }
    text
}

#[tokio::test]
async fn each_request_of_the_guide_answers_as_printed() {
    let guide = std::fs::read_to_string(path()).expect("the guide");
    let valley = Valley::new();
    let clerk = valley.caller("clerk");
    let blocks = messages(&guide);
    let is_renewed = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut renewed = guide.clone();
    for pair in blocks.chunks(2) {
        let [request, answer] = pair else { panic!("a request without its answer: {pair:?}") };
        let answered = printed(&send(&clerk, &Message::read(request)).await, &Message::read(answer));
        assert!(is_renewed || answered == *answer, "{request}\nis answered by\n{answered}\nand not by\n{answer}");
        renewed = renewed.replace(&format!("```http\n{answer}\n```"), &format!("```http\n{answered}\n```"));
    }
    assert!(blocks.len() >= 12, "{} messages", blocks.len());
    if is_renewed {
        std::fs::write(path(), &renewed).expect("writes");
    }
}
