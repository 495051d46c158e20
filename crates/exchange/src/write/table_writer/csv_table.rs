//! CSV out.

use super::{Heading, Output, WriteError};
use crate::ground::formula_mark::needs_mark;
use encoding_rs::GB18030;
use model::{Kind, Value};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

pub(crate) struct CsvTable {
    path: PathBuf,
    out: BufWriter<File>,
    is_gb18030: bool,
    kinds: Vec<Kind>,
    line: String,
    cell: String,
}

impl CsvTable {
    /// `above`: a line above the headings.
    pub fn create(
        path: &Path,
        output: Output,
        above: Option<&str>,
        headings: &[Heading],
    ) -> Result<CsvTable, WriteError> {
        let wrong = |source| WriteError::Io { path: path.to_owned(), source };
        let mut out = BufWriter::with_capacity(1 << 17, File::create(path).map_err(wrong)?);
        if output == Output::CsvBom {
            out.write_all(b"\xEF\xBB\xBF").map_err(wrong)?;
        }
        let mut table = CsvTable {
            path: path.to_owned(),
            out,
            is_gb18030: output == Output::CsvGb18030,
            kinds: headings.iter().map(|heading| heading.kind).collect(),
            line: String::new(),
            cell: String::new(),
        };
        if let Some(above) = above {
            table.write_texts(std::iter::once(above))?;
        }
        table.write_texts(headings.iter().map(|heading| heading.text.as_str()))?;
        Ok(table)
    }

    /// Writes a row of values; money in yuan with two decimals.
    pub fn write_row(&mut self, cells: &[Value]) -> Result<(), WriteError> {
        for (at, value) in cells.iter().enumerate() {
            if at > 0 {
                self.line.push(',');
            }
            match value {
                Value::Text(text) => put_text(&mut self.line, text),
                _ => {
                    self.cell.clear();
                    put_plain(&mut self.cell, value, self.kinds.get(at).copied());
                    self.line.push_str(&self.cell);
                }
            }
        }
        self.end_line()
    }

    /// Writes a row of texts, as the heading is one.
    pub fn write_texts<'t>(&mut self, cells: impl Iterator<Item = &'t str>) -> Result<(), WriteError> {
        for (at, text) in cells.enumerate() {
            if at > 0 {
                self.line.push(',');
            }
            put_text(&mut self.line, text);
        }
        self.end_line()
    }

    fn end_line(&mut self) -> Result<(), WriteError> {
        self.line.push_str("\r\n");
        let written = if self.is_gb18030 {
            self.out.write_all(&GB18030.encode(&self.line).0)
        } else {
            self.out.write_all(self.line.as_bytes())
        };
        self.line.clear();
        written.map_err(|source| WriteError::Io { path: self.path.clone(), source })
    }

    /// Writes what is still in memory.
    pub fn finish(mut self) -> Result<(), WriteError> {
        self.out.flush().map_err(|source| WriteError::Io { path: self.path, source })
    }
}

/// Values other than texts, without anything that needs quoting.
pub(super) fn put_plain(cell: &mut String, value: &Value, kind: Option<Kind>) {
    let written = match value {
        Value::Fen(fen) => {
            let sign = if fen.0 < 0 { "-" } else { "" };
            let whole = fen.0.unsigned_abs();
            write!(cell, "{sign}{}.{:02}", whole / 100, whole % 100)
        }
        Value::Day(day) if kind == Some(Kind::Month) => write!(cell, "{:04}-{:02}", day.year(), day.month()),
        other => write!(cell, "{other}"),
    };
    // Writing to a string cannot fail.
    debug_assert!(written.is_ok());
}

/// A text, quoted where it must be, with an apostrophe where a spreadsheet would take it for a formula.
fn put_text(line: &mut String, text: &str) {
    let needs_mark = needs_mark(text);
    let needs_quotes = text.contains(['"', ',', '\n', '\r', '\t', ';']);
    if needs_quotes {
        line.push('"');
    }
    if needs_mark {
        line.push('\'');
    }
    if needs_quotes {
        for letter in text.chars() {
            line.push(letter);
            if letter == '"' {
                line.push('"');
            }
        }
        line.push('"');
    } else {
        line.push_str(text);
    }
}
