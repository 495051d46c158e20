//! The pages in five wings, one file per page. `records` knows no other wing; `files` and `watch` know `records`.

pub mod account;
pub mod files;
pub mod policy;
pub mod records;
pub mod watch;

use crate::http::site::Shared;
use axum::Router;

/// All pages.
pub fn routes() -> Router<Shared> {
    let wings = [watch::routes(), records::routes(), files::routes(), policy::routes(), account::routes()];
    wings.into_iter().fold(Router::new(), Router::merge)
}
