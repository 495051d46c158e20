//! What a reading tells: chunks on the way, a summary at the end.

use crate::{Note, Stamp};
use model::{Fault, FaultKind, Row};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Some thousand rows of a file in their order, with the faults found among them (in order of rows, too).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chunk {
    /// Sheet that the rows stand in, for workbooks.
    pub sheet: Option<String>,
    pub rows: Vec<Row>,
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

/// Formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    Xlsx,
    Csv,
    Parquet,
}

/// Encodings of text files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    Utf8,
    /// UTF-8 behind a byte order mark.
    Utf8Bom,
    Gb18030,
    /// UTF-16, with or without a byte order mark.
    Utf16Le,
    Utf16Be,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Xlsx => "XLSX",
            Format::Csv => "CSV",
            Format::Parquet => "Parquet",
        })
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf8Bom => "UTF-8 (BOM)",
            Encoding::Gb18030 => "GB18030",
            Encoding::Utf16Le => "UTF-16LE",
            Encoding::Utf16Be => "UTF-16BE",
        })
    }
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
}

/// Which heading feeds a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeadingUse {
    /// Name of the declared column.
    pub column: String,
    /// The heading as it stands in the file; `None` where the file has none for this column.
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
    pub sheets_left: Vec<String>,
    /// Data rows seen; blank rows do not count.
    pub rows_seen: u64,
    pub rows_good: u64,
    pub rows_dropped: u64,
    /// Faults by kind.
    pub faults: BTreeMap<FaultKind, u64>,
    /// One for each declared column, in order.
    pub headings: Vec<HeadingUse>,
    /// Headings of the file that feed nothing.
    pub headings_left: Vec<String>,
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
