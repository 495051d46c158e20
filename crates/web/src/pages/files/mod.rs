//! Files in: what is handed in, looked at, taken in, taken back; and the jobs that do it.

pub mod column_choice;
pub mod hand_in;
pub mod import;
pub mod import_answer;
pub mod import_leavers;
pub mod import_receipt;
pub mod import_undo;
pub mod imports;
pub mod job;
pub mod preview_address;
pub mod register_files;
pub mod register_import;
pub mod upload;

use crate::http::route::{form, page};
use crate::http::site::Shared;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;

/// What a file's form may hold beside the file.
const UPLOAD_FORM_BYTES: usize = 64 * 1024;

/// Files in and out, imports, and jobs.
pub fn routes() -> Router<Shared> {
    let with_file = || DefaultBodyLimit::max(upload::BYTES_MAX + UPLOAD_FORM_BYTES);
    Router::new()
        .route("/import", page(import::show).merge(post(upload::take).layer(with_file())))
        .route("/imports", page(imports::show))
        .route("/imports/{id}", page(import_receipt::show))
        .route("/imports/{id}/files/{name}", page(import_receipt::file))
        .route("/imports/{id}/answer", form(import_answer::answer))
        .route("/imports/{id}/leavers", page(import_leavers::show))
        .route("/imports/{id}/undo", page(import_undo::show).merge(form(import_undo::undo)))
        .route("/jobs", page(job::list))
        .route("/jobs/{id}", page(job::show))
        .route("/jobs/{id}/state", page(job::state))
        .route("/jobs/{id}/files/{name}", page(job::file))
        .route("/jobs/{id}/columns", form(column_choice::choose))
        .route("/screen", form(job::screen))
        .merge(of_register())
}

/// Files of one register.
fn of_register() -> Router<Shared> {
    let with_file = DefaultBodyLimit::max(upload::BYTES_MAX + UPLOAD_FORM_BYTES);
    let take = post(register_import::take).layer(with_file);
    Router::new()
        .route("/registers/{name}/template", page(register_files::template))
        .route("/registers/{name}/schema", page(register_files::schema))
        .route("/registers/{name}/import", page(register_import::show).merge(take))
        .route("/registers/{name}/import/submit", form(register_import::submit))
}
