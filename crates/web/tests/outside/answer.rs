//! One answer, and what is left of it when identities, times and nonces are taken out.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// Digits of a nonce: form tokens, kept searches, cursors.
const NONCE_MIN: usize = 20;

#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// Headers and body.
    pub text: String,
}

/// Sends a request; an answer that leads on is followed by what it leads to.
pub fn send(router: &Router, runtime: &Runtime, request: Request<Body>) -> Answer {
    let cookie = request.headers().get("cookie").cloned();
    let (first, location) = one(router, runtime, request);
    let Some(location) = location.filter(|_| first.status == 303) else { return first };
    let mut next = Request::get(location.as_str());
    if let Some(cookie) = cookie {
        next = next.header("cookie", cookie);
    }
    let (second, _) = one(router, runtime, next.body(Body::empty()).expect("a request"));
    Answer { status: first.status, text: format!("{}\n{} {}", first.text, second.status, second.text) }
}

fn one(router: &Router, runtime: &Runtime, request: Request<Body>) -> (Answer, Option<String>) {
    runtime.block_on(async {
        let response = router.clone().oneshot(request).await.expect("the router never fails");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 64 << 20).await.expect("a body");
        let mut text = String::new();
        // The length is the body's.
        for (name, value) in parts.headers.iter().filter(|(name, _)| *name != "content-length") {
            text.push_str(&format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes())));
        }
        text.push_str(&String::from_utf8_lossy(&body));
        let location = parts.headers.get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
        (Answer { status: parts.status.as_u16(), text }, location)
    })
}

impl Answer {
    /// The answer without what differs from one request to the next, and without what was asked for.
    pub fn plain(&self, asked: &[(&str, &str)]) -> String {
        let mut text = self.text.clone();
        for (name, value) in asked {
            let encoded: String =
                value
                    .bytes()
                    .map(|byte| {
                        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
                    })
                    .collect();
            text = text.replace(*value, &format!("<{name}>")).replace(&encoded, &format!("<{name}>"));
        }
        for mark in ["/jobs/", "job=", "任务 ", "name=\"job\" value=\"", "name=\"token\" value=\""] {
            text = without_digits_after(&text, mark);
        }
        format!("{} {}", self.status, without_times(&without_nonces(&text)).replace("未使用", "<time>"))
    }
}

fn without_digits_after(text: &str, mark: &str) -> String {
    let mut parts = text.split(mark);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(mark);
        out.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_hexdigit()));
    }
    out
}

fn without_nonces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = String::new();
    for letter in text.chars().chain(['\n']) {
        if letter.is_ascii_hexdigit() && !letter.is_ascii_uppercase() {
            run.push(letter);
            continue;
        }
        out.push_str(if run.len() >= NONCE_MIN { "<nonce>" } else { &run });
        run.clear();
        out.push(letter);
    }
    out
}

/// `2026-11-25 18:42` is when the test ran.
fn without_times(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_time = |at: usize| {
        let shape = "0000-00-00 00:00";
        letters.len() >= at + shape.len()
            && shape
                .chars()
                .zip(&letters[at..])
                .all(|(one, letter)| if one == '0' { letter.is_ascii_digit() } else { one == *letter })
    };
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        if is_time(at) {
            out.push_str("<time>");
            at += 16;
        } else {
            out.push(letters[at]);
            at += 1;
        }
    }
    out
}
