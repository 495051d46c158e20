//! The last stage of a reading: repeated rows, counts and chunks, in the order of the file.

use super::sheets::Sheet;
use super::{key_texts, pipeline};
use crate::judge::{Judge, Judged, SheetOrigin};
use crate::note::Notes;
use crate::raw::RawFile;
use crate::seen::{Earlier, Seen};
use crate::{Chunk, HeadingUse, Limits, Progress, Refusal, Shape};
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
    pub rows_seen: u64,
    pub rows_good: u64,
    pub counts: BTreeMap<FaultKind, u64>,
    pub fingerprint: u128,
    /// Rows that repeat an earlier one are taken, too.
    pub takes_repeated: bool,
    pub notes: Notes,
    bytes: Vec<u8>,
}

impl<'r> Reading<'r> {
    pub fn new(name: &'r str, limits: &'r Limits, sink: &'r mut dyn FnMut(Chunk) -> ControlFlow<()>) -> Reading<'r> {
        Reading {
            name,
            limits,
            sink,
            chunk: Chunk::default(),
            seen: Seen::new(),
            has_numbers: false,
            rows_seen: 0,
            rows_good: 0,
            counts: BTreeMap::new(),
            fingerprint: 0,
            takes_repeated: false,
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

    pub fn sheet(&mut self, file: &mut RawFile, shape: &Shape<'_>, sheet: &Sheet) -> Result<(), Refusal> {
        let path = file.path().to_owned();
        let key_texts = |column: usize| key_texts::of_column((&path, self.name), self.limits, sheet, column);
        let origin = SheetOrigin {
            format: file.format,
            file: self.name,
            sheet: sheet.name.as_deref(),
            is_export: sheet.is_export,
            is_stamped: file.stamp.is_some(),
            within: file.stamp.as_ref().and_then(|stamp| stamp.place),
            key_texts: &key_texts,
        };
        let judge = Judge::new(shape, &sheet.headings, origin, self.limits);
        if self.chunk.sheet != sheet.name {
            self.hand_out()?;
            self.chunk.sheet = sheet.name.clone();
        }
        pipeline::run(file, sheet, &judge, &mut |judged, (done, total)| {
            for judged in judged {
                self.take(&judge, judged)?;
                self.chunk.progress = Progress { rows_seen: self.rows_seen, done, total };
                if self.chunk.rows.len().max(self.chunk.faults.len()) >= self.limits.chunk_rows {
                    self.hand_out()?;
                }
            }
            Ok(())
        })
    }

    fn take(&mut self, judge: &Judge<'_>, judged: Judged) -> Result<(), Refusal> {
        if judged.is_blank {
            return Ok(());
        }
        self.rows_seen += 1;
        judged.notes.iter().for_each(|kind| self.notes.add(*kind, self.chunk.sheet.as_deref(), 1));
        if self.rows_seen > self.limits.rows_max {
            let (found, limit) = (self.rows_seen, self.limits.rows_max);
            return Err(Refusal::TooLarge { file: self.name.to_owned(), unit: "rows", found, limit });
        }
        let Some(row) = judged.row else {
            judged.faults.into_iter().for_each(|fault| self.fault(fault));
            return Ok(());
        };
        let content = self.hash(&row, None);
        let earlier = match self.takes_repeated {
            true => Ok(None),
            false => self.earlier(judge, &row, content),
        };
        match earlier.map_err(|source| Refusal::Unreadable { path: std::env::temp_dir(), source })? {
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

    /// The earlier row that this one repeats. Two records that are held may have keys that fold to one: their numbers tell them apart. A
    /// row without a number is the record of its key.
    fn earlier(&mut self, judge: &Judge<'_>, row: &Row, content: [u8; 32]) -> std::io::Result<Option<Earlier>> {
        let key = if judge.key().is_empty() { content } else { self.hash(row, Some(judge.key())) };
        let Some((keys, record)) = judge.key_and_number(row) else { return self.seen.note(key, content, row.number) };
        let is_numbered = !row.cells[record].is_null();
        let plain = match is_numbered {
            true => {
                let mut plain = row.clone();
                plain.cells[record] = Value::Null;
                plain
            }
            // Most files have no numbers, and nothing more to look for.
            false if !self.has_numbers => return self.seen.note(key, content, row.number),
            false => row.clone(),
        };
        let (without, any, content_of) =
            (self.hash(&plain, Some(judge.key())), self.hash(&plain, Some(keys)), self.hash(&plain, None));
        let other = self.seen.look(if is_numbered { without } else { any }, content_of)?;
        if other.is_some() {
            return Ok(other);
        }
        let earlier = self.seen.note(key, content, row.number)?;
        if is_numbered && earlier.is_none() {
            self.has_numbers = true;
            self.seen.note(any, content_of, row.number)?;
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
