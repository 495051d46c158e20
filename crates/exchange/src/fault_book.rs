//! The file back to its author, with every fault marked.

mod label;
mod overview;

use crate::raw::{RawCell, RawFile, RawRow};
use crate::table_writer::{fitting, serial_of};
use crate::{Limits, SheetRead, Stamp, Summary, WriteError};
use model::{Fault, Place};
use overview::Overview;
use rust_xlsxwriter::{Color, Format, FormatBorder, Note, Workbook, Worksheet, XlsxError};
use std::iter::Peekable;
use std::ops::ControlFlow;
use std::path::Path;

pub use label::fault_label;

/// Rows that a sheet can have; longer text files go on in further sheets.
const SHEET_ROWS_MAX: u32 = 1_048_576;
/// Notes are held in memory until the book is saved, and spreadsheets slow down with more; further faults are red and listed.
const NOTES_MAX: usize = 30_000;

/// Writes the original file as a workbook with a red cell and a note for each fault and a last sheet 错误汇总 (counts by kind,
/// then all faults with place, reason and advice). CSV and Parquet originals come back as a workbook, too. Rows keep their numbers, so
/// that the book can be corrected and handed in again.
///
/// `faults` must come in the order in which `read` gave them; one out of order is listed, but its cell is not marked.
///
/// # Errors
/// `WriteError` when the original has gone, has changed since it was read, or `out` cannot be written.
pub fn write_faults(
    original: &Path,
    summary: &Summary,
    faults: impl Iterator<Item = Fault>,
    out: &Path,
) -> Result<(), WriteError> {
    let mut file = RawFile::open(original, &summary.file, &Limits::default()).map_err(WriteError::Original)?;
    if file.hash != summary.file_hash {
        return Err(WriteError::Changed { path: original.to_owned() });
    }
    // A text file is split as it was read.
    let was_read = |row: &RawRow| {
        let is_width = |sheet: &SheetRead| row.cells.len() == sheet.width as usize;
        summary.sheets.iter().any(|sheet| is_width(sheet) && row.number.abs_diff(sheet.heading_row) <= 1)
    };
    file.choose_separator(&mut |top| usize::from(top.iter().any(was_read))).map_err(WriteError::Original)?;
    let wrong = |source| WriteError::Xlsx { path: out.to_owned(), source };
    let names = file.sheets();
    let mut book = Book::new(&names, summary).map_err(wrong)?;
    let mut faults = faults.peekable();
    for (at, name) in names.iter().enumerate() {
        let read = summary.sheets.iter().find(|sheet| sheet.name == *name);
        let heading_row = read.map_or(0, |sheet| sheet.heading_row);
        let mut failed = None;
        let visited = file.visit(at, &mut |row, _| match book.row(at, heading_row, row, name, &mut faults) {
            Ok(()) => Ok(ControlFlow::Continue(())),
            Err(error) => {
                failed = Some(error);
                Ok(ControlFlow::Break(()))
            }
        });
        visited.map_err(WriteError::Original)?;
        failed.map_or(Ok(()), Err).map_err(wrong)?;
    }
    faults.try_for_each(|fault| book.list(&fault)).map_err(wrong)?;
    let child_rows = file.child_rows().map_err(WriteError::Original)?;
    child_rows.write(&mut book.workbook).map_err(wrong)?;
    book.save(out, file.stamp.as_ref()).map_err(wrong)
}

/// The workbook under way.
struct Book {
    workbook: Workbook,
    overview: Overview,
    overview_at: usize,
    /// Sheets that continue the first one, by number of the part.
    parts: Vec<usize>,
    notes: usize,
    formats: Formats,
}

struct Formats {
    heading: Format,
    text: Format,
    day: Format,
    bad: Format,
    bad_day: Format,
}

