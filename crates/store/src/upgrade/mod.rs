//! Making and opening a database, and what a newer program or package leaves to be done on it.

mod beside;
mod fill;
mod finish;
mod fit;
mod import_troubles;
mod leads;
mod open;
pub(crate) mod plan;
pub(crate) mod recalculate;
mod recode;
mod schema;
