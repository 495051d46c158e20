//! The file back to its author, with every fault marked.

mod calendar;
mod fate;
mod overview;

use crate::ground::own_sheets;
use crate::raw::{MergedCells, RawCell, RawFile, RawRow, YEARS_1904};
use crate::write::shown::truth_shown;
use crate::write::table_writer::{fitting, serial_of};
use crate::{ChildRows, FileHash, Limits, Refusal, SheetRead, Stamp, Summary, WriteError};
use model::written::WrittenMoment;
use model::{Fault, Place};
use overview::Overview;
use rust_xlsxwriter::{Color, Format, FormatBorder, Note, Workbook, Worksheet, XlsxError};
use std::iter::Peekable;
use std::ops::ControlFlow;
use std::path::Path;
use words::Language;

pub use fate::RowFate;

/// Rows that a sheet can have; longer text files go on in further sheets.
const SHEET_ROWS_MAX: u32 = 1_048_576;
/// Notes are held in memory until the book is saved, and spreadsheets slow down with more; further faults are red and listed.
const NOTES_MAX: usize = 30_000;

/// Writes the original file as a workbook with a red cell and a note for each fault and a last sheet of faults (counts by kind,
/// then all faults with place, reason and advice), in this language. CSV and Parquet originals come back as a workbook, too. Rows keep their numbers, so
/// that the book can be corrected and handed in again.
///
/// `fate`: what became of the rows, which the reading alone does not know.
///
/// `faults` must come in the order in which `read` gave them; one out of order is listed, but its cell is not marked.
///
/// # Errors
/// `WriteError` when the original has gone, has changed since it was read, or `out` cannot be written.
pub fn write_faults(
    original: &Path,
    summary: &Summary,
    fate: &RowFate,
    faults: impl Iterator<Item = Fault>,
    out: &Path,
    language: Language,
) -> Result<(), WriteError> {
    let mut file = RawFile::open(original, &summary.file, &Limits::default()).map_err(WriteError::Original)?;
    let unreadable = |source| WriteError::Original(Refusal::Unreadable { path: original.to_owned(), source });
    if FileHash::of_file(original).map_err(unreadable)?.hex != summary.file_hash {
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
    let mut book = FaultWorkbook::new(&names, summary, fate, language).map_err(wrong)?;
    book.is_1904 = file.is_1904();
    let mut faults = faults.peekable();
    for (at, name) in names.iter().enumerate() {
        let read = summary.sheets.iter().find(|sheet| sheet.name == *name);
        let heading_row = read.map_or(0, |sheet| sheet.heading_row);
        let mut failed = None;
        // What counted for every row of a merged area stands in every row, as it was read.
        let areas = file.merged(at).to_vec();
        let mut merged = MergedCells::below(&areas, read.map_or(u32::MAX, |sheet| sheet.heading_row), &|_| false);
        let visited = file.visit(at, &mut |row, _| {
            merged.fill(row);
            match book.row(at, heading_row, row, name, &mut faults) {
                Ok(()) => Ok(ControlFlow::Continue(())),
                Err(error) => {
                    failed = Some(error);
                    Ok(ControlFlow::Break(()))
                }
            }
        });
        visited.map_err(WriteError::Original)?;
        failed.map_or(Ok(()), Err).map_err(wrong)?;
    }
    faults.try_for_each(|fault| book.list(&fault)).map_err(wrong)?;
    let stamp = Stamp::of_file(&mut file);
    let child_rows = ChildRows::of_stamped(&mut file, stamp.as_ref()).map_err(WriteError::Original)?;
    child_rows.write(&mut book.workbook).map_err(wrong)?;
    book.save(out, stamp.as_ref()).map_err(wrong)
}

/// The workbook under way.
struct FaultWorkbook {
    workbook: Workbook,
    overview: Overview,
    overview_at: usize,
    language: Language,
    /// Sheets that continue the first one, by number of the part.
    parts: Vec<usize>,
    notes: usize,
    formats: FaultFormats,
    /// Columns of the first sheet whose cells are texts unless they say otherwise.
    text_columns: u32,
    /// Days are written in the calendar of 1904, because numbers of the original may be days, too.
    is_1904: bool,
}

struct FaultFormats {
    heading: CellFormats,
    plain: CellFormats,
    bad: CellFormats,
}

/// How a cell is shown, by what it holds.
struct CellFormats {
    text: Format,
    day: Format,
    moment: Format,
}

impl CellFormats {
    fn of(format: &Format) -> CellFormats {
        CellFormats {
            text: format.clone().set_num_format_index(49),
            day: format.clone().set_num_format("yyyy-mm-dd"),
            moment: format.clone().set_num_format("yyyy-mm-dd hh:mm:ss"),
        }
    }
}

impl FaultWorkbook {
    fn new(
        names: &[Option<String>],
        summary: &Summary,
        fate: &RowFate,
        language: Language,
    ) -> Result<FaultWorkbook, XlsxError> {
        let heading = Format::new().set_bold().set_background_color(Color::RGB(0xDD_EB_F7));
        let plain = CellFormats::of(&Format::new());
        // All cells of a text file are texts; those that look as their column does need not say so.
        let is_text = summary.format == crate::Format::Csv;
        let mut workbook = Workbook::new();
        for name in names {
            let sheet = workbook.add_worksheet_with_constant_memory()?;
            let of_rows = own_sheets::rows(language);
            set_name(sheet, name.as_deref().unwrap_or(of_rows), language)?;
            let read = summary.sheets.iter().find(|sheet| sheet.name == *name);
            if let Some(read) = read {
                sheet.set_freeze_panes(read.heading_row, 0)?;
                for column in 0..u16::try_from(read.width).unwrap_or(u16::MAX) {
                    sheet.set_column_width(column, 14.0)?;
                    if is_text {
                        sheet.set_column_format(column, &plain.text)?;
                    }
                }
            }
        }
        let overview_at = names.len();
        let overview = Overview::new(workbook.add_worksheet_with_constant_memory()?, summary, fate, language)?;
        let bad = Format::new()
            .set_background_color(Color::RGB(0xFF_C7_CE))
            .set_font_color(Color::RGB(0x9C_00_06))
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xFF_00_00));
        let formats = FaultFormats { heading: CellFormats::of(&heading), plain, bad: CellFormats::of(&bad) };
        let width = summary.sheets.first().filter(|_| is_text).map_or(0, |sheet| sheet.width);
        Ok(FaultWorkbook {
            workbook,
            overview,
            overview_at,
            language,
            parts: vec![0],
            notes: 0,
            formats,
            text_columns: width,
            is_1904: false,
        })
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
                mark(&mut marks, &fault, self.language);
            }
        }
        let line = (row.number - 1) % SHEET_ROWS_MAX;
        let target = self.part(at, ((row.number - 1) / SHEET_ROWS_MAX) as usize)?;
        let text_columns = if target == 0 { self.text_columns } else { 0 };
        let sheet = self.workbook.worksheet_from_index(target)?;
        let width = row.cells.len().max(marks.iter().map(|(column, _)| usize::from(*column) + 1).max().unwrap_or(0));
        for column in 0..u16::try_from(width).unwrap_or(u16::MAX) {
            let note = marks.iter().find(|(marked, _)| *marked == column).map(|(_, note)| note);
            let is_plain = note.is_none() && row.number != heading_row;
            let formats = match note {
                Some(_) => &self.formats.bad,
                None if row.number == heading_row => &self.formats.heading,
                None => &self.formats.plain,
            };
            let (cell, spot) = (row.cell(usize::from(column)), Spot { row: line, column });
            match moment_of(cell) {
                Some(moment) => put_moment(sheet, spot, moment, self.is_1904, formats)?,
                None => match cell {
                    RawCell::Text(text) if is_plain && u32::from(column) < text_columns => {
                        sheet.write_string(line, column, fitting(text))?;
                    }
                    cell => put(sheet, spot, cell, note.is_some(), &formats.text)?,
                },
            }
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
            let of_rows = own_sheets::rows(self.language);
            set_name(sheet, &format!("{of_rows}{}", self.parts.len() + 1), self.language)?;
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
        self.workbook.save(out)?;
        if self.is_1904 { calendar::set_1904(out) } else { Ok(()) }
    }
}

