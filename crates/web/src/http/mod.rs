//! What stands between a request and a page.

pub mod address;
pub mod owner;
pub mod unsent;
