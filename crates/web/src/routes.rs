//! The routes of the site, and the server.

use crate::http::site::{Running, Shared, Site};
use crate::http::{assets, headers};
use crate::pages::account::{preferences, sign_in, tokens, unsent};
use crate::pages::files::upload::BYTES_MAX;
use crate::pages::files::{
    column_choice, import, import_answer, import_leavers, import_receipt, import_undo, imports, job, register_files,
    register_import, upload,
};
use crate::pages::policy::{articles, help, parameters, rule, rules};
use crate::pages::records::{
    record, record_act, record_bulk, record_form, record_forms, record_list, register, registers,
};
use crate::pages::watch::{export, household, households, lead, leads, notices, workbench};
use crate::parts::error_page;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum::{Router, http::StatusCode};
use std::future::Future;
use std::sync::Arc;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// Forms are small; only uploads may be larger.
const FORM_BYTES_MAX: usize = 64 * 1024;
/// What a file's form may hold beside the file.
const UPLOAD_FORM_BYTES: usize = 64 * 1024;

/// All pages of the site.
pub fn router(site: Site) -> Router {
    let shared: Shared = Arc::new(Running::new(site));
    let upload = post(upload::take).layer(DefaultBodyLimit::max(BYTES_MAX + UPLOAD_FORM_BYTES));
    let pages = Router::new()
        .route("/", get(workbench::show))
        .route("/leads", get(leads::show).post(leads::find))
        .route("/leads/export", post(export::leads))
        .route("/leads/{id}", get(lead::show))
        .route("/leads/{id}/step", post(lead::step))
        .route("/households", get(households::show).post(households::find))
        .route("/households/{number}", get(household::show))
        .route("/registers", get(registers::show))
        .route("/registers/{name}", get(register::show))
        .route("/registers/{name}/records", get(record_list::show))
        .route("/registers/{name}/search", post(record_forms::search))
        .route("/registers/{name}/columns", post(record_forms::columns))
        .route("/registers/{name}/export", post(record_forms::export))
        .route("/registers/{name}/bulk", get(record_bulk::again).post(record_bulk::look))
        .route("/notices", get(notices::show))
        .route("/notices/read", post(notices::read))
        .route("/import", get(import::show).merge(upload))
        .route("/imports", get(imports::show))
        .route("/imports/{id}", get(import_receipt::show))
        .route("/imports/{id}/files/{name}", get(import_receipt::file))
        .route("/jobs", get(job::list))
        .route("/jobs/{id}", get(job::show))
        .route("/jobs/{id}/state", get(job::state))
        .route("/jobs/{id}/files/{name}", get(job::file))
        .route("/jobs/{id}/columns", post(column_choice::choose))
        .route("/screen", post(job::screen))
        .route("/rules", get(rules::show))
        .route("/rules/{name}", get(rule::show))
        .route("/parameters", get(parameters::show))
        .route("/policy", get(articles::show))
        .route("/help", get(help::show))
        .route("/unsent", get(unsent::show))
        .route("/unsent/forget", post(unsent::forget))
        .merge(records())
        .merge(files())
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/preferences", post(preferences::choose))
        .route("/static/{*name}", get(assets::serve))
        .route("/tokens", get(tokens::show).post(tokens::make))
        .route("/tokens/revoke", post(tokens::revoke))
        .merge(crate::api::routes())
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .with_state(shared.clone());
    let around = crate::unsent::Around { shared, pages: pages.clone() };
    pages
        .layer(from_fn_with_state(around, crate::unsent::keep))
        .layer(CatchPanicLayer::custom(|_| {
            axum::response::IntoResponse::into_response(StatusCode::INTERNAL_SERVER_ERROR)
        }))
        .layer(from_fn(error_page::explain))
        .layer(from_fn(headers::secure))
        .layer(CompressionLayer::new())
}

/// One record of a register, and its form. Forms may bring files.
fn records() -> Router<Shared> {
    let with_files = || DefaultBodyLimit::max(crate::http::form::FORM_BYTES_MAX);
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

/// Files of a register, in and out, and an import taken back.
fn files() -> Router<Shared> {
    let upload = post(register_import::take).layer(DefaultBodyLimit::max(BYTES_MAX + UPLOAD_FORM_BYTES));
    Router::new()
        .route("/registers/{name}/template", get(register_files::template))
        .route("/registers/{name}/schema", get(register_files::schema))
        .route("/registers/{name}/import", get(register_import::show).merge(upload))
        .route("/registers/{name}/import/submit", post(register_import::submit))
        .route("/imports/{id}/answer", post(import_answer::answer))
        .route("/imports/{id}/leavers", get(import_leavers::show))
        .route("/imports/{id}/undo", get(import_undo::show).post(import_undo::undo))
}

/// Answers on `listener` until `shutdown` is done; requests that have begun are finished.
///
/// # Errors
/// What the listener says.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    axum::serve(listener, router).with_graceful_shutdown(shutdown).await
}
