//! The account itself: sign-in, look, tokens, forms that were kept.

pub mod office;
pub mod preferences;
pub mod sign_in;
pub mod tokens;
pub mod unsent;

use crate::http::route::{form, page};
use crate::http::site::Shared;
use axum::Router;
use axum::routing::{get, post};

/// The sign-in, and what belongs to an account.
pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", form(sign_in::sign_out))
        .route("/preferences", post(preferences::choose))
        .route("/office", form(office::choose))
        .route("/tokens", page(tokens::show).merge(form(tokens::make)))
        .route("/tokens/revoke", form(tokens::revoke))
        .route("/unsent", page(unsent::show))
        .route("/unsent/forget", form(unsent::forget))
}
