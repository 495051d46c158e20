//! From a request to a handler. A handler is a plain function over one visit and what was asked; it runs on a thread that may block.
//!
//! - [`page`] is for `GET`: everything that the handler reads is one state of the database.
//! - [`form`] and [`form_with_files`] are for `POST`: each read sees what stands at its moment, so also what was just changed;
//!   a page that answers a form is made inside of [`Visit::read_transaction`].
//!
//! `A` is what the address says: `()`, `Path<...>`, `Query<...>`, or a pair of them.

use crate::http::fields::Fields;
use crate::http::form::read_typed;
use crate::http::in_flight::Held;
use crate::http::site::Shared;
use crate::http::trouble::PageError;
use crate::http::typed::Typed;
use crate::http::visit::{Caller, Visit};
use axum::extract::{FromRequestParts, Request};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};

/// What a handler answers.
pub type Answer = Result<Response, PageError>;

/// A page.
pub fn page<A, H>(handler: H) -> MethodRouter<Shared>
where
    A: FromRequestParts<Shared> + Send + 'static,
    H: Fn(&Visit<'_>, A) -> Answer + Clone + Send + Sync + 'static,
{
    get(async move |caller: Caller, asked: A| {
        caller.run(move |visit| visit.read_transaction(|visit| handler(visit, asked))).await
    })
}

/// A form with fields that are there once.
pub fn form<A, H>(handler: H) -> MethodRouter<Shared>
where
    A: FromRequestParts<Shared> + Send + 'static,
    H: Fn(&Visit<'_>, A, &Fields) -> Answer + Clone + Send + Sync + 'static,
{
    post(async move |caller: Caller, asked: A, request: Request| {
        let fields = Fields::read(request).await?;
        if !caller.form_secret().made(fields.text("form_token")) {
            return Err(PageError::FormExpired);
        }
        caller.run(move |visit| handler(visit, asked, &fields)).await
    })
}

/// A form with fields that may be there several times, and with files.
pub fn form_with_files<A, H>(handler: H) -> MethodRouter<Shared>
where
    A: FromRequestParts<Shared> + Send + 'static,
    H: Fn(&Visit<'_>, A, Typed) -> Answer + Clone + Send + Sync + 'static,
{
    post(async move |caller: Caller, asked: A, request: Request| {
        let mut held = Held::default();
        let typed = read_typed(request, &caller, &mut held).await?;
        let answer = caller.run(move |visit| handler(visit, asked, typed)).await;
        drop(held);
        answer
    })
}
