//! A row as it stands in a file, and what is wrong with it as a whole.

use crate::Refusal;
use model::Day;
use model::written::is_space;
use std::ops::ControlFlow;

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum RawCell {
    #[default]
    Empty,
    Text(String),
    /// A number of a workbook, which knows no other.
    Number(f64),
    Int(i64),
    Bool(bool),
    Day(Day),
    /// A moment by China's clock: its day, and the second of that day.
    Moment {
        day: Day,
        second: u32,
    },
    /// A formula whose value was not stored in the file.
    NoValue,
    /// An error value such as `#N/A`.
    Error(String),
}

impl RawCell {
    /// True for a cell without any value; a text of spaces is one.
    pub fn is_empty(&self) -> bool {
        matches!(self, RawCell::Empty)
    }
}

/// What is wrong with a line as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A quotation mark that is never closed; the line was split as if it were a letter.
    OpenQuote,
    /// Longer than any line may be; the rest was left out.
    LongLine,
    /// A quoted cell over several lines that itself splits into whole rows.
    SwallowedRows,
    /// Two cells of a workbook's row are of one reference, or they are out of order.
    MixedCells,
}

/// One row; reused from row to row.
#[derive(Clone, Debug, Default)]
pub(crate) struct RawRow {
    /// As a spreadsheet counts: the first row is 1.
    pub number: u32,
    /// By column. Formats with fixed columns leave trailing empty cells out.
    pub cells: Vec<RawCell>,
    pub flaw: Option<Flaw>,
    /// The workbook hides the row, or a filter does.
    pub is_hidden: bool,
    /// Merged cells whose value this row is the first to get from a row above.
    pub merged: u32,
    /// Merged cells of this row over several columns that are read; only the first of these has the value.
    pub merged_across: u32,
    /// Columns whose cell a merged cell hides, and that hold something else than it shows.
    pub covered: Vec<usize>,
}

impl RawRow {
    /// True when no cell has more than spaces.
    pub fn is_blank(&self) -> bool {
        let is_blank = |cell: &RawCell| match cell {
            RawCell::Text(text) => text.chars().all(is_space),
            cell => cell.is_empty(),
        };
        self.cells.iter().all(is_blank)
    }

    /// Bytes of all its texts.
    pub fn text_bytes(&self) -> usize {
        self.cells.iter().map(|cell| if let RawCell::Text(text) = cell { text.len() } else { 0 }).sum()
    }

    /// The cell in this column, counted from 0; empty behind the last.
    pub fn cell(&self, index: usize) -> &RawCell {
        self.cells.get(index).unwrap_or(&RawCell::Empty)
    }
}

/// Work done and in all, in bytes or (Parquet) rows.
pub(crate) type Work = (u64, u64);

/// What is done with each row.
pub(crate) type Visit<'v> = dyn FnMut(&mut RawRow, Work) -> Result<ControlFlow<()>, Refusal> + 'v;
