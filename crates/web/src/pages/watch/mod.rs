//! What waits and what was found: the workbench, leads, households, notices.

pub mod household;
pub mod household_records;
pub mod households;
pub mod lead;
pub mod leads;
pub mod notices;
pub mod register_dashboard;
pub mod workbench;

use crate::http::route::{form, page};
use crate::http::site::Shared;
use axum::Router;

/// What waits, leads, households and notices.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/", page(workbench::show))
        .route("/leads", page(leads::show).merge(form(leads::find)))
        .route("/leads/{id}", page(lead::show))
        .route("/households", page(households::show).merge(form(households::find)))
        .route("/households/{number}", page(household::show))
        .route("/notices", page(notices::show))
        .route("/notices/read", form(notices::read))
}
