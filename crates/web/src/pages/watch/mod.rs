//! What waits and what was found: the workbench, leads, households, notices.

pub mod export;
pub mod household;
pub mod household_records;
pub mod households;
pub mod lead;
pub mod leads;
pub mod notices;
pub mod register_desk;
pub mod workbench;

use crate::http::site::Shared;
use axum::Router;
use axum::routing::{get, post};

/// What waits, leads, households and notices.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/", get(workbench::show))
        .route("/leads", get(leads::show).post(leads::find))
        .route("/leads/export", post(export::leads))
        .route("/leads/{id}", get(lead::show))
        .route("/households", get(households::show).post(households::find))
        .route("/households/{number}", get(household::show))
        .route("/notices", get(notices::show))
        .route("/notices/read", post(notices::read))
}
