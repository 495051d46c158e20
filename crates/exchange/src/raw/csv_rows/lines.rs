//! Lines of a text file: LF, CRLF and CR alone end one, in any mixture, and none is longer than it may be.

use super::super::Flaw;
use super::super::encoding::Input;
use crate::Encoding;
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// What is kept of a line that is too long.
const LONG_LINE_KEPT_BYTES: usize = 1 << 12;

/// A line with its ending, if it has one.
pub(super) struct Line {
    pub bytes: Vec<u8>,
    /// Counted from 1, as text editors do.
    pub number: u64,
    pub flaw: Option<Flaw>,
}

/// The lines of a file from the top.
pub(super) struct Lines {
    input: BufReader<Input>,
    line_bytes_max: usize,
    given_back: VecDeque<Line>,
    spare: Vec<u8>,
    number: u64,
    /// The line before ended with a carriage return alone.
    behind_return: bool,
    #[cfg(test)]
    pub handed_out: u64,
}

impl Lines {
    /// Opens a file at its first line. Of a line longer than `line_bytes_max` the rest is passed over.
    pub fn open(path: &Path, encoding: Encoding, line_bytes_max: usize) -> io::Result<Lines> {
        Ok(Lines {
            input: BufReader::with_capacity(1 << 17, Input::open(path, encoding)?),
            line_bytes_max,
            given_back: VecDeque::new(),
            spare: Vec::new(),
            number: 0,
            behind_return: false,
            #[cfg(test)]
            handed_out: 0,
        })
    }

    /// Bytes of the file that were read, in blocks.
    pub fn bytes_done(&self) -> u64 {
        self.input.get_ref().bytes_read
    }

    /// The next line without its end; `None` behind the last.
    pub fn next(&mut self) -> io::Result<Option<Line>> {
        #[cfg(test)]
        {
            self.handed_out += 1;
        }
        if let Some(line) = self.given_back.pop_front() {
            return Ok(Some(line));
        }
        let mut line = self.read()?;
        // CR CR LF is one ending, which programs make of CR LF.
        let is_rest = |line: &Line| matches!(line.bytes.as_slice(), b"\r\n" | b"\n");
        if self.behind_return && line.as_ref().is_some_and(is_rest) {
            line = self.read()?;
        }
        self.behind_return = line.as_ref().is_some_and(|line| line.bytes.ends_with(b"\r"));
        if let Some(line) = &mut line {
            self.number += 1;
            line.number = self.number;
        }
        Ok(line)
    }

    /// The lines come again, in their order.
    pub fn give_back(&mut self, lines: Vec<Line>) {
        lines.into_iter().rev().for_each(|line| self.given_back.push_front(line));
    }

    /// The line is done with; its memory is used again.
    pub fn reuse(&mut self, mut line: Line) {
        line.bytes.clear();
        self.spare = line.bytes;
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut line = Line { bytes: std::mem::take(&mut self.spare), number: 0, flaw: None };
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(Some(line).filter(|line| !line.bytes.is_empty()));
            }
            let end = buffer.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let used = end.map_or(buffer.len(), |end| end + 1);
            let is_return = end.is_some_and(|end| buffer[end] == b'\r');
            if line.flaw.is_none() && line.bytes.len() + used > self.line_bytes_max {
                line.flaw = Some(Flaw::LongLine);
                line.bytes.extend_from_slice(&buffer[..used.min(LONG_LINE_KEPT_BYTES)]);
                line.bytes.truncate(LONG_LINE_KEPT_BYTES);
            } else if line.flaw.is_none() {
                line.bytes.extend_from_slice(&buffer[..used]);
            }
            self.input.consume(used);
            if is_return && self.input.fill_buf()?.first() == Some(&b'\n') {
                self.input.consume(1);
                line.bytes.push(b'\n');
            }
            if end.is_some() {
                return Ok(Some(line));
            }
        }
    }
}
