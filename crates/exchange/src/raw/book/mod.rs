//! Workbooks (XLSX and its kin), row by row from the stream; no sheet is ever held as a whole.
//!
//! Why this is read by code of our own: `docs/decisions/0011-reading-workbooks.md`.

mod archive;
mod cells;
mod merged;
mod package;
mod reference;
mod serial;
mod styles;
mod survey;
mod texts;
mod trouble;
mod xml;

pub(crate) use merged::MergedCells;
pub(crate) use reference::Area;
pub(crate) use serial::{YEARS_1904, day_of_serial, moment_of_serial};
pub(crate) use trouble::Trouble;

use super::guard::unless_panicking;
use super::{RawCell, RawRow, Visit};
use crate::ground::own_sheets::is_own;
use crate::ground::shown_number::shown_number;
use crate::{Limits, Refusal};
use archive::Archive;
use cells::{CellRows, Meaning};
use model::written::without_numbers;
use package::{Package, SheetPart};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use survey::Survey;

/// Bytes of the part with the formats of cells.
const STYLES_BYTES_MAX: u64 = 64 << 20;

/// A workbook, open.
pub(crate) struct Book {
    path: PathBuf,
    name: String,
    limits: Limits,
    archive: Archive,
    meaning: Meaning,
    sheets: Vec<(SheetPart, Survey)>,
    /// Sheets of ours that nobody fills in, whether they are hidden or somebody has made them visible.
    own: Vec<SheetPart>,
    /// Names of other sheets that are not shown.
    pub hidden_sheets: Vec<String>,
}

/// What is done with the texts of a row; `Break` ends the sheet.
pub(crate) type VisitTexts<'v> = dyn FnMut(&[String]) -> ControlFlow<()> + 'v;

impl Book {
    /// Opens a workbook and looks once through all its sheets, so that what is broken is found before any row is taken.
    pub fn checked(path: &Path, name: &str, limits: &Limits) -> Result<Book, Refusal> {
        let opened = guarded(|| Book::open(path, name, limits));
        opened.map_err(|trouble| trouble.of(path, name))
    }

    fn open(path: &Path, name: &str, limits: &Limits) -> Result<Book, Trouble> {
        let mut archive = Archive::open(path, limits)?;
        let mut package = Package::read(&mut archive, limits)?;
        hide_numbers(&mut package.sheets);
        let (own, others) = package.sheets.into_iter().partition::<Vec<_>, _>(|sheet| is_own(&sheet.name));
        let (hidden, shown) = others.into_iter().partition::<Vec<_>, _>(|sheet| sheet.is_hidden);
        if shown.is_empty() {
            return Err(Trouble::NoSheet);
        }
        let held_max = limits.shared_text_bytes_max;
        let mut meaning = Meaning { is_1904: package.is_1904, ..Meaning::default() };
        if let Some(part) = package.shared_texts {
            let bytes = archive.bytes(part)?.min(held_max);
            meaning.texts = texts::SharedTexts::read(archive.part(part, held_max)?, bytes)?;
        }
        if let Some(part) = package.styles {
            meaning.styles = styles::Styles::read(archive.part(part, held_max.min(STYLES_BYTES_MAX))?)?;
        }
        let mut sheets = Vec::with_capacity(shown.len());
        for sheet in shown {
            let survey = Survey::of(archive.part(sheet.part, u64::MAX)?)?;
            sheets.push((sheet, survey));
        }
        Ok(Book {
            path: path.to_owned(),
            name: name.to_owned(),
            limits: limits.clone(),
            archive,
            meaning,
            sheets,
            own,
            hidden_sheets: hidden.into_iter().map(|sheet| sheet.name).collect(),
        })
    }

    /// Names of the visible sheets, in the workbook's order.
    pub fn sheets(&self) -> Vec<String> {
        self.sheets.iter().map(|(sheet, _)| sheet.name.clone()).collect()
    }

    /// Merged cells of a sheet, counted from 0; none of a sheet that is not there.
    pub fn merged(&self, sheet: usize) -> &[Area] {
        self.sheets.get(sheet).map_or(&[], |(_, survey)| &survey.merged)
    }

    /// True when the column, counted from 0, is hidden in the sheet.
    pub fn hides_column(&self, sheet: usize, column: usize) -> bool {
        let column = u32::try_from(column).unwrap_or(u32::MAX);
        self.sheets.get(sheet).is_some_and(|(_, survey)| survey.hidden.iter().any(|range| range.contains(&column)))
    }

    /// True when days are counted from 1904, as workbooks of old Macs do.
    pub fn is_1904(&self) -> bool {
        self.meaning.is_1904
    }

    /// Walks the rows of a sheet that have a value.
    pub fn visit(&mut self, sheet: usize, visit: &mut Visit<'_>) -> Result<(), Refusal> {
        let Some((SheetPart { part, .. }, survey)) = self.sheets.get(sheet) else { return Ok(()) };
        let told = |trouble: Trouble| trouble.of(&self.path, &self.name);
        let part = self.archive.part(*part, u64::MAX).map_err(told)?;
        let mut rows = guarded(|| CellRows::new(part, &self.meaning, &self.limits)).map_err(told)?;
        let mut row = RawRow::default();
        while guarded(|| rows.next_row(&mut row)).map_err(told)? {
            let work = (rows.position().min(survey.rows_bytes), survey.rows_bytes);
            if visit(&mut row, work)?.is_break() {
                return Ok(());
            }
        }
        // Where the rows end was looked for as bytes before; a comment may have looked like their end.
        if rows.position() != survey.rows_end {
            return Err(told(Trouble::Broken("damaged_no_data_end")));
        }
        Ok(())
    }

    /// Walks the rows of all sheets of ours whose name begins so; all cells that hold something as texts.
    pub fn visit_own(&mut self, beginning: &str, visit: &mut VisitTexts<'_>) -> Result<(), Refusal> {
        let told = |trouble: Trouble| trouble.of(&self.path, &self.name);
        for sheet in self.own.iter().filter(|sheet| sheet.name.starts_with(beginning)) {
            let part = self.archive.part(sheet.part, u64::MAX).map_err(told)?;
            let mut rows = guarded(|| CellRows::new(part, &self.meaning, &self.limits)).map_err(told)?;
            let mut row = RawRow::default();
            while guarded(|| rows.next_row(&mut row)).map_err(told)? {
                let texts: Vec<String> = row.cells.iter().filter_map(text_of).collect();
                if visit(&texts).is_break() {
                    break;
                }
            }
        }
        Ok(())
    }
}

fn text_of(cell: &RawCell) -> Option<String> {
    match cell {
        RawCell::Text(text) => Some(text.clone()),
        RawCell::Number(number) => Some(shown_number(*number)),
        _ => None,
    }
}

/// A step of the reader. It is written never to panic; should it do so all the same, the workbook is refused like any damaged one.
fn guarded<T>(step: impl FnOnce() -> Result<T, Trouble>) -> Result<T, Trouble> {
    unless_panicking(step).unwrap_or(Err(Trouble::Broken("damaged_sheet")))
}

/// Sheets are called after people, and their names are shown and kept: without what may be somebody's number, each still by its own.
fn hide_numbers(sheets: &mut [SheetPart]) {
    let mut taken = std::collections::BTreeSet::new();
    for (at, sheet) in sheets.iter_mut().enumerate() {
        let shown = without_numbers(&sheet.name);
        sheet.name = if taken.contains(&shown) { format!("{shown}（{}）", at + 1) } else { shown };
        taken.insert(sheet.name.clone());
    }
}
