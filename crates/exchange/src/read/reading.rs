//! The last stage of a reading: repeated rows, counts and chunks, in the order of the file.

use super::sheets::Sheet;
use super::{key_texts, pipeline};
use crate::ground::note::Notes;
use crate::judge::{EarlierRow, Judge, Judged, SheetOrigin};
use crate::raw::RawFile;
use crate::read::seen::{Earlier, Seen};
use crate::{Chunk, HeadingUse, Limits, Progress, Refusal, RowCounts, Shape, SkipReason, Stamp};
use model::{Fault, FaultKind, Row, Value};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

/// A reading under way.
pub(super) struct Reading<'r> {
    name: &'r str,
    limits: &'r Limits,
    sink: &'r mut dyn FnMut(Chunk) -> ControlFlow<()>,
    chunk: Chunk,
    seen: Seen,
    /// Rows have given themselves numbers of records.
    has_numbers: bool,
    sheets: SheetRows,
    /// Rows of all sheets, blank ones left out.
    rows_judged: u64,
    rows_seen: u64,
    /// Of the sheet that is read.
    rows: RowCounts,
    last_number: u32,
    pub counts: BTreeMap<FaultKind, u64>,
    pub fingerprint: u128,
    /// Rows that repeat an earlier one are taken, too.
    pub takes_repeated: bool,
    /// The form that a workbook of ours was made with.
    pub stamp: Option<Stamp>,
    pub notes: Notes,
    bytes: Vec<u8>,
}

