//! Reading a delivered file.

mod above;
mod fitting;
mod key_texts;
pub(crate) mod options;
mod pipeline;
mod reading;
mod seen;
mod sheets;
pub(crate) mod summary;

use crate::ground::letters::letters;
use crate::heading::Headings;
use crate::raw::RawFile;
use crate::{
    Chunk, FileHash, HeadingUse, Limits, NoteKind, Options, Part, Refusal, RowCounts, Shape, SheetRead, Stamp, Summary,
};
use reading::Reading;
use sheets::Sheets;
use std::ops::ControlFlow;
use std::path::Path;
use words::Wording;

/// Reads a delivered file as `shape` says and hands its rows and faults to `sink`, chunk by chunk in the file's order.
///
/// XLSX, CSV and Parquet are told apart by their bytes. In a workbook every sheet whose headings fit is read. Memory stays
/// flat whatever the size. When `sink` breaks, the reading ends with `Refusal::Stopped`.
///
/// # Errors
/// A `Refusal` when the file is not a table of this shape; chunks that `sink` was given before must then be thrown away.
pub fn read(
    path: &Path,
    shape: &Shape<'_>,
    options: &Options<'_>,
    sink: &mut dyn FnMut(Chunk) -> ControlFlow<()>,
) -> Result<Summary, Refusal> {
    let own_limits = Limits::default();
    let limits = options.limits.unwrap_or(&own_limits);
    let in_path = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let name = options.file_name.unwrap_or(&in_path);
    let mut file = RawFile::open(path, name, limits)?;
    let file_hash = options.hash.map_or_else(|| hash_of(path), |hash| Ok(hash.hex.clone()))?;
    let stamp = Stamp::of_file(&mut file);
    let mut sheets = sheets::fitting_sheets(&mut file, stamp.is_some(), shape, options)?;
    let mut reading = Reading::new(name, limits, sink);
    reading.stamp = stamp;
    // Children have no key of their own: two that say the same are two.
    reading.takes_repeated = options.part.is_some_and(|part| !part.parent_key.is_empty());
    let mut read_sheets = Vec::new();
    note_sheets(&file, &sheets, &mut reading);
    for sheet in &mut sheets.fitting {
        reading.begin_sheet(uses(shape, &sheet.headings).into())?;
        reading.notes.append(std::mem::take(&mut sheet.notes));
        let counts = reading.sheet(&mut file, shape, sheet)?;
        read_sheets.push(SheetRead {
            name: sheet.name.clone(),
            heading_row: sheet.headings.row,
            width: sheet.headings.texts.len() as u32,
            rows_seen: counts.seen(),
            counts,
        });
    }
    reading.hand_out()?;
    let mut rows = RowCounts::default();
    read_sheets.iter().for_each(|sheet| rows.add(&sheet.counts));
    // A sheet of children without rows says that there are none.
    if rows.seen() == 0 && !reading.takes_repeated {
        return Err(Refusal::Empty { file: name.to_owned() });
    }
    let first = sheets.fitting.first();
    Ok(Summary {
        file: name.to_owned(),
        format: file.format,
        encoding: file.encoding,
        sheets: read_sheets,
        sheets_left: sheets.left,
        rows_in_file: rows.in_file,
        rows_seen: rows.seen(),
        rows_good: rows.good,
        rows_dropped: rows.dropped,
        skipped: rows.skipped,
        faults: reading.counts,
        headings: first.map(|sheet| uses(shape, &sheet.headings)).unwrap_or_default(),
        unused: first.map(|sheet| sheet.unused.clone()).unwrap_or_default(),
        chosen: first.map(|sheet| chosen(options, shape, &sheet.headings)).unwrap_or_default(),
        notes: reading.notes.finish(),
        stamp: reading.stamp,
        file_hash,
        fingerprint: format!("{:032x}", reading.fingerprint),
    })
}

fn hash_of(path: &Path) -> Result<String, Refusal> {
    let hash = FileHash::of_file(path).map_err(|source| Refusal::Unreadable { path: path.to_owned(), source })?;
    Ok(hash.hex)
}

/// Reads one part of a register: of a workbook its own sheets, of another file the whole. As `read`, but where the part is a
/// child's, a workbook without its sheet gives `None`, and one whose sheet has headings and no rows a summary without rows.
///
/// `parts`: all parts of the register, `at` the one that is read, `shape` the shape of that one.
///
/// # Errors
/// As `read`.
pub fn read_part(
    path: &Path,
    parts: &[Part],
    at: usize,
    shape: &Shape<'_>,
    options: &Options<'_>,
    sink: &mut dyn FnMut(Chunk) -> ControlFlow<()>,
) -> Result<Option<Summary>, Refusal> {
    let is_child = parts.get(at).is_some_and(|part| !part.parent_key.is_empty());
    // The records themselves are found on any sheet, whatever people have called it; children only on their own.
    let options = match parts.get(at).filter(|_| is_child) {
        Some(part) => Options { part: Some(part), ..*options },
        None => Options { other_parts: parts.get(1..).unwrap_or_default(), ..*options },
    };
    match read(path, shape, &options, sink) {
        Err(Refusal::Empty { .. }) if is_child => Ok(None),
        read => read.map(Some),
    }
}

/// Notes what of a workbook is not shown and what was done with it.
fn note_sheets(file: &RawFile, sheets: &Sheets, reading: &mut Reading<'_>) {
    let is_child = reading.takes_repeated;
    if !is_child {
        reading.notes.add_named(NoteKind::HiddenSheets, None, same(file.hidden_sheets()));
    }
    if sheets.fitting.len() > 1 && !is_child {
        let names = same(sheets.fitting.iter().filter_map(|sheet| sheet.name.clone()));
        reading.notes.add_named(NoteKind::SheetsInOrder, None, names);
    }
    for sheet in &sheets.fitting {
        let is_hidden = |at: &usize| sheet.headings.feeds(*at) && file.hides_column(sheet.at, *at);
        let hidden = same((0..sheet.headings.texts.len()).filter(is_hidden).map(letters));
        reading.notes.add_named(NoteKind::HiddenColumns, sheet.name.as_deref(), hidden);
    }
}

/// Names that are the same in every language.
fn same(names: impl IntoIterator<Item = String>) -> Vec<Wording> {
    names.into_iter().map(Wording::same).collect()
}

fn uses(shape: &Shape<'_>, headings: &Headings) -> Vec<HeadingUse> {
    let one = |at: usize| {
        let index = headings.of_column[at];
        HeadingUse {
            column: shape.columns[at].name.clone(),
            heading: index.map(|index| headings.shown[index].clone().unwrap_or_else(|| letters(index))),
            index: index.and_then(|index| u32::try_from(index).ok()),
            is_fed: headings.is_fed(at),
        }
    };
    (0..shape.columns.len()).map(one).collect()
}

/// What a person chose of this file, and how it can be remembered.
fn chosen(options: &Options<'_>, shape: &Shape<'_>, headings: &Headings) -> Vec<(String, Option<String>)> {
    let asked = options.mapping.into_iter().flat_map(|mapping| mapping.headings.keys());
    let one = |name: &String| {
        let place = headings.of_column[shape.position(name)?]?;
        Some((name.clone(), headings.remembered_as(place)))
    };
    asked.filter_map(one).collect()
}
