//! The fields of a form that holds each of them once and no files, and the guest who may send one.

use crate::http::preferences::{Preferences, cookie};
use crate::http::session::{FormSecret, GUEST_COOKIE, new_token};
use crate::http::trouble::PageError;
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use std::collections::BTreeMap;

/// A request of anybody. `secret` belongs to the guest cookie, which is set with the page when it is `fresh`.
pub struct Guest {
    pub preferences: Preferences,
    pub secret: FormSecret,
    pub fresh: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Guest {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Guest, Self::Rejection> {
        let preferences = Preferences::of(&parts.headers);
        let kept = cookie(&parts.headers, GUEST_COOKIE).filter(|text| text.len() == 64);
        let fresh = if kept.is_none() { Some(new_token()) } else { None };
        let secret = FormSecret::of(kept.as_deref().or(fresh.as_deref()).unwrap_or_default());
        Ok(Guest { preferences, secret, fresh })
    }
}

/// The fields of a form by name.
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads the fields of a request.
    ///
    /// # Errors
    /// `FormExpired` when the body is no form, `Malformed` when a field comes twice.
    pub async fn read(request: Request) -> Result<Fields, PageError> {
        let Form(pairs) =
            Form::<Vec<(String, String)>>::from_request(request, &()).await.map_err(|_| PageError::FormExpired)?;
        let sent = pairs.len();
        let fields: BTreeMap<String, String> = pairs.into_iter().collect();
        // Each field of these forms is one; of two texts one would be passed over in silence.
        if fields.len() == sent { Ok(Fields(fields)) } else { Err(PageError::Malformed) }
    }

    /// The field's text without spaces around it; empty where it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |text| text.trim())
    }

    /// The text as it was typed, for passwords.
    pub fn exact(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Names and texts that begin with `prefix`, the prefix left out; empty texts are left out.
    pub fn with_prefix(&self, prefix: &str) -> Vec<(String, String)> {
        self.0
            .iter()
            .filter_map(|(name, text)| Some((name.strip_prefix(prefix)?.to_owned(), text.trim().to_owned())))
            .filter(|(_, text)| !text.is_empty())
            .collect()
    }
}

impl From<Vec<(String, String)>> for Fields {
    fn from(pairs: Vec<(String, String)>) -> Fields {
        Fields(pairs.into_iter().collect())
    }
}
