//! The routes of the site, and the server.

use crate::http::site::{Running, Shared, Site};
use crate::http::{assets, headers};
use crate::parts::error_page;
use crate::unsent::{Around, keep};
use crate::{api, pages};
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::{Router, http::StatusCode};
use std::sync::Arc;
use store::Store;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// Forms are small; only uploads may be larger.
const FORM_BYTES_MAX: usize = 64 * 1024;

/// All pages of the site, over this store.
pub fn router(store: Store, site: Site) -> Router {
    let shared: Shared = Arc::new(Running::new(store, site));
    let pages = pages::routes()
        .route("/static/{*name}", get(assets::serve))
        .merge(api::routes())
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .with_state(shared.clone());
    let around = Around { shared, pages: pages.clone() };
    pages
        .layer(from_fn_with_state(around, keep))
        .layer(CatchPanicLayer::custom(|_| {
            axum::response::IntoResponse::into_response(StatusCode::INTERNAL_SERVER_ERROR)
        }))
        .layer(from_fn(error_page::explain))
        .layer(from_fn(headers::secure))
        .layer(CompressionLayer::new())
}
