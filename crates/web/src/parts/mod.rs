//! What pages are made of.

pub mod lead_line;
pub mod list;
pub mod places;
pub mod time_line;
