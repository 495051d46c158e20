//! Style, script and icon, embedded in the program. Addresses carry a hash, so browsers may keep them for ever.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// The address of a file in `static/`, with its hash: `/static/shouwang.css?v=0123abcd`.
pub fn address(name: &str) -> String {
    let version = Files::get(name).map(|file| model::to_hex(&file.metadata.sha256_hash()[..4])).unwrap_or_default();
    format!("/static/{name}?v={version}")
}

/// `GET /static/{*name}`
pub async fn serve(Path(name): Path<String>) -> Response {
    let kind = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let Some(file) = Files::get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, file.data).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_carry_a_hash_and_only_known_files_have_one() {
        assert!(address("shouwang.css").len() > "/static/shouwang.css?v=".len());
        assert!(address("none.css").ends_with("?v="));
    }
}
