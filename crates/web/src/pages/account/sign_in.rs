//! Signing in and out. The answer to a wrong name, a wrong password and too many tries is the same.

use crate::http::password::password_holds;
use crate::http::preferences::{cookie, safe_path};
use crate::http::session::{GUEST_COOKIE, SESSION_COOKIE, TIMES, cookie_line, new_token};
use crate::http::site::Shared;
use crate::http::trouble::{PageError, page, see_other};
use crate::http::unsent::asked_in;
use crate::http::visit::{Fields, Guest, Sent, blocking};
use crate::parts::shell::Shell;
use askama::Template;
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::time::Instant;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    shell: Shell,
    account: String,
    next: String,
    /// Why it is asked again.
    wrong: Option<&'static str>,
    /// A form waits behind the sign-in.
    unsent: bool,
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: String,
}

/// `GET /sign-in`
pub async fn show(
    State(shared): State<Shared>,
    guest: Guest,
    Query(asked): Query<Asked>,
) -> Result<Response, PageError> {
    form(&shared, &guest, String::new(), safe_path(&asked.next).to_owned(), None)
}

/// `POST /sign-in`
pub async fn sign_in(State(shared): State<Shared>, request: Request) -> Result<Response, PageError> {
    let (mut parts, body) = request.into_parts();
    let Ok(guest) = Guest::from_request_parts(&mut parts, &()).await;
    let old = cookie(&parts.headers, SESSION_COOKIE);
    let fields = Fields::read(Request::from_parts(parts, body)).await?;
    let next = safe_path(fields.text("next")).to_owned();
    if guest.fresh.is_some() || !guest.secret.made(fields.text("form_token")) {
        let account = fields.text("account").to_owned();
        let again = form(&shared, &guest, account, next, Some("unsent_sign_in_expired"))?;
        return Ok((StatusCode::FORBIDDEN, again).into_response());
    }
    let account = fields.text("account").to_owned();
    match check(&shared, &account, fields.exact("password").to_owned(), old).await? {
        Some(token) => Ok(with_cookies(
            see_other(&next),
            &[
                cookie_line(SESSION_COOKIE, &token, None, shared.site.secure_cookies),
                cookie_line(GUEST_COOKIE, "", Some(0), shared.site.secure_cookies),
            ],
        )),
        None => form(&shared, &guest, account, next, Some("sign_in_wrong")),
    }
}

/// `POST /sign-out`
pub async fn sign_out(State(shared): State<Shared>, sent: Sent) -> Result<Response, PageError> {
    let (site, token) = (shared.clone(), sent.visit.token.clone());
    blocking(move || Ok(site.site.store.end_session(&token, site.site.now_ms())?)).await?;
    let gone = cookie_line(SESSION_COOKIE, "", Some(0), shared.site.secure_cookies);
    Ok(with_cookies(see_other("/sign-in"), &[gone]))
}

/// The token of a new session, or `None` for any kind of wrong. The same work is done for unknown names.
async fn check(
    shared: &Shared,
    account: &str,
    password: String,
    old: Option<String>,
) -> Result<Option<String>, PageError> {
    let name: String = account.chars().take(64).collect();
    if shared.throttle.wait_seconds(&name, Instant::now()) > 0 {
        return Ok(None);
    }
    let _place = shared.password_checks.acquire().await.map_err(|error| PageError::Broken(error.to_string()))?;
    let (store, asked, at_ms) = (shared.site.store.clone(), name.clone(), shared.site.now_ms());
    let token = blocking(move || {
        let found = store.find_account(&asked)?;
        if !password_holds(found.as_ref().map(|account| account.password_hash.as_str()), &password) {
            if found.is_some() {
                store.note_failed_sign_in(&asked, at_ms)?;
            }
            return Ok(None);
        }
        if let Some(old) = old {
            store.end_session(&old, at_ms)?;
        }
        let token = new_token();
        Ok(store.begin_session(&asked, &token, at_ms, TIMES)?.map(|_| token))
    })
    .await?;
    match &token {
        Some(_) => shared.throttle.passed(&name),
        None => shared.throttle.failed(&name, Instant::now()),
    }
    Ok(token)
}

fn form(
    shared: &Shared,
    guest: &Guest,
    account: String,
    next: String,
    wrong: Option<&'static str>,
) -> Result<Response, PageError> {
    let title = guest.preferences.language.say("sign_in_title").to_owned();
    let unsent = asked_in(next.split_once('?').map(|(_, query)| query)).is_some();
    let mut shell = Shell::bare(guest.preferences, title);
    shell.form_token = guest.secret.token();
    let response = page(&SignInPage { shell, account, next, wrong, unsent })?;
    let cookies: Vec<String> =
        guest.fresh.iter().map(|fresh| cookie_line(GUEST_COOKIE, fresh, None, shared.site.secure_cookies)).collect();
    Ok(with_cookies(response, &cookies))
}

fn with_cookies(mut response: Response, cookies: &[String]) -> Response {
    for line in cookies {
        if let Ok(value) = HeaderValue::from_str(line) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    response
}
