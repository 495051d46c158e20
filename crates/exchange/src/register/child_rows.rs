//! How many child records each record had when a workbook was exported: a hidden sheet that says whose rows a sheet of children
//! holds. A record named here whose rows are all gone from that sheet has lost them on purpose; of a record that is not named, because
//! it was copied from elsewhere, nothing is said.

use crate::ground::own_sheets::CHILD_ROWS;
use crate::raw::{Book, RawFile};
use crate::register::part::{Part, RECORD_COLUMN};
use crate::{Limits, Purpose, Refusal, Stamp};
use model::Value;
use rust_xlsxwriter::{Workbook, XlsxError};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;

/// Rows that a sheet can have.
const SHEET_ROWS_MAX: u32 = 1_048_576;
/// Records that are kept in memory at most.
const RECORDS_MAX: usize = 2_000_000;

/// How many child records of each kind the records of an exported workbook had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChildRows {
    /// By part, then by the number of the record.
    counts: HashMap<String, HashMap<u64, u32>>,
}

impl ChildRows {
    /// Reads them from an export of that register; nothing is known of any other file.
    ///
    /// # Errors
    /// When the file is no workbook, or is damaged.
    pub fn of_file(path: &Path, name: &str, register: &str) -> Result<ChildRows, Refusal> {
        let mut book = Book::checked(path, name, &Limits::default())?;
        let is_own =
            Stamp::read(&mut book).is_some_and(|stamp| stamp.purpose == Purpose::Export && stamp.register == register);
        if is_own { ChildRows::of(&mut book) } else { Ok(ChildRows::default()) }
    }

    /// What a file says, whatever register it is of; `stamp`: its own.
    pub(crate) fn of_stamped(file: &mut RawFile, stamp: Option<&Stamp>) -> Result<ChildRows, Refusal> {
        match file.book_mut() {
            Some(book) if stamp.is_some() => ChildRows::of(book),
            _ => Ok(ChildRows::default()),
        }
    }

    fn of(book: &mut Book) -> Result<ChildRows, Refusal> {
        let mut rows = ChildRows::default();
        let mut known = 0;
        book.visit_own(CHILD_ROWS, &mut |cells| {
            let [part, record, count] = cells else { return ControlFlow::Continue(()) };
            if let (Ok(record), Ok(count)) = (u64::from_str_radix(record, 16), count.parse::<u32>()) {
                known += 1;
                let count_of = rows.counts.entry(part.clone()).or_default().entry(record).or_default();
                *count_of = count_of.saturating_add(count);
            }
            if known < RECORDS_MAX { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(rows)
    }

    /// How many there were of a part; `None` where nothing is known of the record, which is also so where it had none.
    pub fn count(&self, part: &str, record: &str) -> Option<u32> {
        let record = u64::from_str_radix(record, 16).ok()?;
        self.counts.get(part)?.get(&record).copied()
    }

    /// Adds the hidden sheet.
    pub(crate) fn write(&self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        if self.counts.is_empty() {
            return Ok(());
        }
        let mut sheet = ChildRowsSheet::add(workbook)?;
        for (part, counts) in &self.counts {
            for (record, count) in counts {
                sheet.put(workbook, part, &format!("{record:016x}"), *count)?;
            }
        }
        Ok(())
    }
}

/// The hidden sheet on its way out, row by row.
pub(crate) struct ChildRowsSheet {
    at: usize,
    number: usize,
    row: u32,
}

impl ChildRowsSheet {
    /// Adds the hidden sheet to a workbook.
    pub fn add(workbook: &mut Workbook) -> Result<ChildRowsSheet, XlsxError> {
        let mut sheet = ChildRowsSheet { at: 0, number: 0, row: 0 };
        sheet.go_on(workbook)?;
        Ok(sheet)
    }

    fn go_on(&mut self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        self.number += 1;
        (self.at, self.row) = (workbook.worksheets().len(), 0);
        let name = if self.number == 1 { CHILD_ROWS.to_owned() } else { format!("{CHILD_ROWS}{}", self.number) };
        workbook.add_worksheet_with_constant_memory()?.set_name(name)?.set_hidden(true);
        Ok(())
    }

    /// Notes that a record (by its key) went out with `count` rows of a child part. Full sheets go on in a further one.
    pub fn put(&mut self, workbook: &mut Workbook, part: &str, record: &str, count: u32) -> Result<(), XlsxError> {
        if self.row >= SHEET_ROWS_MAX {
            self.go_on(workbook)?;
        }
        let sheet = workbook.worksheet_from_index(self.at)?;
        sheet.write_string(self.row, 0, part)?.write_string(self.row, 1, record)?;
        sheet.write_string(self.row, 2, count.to_string())?;
        self.row += 1;
        Ok(())
    }
}

/// Counts the rows of a part of children as they are written, those of one record together.
#[derive(Default)]
pub(crate) struct Counting {
    record: Option<(String, u32)>,
}

impl Counting {
    /// Where the number of the record stands among a part's columns; `None` where its rows are not counted.
    pub fn column(part: &Part, columns: &[&str]) -> Option<usize> {
        let is_child = !part.parent_key.is_empty();
        columns.iter().position(|column| *column == RECORD_COLUMN).filter(|_| is_child)
    }

    /// Counts a row; the record before with its rows, where this one begins the next.
    pub fn note(&mut self, record: &Value) -> Option<(String, u32)> {
        let number = record.as_text().unwrap_or_default();
        match &mut self.record {
            Some((known, count)) if known == number => {
                *count += 1;
                None
            }
            before => before.replace((number.to_owned(), 1)),
        }
    }

    /// The last record with its rows.
    pub fn end(&mut self) -> Option<(String, u32)> {
        self.record.take()
    }
}
