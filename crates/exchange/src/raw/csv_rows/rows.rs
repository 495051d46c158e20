//! Lines become rows: which lines a quoted cell joins, and which marks mean nothing.

use super::super::{Flaw, RawRow, encoding, own_rows};
use super::lines::{Line, Lines};
use super::split::{Split, SplitState, Splitter};
use crate::{Encoding, Limits};
use std::io;
use std::path::Path;

/// Lines that one quoted cell may span.
const LINES_PER_ROW_MAX: usize = 64;
/// Up to so many columns a line of a text may well have as many commas as a row.
const NARROW: usize = 3;

/// A separator, and the columns that it makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub delimiter: char,
    pub width: usize,
}

/// The rows of a file from the top.
pub(super) struct CsvRows {
    pub lines: Lines,
    encoding: Encoding,
    splitter: Splitter,
    width: usize,
    line_bytes_max: usize,
    /// Lines before this one were looked at already: no quoted cell that opens there is closed.
    no_join_before: u64,
    /// The file is an export of ours, whose marks are right and whose texts may be anything.
    is_export: bool,
}

impl CsvRows {
    /// Opens a file at its first row.
    pub fn open(path: &Path, encoding: Encoding, layout: Layout, limits: &Limits) -> io::Result<CsvRows> {
        let splitter = Splitter { delimiter: layout.delimiter, columns_max: limits.columns_max as usize };
        Ok(CsvRows {
            lines: Lines::open(path, encoding, limits.line_bytes_max)?,
            encoding,
            splitter,
            width: layout.width,
            line_bytes_max: limits.line_bytes_max,
            no_join_before: 0,
            is_export: false,
        })
    }

    /// The next row, and how many cells it has (of which it holds no more than it may; of a line that was cut nobody knows); `None` at the
    /// end.
    pub fn next(&mut self, row: &mut RawRow) -> io::Result<Option<usize>> {
        let Some(mut line) = self.lines.next()? else { return Ok(None) };
        row.number += 1;
        row.flaw = line.flaw;
        let is_cut = line.flaw == Some(Flaw::LongLine);
        let has_quotes = line.bytes.contains(&b'"');
        if !has_quotes {
            self.take_back_break(&mut line)?;
        }
        let text = encoding::decode(&line.bytes, self.encoding);
        let body = without_ending(&text);
        let found = if !has_quotes || is_cut {
            self.splitter.plain(body, row)
        } else {
            match self.splitter.quoted(body, row) {
                Split::Whole(found) => found,
                Split::Doubtful => self.flawed(Flaw::OpenQuote, body, row),
                Split::Open if line.number < self.no_join_before => self.flawed(Flaw::OpenQuote, body, row),
                Split::Open => match self.join(&text)? {
                    Ok(joined) => match self.splitter.quoted(&joined, row) {
                        Split::Whole(found) => found,
                        Split::Open | Split::Doubtful => self.flawed(Flaw::OpenQuote, &joined, row),
                    },
                    Err(flaw) => self.flawed(flaw, body, row),
                },
            }
        };
        if found > self.splitter.columns_max {
            row.flaw = Some(Flaw::LongLine);
        }
        self.is_export |= row.number == 1 && own_rows::is_one(row);
        self.lines.reuse(line);
        Ok(Some(if is_cut { 1 } else { found }))
    }

    /// Takes the line as a row whose quotation marks mean nothing.
    fn flawed(&self, flaw: Flaw, body: &str, row: &mut RawRow) -> usize {
        row.flaw = row.flaw.or(Some(flaw));
        self.splitter.plain(body, row)
    }

    /// The text of a row whose quoted cell goes on over the following lines. Where that cell is never closed, or holds whole rows, the
    /// lines are given back, to be rows of their own, and the flaw of the first line is the answer.
    fn join(&mut self, first: &str) -> io::Result<Result<String, Flaw>> {
        let mut joined = format!("{}{}", without_ending(first), self.line_break(first));
        let mut taken = Vec::new();
        let mut swallows = false;
        let first_is_whole = self.is_whole(self.splitter.count_open(without_ending(first)));
        let mut is_closed = false;
        while !is_closed && taken.len() < LINES_PER_ROW_MAX && joined.len() < self.line_bytes_max {
            let Some(line) = self.lines.next()? else { break };
            let text = encoding::decode(&line.bytes, self.encoding);
            let body = without_ending(&text);
            let inside = if line.flaw.is_some() { SplitState::Broken } else { self.splitter.inside(body) };
            swallows |= match inside {
                SplitState::Broken => false,
                SplitState::Open(cells) => self.is_whole(cells),
                // Behind the closing mark the row itself goes on.
                SplitState::Closed(cells, all) => self.is_whole(cells) || (first_is_whole && self.is_whole(all)),
            };
            is_closed = matches!(inside, SplitState::Closed(..));
            joined.push_str(body);
            if !is_closed {
                joined.push_str(self.line_break(&text));
            }
            taken.push(line);
            if inside == SplitState::Broken {
                break;
            }
        }
        if is_closed && (!swallows || self.is_export) {
            return Ok(Ok(joined));
        }
        let flaw = if is_closed { Flaw::SwallowedRows } else { Flaw::OpenQuote };
        self.no_join_before = taken.last().map_or(self.no_join_before, |line| line.number);
        self.give_back(taken, flaw);
        Ok(Err(flaw))
    }

