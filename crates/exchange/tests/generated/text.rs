//! Text files: separators, quotes, line ends and encodings.

use crate::file::{Expected, Line, Sheet};
use crate::random::Random;
use crate::table::{Flaw, Table};
use crate::values::Marks;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quotes {
    /// No cell needs one.
    None,
    Needed,
    /// Needed ones alone, and a quotation mark inside of a text stands as it is.
    Sloppy,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf8Bom,
    Gb18030,
    Utf16Le,
    Utf16Be,
}

/// How a text file is written.
#[derive(Debug)]
pub struct Form {
    separator: char,
    quotes: Quotes,
    line_end: &'static str,
    encoding: Encoding,
    /// The first line names the separator.
    has_sep_line: bool,
    ends_with_line_end: bool,
    /// Blank rows have separators.
    is_blank_padded: bool,
    has_open_quotes: bool,
    has_lists: bool,
}

impl Form {
    pub fn random(random: &mut Random) -> Form {
        let separators: &[char] = &[',', ',', ';', '\t', '|'];
        let ends: &[&str] = &["\n", "\r\n", "\r"];
        let encodings = [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Gb18030, Encoding::Utf16Le, Encoding::Utf16Be];
        let has_open_quotes = random.in_hundred(30);
        let quotes = [Quotes::None, Quotes::Needed, Quotes::Needed, Quotes::Sloppy, Quotes::All];
        let quotes = random.pick(&quotes);
        Form {
            separator: random.pick(separators),
            quotes,
            line_end: random.pick(ends),
            encoding: encodings[if random.in_hundred(90) { random.below(3) } else { 3 + random.below(2) }],
            has_sep_line: random.in_hundred(5),
            ends_with_line_end: random.in_hundred(80),
            is_blank_padded: random.in_hundred(50),
            has_open_quotes,
            has_lists: random.in_hundred(10),
        }
    }

    pub fn marks(&self) -> Marks {
        let has_any = self.quotes != Quotes::None;
        Marks { separators: has_any, quotes: has_any, line_breaks: has_any, lists: has_any && self.has_lists }
    }

    pub fn takes_open_quotes(&self) -> bool {
        self.has_open_quotes
    }

    pub fn expected(&self) -> Expected {
        match self.encoding {
            Encoding::Utf16Le | Encoding::Utf16Be => Expected::Either,
            _ => Expected::Read,
        }
    }

    fn cell(&self, text: &str) -> String {
        // A comma of money needs a quotation mark even where no text has one.
        let is_needed = text.contains(self.separator) || text.contains(['\n', '\r']) || text.starts_with('"');
        let is_quoted = match self.quotes {
            Quotes::All => true,
            Quotes::Needed => is_needed || text.contains('"'),
            Quotes::None | Quotes::Sloppy => is_needed,
        };
        if is_quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
    }

    fn row<'t>(&self, cells: impl Iterator<Item = &'t str>) -> String {
        cells.map(|cell| self.cell(cell)).collect::<Vec<_>>().join(&self.separator.to_string())
    }

    fn record(&self, table: &Table, at: usize) -> String {
        let record = &table.records[at];
        let mut cells: Vec<String> = record.cells.iter().map(|cell| self.cell(&cell.text)).collect();
        match record.flaw {
            Some(Flaw::OpenQuote(column)) => cells[column] = format!("\"{}", record.cells[column].text),
            Some(Flaw::CellLost) => drop(cells.pop()),
            Some(Flaw::CellMore) => cells.push("多出".to_owned()),
            None => {}
        }
        cells.join(&self.separator.to_string())
    }

    fn encoded(&self, text: &str) -> Vec<u8> {
        let utf16 = |mark: u16, bytes: fn(u16) -> [u8; 2]| {
            std::iter::once(mark).chain(text.encode_utf16()).flat_map(bytes).collect()
        };
        match self.encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf8Bom => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            Encoding::Gb18030 => encoding_rs::GB18030.encode(text).0.into_owned(),
            Encoding::Utf16Le => utf16(0xFEFF, u16::to_le_bytes),
            Encoding::Utf16Be => utf16(0xFEFF, u16::to_be_bytes),
        }
    }
}

/// Writes the sheet: bytes, ending, and how it was written.
pub fn write(table: &Table, sheet: &mut Sheet, form: &Form) -> (Vec<u8>, &'static str, String) {
    sheet.name = None;
    let mut text = String::new();
    if form.has_sep_line {
        text = format!("sep={}{}", form.separator, form.line_end);
    }
    for (at, line) in sheet.lines.iter().enumerate() {
        match line {
            Line::Blank if form.is_blank_padded => {
                text.extend(std::iter::repeat_n(form.separator, table.file_columns.len() - 1));
            }
            Line::Blank => {}
            Line::Note(cells) | Line::NotData(cells) => text.push_str(&form.row(cells.iter().map(String::as_str))),
            Line::Heading => {
                text.push_str(&form.row(table.file_columns.iter().map(|column| column.heading.as_str())));
            }
            Line::Record(at) => text.push_str(&form.record(table, *at)),
        }
        if form.ends_with_line_end || at + 1 < sheet.lines.len() {
            text.push_str(form.line_end);
        }
    }
    (form.encoded(&text), "csv", format!("{form:?}"))
}