/// Adds a fault to the notes of its row; faults of a whole row stand at its first cell.
fn mark(marks: &mut Vec<(u16, String)>, fault: &Fault, language: Language) {
    let column = u16::try_from(fault.place.column.unwrap_or(0)).unwrap_or(u16::MAX);
    let key = if fault.drops_row { "book_mark_dropped" } else { "book_mark_kept" };
    let (kind, what, hint) = (fault.kind.label(language), fault.what.of(language), fault.hint.of(language));
    let text = language.fill(key, &[("kind", &kind), ("what", &what), ("hint", &hint)]);
    match marks.iter_mut().find(|(marked, _)| *marked == column) {
        Some((_, note)) => {
            note.push('\n');
            note.push_str(&text);
        }
        None => marks.push((column, text)),
    }
}

/// A cell of a sheet, both counted from 0.
#[derive(Clone, Copy)]
struct Spot {
    row: u32,
    column: u16,
}

/// What a cell that holds a day says; a day alone is its first second.
fn moment_of(cell: &RawCell) -> Option<WrittenMoment> {
    match cell {
        RawCell::Day(day) => Some(WrittenMoment { day: *day, second: 0 }),
        RawCell::Moment { day, second } => Some(WrittenMoment { day: *day, second: *second }),
        _ => None,
    }
}

