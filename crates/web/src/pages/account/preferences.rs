//! Language and large text: a choice that is kept in cookies, for guests too.

use crate::http::fields::{Fields, Guest};
use crate::http::preferences::{LANGUAGE_COOKIE, LARGE_COOKIE, cookie, safe_path};
use crate::http::route::Answer;
use crate::http::session::{FormSecret, SESSION_COOKIE, cookie_line};
use crate::http::site::Shared;
use crate::http::trouble::{PageError, see_other};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{HeaderValue, SET_COOKIE};
use words::Language;

/// Kept for a year.
const KEPT_SECONDS: u32 = 365 * 24 * 3600;

/// `POST /preferences`
pub async fn choose(State(shared): State<Shared>, request: Request) -> Answer {
    let (mut parts, body) = request.into_parts();
    let Ok(guest) = Guest::from_request_parts(&mut parts, &()).await;
    let session = cookie(&parts.headers, SESSION_COOKIE).map(|token| FormSecret::of(&token));
    let fields = Fields::read(Request::from_parts(parts, body)).await?;
    let token = fields.text("form_token");
    if !guest.secret.made(token) && !session.is_some_and(|secret| secret.made(token)) {
        return Err(PageError::FormExpired);
    }
    let mut response = see_other(safe_path(fields.text("next")));
    let tags: Vec<&str> = Language::all().map(Language::tag).collect();
    let choices =
        [(LANGUAGE_COOKIE, fields.text("language"), &tags[..]), (LARGE_COOKIE, fields.text("large"), &["0", "1"][..])];
    for (name, value, known) in choices {
        let line = cookie_line(name, value, Some(KEPT_SECONDS), shared.site.secure_cookies);
        if let (true, Ok(line)) = (known.contains(&value), HeaderValue::from_str(&line)) {
            response.headers_mut().append(SET_COOKIE, line);
        }
    }
    Ok(response)
}
