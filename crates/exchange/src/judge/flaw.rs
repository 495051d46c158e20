//! Rows that could not be split into cells, and cells that a merged one hides.

use crate::cell::Problem;
use crate::raw::{Flaw, RawCell, RawRow};
use model::FaultKind;

/// What is wrong with a row that could not be split into its cells, and the column where it is marked.
pub(super) fn problem(raw: &RawRow, flaw: Flaw) -> (Option<usize>, Problem) {
    match flaw {
        Flaw::OpenQuote => {
            let is_open = |cell: &RawCell| matches!(cell, RawCell::Text(text) if text.starts_with('"'));
            let column = raw.cells.iter().position(is_open);
            (column, Problem::new(FaultKind::BadText, "row_open_quote"))
        }
        Flaw::SwallowedRows => (None, Problem::new(FaultKind::BadText, "row_swallowed_rows")),
        Flaw::MixedCells => (None, Problem::new(FaultKind::CellCount, "row_mixed_cells")),
        Flaw::LongLine => (None, Problem::new(FaultKind::TooLong, "row_too_long")),
    }
}

/// The problem of a cell that a merged one hides, and that says something else.
pub(super) fn covered() -> Problem {
    Problem::new(FaultKind::CheckFailed, "cell_covered")
}
