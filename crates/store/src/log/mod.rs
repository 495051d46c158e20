//! The event log: how it is written, how it is checked, and the counts that are kept along with it.

pub(crate) mod chain_break;
mod chained;
pub(crate) mod course;
pub(crate) mod followed;
mod objections;
pub(crate) mod offices;
pub(crate) mod tally;
pub(crate) mod verify;
mod verify_documents;
pub(crate) mod write;
