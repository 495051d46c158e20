//! Registers and their records: lists, one record, its form, its steps.

pub mod asked_once;
pub mod form_state;
pub mod known;
pub mod record;
pub mod record_act;
pub mod record_bulk;
pub mod record_course;
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
use crate::http::route::{form, form_with_files, page};
use crate::http::site::Shared;
use axum::Router;
use axum::extract::DefaultBodyLimit;

/// Registers, their lists, and their records.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/registers", page(registers::show))
        .route("/registers/{name}", page(register::show))
        .route("/registers/{name}/records", page(record_list::show))
        .route("/registers/{name}/search", form(record_forms::search))
        .route("/registers/{name}/columns", form(record_forms::columns))
        .route("/registers/{name}/export", form(record_forms::export))
        .route("/registers/{name}/bulk", page(record_bulk::again).merge(form(record_bulk::look)))
        .merge(one_record())
}

/// One record of a register, and its form. Forms may bring files.
fn one_record() -> Router<Shared> {
    let with_files = || DefaultBodyLimit::max(FORM_BYTES_MAX);
    const RECORD: &str = "/registers/{name}/records/{id}";
    Router::new()
        .route(
            "/registers/{name}/records/new",
            page(record_form::new).merge(form_with_files(record_form::enter).layer(with_files())),
        )
        .route(RECORD, page(record::show))
        .route(
            &format!("{RECORD}/correct"),
            page(record_form::correct).merge(form_with_files(record_form::save).layer(with_files())),
        )
        .route(&format!("{RECORD}/step"), form_with_files(record_act::step).layer(with_files()))
        .route(&format!("{RECORD}/undo"), form(record_act::undo))
        .route(&format!("{RECORD}/withdraw"), form(record_act::withdraw))
        .route(&format!("{RECORD}/unmask"), form(record_act::unmask))
        .route(&format!("{RECORD}/files/{{hash}}"), page(record_act::file))
}
