//! Rows of workbooks of ours that are no data: the line above the headings of an export, and examples of a template.

use super::{RawCell, RawRow};
use crate::ground::export_line::{EXAMPLE, EXAMPLE_EN, is_line, is_line_of};

/// Rows below the headings in which an example may stand.
pub(crate) const EXAMPLE_ROWS: u32 = 10;

/// True for the line of an export of the part with this name and label.
pub(crate) fn is_of(row: &RawRow, name: &str, label: &str) -> bool {
    is_one(row) && matches!(row.cell(0), RawCell::Text(text) if is_line_of(text, name, label))
}

/// True for the line above the headings of an export.
pub(crate) fn is_one(row: &RawRow) -> bool {
    matches!(row.cell(0), RawCell::Text(text) if is_line(text)) && row.cells.iter().skip(1).all(RawCell::is_empty)
}

/// True for a row that shows how a template is filled in.
pub(crate) fn is_example(row: &RawRow) -> bool {
    let RawCell::Text(text) = row.cell(0) else { return false };
    let is_behind = |mark: &str| text.trim_start().strip_prefix(mark).is_some_and(|rest| rest.starts_with(['：', ':']));
    is_behind(EXAMPLE) || is_behind(EXAMPLE_EN)
}
