//! Forms that cannot be taken now, because the session has ended or their token is old: nothing of what was typed is lost.
//!
//! The token of a form tells whose it is. What was sent is kept sealed for that account and shown again in the same form,
//! after the sign-in or at once; it never takes effect by itself, and is forgotten when it has been taken.

mod fill;
mod form;
mod note;

use crate::http::address::url_part;
use crate::http::owner::Owner;
use crate::http::preferences::cookie;
use crate::http::session::{FormSecret, SESSION_COOKIE};
use crate::http::site::Shared;
use crate::http::trouble::{PageError, see_other};
use crate::http::unsent::{Unsent, asked_in, page_of};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use form::{SentToken, fields_of, token_of};
use model::Actor;
use std::collections::BTreeSet;
use tower::Service;

pub use note::{UnsentLine, lines as typed_lines};

/// Bytes of a page that is filled in at most.
const PAGE_BYTES_MAX: usize = 8 << 20;
/// Where there is nothing to lose: no text was typed, or it must not be kept.
const NOT_KEPT: [&str; 8] = [
    "/sign-in",
    "/sign-out",
    "/preferences",
    "/office",
    "/notices/read",
    "/screen",
    "/tokens/revoke",
    "/unsent/forget",
];

/// What the layer around all pages stands on.
#[derive(Clone)]
pub struct Around {
    pub shared: Shared,
    /// The pages, so that one can be asked for in the place of a form that was not taken.
    pub pages: Router,
}

/// The layer around all pages.
pub async fn keep(State(around): State<Around>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_page = !path.starts_with("/api/") && !path.starts_with("/static/");
    let answer = match *request.method() {
        Method::GET if is_page && says_twice(request.uri().query()) => Err(PageError::Malformed),
        Method::GET if is_page => match asked_in(request.uri().query()) {
            None => Ok(next.run(request).await),
            Some(id) => {
                let headers = request.headers().clone();
                let answer = next.run(request).await;
                shown_again(&around.shared, &headers, id, answer).await
            }
        },
        Method::POST if is_page && path != "/sign-in" => sent(around, request, next).await,
        _ => Ok(next.run(request).await),
    };
    answer.unwrap_or_else(PageError::into_response)
}

/// True where an address names a parameter twice: of two values one would be passed over in silence.
fn says_twice(query: Option<&str>) -> bool {
    let mut seen = BTreeSet::new();
    let names = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    names.map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name)).any(|name| !seen.insert(name))
}

async fn actor_of(shared: &Shared, headers: &HeaderMap) -> Result<Option<Actor>, PageError> {
    let Some(token) = cookie(headers, SESSION_COOKIE) else { return Ok(None) };
    shared.actor_of(&token).await
}

/// A form that was sent: it goes its way, or is kept.
async fn sent(around: Around, request: Request, next: Next) -> Result<Response, PageError> {
    let shared = &around.shared;
    let actor = actor_of(shared, request.headers()).await?;
    let SentToken { token, request } = token_of(request).await?;
    let secret = cookie(request.headers(), SESSION_COOKIE).map(|cookie| FormSecret::of(&cookie));
    let owner = shared.owner_of(&token);
    let is_proved = actor.is_some() && secret.is_some_and(|secret| secret.made(&token));
    if is_proved {
        let path = request.uri().path().to_owned();
        let answer = next.run(request).await;
        if let (Some(actor), Some(owner)) = (actor, owner)
            && !owner.unsent.is_empty()
            && (answer.status().is_success() || answer.status().is_redirection())
        {
            forget_taken(shared, &actor, &owner.unsent, &path).await?;
        }
        return Ok(answer);
    }
    let account = owner.as_ref().map(|owner| &owner.account).or(actor.as_ref().map(|actor| &actor.account)).cloned();
    match account {
        Some(account) if !NOT_KEPT.contains(&request.uri().path()) => {
            kept(around, request, Sender { account, actor, owner }).await
        }
        _ => Ok(next.run(request).await),
    }
}

