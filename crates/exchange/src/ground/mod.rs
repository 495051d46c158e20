//! What everything above stands on: limits, names of ours, what a file should hold, and what is told when it does not.

pub(crate) mod export_line;
pub(crate) mod file_column;
pub(crate) mod file_format;
pub(crate) mod file_hash;
pub(crate) mod formula_mark;
pub(crate) mod letters;
pub(crate) mod limits;
pub(crate) mod mapping;
pub(crate) mod money_unit;
pub(crate) mod note;
pub(crate) mod own_sheets;
pub(crate) mod places;
pub(crate) mod refusal;
pub(crate) mod shape;
pub(crate) mod shown_number;
pub(crate) mod skip_reason;
pub(crate) mod test;
