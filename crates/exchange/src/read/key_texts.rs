//! A second look at a column of a key, when a number stands in it: do its texts of digits begin with zeros?

use super::sheets::Sheet;
use crate::Limits;
use crate::cell::KeyTexts;
use crate::raw::RawFile;
use std::ops::ControlFlow;
use std::path::Path;

/// The texts of digits in a column of a sheet. A file that cannot be read a second time leaves everything open.
pub(super) fn of_column(path: &Path, name: &str, limits: &Limits, sheet: &Sheet, column: usize) -> KeyTexts {
    let mut texts = KeyTexts::default();
    let read = RawFile::open(path, name, limits).and_then(|mut file| {
        file.visit(sheet.at, &mut |row, _| {
            if row.number > sheet.headings.row {
                texts.note(row.cell(column));
            }
            Ok(ControlFlow::Continue(()))
        })
    });
    if read.is_ok() { texts } else { KeyTexts::UNREADABLE }
}
