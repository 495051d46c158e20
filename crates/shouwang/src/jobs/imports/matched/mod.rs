//! Matching: who is this row? Rows become rows of households and people, or are told as those for which nobody was found.

pub mod extract_rows;
pub mod heard;
pub mod near_household;
pub mod not_taken;
pub mod register_rows;
