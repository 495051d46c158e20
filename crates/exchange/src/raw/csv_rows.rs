//! Rows of CSV files.
//!
//! Written by hand because of what real files hold: blank lines count as rows, a quotation mark that is never closed must
//! cost one row and not the rest of the file, and no line may fill the memory.

use super::{Flaw, RawCell, RawRow, Visit, encoding};
use crate::formula_mark;
use crate::{Encoding, Limits, Refusal};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Lines that one quoted cell may span.
const LINES_PER_ROW_MAX: usize = 64;

pub(super) struct Csv {
    encoding: Encoding,
    delimiter: char,
    bytes: u64,
}

impl Csv {
    /// `head`: the first bytes of the file, in which the delimiter is looked for.
    pub fn new(head: &[u8], encoding: Encoding, bytes: u64) -> Csv {
        let sample: Vec<u8> = head.split(|byte| *byte == b'\n').take(10).collect::<Vec<_>>().join(&b'\n');
        let text = encoding::decode(&sample, encoding);
        let outside = outside_quotes(&text);
        let most = [',', '\t', ';'].into_iter().rev().max_by_key(|mark| outside.matches(*mark).count());
        Csv { encoding, delimiter: most.unwrap_or(','), bytes }
    }

    pub fn visit(
        &self,
        path: &Path,
        width: Option<usize>,
        limits: &Limits,
        visit: &mut Visit<'_>,
    ) -> Result<(), Refusal> {
        let unreadable = |source| Refusal::Unreadable { path: path.to_owned(), source };
        let file = File::open(path).map_err(unreadable)?;
        let mut lines = Lines::new(BufReader::with_capacity(1 << 17, file), limits.line_bytes_max);
        if self.encoding == Encoding::Utf8Bom {
            lines.skip_mark().map_err(unreadable)?;
        }
        let mut row = RawRow::default();
        while self.next_row(&mut lines, width, &mut row).map_err(unreadable)? {
            if visit(&mut row, (lines.bytes_done, self.bytes))?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// The next row; false at the end.
    fn next_row(
        &self,
        lines: &mut Lines<impl BufRead>,
        width: Option<usize>,
        row: &mut RawRow,
    ) -> std::io::Result<bool> {
        row.flaw = None;
        let Some(mut line) = lines.next()? else { return Ok(false) };
        row.number += 1;
        if line.is_long {
            row.flaw = Some(Flaw::LongLine);
        }
        if !line.bytes.contains(&b'"') {
            self.split_plain(&line.bytes, row);
        } else if !self.split_quoted(&line.bytes, row, true) && !self.join_lines(lines, &line, width, row)? {
            self.split_quoted(&line.bytes, row, false);
            row.flaw = Some(Flaw::OpenQuote);
        }
        line.bytes.clear();
        lines.spare = line.bytes;
        Ok(true)
    }

    /// Takes following lines until the quoted cell is closed. When it never is, or the row then has a wrong number of cells, the lines
    /// are given back and the answer is false.
    fn join_lines(
        &self,
        lines: &mut Lines<impl BufRead>,
        first: &Line,
        width: Option<usize>,
        row: &mut RawRow,
    ) -> std::io::Result<bool> {
        let mut joined = first.bytes.clone();
        let mut taken = Vec::new();
        let mut closed = false;
        while taken.len() < LINES_PER_ROW_MAX && joined.len() < lines.line_bytes_max {
            let Some(line) = lines.next()? else { break };
            joined.extend_from_slice(&line.bytes);
            let may_close = line.bytes.contains(&b'"');
            taken.push(line);
            if may_close && self.split_quoted(&joined, row, true) {
                closed = width.is_none_or(|width| row.cells.len() == width);
                break;
            }
        }
        if !closed {
            lines.give_back(taken);
        }
        Ok(closed)
    }

    fn split_plain(&self, line: &[u8], row: &mut RawRow) {
        let text = encoding::decode(without_ending(line), self.encoding);
        let mut cells = Cells::of(row);
        if !text.is_empty() {
            text.split(self.delimiter).for_each(|cell| cells.push(cell));
        }
        cells.finish();
    }

    /// Splits a line with quotation marks; false when a quoted cell is still open at its end. With `quotes` off a quotation
    /// mark is a letter like any other.
    fn split_quoted(&self, line: &[u8], row: &mut RawRow, quotes: bool) -> bool {
        let text = encoding::decode(without_ending(line), self.encoding);
        let mut cells = Cells::of(row);
        let mut rest: &str = &text;
        let mut unquoted = String::new();
        loop {
            let quoted = if quotes { rest.strip_prefix('"') } else { None };
            let end = match quoted {
                Some(inner) => match take_quoted(inner, self.delimiter, &mut unquoted) {
                    Some(after) => {
                        cells.push(&unquoted);
                        after
                    }
                    None => return false,
                },
                None => {
                    let end = rest.find(self.delimiter).unwrap_or(rest.len());
                    cells.push(&rest[..end]);
                    &rest[end..]
                }
            };
            match end.strip_prefix(self.delimiter) {
                Some(next) => rest = next,
                None => break,
            }
        }
        cells.finish();
        true
    }
}

/// Reads a quoted cell behind its first quotation mark into `cell`; what follows it, or `None` when it is not closed. Letters between
/// the closing mark and the delimiter belong to the cell.
fn take_quoted<'t>(inner: &'t str, delimiter: char, cell: &mut String) -> Option<&'t str> {
    cell.clear();
    let mut rest = inner;
    loop {
        let at = rest.find('"')?;
        cell.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(next) = rest.strip_prefix('"') {
            cell.push('"');
            rest = next;
        } else if rest.is_empty() || rest.starts_with(delimiter) {
            return Some(rest);
        } else {
            cell.push('"');
        }
    }
}

