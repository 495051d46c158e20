//! What can go wrong on the way to a page, and the answer that carries it; `error_page` says so to people.

use crate::http::preferences::safe_path;
use askama::Template;
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use std::sync::Arc;
use words::Language;

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
    /// Not now: records are being brought up, the database is away, too much waits. The refusal says which; it passes.
    Waiting(Arc<store::Refusal>),
    /// All requests together hold as much as is borne.
    Crowded,
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
                why: refusal.what.of(language).to_owned(),
                hint: refusal.hint.of(language).to_owned(),
                back: back.to_owned(),
            },
        }
    }
}

impl From<store::StoreError> for PageError {
    fn from(error: store::StoreError) -> PageError {
        match error {
            store::StoreError::Nul => PageError::Malformed,
            error if error.passes() => {
                tracing::warn!(cause = with_causes(&error), "a page has to wait");
                PageError::Waiting(Arc::new(error.into()))
            }
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
pub struct RefusalShown {
    pub why: String,
    pub hint: String,
    pub back: String,
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        match self {
            PageError::SignIn { is_fragment: true, .. } => {
                (StatusCode::OK, [("hx-redirect", "/sign-in")]).into_response()
            }
            PageError::SignIn { next, .. } if next == "/" => see_other("/sign-in"),
            PageError::SignIn { next, .. } => {
                see_other(&format!("/sign-in?next={}", crate::http::address::url_part(safe_path(&next))))
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
                (StatusCode::CONFLICT, axum::Extension(RefusalShown { why, hint, back })).into_response()
            }
            PageError::Waiting(refusal) => (StatusCode::SERVICE_UNAVAILABLE, axum::Extension(refusal)).into_response(),
            PageError::Crowded => {
                (StatusCode::SERVICE_UNAVAILABLE, axum::Extension(FormWrong("crowded"))).into_response()
            }
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
pub struct FormWrong(pub &'static str);