    /// The break that a cell has at the end of this line: of an export its own, of other files what spreadsheets write.
    fn line_break<'t>(&self, line: &'t str) -> &'t str {
        if self.is_export { &line[without_ending(line).len()..] } else { "\n" }
    }

    /// The lines come again. In a narrow table nobody can tell whether those inside of a closed cell are rows or text.
    fn give_back(&mut self, mut lines: Vec<Line>, flaw: Flaw) {
        if flaw == Flaw::SwallowedRows && self.width <= NARROW {
            lines.iter_mut().for_each(|line| line.flaw = line.flaw.or(Some(flaw)));
        }
        self.lines.give_back(lines);
    }

    /// A carriage return alone ends a row, but for one in the middle of a row whose lines end otherwise: that belongs to its cell.
    fn take_back_break(&mut self, line: &mut Line) -> io::Result<()> {
        let (splitter, encoding) = (self.splitter, self.encoding);
        let cells = |line: &Line| splitter.count(without_ending(&encoding::decode(&line.bytes, encoding)));
        if !line.bytes.ends_with(b"\r") || self.width < 2 || line.flaw.is_some() {
            return Ok(());
        }
        let before = cells(line);
        if self.is_whole(before) {
            return Ok(());
        }
        let Some(next) = self.lines.next()? else { return Ok(()) };
        let fits = next.flaw.is_none() && next.bytes.ends_with(b"\n") && !next.bytes.contains(&b'"');
        if fits && before + cells(&next) == self.width + 1 {
            line.bytes.extend_from_slice(&next.bytes);
        } else {
            self.lines.give_back(vec![next]);
        }
        Ok(())
    }

    /// True for so many cells as a row has, or nearly.
    fn is_whole(&self, cells: usize) -> bool {
        self.width >= 2 && cells + usize::from(self.width > NARROW + 1) >= self.width
    }
}

fn without_ending(text: &str) -> &str {
    text.trim_end_matches(['\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raw::RawCell;

    fn rows(text: &str, width: usize) -> (Vec<RawRow>, u64) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("rows.csv");
        std::fs::write(&path, text).expect("writes");
        let layout = Layout { delimiter: ',', width };
        let mut rows = CsvRows::open(&path, Encoding::Utf8, layout, &Limits::default()).expect("opens");
        let (mut row, mut all) = (RawRow::default(), Vec::new());
        while rows.next(&mut row).expect("reads").is_some() {
            all.push(row.clone());
        }
        (all, rows.lines.handed_out)
    }

    #[test]
    fn open_marks_on_every_line_are_looked_at_at_most_twice() {
        const LINES: u64 = 20_000;
        for line in ["\"\"a", "x\",y,\"z", "a\",b", "\"", "\"a", "\"a,b,c,d,e,f", "\"\"a,b,c,d,e,f", "a,\"\"\"b,c\r"] {
            let (rows, handed_out) = rows(&format!("{line}\n").repeat(LINES as usize), 6);
            assert!(handed_out <= LINES * 2 + 128, "{line}: {handed_out}");
            assert!(!rows.is_empty());
        }
    }

    /// Lines are made of marks, separators and a word of their own; wherever the marks stand, each word is in one cell of one row.
    #[test]
    fn every_line_belongs_to_exactly_one_row() {
        let pieces = ["\"", "\"\"", ",", ",", "a", "\",", ",\"", "甲", " ", "\r"];
        let mut seed: u64 = 20_240_507;
        let mut next = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        for round in 0..3_000 {
            let lines = 1 + next(12);
            let ending = ["\n", "\r\n", "\r"][next(3)];
            let mut text = String::new();
            for line in 0..lines {
                (0..next(6)).for_each(|_| text.push_str(pieces[next(pieces.len())]));
                text.push_str(&format!("<{line}>"));
                (0..next(6)).for_each(|_| text.push_str(pieces[next(pieces.len())]));
                text.push_str(ending);
            }
            let (rows, _) = rows(&text, next(6));
            let cells = rows.iter().flat_map(|row| &row.cells).map(|cell| match cell {
                RawCell::Text(text) => text.as_str(),
                _ => "",
            });
            let all: String = cells.collect();
            for line in 0..lines {
                let count = all.matches(&format!("<{line}>")).count();
                assert_eq!(count, 1, "round {round}, line {line} of {text:?}: {rows:?}");
            }
            assert!(rows.iter().zip(1..).all(|(row, number)| row.number == number));
        }
    }
}