fn without_ending(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// What stands outside of quotation marks, line by line.
fn outside_quotes(text: &str) -> String {
    text.lines().flat_map(|line| line.split('"').step_by(2)).collect()
}

/// Fills the cells of a row and keeps their memory from row to row.
struct Cells<'r> {
    row: &'r mut RawRow,
    used: usize,
}

impl<'r> Cells<'r> {
    fn of(row: &'r mut RawRow) -> Cells<'r> {
        Cells { row, used: 0 }
    }

    fn push(&mut self, written: &str) {
        let text = without_formula_mark(written);
        let cells = &mut self.row.cells;
        if self.used == cells.len() {
            cells.push(RawCell::Empty);
        }
        match &mut cells[self.used] {
            cell if text.is_empty() => *cell = RawCell::Empty,
            RawCell::Text(kept) => {
                kept.clear();
                kept.push_str(text);
            }
            cell => *cell = RawCell::Text(text.to_owned()),
        }
        self.used += 1;
    }

    fn finish(self) {
        self.row.cells.truncate(self.used);
    }
}

/// Without the apostrophe that `TableWriter` puts before texts which a spreadsheet would take for formulas.
fn without_formula_mark(written: &str) -> &str {
    formula_mark::behind_mark(written).unwrap_or(written)
}

struct Line {
    bytes: Vec<u8>,
    is_long: bool,
}

/// Lines with their endings, each of bounded length.
struct Lines<R> {
    input: R,
    line_bytes_max: usize,
    given_back: VecDeque<Line>,
    spare: Vec<u8>,
    bytes_done: u64,
}

impl<R: BufRead> Lines<R> {
    fn new(input: R, line_bytes_max: usize) -> Lines<R> {
        Lines { input, line_bytes_max, given_back: VecDeque::new(), spare: Vec::new(), bytes_done: 0 }
    }

    fn skip_mark(&mut self) -> std::io::Result<()> {
        self.input.read_exact(&mut [0; 3])
    }

    fn next(&mut self) -> std::io::Result<Option<Line>> {
        if let Some(line) = self.given_back.pop_front() {
            return Ok(Some(line));
        }
        let mut bytes = std::mem::take(&mut self.spare);
        let limit = self.line_bytes_max as u64;
        let read = Read::by_ref(&mut self.input).take(limit).read_until(b'\n', &mut bytes)?;
        self.bytes_done += read as u64;
        let is_long = read as u64 == limit && bytes.last() != Some(&b'\n');
        if is_long {
            self.bytes_done += self.input.skip_until(b'\n')? as u64;
            bytes.push(b'\n');
        }
        Ok((read > 0).then_some(Line { bytes, is_long }))
    }

    /// The lines come again, in their order.
    fn give_back(&mut self, lines: Vec<Line>) {
        lines.into_iter().rev().for_each(|line| self.given_back.push_front(line));
    }
}