impl Book {
    fn new(names: &[Option<String>], summary: &Summary) -> Result<Book, XlsxError> {
        let mut workbook = Workbook::new();
        for name in names {
            let sheet = workbook.add_worksheet_with_constant_memory()?;
            set_name(sheet, name.as_deref().unwrap_or("数据"))?;
            let read = summary.sheets.iter().find(|sheet| sheet.name == *name);
            if let Some(read) = read {
                sheet.set_freeze_panes(read.heading_row, 0)?;
                for column in 0..u16::try_from(read.width).unwrap_or(u16::MAX) {
                    sheet.set_column_width(column, 14.0)?;
                }
            }
        }
        let overview_at = names.len();
        let overview = Overview::new(workbook.add_worksheet_with_constant_memory()?, summary)?;
        let bad = Format::new()
            .set_background_color(Color::RGB(0xFF_C7_CE))
            .set_font_color(Color::RGB(0x9C_00_06))
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xFF_00_00));
        let formats = Formats {
            heading: Format::new().set_bold().set_background_color(Color::RGB(0xDD_EB_F7)).set_num_format_index(49),
            text: Format::new().set_num_format_index(49),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            bad_day: bad.clone().set_num_format("yyyy-mm-dd"),
            bad: bad.set_num_format_index(49),
        };
        Ok(Book { workbook, overview, overview_at, parts: vec![0], notes: 0, formats })
    }

    /// Writes one row with its faults, which are next in `faults`.
    fn row(
        &mut self,
        at: usize,
        heading_row: u32,
        row: &RawRow,
        sheet: &Option<String>,
        faults: &mut Peekable<impl Iterator<Item = Fault>>,
    ) -> Result<(), XlsxError> {
        let is_due = |place: &Place| place.row.is_none() || (place.sheet == *sheet && place.row <= Some(row.number));
        let mut marks: Vec<(u16, String)> = Vec::new();
        while let Some(fault) = faults.next_if(|fault| is_due(&fault.place)) {
            self.list(&fault)?;
            if fault.place.row == Some(row.number) {
                mark(&mut marks, &fault);
            }
        }
        let line = (row.number - 1) % SHEET_ROWS_MAX;
        let target = self.part(at, ((row.number - 1) / SHEET_ROWS_MAX) as usize)?;
        let sheet = self.workbook.worksheet_from_index(target)?;
        let width = row.cells.len().max(marks.iter().map(|(column, _)| usize::from(*column) + 1).max().unwrap_or(0));
        for column in 0..u16::try_from(width).unwrap_or(u16::MAX) {
            let note = marks.iter().find(|(marked, _)| *marked == column).map(|(_, note)| note);
            let formats = match note {
                Some(_) => (&self.formats.bad, &self.formats.bad_day),
                None if row.number == heading_row => (&self.formats.heading, &self.formats.day),
                None => (&self.formats.text, &self.formats.day),
            };
            put(sheet, (line, column), row.cell(usize::from(column)), note.is_some(), formats)?;
            if let Some(note) = note.filter(|_| self.notes < NOTES_MAX) {
                self.notes += 1;
                sheet.insert_note(line, column, &Note::new(note).add_author_prefix(false).set_width(240))?;
            }
        }
        Ok(())
    }

    /// The sheet of a part of a long text file.
    fn part(&mut self, at: usize, part: usize) -> Result<usize, XlsxError> {
        if part == 0 {
            return Ok(at);
        }
        while self.parts.len() <= part {
            let sheet = self.workbook.add_worksheet_with_constant_memory()?;
            set_name(sheet, &format!("数据{}", self.parts.len() + 1))?;
            self.parts.push(self.overview_at + self.parts.len());
        }
        Ok(self.parts[part])
    }

    fn list(&mut self, fault: &Fault) -> Result<(), XlsxError> {
        self.overview.list(self.workbook.worksheet_from_index(self.overview_at)?, fault)
    }

    fn save(mut self, out: &Path, stamp: Option<&Stamp>) -> Result<(), XlsxError> {
        // The corrected book must still say which form it is, and below which place its places were chosen.
        stamp.map_or(Ok(()), |stamp| stamp.write(&mut self.workbook))?;
        self.overview.finish(self.workbook.worksheet_from_index(self.overview_at)?)?;
        self.workbook.save(out)
    }
}

/// Adds a fault to the notes of its row; faults of a whole row stand at its first cell.
fn mark(marks: &mut Vec<(u16, String)>, fault: &Fault) {
    let column = u16::try_from(fault.place.column.unwrap_or(0)).unwrap_or(u16::MAX);
    let taken = if fault.drops_row { "（该行未导入）" } else { "（该行已导入，此单元格留空）" };
    let text = format!("{}：{}。{}{taken}", fault_label(fault.kind), fault.what, fault.hint);
    match marks.iter_mut().find(|(marked, _)| *marked == column) {
        Some((_, note)) => {
            note.push('\n');
            note.push_str(&text);
        }
        None => marks.push((column, text)),
    }
}

fn put(
    sheet: &mut Worksheet,
    at: (u32, u16),
    cell: &RawCell,
    is_bad: bool,
    (text, day): (&Format, &Format),
) -> Result<(), XlsxError> {
    let (row, column) = at;
    match cell {
        RawCell::Empty | RawCell::NoValue if is_bad => sheet.write_blank(row, column, text)?,
        RawCell::Empty | RawCell::NoValue => sheet,
        RawCell::Text(written) | RawCell::Error(written) => {
            sheet.write_string_with_format(row, column, fitting(written), text)?
        }
        RawCell::Number(number) if !number.is_finite() => {
            sheet.write_string_with_format(row, column, number.to_string(), text)?
        }
        RawCell::Number(number) if is_bad => sheet.write_number_with_format(row, column, *number, text)?,
        RawCell::Number(number) => sheet.write_number(row, column, *number)?,
        RawCell::Int(number) => sheet.write_string_with_format(row, column, number.to_string(), text)?,
        RawCell::Bool(truth) => sheet.write_string_with_format(row, column, if *truth { "是" } else { "否" }, text)?,
        // The time behind a day decides what day is meant, so it comes back as well.
        RawCell::Moment { day, second } if *second > 0 => {
            let written = format!("{day} {:02}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
            sheet.write_string_with_format(row, column, written, text)?
        }
        RawCell::Day(written) | RawCell::Moment { day: written, .. } => match serial_of(*written) {
            Some(serial) => sheet.write_number_with_format(row, column, serial, day)?,
            None => sheet.write_string_with_format(row, column, written.to_string(), text)?,
        },
    };
    Ok(())
}

/// Names a sheet; names that a workbook refuses keep the standard name.
fn set_name(sheet: &mut Worksheet, name: &str) -> Result<(), XlsxError> {
    let is_own = name == overview::NAME;
    let wanted = if is_own { format!("{name}（原）") } else { name.to_owned() };
    match sheet.set_name(wanted) {
        Ok(_) | Err(XlsxError::SheetnameContainsInvalidCharacter(_) | XlsxError::SheetnameLengthExceeded(_)) => Ok(()),
        Err(other) => Err(other),
    }
}
