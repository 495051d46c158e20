//! The pages in five wings, one file per page. `records` knows no other wing; `files` and `watch` know `records`.

pub mod account;
pub mod files;
pub mod policy;
pub mod records;
pub mod watch;
