//! Workbooks out, in constant memory.

use super::{Heading, WriteError, csv_table};
use crate::ground::formula_mark::looks_like_formula;
use crate::ground::own_sheets;
use model::{Day, Kind, Value};
use rust_xlsxwriter::{Color, Format, Workbook, Worksheet, XlsxError};
use std::path::{Path, PathBuf};
use words::Language;

/// Rows that a sheet can have.
const SHEET_ROWS_MAX: u32 = 1_048_576;
/// UTF-16 units that a cell can hold.
const TEXT_UNITS_MAX: usize = 32_767;
/// Whole numbers from here on are written as texts, because spreadsheets show and keep them wrongly.
const NUMBER_MAX: i64 = 100_000_000_000;

pub(super) struct BookTable {
    path: PathBuf,
    workbook: Workbook,
    headings: Vec<Heading>,
    formats: Formats,
    /// What its first sheet is called; further ones have a number behind it.
    sheet: &'static str,
    sheets: usize,
    row: u32,
}

/// How cells look.
pub(crate) struct Formats {
    pub heading: Format,
    pub text: Format,
    /// For texts that begin like a formula.
    quoted: Format,
    pub money: Format,
    pub day: Format,
}

impl Formats {
    /// Formats of the cells of every sheet.
    pub fn new() -> Formats {
        Formats {
            heading: Format::new().set_bold().set_background_color(Color::RGB(0xDD_EB_F7)).set_num_format_index(49),
            text: Format::new().set_num_format_index(49),
            quoted: Format::new().set_num_format_index(49).set_quote_prefix(),
            money: Format::new().set_num_format("0.00"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
        }
    }

    /// What the cells of a column look like unless they say otherwise; numbers are general.
    pub fn of_column(&self, kind: Kind) -> Option<&Format> {
        (!matches!(kind, Kind::Int | Kind::Decimal | Kind::Bool)).then_some(self.of_kind(kind).1)
    }

    /// Width in letters and format of a column.
    pub fn of_kind(&self, kind: Kind) -> (f64, &Format) {
        match kind {
            Kind::Identity | Kind::Account => (22.0, &self.text),
            Kind::Phone | Kind::Region | Kind::Reference => (15.0, &self.text),
            Kind::Text | Kind::Name | Kind::Code | Kind::Month | Kind::File => (12.0, &self.text),
            Kind::Fen => (12.0, &self.money),
            Kind::Day => (12.0, &self.day),
            Kind::Int | Kind::Decimal | Kind::Bool => (9.0, &self.text),
        }
    }
}

/// Width in letters of a column with this heading.
pub(crate) fn width_of(heading: &str, width: f64) -> f64 {
    let letters = heading.chars().map(|letter| if letter.is_ascii() { 1.1 } else { 2.2 }).sum::<f64>() + 1.0;
    width.max(letters.min(40.0))
}

impl BookTable {
    /// A workbook with the headings on its first sheet; it is written by `finish`.
    pub fn create(path: &Path, headings: &[Heading], language: Language) -> Result<BookTable, WriteError> {
        let formats = Formats::new();
        let (path, headings, sheet) = (path.to_owned(), headings.to_vec(), own_sheets::rows(language));
        let mut table = BookTable { path, workbook: Workbook::new(), headings, formats, sheet, sheets: 0, row: 0 };
        table.add_sheet().map_err(|source| table.wrong(source))?;
        Ok(table)
    }

    /// Writes a row, one value per heading. A full sheet is followed by a further one with the same headings.
    pub fn write_row(&mut self, cells: &[Value]) -> Result<(), WriteError> {
        self.try_write(cells).map_err(|source| self.wrong(source))
    }

    fn try_write(&mut self, cells: &[Value]) -> Result<(), XlsxError> {
        if self.row >= SHEET_ROWS_MAX {
            self.add_sheet()?;
        }
        let sheet = self.workbook.worksheet_from_index(self.sheets - 1)?;
        for (column, value) in (0..).zip(cells) {
            let kind = self.headings.get(usize::from(column)).map_or(Kind::Text, |heading| heading.kind);
            put(sheet, (self.row, column), value, kind, &self.formats)?;
        }
        self.row += 1;
        Ok(())
    }

