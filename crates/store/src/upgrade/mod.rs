//! Making and opening a database, and what a newer program or package leaves to be done on it.

pub(crate) mod backfill;
mod beside;
mod compatibility;
mod fill;
mod finish;
mod import_troubles;
mod leads;
mod open;
pub(crate) mod plan;
mod recode;
mod schema;
