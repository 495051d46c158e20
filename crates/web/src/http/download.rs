//! Files to take home: sent in pieces, under their own name, never opened in the browser.

use crate::http::address;
use crate::http::trouble::PageError;
use axum::body::Body;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, Stream};
use std::path::Path;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

/// Bytes that are sent at one time.
const PIECE_BYTES: usize = 64 * 1024;

/// True for a name that stays inside its folder.
pub fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0'])
}

/// Sends `<folder>/<name>`; the caller has checked that the actor may have it.
///
/// # Errors
/// `NotFound` when the name leaves its folder or the file is not there (e.g. cleared away since).
pub fn send(folder: &Path, name: &str) -> Result<Response, PageError> {
    if !is_plain(name) {
        return Err(PageError::NotFound);
    }
    let file = std::fs::File::open(folder.join(name)).map_err(|_| PageError::NotFound)?;
    let length = file.metadata()?.len();
    let kind = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("csv") => "text/csv; charset=utf-8",
        _ => "application/octet-stream",
    };
    let disposition = format!("attachment; filename*=UTF-8''{}", address::url_part(name));
    let headers =
        [(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition), (CONTENT_LENGTH, length.to_string())];
    Ok((headers, Body::from_stream(pieces(File::from_std(file)))).into_response())
}

fn pieces(file: File) -> impl Stream<Item = std::io::Result<Vec<u8>>> {
    stream::try_unfold(file, |mut file| async move {
        let mut piece = vec![0; PIECE_BYTES];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok((read > 0).then_some((piece, file)))
    })
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn names_stay_inside_their_folder() {
        for (name, plain) in [
            ("线索.xlsx", true),
            ("a b.csv", true),
            ("", false),
            ("..", false),
            (".hidden", false),
            ("a/b", false),
            ("a\\b", false),
        ] {
            assert_eq!(is_plain(name), plain, "{name}");
        }
    }
}