impl<'r> Reading<'r> {
    /// A reading of one file, whose chunks go to `sink` until it breaks off.
    pub fn new(name: &'r str, limits: &'r Limits, sink: &'r mut dyn FnMut(Chunk) -> ControlFlow<()>) -> Reading<'r> {
        Reading {
            name,
            limits,
            sink,
            chunk: Chunk::default(),
            seen: Seen::new(),
            has_numbers: false,
            sheets: SheetRows::default(),
            rows_judged: 0,
            rows_seen: 0,
            rows: RowCounts::default(),
            last_number: 0,
            counts: BTreeMap::new(),
            fingerprint: 0,
            takes_repeated: false,
            stamp: None,
            notes: Notes::default(),
            bytes: Vec::new(),
        }
    }

    /// The rows that follow stand under these headings.
    pub fn begin_sheet(&mut self, headings: Arc<[HeadingUse]>) -> Result<(), Refusal> {
        if self.chunk.headings != headings {
            self.hand_out()?;
            self.chunk.headings = headings;
        }
        Ok(())
    }

    /// Reads the rows of a sheet, and counts them.
    pub fn sheet(&mut self, file: &mut RawFile, shape: &Shape<'_>, sheet: &Sheet) -> Result<RowCounts, Refusal> {
        let path = file.path().to_owned();
        let (name, limits) = (self.name, self.limits);
        let key_texts = |column: usize| key_texts::of_column(&path, name, limits, sheet, column);
        let origin = SheetOrigin {
            format: file.format,
            file: self.name,
            sheet: sheet.name.as_deref(),
            is_export: sheet.is_export,
            is_stamped: self.stamp.is_some(),
            within: self.stamp.as_ref().and_then(|stamp| stamp.place),
            is_1904: file.is_1904(),
            key_texts: &key_texts,
        };
        let judge = Judge::new(shape, &sheet.headings, origin, self.limits);
        if self.chunk.sheet != sheet.name {
            self.hand_out()?;
            self.chunk.sheet = sheet.name.clone();
        }
        self.sheets.begin(sheet.name.clone());
        (self.rows, self.last_number) = (RowCounts::default(), sheet.headings.row);
        let head = pipeline::run(file, sheet, &judge, &mut |judged, (done, total)| {
            for judged in judged {
                self.take(&judge, judged)?;
                self.chunk.progress = Progress { rows_seen: self.rows_seen, done, total };
                if self.chunk.rows.len().max(self.chunk.faults.len()) >= self.limits.chunk_rows {
                    self.hand_out()?;
                }
            }
            Ok(())
        })?;
        let mut rows = std::mem::take(&mut self.rows);
        rows.in_file = u64::from(self.last_number);
        rows.skip(SkipReason::AboveHeadings, head.above);
        rows.skip(SkipReason::Headings, head.headings);
        rows.skip(SkipReason::Empty, u64::from(sheet.headings.row).saturating_sub(head.above + head.headings));
        Ok(rows)
    }

    /// Rows without a text between the last one and this.
    fn pass_blank(&mut self, number: u32) {
        let between = number.saturating_sub(self.last_number).saturating_sub(1);
        self.rows.skip(SkipReason::Empty, u64::from(between));
        self.last_number = number;
    }

    fn take(&mut self, judge: &Judge<'_>, judged: Judged) -> Result<(), Refusal> {
        if judged.is_blank {
            return Ok(());
        }
        self.pass_blank(judged.number);
        self.rows_judged += 1;
        if self.rows_judged > self.limits.rows_max {
            let (found, limit) = (self.rows_judged, self.limits.rows_max);
            return Err(Refusal::TooLarge { file: self.name.to_owned(), unit: "rows", found, limit });
        }
        if let Some(doubt) = judged.doubt {
            return Err(judge.refusal(judged.number, doubt));
        }
        if let Some(reason) = judged.skipped {
            self.rows.skip(reason, 1);
            judged.faults.into_iter().for_each(|fault| self.fault(fault));
            return Ok(());
        }
        self.rows_seen += 1;
        self.rows.dropped += 1;
        judged.notes.iter().for_each(|kind| self.notes.add(*kind, self.chunk.sheet.as_deref(), 1));
        let Some(row) = judged.row else {
            self.chunk.left_out.extend(judged.left_out);
            judged.faults.into_iter().for_each(|fault| self.fault(fault));
            return Ok(());
        };
        let content = self.hash(&row, None);
        let earlier = match self.takes_repeated {
            true => Ok(None),
            false => self.earlier(judge, &row, content),
        };
        match earlier.map_err(|source| Refusal::Unreadable { path: std::env::temp_dir(), source })? {
            Some(earlier) => {
                let (sheet, number) = self.sheets.find(earlier.row);
                let earlier = EarlierRow { sheet, row: number, is_same: earlier.is_same };
                let fault = judge.repeated(&row, &earlier);
                self.fault(fault);
            }
            None => {
                judged.faults.into_iter().for_each(|fault| self.fault(fault));
                self.fingerprint =
                    self.fingerprint.wrapping_add(u128::from_le_bytes(std::array::from_fn(|at| content[at])));
                self.rows.good += 1;
                self.rows.dropped -= 1;
                self.chunk.rows.push(row);
            }
        }
        Ok(())
    }

    /// The earlier row that this one repeats. Two records that are held may have keys that fold to one: their numbers tell them apart. A
    /// row without a number is the record of its key.
    fn earlier(&mut self, judge: &Judge<'_>, row: &Row, content: [u8; 32]) -> std::io::Result<Option<Earlier>> {
        let number = self.sheets.count_on(row.number);
        let key = if judge.key().is_empty() { content } else { self.hash(row, Some(judge.key())) };
        let Some((keys, record)) = judge.key_and_number(row) else { return self.seen.note(key, content, number) };
        let is_numbered = !row.cells[record].is_null();
        let plain = match is_numbered {
            true => {
                let mut plain = row.clone();
                plain.cells[record] = Value::Null;
                plain
            }
            // Most files have no numbers, and nothing more to look for.
            false if !self.has_numbers => return self.seen.note(key, content, number),
            false => row.clone(),
        };
        let (without, any, content_of) =
            (self.hash(&plain, Some(judge.key())), self.hash(&plain, Some(keys)), self.hash(&plain, None));
        let other = self.seen.look(if is_numbered { without } else { any }, content_of)?;
        if other.is_some() {
            return Ok(other);
        }
        let earlier = self.seen.note(key, content, number)?;
        if is_numbered && earlier.is_none() {
            self.has_numbers = true;
            self.seen.note(any, content_of, number)?;
        }
        Ok(earlier)
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

    /// Gives what was gathered to the sink and goes on with an empty chunk.
    ///
    /// # Errors
    /// `Refusal` when the sink broke off.
    pub fn hand_out(&mut self) -> Result<(), Refusal> {
        let next = Chunk {
            sheet: self.chunk.sheet.clone(),
            progress: self.chunk.progress,
            headings: Arc::clone(&self.chunk.headings),
            ..Chunk::default()
        };
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

/// Numbers of rows counted on from sheet to sheet, so that one number tells both.
#[derive(Default)]
struct SheetRows {
    /// The sheets begun so far, each with the count before its first row.
    begun: Vec<(u32, Option<String>)>,
    last: u32,
}

impl SheetRows {
    fn begin(&mut self, sheet: Option<String>) {
        self.begun.push((self.last, sheet));
    }

    /// The count of a row of the newest sheet.
    fn count_on(&mut self, row: u32) -> u32 {
        let before = self.begun.last().map_or(0, |(before, _)| *before);
        self.last = before.saturating_add(row);
        self.last
    }

    /// The sheet, where it is not the newest, and the number of the row that was counted so.
    fn find(&self, counted: u32) -> (Option<&str>, u32) {
        let at = self.begun.partition_point(|(before, _)| *before < counted).saturating_sub(1);
        let Some((before, sheet)) = self.begun.get(at) else { return (None, counted) };
        let is_newest = at + 1 == self.begun.len();
        (sheet.as_deref().filter(|_| !is_newest), counted - before)
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
