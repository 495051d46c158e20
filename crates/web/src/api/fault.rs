//! Why the API does not do what was asked. Every error becomes one problem document (RFC 9457), in the caller's language.

use crate::http::trouble::{AGAIN_SECONDS, PageError};
use axum::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use std::fmt::Display;
use store::{Refusal, RefusalKind, StoreError};
use words::Wording;

/// The kinds of problem; each has its address below `/problems/`, its status and its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// What was sent cannot be read at all.
    Malformed,
    /// No token, or one that is not valid (any more).
    Unauthenticated,
    /// The account or the token may not.
    Forbidden,
    /// It does not exist, or lies outside the account's place: both look the same.
    Missing,
    Method,
    /// The state of the record, or another record, stands in the way.
    Conflict,
    /// Somebody changed the record since it was read.
    Overtaken,
    TooLarge,
    MediaType,
    /// What was sent was read and does not fit.
    Invalid,
    /// An idempotency key that came with another request.
    KeyReused,
    /// `If-Match` is missing.
    Unconditional,
    TooMany,
    /// Not now: records are being brought up, the database is away, too much waits.
    Waiting,
    Broken,
}

impl Problem {
    /// All kinds.
    pub const ALL: [Problem; 15] = [
        Problem::Malformed,
        Problem::Unauthenticated,
        Problem::Forbidden,
        Problem::Missing,
        Problem::Method,
        Problem::Conflict,
        Problem::Overtaken,
        Problem::TooLarge,
        Problem::MediaType,
        Problem::Invalid,
        Problem::KeyReused,
        Problem::Unconditional,
        Problem::TooMany,
        Problem::Waiting,
        Problem::Broken,
    ];

    /// The last part of its address, and of the keys of its words.
    pub fn name(self) -> &'static str {
        match self {
            Problem::Malformed => "malformed",
            Problem::Unauthenticated => "unauthenticated",
            Problem::Forbidden => "forbidden",
            Problem::Missing => "missing",
            Problem::Method => "method",
            Problem::Conflict => "conflict",
            Problem::Overtaken => "overtaken",
            Problem::TooLarge => "large",
            Problem::MediaType => "media",
            Problem::Invalid => "invalid",
            Problem::KeyReused => "key-reused",
            Problem::Unconditional => "unconditional",
            Problem::TooMany => "many",
            Problem::Waiting => "waiting",
            Problem::Broken => "broken",
        }
    }

    /// The HTTP status of the answer.
    pub fn status(self) -> StatusCode {
        match self {
            Problem::Malformed => StatusCode::BAD_REQUEST,
            Problem::Unauthenticated => StatusCode::UNAUTHORIZED,
            Problem::Forbidden => StatusCode::FORBIDDEN,
            Problem::Missing => StatusCode::NOT_FOUND,
            Problem::Method => StatusCode::METHOD_NOT_ALLOWED,
            Problem::Conflict => StatusCode::CONFLICT,
            Problem::Overtaken => StatusCode::PRECONDITION_FAILED,
            Problem::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Problem::Invalid | Problem::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Problem::Unconditional => StatusCode::PRECONDITION_REQUIRED,
            Problem::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Problem::Waiting => StatusCode::SERVICE_UNAVAILABLE,
            Problem::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The kind that answers with a status which nothing here chose.
    pub fn of(status: StatusCode) -> Problem {
        let same = Problem::ALL.into_iter().find(|problem| problem.status() == status);
        same.unwrap_or(if status.is_client_error() { Problem::Malformed } else { Problem::Broken })
    }
}

/// A problem on its way to the caller. As a response it is only a status; the layer of the API writes the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub problem: Problem,
    /// The kind of the refusal, where the problem is one: the key of its words.
    pub code: Option<&'static str>,
    /// Instead of the problem's own words.
    pub why: Option<Box<Wording>>,
    pub hint: Option<Box<Wording>>,
    /// Fields or parameters that stand in the way.
    pub fields: Vec<String>,
    /// The record that is there already.
    pub record: Option<String>,
    /// Seconds after which it may be tried again.
    pub again_after: Option<u64>,
}

impl Fault {
    /// A fault of this kind that says what the kind says, and nothing more.
    pub fn new(problem: Problem) -> Fault {
        Fault { problem, code: None, why: None, hint: None, fields: Vec::new(), record: None, again_after: None }
    }

    /// What does not fit, and the field or parameter that it is about.
    pub fn invalid(field: &str, why: Wording) -> Fault {
        Fault { why: Some(Box::new(why)), fields: vec![field.to_owned()], ..Fault::new(Problem::Invalid) }
    }

    /// Names what stands in the way.
    pub fn naming(self, fields: Vec<String>) -> Fault {
        Fault { fields, ..self }
    }

    /// With its own sentence about why, in both languages.
    pub fn saying(self, why: Wording) -> Fault {
        Fault { why: Some(Box::new(why)), ..self }
    }

    /// With what would help, in both languages.
    pub fn with_hint(self, hint: Wording) -> Fault {
        Fault { hint: Some(Box::new(hint)), ..self }
    }

    /// With the seconds after which the same request would be taken.
    pub fn again_after(self, seconds: u64) -> Fault {
        Fault { again_after: Some(seconds), ..self }
    }

    /// Something is broken here; the text goes to the log only.
    pub fn broken(cause: &dyn Display) -> Fault {
        tracing::error!(%cause, "an API request could not be answered");
        Fault::new(Problem::Broken)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Fault {
        match PageError::from(error) {
            PageError::Broken(cause) => Fault::broken(&cause),
            PageError::Malformed => Fault::new(Problem::Malformed),
            PageError::Waiting(refusal) => Fault {
                code: Some(refusal.name),
                why: Some(Box::new(refusal.what.clone())),
                hint: Some(Box::new(refusal.hint.clone())),
                again_after: Some(AGAIN_SECONDS.into()),
                ..Fault::new(Problem::Waiting)
            },
            _ => Fault::new(Problem::Broken),
        }
    }
}

impl From<Refusal> for Fault {
    /// What is not there says nothing of its own, so that nothing tells it from what lies outside.
    fn from(refusal: Refusal) -> Fault {
        use lifecycle::RefusalKind as Step;
        let problem = match refusal.kind {
            RefusalKind::Store(error) => return (*error).into(),
            RefusalKind::NotFound | RefusalKind::Lifecycle(Step::NoSuchStep) => return Fault::new(Problem::Missing),
            RefusalKind::NotAllowed | RefusalKind::Lifecycle(Step::WrongRole | Step::OwnEntry) => Problem::Forbidden,
            RefusalKind::KeyReused => {
                return Fault::new(Problem::KeyReused).naming(vec!["Idempotency-Key".to_owned()]);
            }
            RefusalKind::Invalid
            | RefusalKind::Lifecycle(Step::Missing(_) | Step::MissingChild(_) | Step::Calculated(_)) => {
                Problem::Invalid
            }
            RefusalKind::Conflict | RefusalKind::Lifecycle(_) => Problem::Conflict,
        };
        Fault {
            code: Some(refusal.name),
            why: Some(Box::new(refusal.what)),
            hint: Some(Box::new(refusal.hint)),
            fields: refusal.fields,
            record: refusal.record,
            ..Fault::new(problem)
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        (self.problem.status(), Extension(self)).into_response()
    }
}
