//! A form with fields that may be there several times, and files; sent as a plain form or in parts.

use crate::picture::PICTURE_BYTES_MAX;
use crate::site::Shared;
use crate::trouble::PageError;
use crate::visit::Visit;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use std::collections::BTreeMap;

/// Bytes of a form with its files, at most.
pub const FORM_BYTES_MAX: usize = 64 << 20;
/// Files of one form at most.
const FILES_MAX: usize = 20;
/// Characters of a file's name at most.
const NAME_CHARACTERS_MAX: usize = 80;

/// A form sent by a signed-in account, with a right form token.
pub struct SentForm {
    pub visit: Visit,
    pub typed: Typed,
}

/// What was typed, by the names of the fields.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    values: BTreeMap<String, Vec<String>>,
    pub uploads: Vec<Upload>,
}

/// A file of the form.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Name of the form's field.
    pub field: String,
    /// Name of the file, without folders and without its ending.
    pub name: String,
    pub content: Vec<u8>,
}

impl Typed {
    /// Texts of a field, as they were typed; none where it was not sent.
    pub fn texts(&self, name: &str) -> &[String] {
        self.values.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The first text of a field without spaces around it; empty where it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.texts(name).first().map_or("", |text| text.trim())
    }

    /// True when the field holds anything but spaces.
    pub fn is_filled(&self, name: &str) -> bool {
        self.texts(name).iter().any(|text| !model::written::is_blank(text))
    }

    /// Adds a text to a field.
    pub fn add(&mut self, name: &str, text: String) {
        self.values.entry(name.to_owned()).or_default().push(text);
    }

    /// Puts texts in the place of what a field held.
    pub fn set(&mut self, name: &str, texts: Vec<String>) {
        self.values.insert(name.to_owned(), texts);
    }

    /// Names of the fields that begin with `prefix`.
    pub fn names(&self, prefix: &str) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str).filter(move |name| name.starts_with(prefix))
    }
}

impl FromRequest<Shared> for SentForm {
    type Rejection = PageError;

    async fn from_request(request: Request, shared: &Shared) -> Result<SentForm, PageError> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, shared).await?;
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let in_parts = kind.starts_with("multipart/form-data");
        let request = Request::from_parts(parts, body);
        let typed = if in_parts { read_parts(request, &visit).await? } else { read_plain(request, &visit).await? };
        Ok(SentForm { visit, typed })
    }
}

async fn read_plain(request: Request, visit: &Visit) -> Result<Typed, PageError> {
    let pairs = Form::<Vec<(String, String)>>::from_request(request, &()).await;
    let pairs = pairs.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => PageError::FormTooLarge,
        _ => PageError::FormExpired,
    });
    let pairs = pairs?.0;
    let mut typed = Typed::default();
    for (name, text) in pairs {
        typed.add(&name, text);
    }
    if visit.form_secret().made(typed.text("form_token")) { Ok(typed) } else { Err(PageError::FormExpired) }
}

/// The form token stands first: nothing of a form that is not ours is kept.
async fn read_parts(request: Request, visit: &Visit) -> Result<Typed, PageError> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| PageError::FormExpired)?;
    let mut typed = Typed::default();
    let mut proved = false;
    loop {
        let has_files = !typed.uploads.is_empty();
        let Some(field) = form.next_field().await.map_err(|error| broken_form(&error, has_files))? else { break };
        let name = field.name().unwrap_or_default().to_owned();
        if !proved && name != "form_token" {
            return Err(PageError::FormExpired);
        }
        let Some(file) = field.file_name().map(plain_name) else {
            let text = field.text().await.map_err(|error| broken_form(&error, has_files))?;
            proved = proved || (name == "form_token" && visit.form_secret().made(text.trim()));
            if !proved {
                return Err(PageError::FormExpired);
            }
            typed.add(&name, text);
            continue;
        };
        let content = field.bytes().await.map_err(|error| broken_form(&error, true))?;
        if file.is_empty() && content.is_empty() {
            continue;
        }
        if content.len() > PICTURE_BYTES_MAX || typed.uploads.len() == FILES_MAX {
            return Err(PageError::AttachmentsTooLarge);
        }
        typed.uploads.push(Upload { field: name, name: file, content: content.to_vec() });
    }
    if proved { Ok(typed) } else { Err(PageError::FormExpired) }
}

/// The form cannot be read to its end: it is too large, by its files or by what was filled in, or broke off.
fn broken_form(error: &MultipartError, has_files: bool) -> PageError {
    match (error.status(), has_files) {
        (StatusCode::PAYLOAD_TOO_LARGE, true) => PageError::AttachmentsTooLarge,
        (StatusCode::PAYLOAD_TOO_LARGE, false) => PageError::FormTooLarge,
        _ => PageError::FormExpired,
    }
}

/// The name without folders, ending and control characters: it is shown, never opened.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    stem.chars().filter(|letter| !letter.is_control()).take(NAME_CHARACTERS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_plain() {
        let cases = [
            ("现场.JPG", "现场"),
            ("C:\\照片\\a.b.png", "a.b"),
            ("../../etc/passwd", "passwd"),
            ("a\nb.pdf", "ab"),
            (".jpg", ""),
        ];
        for (name, plain) in cases {
            assert_eq!(plain_name(name), plain);
        }
    }

    #[test]
    fn a_field_may_be_there_several_times() {
        let mut typed = Typed::default();
        typed.add("field_crops", "rice".to_owned());
        typed.add("field_crops", " tea ".to_owned());
        typed.add("field_note", "  ".to_owned());
        assert_eq!(typed.texts("field_crops"), ["rice", " tea "]);
        assert_eq!((typed.text("field_crops"), typed.text("none")), ("rice", ""));
        assert!(typed.is_filled("field_crops") && !typed.is_filled("field_note"));
        assert_eq!(typed.names("field_").collect::<Vec<_>>(), ["field_crops", "field_note"]);
    }
}
