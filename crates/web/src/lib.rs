//! The pages: what people see and do. It reads through views bound to the actor and enqueues jobs; it never does slow work.
//!
//! `Site` holds what the pages need, `router` makes the routes of it and of a store, `serve` answers until told to stop. A handler is a plain
//! function over one visit; only `http` names the store.
//! Slow work (import, screening, export) is done by the program, which takes the jobs that are enqueued here; the shapes of
//! their payloads and outcomes are in `jobs`.
//!
//! `http` stands between a request and a page, `parts` is what pages are made of, `pages` and `api` answer, `unsent` is a layer around all
//! pages. They know one another in one direction: `http <- parts <- {unsent, pages}`, `http <- api`.

mod api;
mod http;
mod pages;
mod parts;
mod routes;
mod unsent;

pub mod jobs;

pub use http::connections::{ConnectionLimits, serve};
pub use http::password::{hash_password, password_holds};
pub use http::site::{FactLine, Gateway, Known, KnownAsked, Site, WorkersShown};
pub use parts::filter_text::filter_text;
pub use routes::router;
