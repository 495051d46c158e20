//! What the package says: rules, parameters, articles, help.

pub mod articles;
pub mod help;
pub mod parameters;
pub mod rule;
pub mod rules;

use crate::http::site::Shared;
use axum::Router;
use axum::routing::get;

/// Rules, parameters, articles and help.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/rules", get(rules::show))
        .route("/rules/{name}", get(rule::show))
        .route("/parameters", get(parameters::show))
        .route("/policy", get(articles::show))
        .route("/help", get(help::show))
}
