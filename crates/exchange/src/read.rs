//! Reading a delivered file.

use crate::heading::{Headings, ROWS_SEARCHED, Spellings};
use crate::judge::{Judge, Judged};
use crate::raw::{RawFile, RawRow};
use crate::seen::Seen;
use crate::{Chunk, HeadingUse, Limits, Missing, Options, Progress, Refusal, Shape, SheetRead, Summary};
use model::{Fault, FaultKind, Row, Value};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

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
    let sheets = fitting_sheets(&mut file, shape, options)?;
    let mut reading = Reading::new(name, limits, sink);
    let mut read_sheets = Vec::new();
    for sheet in &sheets.fitting {
        let before = reading.rows_seen;
        reading.sheet(&mut file, shape, sheet)?;
        read_sheets.push(SheetRead {
            name: sheet.name.clone(),
            heading_row: sheet.headings.row,
            width: sheet.headings.texts.len() as u32,
            rows_seen: reading.rows_seen - before,
        });
    }
    reading.hand_out()?;
    if reading.rows_seen == 0 {
        return Err(Refusal::Empty { file: name.to_owned() });
    }
    let headings = sheets.fitting.first().map(|sheet| &sheet.headings);
    Ok(Summary {
        file: name.to_owned(),
        format: file.format,
        encoding: file.encoding,
        sheets: read_sheets,
        sheets_left: sheets.left,
        rows_seen: reading.rows_seen,
        rows_good: reading.rows_good,
        rows_dropped: reading.rows_seen - reading.rows_good,
        faults: reading.counts,
        headings: headings.map(|headings| uses(shape, headings)).unwrap_or_default(),
        headings_left: headings.map(Headings::left).unwrap_or_default(),
        file_hash: file.hash,
        fingerprint: format!("{:032x}", reading.fingerprint),
    })
}

fn uses(shape: &Shape<'_>, headings: &Headings) -> Vec<HeadingUse> {
    let one = |(column, index): (&policy::declare::Column, &Option<usize>)| HeadingUse {
        column: column.name.clone(),
        heading: index.map(|index| headings.texts[index].clone()),
        index: index.and_then(|index| u32::try_from(index).ok()),
    };
    shape.columns.iter().zip(&headings.of_column).map(one).collect()
}

struct Sheets {
    fitting: Vec<Sheet>,
    left: Vec<String>,
}

struct Sheet {
    at: usize,
    name: Option<String>,
    headings: Headings,
}

/// The sheets whose headings fit; a refusal about the best one when none does.
fn fitting_sheets(file: &mut RawFile, shape: &Shape<'_>, options: &Options<'_>) -> Result<Sheets, Refusal> {
    let spellings = Spellings::of(shape, options.mapping);
    let mut sheets = Sheets { fitting: Vec::new(), left: Vec::new() };
    let mut best: Option<(usize, Refusal)> = None;
    for (at, name) in file.sheets().into_iter().enumerate() {
        let top = top_rows(file, at)?;
        if top.is_empty() {
            sheets.left.extend(name);
            continue;
        }
        let found = spellings.find(&top);
        let matched = found.as_ref().map_or(0, Headings::matched);
        match fits(found, &top, shape, options, &file.name) {
            Ok(headings) => sheets.fitting.push(Sheet { at, name, headings }),
            Err(refusal) => {
                sheets.left.extend(name);
                if best.as_ref().is_none_or(|(most, _)| matched > *most) {
                    best = Some((matched, refusal));
                }
            }
        }
    }
    match best {
        Some((_, refusal)) if sheets.fitting.is_empty() => Err(refusal),
        None if sheets.fitting.is_empty() => Err(Refusal::Empty { file: file.name.clone() }),
        _ => Ok(sheets),
    }
}

