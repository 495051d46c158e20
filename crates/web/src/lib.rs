//! The pages: what people see and do. It reads through views bound to the actor and enqueues jobs; it never does slow work.
//!
//! `Site` holds what the pages need, `router` makes the routes of it, `serve` answers until told to stop.
//! Slow work (import, screening, export) is done by the program, which takes the jobs that are enqueued here; the shapes of
//! their payloads and outcomes are in `jobs`.

mod api;
mod assets;
mod catalog;
mod download;
mod error_page;
mod evidence;
mod fault_list;
mod field;
mod form;
mod headers;
mod http;
mod known;
mod language;
mod pages;
mod parts;
mod password;
mod picture;
mod preferences;
mod readable;
mod record_entry;
mod record_search;
mod record_told;
mod routes;
mod session;
mod shell;
mod show;
mod site;
mod throttle;
mod trouble;
mod typed;
mod unsent;
mod visit;

pub mod jobs;

pub use password::{hash_password, password_holds};
pub use record_told::records_told;
pub use routes::{router, serve};
pub use site::{Desk, FactLine, Known, KnownAsked, Site};
