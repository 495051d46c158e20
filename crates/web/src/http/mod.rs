//! What stands between a request and a page: who asks, what was sent, what may be answered. Nothing here knows a page.

pub mod address;
pub mod assets;
pub mod connections;
pub mod download;
pub mod fields;
pub mod form;
pub mod headers;
pub mod in_flight;
pub mod job_kind;
pub mod kept_forms;
pub mod office;
pub mod own;
pub mod owner;
pub mod password;
pub mod picture;
pub mod preferences;
pub mod rate;
pub mod route;
pub mod session;
pub mod sign_in;
pub mod site;
pub mod throttle;
pub mod trouble;
pub mod typed;
pub mod unsent;
pub mod visit;