    fn add_sheet(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(if self.sheets == 1 {
            self.sheet.to_owned()
        } else {
            format!("{}{}", self.sheet, self.sheets)
        })?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, heading) in (0..).zip(&self.headings) {
            let (width, _) = self.formats.of_kind(heading.kind);
            sheet.set_column_width(column, width_of(&heading.text, width))?;
            if let Some(format) = self.formats.of_column(heading.kind) {
                sheet.set_column_format(column, format)?;
            }
        }
        for (column, heading) in (0..).zip(&self.headings) {
            sheet.write_string_with_format(0, column, &heading.text, &self.formats.heading)?;
        }
        self.row = 1;
        Ok(())
    }

    /// Writes the file.
    pub fn finish(mut self) -> Result<(), WriteError> {
        self.workbook.save(&self.path).map_err(|source| self.wrong(source))
    }

    fn wrong(&self, source: XlsxError) -> WriteError {
        WriteError::Xlsx { path: self.path.clone(), source }
    }
}

/// Writes one value; nothing for `Null`. Cells that look as their column does say nothing of it: each format that is named costs a search.
pub(crate) fn put(
    sheet: &mut Worksheet,
    at: (u32, u16),
    value: &Value,
    kind: Kind,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let (row, column) = at;
    let is_of_column = |format: &Format| formats.of_column(kind).is_some_and(|own| std::ptr::eq(own, format));
    if let Some((number, format)) = number_in_format(value, kind, formats) {
        return match is_of_column(format) {
            true => sheet.write_number(row, column, number).map(|_| ()),
            false => sheet.write_number_with_format(row, column, number, format).map(|_| ()),
        };
    }
    let mut text = |text: &str| {
        let format = if looks_like_formula(text) { &formats.quoted } else { &formats.text };
        let written = fitting(text);
        match is_of_column(format) && !written.is_empty() {
            true => sheet.write_string(row, column, written).map(|_| ()),
            false => sheet.write_string_with_format(row, column, written, format).map(|_| ()),
        }
    };
    match value {
        Value::Null => Ok(()),
        Value::Text(written) => text(written),
        Value::Bool(_) => text(&value.to_string()),
        Value::Int(number) if number.abs() >= NUMBER_MAX => text(&number.to_string()),
        Value::Int(number) => sheet.write_number(row, column, *number as f64).map(|_| ()),
        Value::Decimal(number) => match number.to_string().parse::<f64>() {
            Ok(float) if number.mantissa().unsigned_abs() < 1_000_000_000_000_000 => {
                sheet.write_number(row, column, float).map(|_| ())
            }
            _ => text(&value.to_string()),
        },
        Value::Fen(_) | Value::Day(_) => {
            let mut cell = String::new();
            csv_table::put_plain(&mut cell, value, Some(kind));
            text(&cell)
        }
    }
}

/// Money and days that a spreadsheet can count with, as numbers with their look.
fn number_in_format<'f>(value: &Value, kind: Kind, formats: &'f Formats) -> Option<(f64, &'f Format)> {
    match value {
        Value::Fen(fen) if fen.0.abs() < NUMBER_MAX * 100 => Some((fen.0 as f64 / 100.0, &formats.money)),
        Value::Day(day) if kind != Kind::Month => serial_of(*day).map(|serial| (serial, &formats.day)),
        _ => None,
    }
}

/// The serial number of a day from 1 March 1900 on; spreadsheets count the days before wrongly.
pub(crate) fn serial_of(day: Day) -> Option<f64> {
    let serial = day.epoch_days() + 25_569;
    (61..2_958_466).contains(&serial).then(|| f64::from(serial))
}

/// As much of a text as a cell can hold.
pub(crate) fn fitting(text: &str) -> &str {
    if text.len() <= TEXT_UNITS_MAX {
        return text;
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > TEXT_UNITS_MAX
    });
    end.map_or(text, |(end, _)| &text[..end])
}
