//! `/api/v1`: the registers for programs. Everything follows from the package; nothing here knows one register.
//!
//! A call carries a token (`Authorization: Bearer`), never a cookie; it may what its scopes and its account may. Every error is
//! one problem document. Changes go through the store's door, once for each idempotency key.

mod call;
mod changes;
mod entry;
mod fault;
mod if_match;
mod json;
mod list_query;
mod openapi;
mod problem;
mod records;
mod registers;
mod shape;
mod value;

use crate::http::site::Shared;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::IntoResponse;
use axum::routing::{MethodFilter, any, get};
use call::{BODY_BYTES_MAX, FILE_BYTES_MAX, Sent, change, read};
use fault::{Fault, Problem};
use tower_http::catch_panic::CatchPanicLayer;

/// The routes below `/api`.
pub fn routes() -> Router<Shared> {
    const GET: MethodFilter = MethodFilter::GET;
    const POST: MethodFilter = MethodFilter::POST;
    let correct = change(MethodFilter::PATCH, changes::correct);
    let record = read(GET, records::show).merge(correct).merge(change(MethodFilter::DELETE, changes::withdraw));
    let version_1 = Router::new()
        .route("/openapi.json", read(GET, openapi::show))
        .route("/attachments", change(POST, changes::attach).layer(DefaultBodyLimit::max(FILE_BYTES_MAX)))
        .route("/registers", read(GET, registers::list))
        .route("/registers/{name}", read(GET, registers::show))
        .route("/registers/{name}/schema", read(GET, registers::schema))
        .route("/registers/{name}/records", read(GET, records::list).merge(change(POST, changes::enter)))
        .route("/registers/{name}/records/search", read(POST, records::search))
        .route("/registers/{name}/records/{id}", record)
        .route("/registers/{name}/records/{id}/history", read(GET, records::history))
        .route("/registers/{name}/records/{id}/steps/{step}", change(POST, changes::step))
        .route("/registers/{name}/records/{id}/undo", change(POST, changes::undo))
        .route("/registers/{name}/records/{id}/unmask", change(POST, changes::unmask))
        .route("/registers/{name}/records/{id}/files/{hash}", read(GET, records::file));
    let routes = Router::new()
        .nest("/api/v1", version_1)
        .route("/api", get(nothing))
        .route("/api/{*rest}", any(nothing))
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    guarded(routes)
}

/// Whatever happens inside, the answer is a document.
fn guarded<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    routes
        .layer(CatchPanicLayer::custom(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response()))
        .layer(from_fn(problem::write))
}

/// Addresses that are none; only those who have a token learn even that.
async fn nothing(_: Sent) -> Fault {
    Fault::new(Problem::Missing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    #[tokio::test]
    async fn a_panic_is_a_problem_that_says_nothing_of_it() {
        async fn panics() -> StatusCode {
            panic!("a secret of line 1")
        }
        let router: Router = guarded(Router::new().route("/", get(panics)));
        let request = Request::get("/").header("accept-language", "en").body(Body::empty()).expect("a request");
        let answer = router.oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()["content-type"], problem::PROBLEM_JSON);
        let body = to_bytes(answer.into_body(), 10_000).await.expect("a body");
        let text = String::from_utf8_lossy(&body).into_owned();
        assert!(text.contains("/problems/broken") && !text.contains("secret"), "{text}");
    }
}
