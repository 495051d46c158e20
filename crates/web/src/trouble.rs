//! What can go wrong on the way to a page, and the careful page that says so.

use crate::language::Language;
use crate::preferences::{Preferences, safe_path};
use crate::shell::Shell;
use askama::Template;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, LOCATION, REFRESH, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use std::sync::Arc;

/// Why a page is not shown.
#[derive(Debug)]
pub enum PageError {
    /// Nobody is signed in, or the session has ended.
    SignIn { next: String, is_fragment: bool },
    /// It does not exist, or lies outside the actor's place: both look the same.
    NotFound,
    /// The role may not do this at all.
    Forbidden,
    /// The form token is missing or old.
    FormExpired,
    /// The form belongs to another account, for which it was kept.
    OthersForm,
    /// It cannot be read as what was asked.
    Malformed,
    /// What was asked was refused; the texts say what would make it pass. `back`: where to go on.
    Refused { why: String, hint: String, back: String },
    /// The file is larger than is taken.
    TooLarge,
    /// More was filled in than a form may hold.
    FormTooLarge,
    /// An attachment of a form is too large, or there are too many.
    AttachmentsTooLarge,
    /// Records are being brought up; the refusal says how many are left.
    Waiting(Arc<store::Refusal>),
    /// Something is broken here; the text goes to the log only.
    Broken(String),
}

impl PageError {
    /// To the sign-in, and from there to that page.
    pub fn sign_in(next: String) -> PageError {
        PageError::SignIn { next, is_fragment: false }
    }

    /// A refusal of the store in the reader's language.
    pub fn refused(refusal: store::Refusal, language: Language, back: &str) -> PageError {
        match refusal.kind {
            store::RefusalKind::NotFound => PageError::NotFound,
            store::RefusalKind::Store(error) => (*error).into(),
            _ => PageError::Refused {
                why: language.pick(&refusal.why, &refusal.why_en).to_owned(),
                hint: language.pick(&refusal.hint, &refusal.hint_en).to_owned(),
                back: back.to_owned(),
            },
        }
    }
}

impl From<store::StoreError> for PageError {
    fn from(error: store::StoreError) -> PageError {
        match error {
            store::StoreError::Incomplete { .. } => PageError::Waiting(Arc::new(error.into())),
            _ => PageError::Broken(with_causes(&error)),
        }
    }
}

impl From<askama::Error> for PageError {
    fn from(error: askama::Error) -> PageError {
        PageError::Broken(with_causes(&error))
    }
}

impl From<std::io::Error> for PageError {
    fn from(error: std::io::Error) -> PageError {
        PageError::Broken(with_causes(&error))
    }
}

/// An error and its causes on one line.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

/// Renders a page.
///
/// # Errors
/// `Broken` when the template fails.
pub fn page(template: &impl Template) -> Result<Response, PageError> {
    Ok(Html(template.render()?).into_response())
}

/// A redirect after a form was taken (303: the browser asks for the page anew).
pub fn see_other(path: &str) -> Response {
    let target = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response()
}

/// Seconds after which a page that waits is asked for again.
pub const AGAIN_SECONDS: u32 = 10;

/// What the error page says beside the status.
#[derive(Clone)]
struct Said {
    why: String,
    hint: String,
    back: String,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            PageError::SignIn { is_fragment: true, .. } => {
                (StatusCode::OK, [("hx-redirect", "/sign-in")]).into_response()
            }
            PageError::SignIn { next, .. } if next == "/" => see_other("/sign-in"),
            PageError::SignIn { next, .. } => {
                see_other(&format!("/sign-in?next={}", crate::show::url_part(safe_path(&next))))
            }
            PageError::NotFound => StatusCode::NOT_FOUND.into_response(),
            PageError::Forbidden => StatusCode::FORBIDDEN.into_response(),
            PageError::FormExpired => (StatusCode::FORBIDDEN, axum::Extension(FormWrong("expired"))).into_response(),
            PageError::OthersForm => (StatusCode::FORBIDDEN, axum::Extension(FormWrong("others"))).into_response(),
            PageError::Malformed => StatusCode::BAD_REQUEST.into_response(),
            PageError::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
            PageError::FormTooLarge => too_large("form_large"),
            PageError::AttachmentsTooLarge => too_large("attachments_large"),
            PageError::Refused { why, hint, back } => {
                (StatusCode::CONFLICT, axum::Extension(Said { why, hint, back })).into_response()
            }
            PageError::Waiting(refusal) => (StatusCode::SERVICE_UNAVAILABLE, axum::Extension(refusal)).into_response(),
            PageError::Broken(cause) => {
                tracing::error!(%cause, "a page could not be shown");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

fn too_large(word: &'static str) -> Response {
    (StatusCode::PAYLOAD_TOO_LARGE, axum::Extension(FormWrong(word))).into_response()
}

/// The words that say why a form was not taken.
#[derive(Clone)]
struct FormWrong(&'static str);

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
    let waiting = response.extensions().get::<Arc<store::Refusal>>().map(|refusal| Said {
        why: language.pick(&refusal.why, &refusal.why_en).to_owned(),
        hint: language.pick(&refusal.hint, &refusal.hint_en).to_owned(),
        back: "/".to_owned(),
    });
    let is_waiting = waiting.is_some();
    let said = waiting.or_else(|| response.extensions().get::<Said>().cloned()).unwrap_or_else(|| {
        let form = response.extensions().get::<FormWrong>();
        let name = form.map_or_else(|| word_of(status), |wrong| wrong.0);
        Said {
            why: language.say(&format!("error_{name}_why")).to_owned(),
            hint: language.say(&format!("error_{name}_hint")).to_owned(),
            back: "/".to_owned(),
        }
    });
    let shell = Shell::bare(preferences, said.why.clone());
    let template = ErrorPage { shell, status: status.as_u16(), why: said.why, hint: said.hint, back: said.back };
    let mut response = match template.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => status.into_response(),
    };
    if is_waiting {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(AGAIN_SECONDS));
        // What was sent is not sent again by itself.
        if is_get {
            response.headers_mut().insert(REFRESH, HeaderValue::from(AGAIN_SECONDS));
        }
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
