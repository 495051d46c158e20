//! CsvRows of text files.
//!
//! Written by hand because of what real files hold: blank lines count as rows, a quotation mark that is never closed must
//! cost one row and not the rest of the file, nothing of one row may reach another, and no line may fill the memory.

mod layout;
mod lines;
mod rows;
mod split;

use super::{RawRow, Visit};
use crate::{Encoding, Limits, Refusal};
use rows::{CsvRows, Layout};
use std::io;
use std::path::Path;

pub(super) struct Csv {
    encoding: Encoding,
    bytes: u64,
    /// The first line only names the separator.
    has_separator_line: bool,
    /// The separators that may be meant, the likeliest first.
    layouts: Vec<Layout>,
    chosen: usize,
}

impl Csv {
    /// `bytes`: of the whole file.
    pub fn open(path: &Path, encoding: Encoding, bytes: u64, limits: &Limits) -> io::Result<Csv> {
        let (layouts, has_separator_line) = layout::candidates(path, encoding, limits)?;
        Ok(Csv { encoding, bytes, has_separator_line, layouts, chosen: 0 })
    }

    /// How many separators are likely enough to be tried, at least 1.
    pub fn separators(&self) -> usize {
        self.layouts.len()
    }

    /// From now on the rows are split by this one of the separators.
    pub fn choose(&mut self, separator: usize) {
        self.chosen = separator.min(self.layouts.len() - 1);
    }

    /// Walks all rows, split by the separator that was chosen.
    ///
    /// # Errors
    /// `Unreadable`, or `TooManyColumns` by the limits.
    pub fn visit(&self, path: &Path, name: &str, limits: &Limits, visit: &mut Visit<'_>) -> Result<(), Refusal> {
        let unreadable = |source| Refusal::Unreadable { path: path.to_owned(), source };
        let layout = self.layouts[self.chosen];
        if layout.width > limits.columns_max as usize {
            let found = u32::try_from(layout.width).unwrap_or(u32::MAX);
            return Err(Refusal::TooManyColumns { file: name.to_owned(), found, limit: limits.columns_max });
        }
        let mut rows = CsvRows::open(path, self.encoding, layout, limits).map_err(unreadable)?;
        if self.has_separator_line {
            rows.lines.next().map_err(unreadable)?;
        }
        let mut row = RawRow::default();
        while rows.next(&mut row).map_err(unreadable)?.is_some() {
            if visit(&mut row, (rows.lines.bytes_done(), self.bytes))?.is_break() {
                break;
            }
        }
        Ok(())
    }
}
