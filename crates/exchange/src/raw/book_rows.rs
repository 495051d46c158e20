//! Rows of workbooks, cell by cell from the stream; no sheet is ever held as a whole.

use super::{RawCell, RawRow, Visit, archive};
use crate::{Limits, Refusal, Stamp};
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError, open_workbook};
use model::Day;
use std::fs::File;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::Path;

/// Sheets of ours that nobody fills in.
const OUR_SHEETS: [&str; 3] = [crate::stamp::STAMP_SHEET, crate::template::CODES, crate::template::PLACES];

/// A workbook, open.
pub(crate) struct Book {
    workbook: Xlsx<BufReader<File>>,
    sheets: Vec<String>,
    is_1904: bool,
    pub stamp: Option<Stamp>,
}

impl Book {
    /// Opens a workbook whose archive is sound.
    pub fn checked(path: &Path, name: &str, limits: &Limits) -> Result<Book, Refusal> {
        archive::check(path, name, limits)?;
        Book::open(path, name)
    }

    fn open(path: &Path, name: &str) -> Result<Book, Refusal> {
        let mut workbook: Xlsx<_> = open_workbook(path).map_err(|error| refusal(&error, name))?;
        // Somebody may have made the hidden sheets of ours visible.
        let is_ours = |name: &str| OUR_SHEETS.contains(&name) || name.starts_with(crate::child_rows::SHEET);
        let is_table = |sheet: &&calamine::Sheet| {
            let is_visible = sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
            is_visible && !is_ours(&sheet.name)
        };
        let sheets: Vec<String> =
            workbook.sheets_metadata().iter().filter(is_table).map(|sheet| sheet.name.clone()).collect();
        let is_1904 = workbook.has_1904_epoch();
        if sheets.is_empty() {
            Err(Refusal::Empty { file: name.to_owned() })
        } else {
            let stamp = Stamp::read(&mut workbook);
            Ok(Book { workbook, sheets, is_1904, stamp })
        }
    }

    pub fn sheets(&self) -> Vec<String> {
        self.sheets.clone()
    }

    /// Walks the rows of all hidden sheets whose name begins so; all cells as texts.
    pub fn visit_hidden(
        &mut self,
        beginning: &str,
        name: &str,
        visit: &mut dyn FnMut(&[String]),
    ) -> Result<(), Refusal> {
        let all = self.workbook.sheets_metadata().iter().map(|sheet| sheet.name.clone());
        let sheets: Vec<String> = all.filter(|sheet| sheet.starts_with(beginning)).collect();
        for sheet in sheets {
            let mut cells = self.workbook.worksheet_cells_reader(&sheet).map_err(|error| refusal(&error, name))?;
            let (mut row, mut texts) = (0, Vec::new());
            while let Some(cell) = cells.next_cell().map_err(|error| refusal(&error, name))? {
                let text = match raw_cell(cell.get_value(), false) {
                    RawCell::Text(text) => text,
                    RawCell::Number(number) => crate::cell::shown_number(number),
                    RawCell::Int(number) => number.to_string(),
                    _ => continue,
                };
                if cell.get_position().0 != row {
                    visit(&texts);
                    texts.clear();
                    row = cell.get_position().0;
                }
                texts.push(text);
            }
            visit(&texts);
        }
        Ok(())
    }

    pub fn visit(&mut self, sheet: usize, name: &str, limits: &Limits, visit: &mut Visit<'_>) -> Result<(), Refusal> {
        let is_1904 = self.is_1904;
        let mut cells =
            self.workbook.worksheet_cells_reader(&self.sheets[sheet]).map_err(|error| refusal(&error, name))?;
        let rows_stated = u64::from(cells.dimensions().end.0) + 1;
        let mut row = RawRow::default();
        while let Some(cell) = cells.next_cell().map_err(|error| refusal(&error, name))? {
            let (at, column) = cell.get_position();
            let value = raw_cell(cell.get_value(), is_1904);
            if value.is_empty() {
                continue;
            }
            if at + 1 != row.number {
                if row.number > at + 1 {
                    return Err(Refusal::Damaged { file: name.to_owned(), detail: "行的次序颠倒".to_owned() });
                }
                if hand_out(&mut row, rows_stated, visit)?.is_break() {
                    return Ok(());
                }
                row.number = at + 1;
                row.cells.clear();
            }
            if column >= limits.columns_max {
                let (found, limit) = (column + 1, limits.columns_max);
                return Err(Refusal::TooManyColumns { file: name.to_owned(), found, limit });
            }
            let column = column as usize;
            if row.cells.len() <= column {
                row.cells.resize(column + 1, RawCell::Empty);
            }
            row.cells[column] = value;
        }
        hand_out(&mut row, rows_stated, visit).map(|_| ())
    }
}

fn hand_out(row: &mut RawRow, rows_stated: u64, visit: &mut Visit<'_>) -> Result<ControlFlow<()>, Refusal> {
    if row.number == 0 {
        return Ok(ControlFlow::Continue(()));
    }
    let done = u64::from(row.number);
    visit(row, (done, rows_stated.max(done)))
}

fn raw_cell(value: &DataRef<'_>, is_1904: bool) -> RawCell {
    match value {
        DataRef::Empty => RawCell::Empty,
        DataRef::String(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text_cell(text),
        DataRef::Int(number) => RawCell::Int(*number),
        DataRef::Float(number) => RawCell::Number(*number),
        DataRef::Bool(truth) => RawCell::Bool(*truth),
        DataRef::DateTime(moment) => match day_of_serial(moment.as_f64(), is_1904) {
            Some(day) if moment.is_datetime() => RawCell::Day(day),
            _ => RawCell::Number(moment.as_f64()),
        },
        DataRef::Error(error) => RawCell::Error(error.to_string()),
    }
}

fn text_cell(text: &str) -> RawCell {
    if text.is_empty() { RawCell::Empty } else { RawCell::Text(text.to_owned()) }
}

/// The day of a serial number of a spreadsheet; its time of day is left out.
pub(crate) fn day_of_serial(serial: f64, is_1904: bool) -> Option<Day> {
    if !(1.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let days = serial.floor() as i32;
    // 1 January 1970 is 25,569 after 30 December 1899. The spreadsheets count a 29 February 1900 that never was.
    match (is_1904, days) {
        (true, days) => Day::from_epoch_days(days - 25_569 + 1_462),
        (false, 60) => None,
        (false, days) if days < 60 => Day::from_epoch_days(days - 25_568),
        (false, days) => Day::from_epoch_days(days - 25_569),
    }
}

fn refusal(error: &XlsxError, name: &str) -> Refusal {
    let file = name.to_owned();
    let detail = match error {
        XlsxError::Password => return Refusal::Encrypted { file },
        XlsxError::ColumnNumberOverflow | XlsxError::RowNumberOverflow => "行列编号超出范围",
        XlsxError::Zip(_) | XlsxError::Io(_) => "压缩数据不完整",
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound | XlsxError::WorksheetNotFound(_) => {
            "缺少工作表部分"
        }
        _ => "工作表内容不合规范",
    };
    Refusal::Damaged { file, detail: detail.to_owned() }
}
