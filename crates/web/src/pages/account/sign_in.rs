//! Signing in and out. The answer to a wrong name, a wrong password and too many tries is the same.

use crate::http::fields::{Fields, Guest};
use crate::http::office::OFFICE_COOKIE;
use crate::http::preferences::{cookie, safe_path};
use crate::http::route::Answer;
use crate::http::session::{GUEST_COOKIE, SESSION_COOKIE, cookie_line};
use crate::http::site::Shared;
use crate::http::trouble::{page, see_other};
use crate::http::unsent::asked_in;
use crate::http::visit::Visit;
use crate::parts::shell::Shell;
use askama::Template;
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{HeaderValue, SET_COOKIE};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

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

/// What the address of the sign-in says.
#[derive(Deserialize)]
pub struct SignInQuery {
    #[serde(default)]
    next: String,
}

/// `GET /sign-in`
pub async fn show(State(shared): State<Shared>, guest: Guest, Query(asked): Query<SignInQuery>) -> Answer {
    form(&shared, &guest, String::new(), safe_path(&asked.next).to_owned(), None)
}

/// `POST /sign-in`
pub async fn sign_in(State(shared): State<Shared>, request: Request) -> Answer {
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
    match shared.sign_in(&account, fields.exact("password").to_owned(), old).await? {
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
pub fn sign_out(visit: &Visit<'_>, (): (), _: &Fields) -> Answer {
    visit.end_session()?;
    let gone = cookie_line(SESSION_COOKIE, "", Some(0), visit.site.secure_cookies);
    let office = cookie_line(OFFICE_COOKIE, "", Some(0), visit.site.secure_cookies);
    Ok(with_cookies(see_other("/sign-in"), &[gone, office]))
}

fn form(shared: &Shared, guest: &Guest, account: String, next: String, wrong: Option<&'static str>) -> Answer {
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
