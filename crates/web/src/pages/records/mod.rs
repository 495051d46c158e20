//! Registers and their records: lists, one record, its form, its steps.

pub mod asked_once;
pub mod form_state;
pub mod known;
pub mod record;
pub mod record_act;
pub mod record_bulk;
pub mod record_entry;
pub mod record_form;
pub mod record_form_shown;
pub mod record_forms;
pub mod record_history;
pub mod record_list;
pub mod record_steps;
pub mod register;
pub mod registers;

use crate::http::form::FORM_BYTES_MAX;
use crate::http::site::Shared;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

/// Registers, their lists, and their records.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/registers", get(registers::show))
        .route("/registers/{name}", get(register::show))
        .route("/registers/{name}/records", get(record_list::show))
        .route("/registers/{name}/search", post(record_forms::search))
        .route("/registers/{name}/columns", post(record_forms::columns))
        .route("/registers/{name}/export", post(record_forms::export))
        .route("/registers/{name}/bulk", get(record_bulk::again).post(record_bulk::look))
        .merge(one_record())
}

/// One record of a register, and its form. Forms may bring files.
fn one_record() -> Router<Shared> {
    let with_files = || DefaultBodyLimit::max(FORM_BYTES_MAX);
    const RECORD: &str = "/registers/{name}/records/{id}";
    Router::new()
        .route(
            "/registers/{name}/records/new",
            get(record_form::new).merge(post(record_form::enter).layer(with_files())),
        )
        .route(RECORD, get(record::show))
        .route(
            &format!("{RECORD}/correct"),
            get(record_form::correct).merge(post(record_form::save).layer(with_files())),
        )
        .route(&format!("{RECORD}/step"), post(record_act::step).layer(with_files()))
        .route(&format!("{RECORD}/withdraw"), post(record_act::withdraw))
        .route(&format!("{RECORD}/unmask"), post(record_act::unmask))
        .route(&format!("{RECORD}/files/{{hash}}"), get(record_act::file))
}
