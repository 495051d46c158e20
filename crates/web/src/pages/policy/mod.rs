//! What the package says: rules, parameters, articles, indicators with their figures, help.

pub mod articles;
pub mod help;
pub mod indicator;
pub mod indicators;
pub mod parameters;
pub mod rule;
pub mod rules;

use crate::http::route::{form, page};
use crate::http::site::Shared;
use axum::Router;

/// Rules, parameters, articles, indicators and help.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/rules", page(rules::show))
        .route("/rules/{name}", page(rule::show))
        .route("/parameters", page(parameters::show))
        .route("/policy", page(articles::show))
        .route("/indicators", page(indicators::show))
        .route("/indicators/{name}", page(indicator::show))
        .route("/indicators/{name}/export", form(indicator::export))
        .route("/help", page(help::show))
}
