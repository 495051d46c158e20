//! The careful page that says what was attempted, why it went wrong, and what to do next.

use crate::http::preferences::Preferences;
use crate::http::trouble::{AGAIN_SECONDS, FormWrong, RefusalShown};
use crate::parts::shell::Shell;
use askama::Template;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, REFRESH, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    shell: Shell,
    status: u16,
    why: String,
    hint: String,
    back: String,
}

/// Gives every answer with an error status a page that says what was attempted, why not, and what to do next.
pub async fn explain(request: Request, next: Next) -> Response {
    let preferences = Preferences::of(request.headers());
    let is_get = request.method() == Method::GET;
    let response = next.run(request).await;
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).map_or(&b""[..], |kind| kind.as_bytes());
    let is_page = kind.starts_with(b"text/html") || kind.starts_with(b"application/problem+json");
    if !(status.is_client_error() || status.is_server_error()) || is_page {
        return response;
    }
    let language = preferences.language;
    let waiting = response.extensions().get::<Arc<store::Refusal>>().map(|refusal| RefusalShown {
        why: refusal.what.of(language).to_owned(),
        hint: refusal.hint.of(language).to_owned(),
        back: "/".to_owned(),
    });
    let is_waiting = waiting.is_some();
    let refusal = waiting.or_else(|| response.extensions().get::<RefusalShown>().cloned()).unwrap_or_else(|| {
        let form = response.extensions().get::<FormWrong>();
        let name = form.map_or_else(|| word_of(status), |wrong| wrong.0);
        RefusalShown {
            why: language.say(&format!("error_{name}_why")).to_owned(),
            hint: language.say(&format!("error_{name}_hint")).to_owned(),
            back: "/".to_owned(),
        }
    });
    let shell = Shell::bare(preferences, refusal.why.clone());
    let template =
        ErrorPage { shell, status: status.as_u16(), why: refusal.why, hint: refusal.hint, back: refusal.back };
    let mut response = match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => status.into_response(),
    };
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(AGAIN_SECONDS));
    }
    // What was sent is not sent again by itself.
    if is_waiting && is_get {
        response.headers_mut().insert(REFRESH, HeaderValue::from(AGAIN_SECONDS));
    }
    response
}

/// Which words of the error page belong to a status.
fn word_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN => "forbidden",
        StatusCode::PAYLOAD_TOO_LARGE => "large",
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => "missing",
        _ if status.is_client_error() => "request",
        _ => "broken",
    }
}