fn put_moment(
    sheet: &mut Worksheet,
    Spot { row, column }: Spot,
    WrittenMoment { day, second }: WrittenMoment,
    is_1904: bool,
    formats: &CellFormats,
) -> Result<(), XlsxError> {
    let first = if is_1904 { f64::from(YEARS_1904) } else { 0.0 };
    let serial = serial_of(day).map(|serial| serial - first).filter(|serial| *serial >= 0.0);
    let time = f64::from(second) / 86_400.0;
    match serial {
        Some(serial) if second == 0 => sheet.write_number_with_format(row, column, serial, &formats.day)?,
        Some(serial) => sheet.write_number_with_format(row, column, serial + time, &formats.moment)?,
        None => sheet.write_string_with_format(row, column, day.to_string(), &formats.text)?,
    };
    Ok(())
}

fn put(
    sheet: &mut Worksheet,
    Spot { row, column }: Spot,
    cell: &RawCell,
    is_bad: bool,
    text: &Format,
) -> Result<(), XlsxError> {
    match cell {
        RawCell::Empty | RawCell::NoValue if is_bad => sheet.write_blank(row, column, text)?,
        RawCell::Empty | RawCell::NoValue | RawCell::Day(_) | RawCell::Moment { .. } => sheet,
        RawCell::Text(written) | RawCell::Error(written) => {
            sheet.write_string_with_format(row, column, fitting(written), text)?
        }
        RawCell::Number(number) if !number.is_finite() => {
            sheet.write_string_with_format(row, column, number.to_string(), text)?
        }
        RawCell::Number(number) if is_bad => sheet.write_number_with_format(row, column, *number, text)?,
        RawCell::Number(number) => sheet.write_number(row, column, *number)?,
        RawCell::Int(number) => sheet.write_string_with_format(row, column, number.to_string(), text)?,
        RawCell::Bool(truth) => {
            // As it was read, in every language.
            sheet.write_string_with_format(row, column, truth_shown(*truth, Language::CHINESE), text)?
        }
    };
    Ok(())
}

/// Names a sheet; names that a workbook refuses keep the standard name.
fn set_name(sheet: &mut Worksheet, name: &str, language: Language) -> Result<(), XlsxError> {
    let is_own = [own_sheets::FAULTS, own_sheets::FAULTS_EN].contains(&name);
    let wanted = if is_own { language.fill("sheet_of_original", &[("sheet", &name)]) } else { name.to_owned() };
    match sheet.set_name(wanted) {
        Ok(_) | Err(XlsxError::SheetnameContainsInvalidCharacter(_) | XlsxError::SheetnameLengthExceeded(_)) => Ok(()),
        Err(other) => Err(other),
    }
}
