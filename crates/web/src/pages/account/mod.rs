//! The account itself: sign-in, look, tokens, forms that were kept.

pub mod preferences;
pub mod sign_in;
pub mod tokens;
pub mod unsent;

use crate::http::site::Shared;
use axum::Router;
use axum::routing::{get, post};

/// The sign-in, and what belongs to an account.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/preferences", post(preferences::choose))
        .route("/tokens", get(tokens::show).post(tokens::make))
        .route("/tokens/revoke", post(tokens::revoke))
        .route("/unsent", get(unsent::show))
        .route("/unsent/forget", post(unsent::forget))
}