/// A kept form that has been sent again and taken is forgotten.
async fn forget_taken(shared: &Shared, actor: &Actor, id: &str, path: &str) -> Result<(), PageError> {
    match shared.kept_form(actor, id).await? {
        Some(content) if content.action == path => shared.forget_unsent(actor, id).await,
        _ => Ok(()),
    }
}

/// Whose form it is, who is signed in, and what the form's own token says of it.
struct Sender {
    account: String,
    actor: Option<Actor>,
    owner: Option<Owner>,
}

/// Keeps a form for its account; shows it again where that account is signed in, otherwise after its sign-in.
async fn kept(
    Around { shared, mut pages }: Around,
    request: Request,
    Sender { account, actor, owner }: Sender,
) -> Result<Response, PageError> {
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    let action = uri.path().to_owned();
    let page = owner.map(|owner| owner.page).filter(|page| !page.is_empty()).unwrap_or_else(|| page_of(&action));
    let sent = fields_of(request).await;
    let fields: Vec<(String, String)> = sent.fields.into_iter().filter(|(name, _)| name != "form_token").collect();
    if fields.iter().all(|(_, text)| text.trim().is_empty()) {
        return Err(if actor.is_some() { PageError::FormExpired } else { PageError::sign_in(page) });
    }
    let content = Unsent { action, page, fields, files: sent.files };
    let id = shared.keep_unsent(&account, &content).await?;
    match (actor, id) {
        (None, Some(id)) => Ok(see_other(&format!("/sign-in?next={}", url_part(&content.address(&id))))),
        (None, None) => Err(PageError::FormTooLarge),
        (Some(actor), Some(id)) if actor.account == account => {
            let Ok(page) = pages.call(again(&content.address(&id), headers.clone())?).await;
            let page = shown_again(&shared, &headers, id.clone(), page).await?;
            if page.status() == StatusCode::OK {
                return Ok((StatusCode::FORBIDDEN, page).into_response());
            }
            // There is no such page for this account: nothing could ever be shown again.
            shared.forget_unsent(&actor, &id).await?;
            Err(PageError::FormExpired)
        }
        (Some(_), Some(_)) => Err(PageError::OthersForm),
        (Some(_), None) => Err(PageError::FormExpired),
    }
}

/// The request for a page, as the same browser would ask for it.
fn again(address: &str, mut headers: HeaderMap) -> Result<Request, PageError> {
    headers.remove(CONTENT_TYPE);
    headers.remove(CONTENT_LENGTH);
    let uri: Uri = address.parse().map_err(|_| PageError::FormExpired)?;
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Ok(request)
}

/// A page with a kept form filled in again, and a note above it.
async fn shown_again(
    shared: &Shared,
    headers: &HeaderMap,
    id: String,
    answer: Response,
) -> Result<Response, PageError> {
    let actor = actor_of(shared, headers).await?;
    let is_html = answer.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let Some(actor) = actor.filter(|_| answer.status().is_success() && is_html) else { return Ok(answer) };
    let content = shared.kept_form(&actor, &id).await?;
    let (parts, body) = answer.into_parts();
    let bytes = to_bytes(body, PAGE_BYTES_MAX).await.map_err(|error| PageError::Broken(error.to_string()))?;
    let html = String::from_utf8(bytes.to_vec()).map_err(|error| PageError::Broken(error.to_string()))?;
    let html = note::with_note(shared, headers, html, content.as_ref().map(|content| (id.as_str(), content)))?;
    let mut answer = Html(html).into_response();
    for (name, value) in &parts.headers {
        if name != CONTENT_LENGTH && name != CONTENT_TYPE {
            answer.headers_mut().append(name, HeaderValue::clone(value));
        }
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_nothing_twice() {
        for (query, twice) in [("a=1&b=1", false), ("a=1&a=1", true), ("a&a=2", true), ("", false), ("a=1&&b=2", false)]
        {
            assert_eq!(says_twice(Some(query)), twice, "{query}");
        }
    }
}