/// The first rows that are not blank.
fn top_rows(file: &mut RawFile, sheet: usize) -> Result<Vec<RawRow>, Refusal> {
    let mut top = Vec::new();
    file.visit(sheet, None, &mut |row, _| {
        if !row.is_blank() {
            top.push(row.clone());
        }
        let is_enough = top.len() >= ROWS_SEARCHED || row.number >= 100;
        Ok(if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(top)
}

/// The headings, when they are this shape's.
fn fits(
    found: Option<Headings>,
    top: &[RawRow],
    shape: &Shape<'_>,
    options: &Options<'_>,
    file: &str,
) -> Result<Headings, Refusal> {
    let expected = || shape.columns.iter().map(|column| column.label.clone()).collect::<Vec<_>>();
    let matched = found.as_ref().map_or(0, Headings::matched);
    let looks_like = better_fit(top, shape, options, matched);
    let Some(headings) = found.filter(|_| matched > 1 || shape.columns.len() == 1 || looks_like.is_some()) else {
        let other = looks_like.map(|other| other.label.to_owned());
        let (file, expected, seen) = (file.to_owned(), expected(), first_texts(top));
        return Err(match other {
            None => Refusal::NoHeadings { file, expected, seen },
            looks_like => Refusal::WrongSource { file, label: shape.label.to_owned(), looks_like, expected, seen },
        });
    };
    let is_poor = matched * 2 < shape.columns.len() && options.mapping.is_none();
    if is_poor || looks_like.is_some() {
        return Err(Refusal::WrongSource {
            file: file.to_owned(),
            label: shape.label.to_owned(),
            looks_like: looks_like.map(|other| other.label.to_owned()),
            expected: expected(),
            seen: headings.seen(),
        });
    }
    let missing = missing(shape, &headings);
    if missing.is_empty() {
        return Ok(headings);
    }
    let seen = headings.seen();
    Err(Refusal::MissingHeadings { file: file.to_owned(), label: shape.label.to_owned(), missing, seen })
}

/// Another shape that the headings fit clearly better.
fn better_fit<'o>(top: &[RawRow], shape: &Shape<'_>, options: &Options<'o>, matched: usize) -> Option<&'o Shape<'o>> {
    if matched * 5 >= shape.columns.len() * 4 || options.mapping.is_some() {
        return None;
    }
    let others = options.others.iter().filter(|other| other.name != shape.name);
    let scored = others.filter_map(|other| {
        let found = Spellings::of(other, None).find(top)?;
        let is_complete = missing(other, &found).is_empty() && found.matched() * 2 >= other.columns.len();
        (is_complete && found.matched() > matched).then_some((found.matched(), other))
    });
    scored.max_by_key(|(matched, _)| *matched).map(|(_, other)| other)
}

/// Columns that every file of the shape has, and this one lacks.
fn missing(shape: &Shape<'_>, headings: &Headings) -> Vec<Missing> {
    let is_needed = |name: &str, required: bool| {
        required || shape.key.iter().any(|key| key == name) || shape.identity == Some(name)
    };
    let left = headings.left();
    let lacking = shape
        .columns
        .iter()
        .zip(&headings.of_column)
        .filter(|(column, index)| index.is_none() && is_needed(&column.name, column.required));
    lacking
        .map(|(column, _)| {
            let alike = |text: &&String| strsim::jaro_winkler(text, &column.label) > 0.75;
            Missing { heading: column.label.clone(), nearest: left.iter().find(alike).cloned() }
        })
        .collect()
}

fn first_texts(top: &[RawRow]) -> Vec<String> {
    let texts = top.iter().take(3).flat_map(|row| &row.cells).filter_map(|cell| match cell {
        crate::raw::RawCell::Text(text) => Some(crate::cell::text::shortened(text, 20).into_owned()),
        _ => None,
    });
    texts.take(12).collect()
}

/// A reading under way.
struct Reading<'r> {
    name: &'r str,
    limits: &'r Limits,
    sink: &'r mut dyn FnMut(Chunk) -> ControlFlow<()>,
    chunk: Chunk,
    seen: Seen,
    rows_seen: u64,
    rows_good: u64,
    counts: BTreeMap<FaultKind, u64>,
    fingerprint: u128,
    bytes: Vec<u8>,
}

impl<'r> Reading<'r> {
    fn new(name: &'r str, limits: &'r Limits, sink: &'r mut dyn FnMut(Chunk) -> ControlFlow<()>) -> Reading<'r> {
        Reading {
            name,
            limits,
            sink,
            chunk: Chunk::default(),
            seen: Seen::new(),
            rows_seen: 0,
            rows_good: 0,
            counts: BTreeMap::new(),
            fingerprint: 0,
            bytes: Vec::new(),
        }
    }

    fn sheet(&mut self, file: &mut RawFile, shape: &Shape<'_>, sheet: &Sheet) -> Result<(), Refusal> {
        let judge = Judge::new(shape, &sheet.headings, file.format, self.name, sheet.name.as_deref(), self.limits);
        let width = Some(sheet.headings.texts.len());
        if self.chunk.sheet != sheet.name {
            self.hand_out()?;
            self.chunk.sheet = sheet.name.clone();
        }
        file.visit(sheet.at, width, &mut |row, (done, total)| {
            if row.number > sheet.headings.row {
                let judged = judge.judge(row);
                self.take(&judge, judged)?;
                self.chunk.progress = Progress { rows_seen: self.rows_seen, done, total };
                if self.chunk.rows.len().max(self.chunk.faults.len()) >= self.limits.chunk_rows {
                    self.hand_out()?;
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    }

    fn take(&mut self, judge: &Judge<'_>, judged: Judged) -> Result<(), Refusal> {
        if judged.is_blank {
            return Ok(());
        }
        self.rows_seen += 1;
        if self.rows_seen > self.limits.rows_max {
            let (found, limit) = (self.rows_seen, self.limits.rows_max);
            return Err(Refusal::TooLarge { file: self.name.to_owned(), unit: "rows", found, limit });
        }
        let Some(row) = judged.row else {
            judged.faults.into_iter().for_each(|fault| self.fault(fault));
            return Ok(());
        };
        let content = self.hash(&row, None);
        let key = if judge.key().is_empty() { content } else { self.hash(&row, Some(judge.key())) };
        let earlier = self
            .seen
            .note(key, content, row.number)
            .map_err(|source| Refusal::Unreadable { path: std::env::temp_dir(), source })?;
        match earlier {
            Some(earlier) => self.fault(judge.repeated(&row, earlier)),
            None => {
                judged.faults.into_iter().for_each(|fault| self.fault(fault));
                self.fingerprint =
                    self.fingerprint.wrapping_add(u128::from_le_bytes(std::array::from_fn(|at| content[at])));
                self.rows_good += 1;
                self.chunk.rows.push(row);
            }
        }
        Ok(())
    }

    fn fault(&mut self, fault: Fault) {
        *self.counts.entry(fault.kind).or_default() += 1;
        self.chunk.faults.push(fault);
    }

    /// The hash of some of a row's cells, or of all.
    fn hash(&mut self, row: &Row, columns: Option<&[usize]>) -> [u8; 32] {
        self.bytes.clear();
        match columns {
            Some(columns) => columns.iter().for_each(|at| put(&row.cells[*at], &mut self.bytes)),
            None => row.cells.iter().for_each(|cell| put(cell, &mut self.bytes)),
        }
        *blake3::hash(&self.bytes).as_bytes()
    }

    fn hand_out(&mut self) -> Result<(), Refusal> {
        let next = Chunk { sheet: self.chunk.sheet.clone(), progress: self.chunk.progress, ..Chunk::default() };
        let full = std::mem::replace(&mut self.chunk, next);
        if full.rows.is_empty() && full.faults.is_empty() {
            return Ok(());
        }
        match (self.sink)(full) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Refusal::Stopped { file: self.name.to_owned() }),
        }
    }
}

/// A value as bytes that no other value has.
fn put(value: &Value, bytes: &mut Vec<u8>) {
    match value {
        Value::Null => bytes.push(0),
        Value::Bool(truth) => bytes.extend([1, u8::from(*truth)]),
        Value::Int(number) => {
            bytes.push(2);
            bytes.extend(number.to_le_bytes());
        }
        Value::Decimal(number) => {
            bytes.push(3);
            bytes.extend(number.normalize().serialize());
        }
        Value::Fen(fen) => {
            bytes.push(4);
            bytes.extend(fen.0.to_le_bytes());
        }
        Value::Day(day) => {
            bytes.push(5);
            bytes.extend(day.epoch_days().to_le_bytes());
        }
        Value::Text(text) => {
            bytes.push(6);
            bytes.extend((text.len() as u32).to_le_bytes());
            bytes.extend(text.as_bytes());
        }
    }
}
