//! What a reading tells: chunks on the way, a summary at the end.

use crate::{Encoding, Format, Note, SkipReason, Stamp, UnusedColumn};
use model::{Fault, FaultKind, Row};
use std::collections::BTreeMap;
use std::sync::Arc;
use words::{Wording, wording};

/// Some thousand rows of a file in their order, with the faults found among them (in order of rows, too).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chunk {
    /// Sheet that the rows stand in, for workbooks.
    pub sheet: Option<String>,
    pub rows: Vec<Row>,
    /// Rows that faults leave out, with what could be read of them: a cell that could not is empty. Rows that repeat an earlier one,
    /// or of which no cell is sure, are not among them.
    pub left_out: Vec<Row>,
    pub faults: Vec<Fault>,
    pub progress: Progress,
    /// Which headings of the sheet feed the columns, one for each declared column, in order: for faults that are found later.
    pub headings: Arc<[HeadingUse]>,
}

/// How far a reading is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Data rows seen so far, good and bad.
    pub rows_seen: u64,
    /// Work done and work in all, in bytes (CSV; workbooks, unpacked) or rows (Parquet); `total` is 0 where it is not known.
    pub done: u64,
    pub total: u64,
}

/// One sheet that was read (text and Parquet files have a single nameless one).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRead {
    pub name: Option<String>,
    /// Row of the headings, counted from 1 (Parquet: always 1).
    pub heading_row: u32,
    /// Columns of the heading row.
    pub width: u32,
    pub rows_seen: u64,
    /// What became of its rows.
    pub counts: RowCounts,
}

/// What became of the rows of a sheet, or of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowCounts {
    /// Rows down to the last one with a text, blank ones between them included, as a spreadsheet counts them.
    pub in_file: u64,
    /// Rows that were taken.
    pub good: u64,
    /// Rows of data that were left out because of a fault.
    pub dropped: u64,
    /// Rows that are no data, by reason. `in_file` is the sum of `good`, `dropped` and these.
    pub skipped: BTreeMap<SkipReason, u64>,
}

impl RowCounts {
    /// Rows of data, good and bad.
    pub fn seen(&self) -> u64 {
        self.good + self.dropped
    }

    pub(crate) fn skip(&mut self, reason: SkipReason, rows: u64) {
        if rows > 0 {
            *self.skipped.entry(reason).or_default() += rows;
        }
    }

    /// Adds the rows of another sheet.
    pub fn add(&mut self, other: &RowCounts) {
        self.in_file += other.in_file;
        self.good += other.good;
        self.dropped += other.dropped;
        other.skipped.iter().for_each(|(reason, rows)| self.skip(*reason, *rows));
    }
}

/// A sheet that was left alone, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetLeft {
    pub name: String,
    pub why: LeftReason,
}

/// Why a sheet was left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftReason {
    /// It holds another part of the register.
    OtherPart,
    /// Nothing stands in it.
    Empty,
    /// No row of it looks like headings.
    NoHeadings,
    /// Its headings are those of something else.
    OtherHeadings,
    /// It lacks columns that must be there.
    MissingHeadings,
}

impl SheetLeft {
    /// The sheet and why: `说明 (no headings)`.
    pub fn said(&self) -> Wording {
        wording!("sheet_left", sheet = self.name, why = self.why.said())
    }
}

impl LeftReason {
    fn said(self) -> Wording {
        match self {
            LeftReason::OtherPart => wording!("sheet_left_other_part"),
            LeftReason::Empty => wording!("sheet_left_empty"),
            LeftReason::NoHeadings => wording!("sheet_left_no_headings"),
            LeftReason::OtherHeadings => wording!("sheet_left_other_headings"),
            LeftReason::MissingHeadings => wording!("sheet_left_missing_headings"),
        }
    }
}

/// Which heading feeds a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadingUse {
    /// Name of the declared column.
    pub column: String,
    /// The heading as it stands in the file, or its letters where that may be anything; `None` where the file has none for this column.
    pub heading: Option<String>,
    /// Its place in the file, counted from 0.
    pub index: Option<u32>,
    /// Something in the file feeds the column: this heading, or names of places beside where it would stand. Of a column that nothing
    /// feeds the file says nothing.
    pub is_fed: bool,
}

/// The outcome of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Name of the file as the person knows it.
    pub file: String,
    pub format: Format,
    /// For CSV.
    pub encoding: Option<Encoding>,
    /// Sheets that were read, in their order.
    pub sheets: Vec<SheetRead>,
    /// Sheets that do not fit and were left alone.
    pub sheets_left: Vec<SheetLeft>,
    /// Rows of all sheets that were read: the sum of the good, the dropped and the skipped ones.
    pub rows_in_file: u64,
    /// Rows of data; rows that are skipped do not count.
    pub rows_seen: u64,
    pub rows_good: u64,
    pub rows_dropped: u64,
    /// Rows that are no data, by reason.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// Faults by kind.
    pub faults: BTreeMap<FaultKind, u64>,
    /// One for each declared column, in order.
    pub headings: Vec<HeadingUse>,
    /// Columns of the file that feed nothing.
    pub unused: Vec<UnusedColumn>,
    /// Columns that a person chose and that were read so: name of the declared column, and the heading by which the choice can be
    /// remembered for the next file, where it has one that may be kept.
    pub chosen: Vec<(String, Option<String>)>,
    /// What was done that is no fault and should be known.
    pub notes: Vec<Note>,
    /// The form that a workbook of ours was made with.
    pub stamp: Option<Stamp>,
    /// BLAKE3 of the file's bytes, hexadecimal.
    pub file_hash: String,
    /// Hash of the good rows whatever their order and the file's format, hexadecimal: two files with one fingerprint say the same.
    pub fingerprint: String,
}

impl Summary {
    /// All faults together.
    pub fn fault_count(&self) -> u64 {
        self.faults.values().sum()
    }
}
