//! What stands between a request and a page: who asks, what was sent, what may be answered. Nothing here knows a page.

pub mod address;
pub mod assets;
pub mod download;
pub mod form;
pub mod headers;
pub mod language;
pub mod owner;
pub mod password;
pub mod picture;
pub mod preferences;
pub mod rate;
pub mod session;
pub mod site;
pub mod throttle;
pub mod trouble;
pub mod typed;
pub mod unsent;
pub mod visit;
