//! A form with fields that may be there several times, and files; sent as a plain form or in parts.

use crate::http::in_flight::Held;
use crate::http::picture::PICTURE_BYTES_MAX;
use crate::http::trouble::PageError;
use crate::http::typed::{Typed, Upload};
use crate::http::visit::Caller;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{Form, FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

/// Bytes of a form with its files, at most.
pub const FORM_BYTES_MAX: usize = 64 << 20;
/// Files of one form at most.
const FILES_MAX: usize = 20;
/// Characters of a file's name at most.
const NAME_CHARACTERS_MAX: usize = 80;

/// Bytes of all texts of a form that is sent in parts, at most: as many as a plain form may have.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a text beside a file that is handed in, at most.
const SMALL_TEXT_BYTES_MAX: usize = 1024;

/// A short text of a form that hands a file in, e.g. a day.
///
/// # Errors
/// `FormTooLarge` beyond a KiB, `FormExpired` where the form breaks off.
pub async fn small_text(field: Field<'_>) -> Result<String, PageError> {
    let text = text_within(field, SMALL_TEXT_BYTES_MAX).await.map_err(|error| broken_form(&error, false))?;
    text.ok_or(PageError::FormTooLarge)
}

/// The text of a field; `None` where it has more bytes.
pub async fn text_within(mut field: Field<'_>, most: usize) -> Result<Option<String>, MultipartError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        if bytes.len() + chunk.len() > most {
            return Ok(None);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// What was typed into a form of this caller; its body may be sent in parts, with files.
///
/// # Errors
/// `FormExpired` where its token is not one of the caller's, `FormTooLarge` and `AttachmentsTooLarge` for what is too large, `Crowded`
/// where all requests together are.
pub async fn read_typed(request: Request, caller: &Caller, held: &mut Held) -> Result<Typed, PageError> {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let in_parts = kind.starts_with("multipart/form-data");
    if in_parts { read_parts(request, caller, held).await } else { read_plain(request, caller).await }
}

async fn read_plain(request: Request, caller: &Caller) -> Result<Typed, PageError> {
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
    if caller.form_secret().made(typed.text("form_token")) { Ok(typed) } else { Err(PageError::FormExpired) }
}

/// The form token stands first: nothing of a form that is not ours is kept.
async fn read_parts(request: Request, caller: &Caller, held: &mut Held) -> Result<Typed, PageError> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| PageError::FormExpired)?;
    let mut typed = Typed::default();
    let (mut proved, mut text_bytes) = (false, 0);
    loop {
        let has_files = !typed.uploads.is_empty();
        let Some(field) = form.next_field().await.map_err(|error| broken_form(&error, has_files))? else { break };
        let name = field.name().unwrap_or_default().to_owned();
        if !proved && name != "form_token" {
            return Err(PageError::FormExpired);
        }
        let Some(file) = field.file_name().map(plain_name) else {
            let most = TEXT_BYTES_MAX.saturating_sub(text_bytes + name.len());
            let text = text_within(field, most).await.map_err(|error| broken_form(&error, has_files))?;
            let text = text.ok_or(PageError::FormTooLarge)?;
            text_bytes += name.len() + text.len();
            proved = proved || (name == "form_token" && caller.form_secret().made(text.trim()));
            if !proved {
                return Err(PageError::FormExpired);
            }
            typed.add(&name, text);
            continue;
        };
        let content = file_content(field, caller, held).await?;
        if file.is_empty() && content.is_empty() {
            continue;
        }
        if typed.uploads.len() == FILES_MAX {
            return Err(PageError::AttachmentsTooLarge);
        }
        typed.uploads.push(Upload { field: name, name: file, content });
    }
    if proved { Ok(typed) } else { Err(PageError::FormExpired) }
}

/// The bytes of a file of a form, counted while they come.
async fn file_content(mut field: Field<'_>, caller: &Caller, held: &mut Held) -> Result<Vec<u8>, PageError> {
    let mut content = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| broken_form(&error, true))? {
        if content.len() + chunk.len() > PICTURE_BYTES_MAX {
            return Err(PageError::AttachmentsTooLarge);
        }
        caller.hold(held, chunk.len())?;
        content.extend_from_slice(&chunk);
    }
    Ok(content)
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
}
