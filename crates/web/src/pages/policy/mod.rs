//! What the package says: rules, parameters, articles, help.

pub mod articles;
pub mod help;
pub mod parameters;
pub mod rule;
pub mod rules;

use crate::http::route::page;
use crate::http::site::Shared;
use axum::Router;

/// Rules, parameters, articles and help.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/rules", page(rules::show))
        .route("/rules/{name}", page(rule::show))
        .route("/parameters", page(parameters::show))
        .route("/policy", page(articles::show))
        .route("/help", page(help::show))
}
