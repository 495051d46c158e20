//! Headers that every answer carries, and the refusal of forms that another site sends.

use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// What pages may load: only what this site serves, no inline script, style or handler.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

const ALWAYS: [(&str, &str); 7] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Adds the headers; pages are not kept by caches, because they name people.
pub async fn secure(request: Request, next: Next) -> Response {
    let mut response =
        if is_foreign_form(&request) { StatusCode::FORBIDDEN.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// True for a change that the browser itself says comes from another site; the form token is the second guard.
fn is_foreign_form(request: &Request) -> bool {
    let site = request.headers().get("sec-fetch-site").and_then(|value| value.to_str().ok());
    // Calls of the API carry a token that no browser adds by itself.
    !request.uri().path().starts_with("/api/")
        && request.method() != Method::GET
        && request.method() != Method::HEAD
        && matches!(site, Some("cross-site" | "same-site"))
}
