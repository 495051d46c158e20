//! A generated file: its bytes, and the truth about every row of every sheet.

use crate::random::Random;
use crate::table::{Cell, FileColumn, Room, Table};
use crate::values::Marks;
use crate::{book, columnar, layout, text};
use model::{Kind, Value};
use policy::declare::Column;

/// One row of a sheet; its number is its place, counted from 1.
#[derive(Clone, Debug)]
pub enum Line {
    Blank,
    /// Above the headings.
    Note(Vec<String>),
    Heading,
    /// The row of this record.
    Record(usize),
    /// A total, a note or a heading among the data.
    NotData(Vec<String>),
}

pub struct Sheet {
    pub name: Option<String>,
    pub lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    Read,
    Refused,
    Either,
}

pub struct Generated {
    pub table: Table,
    /// The sheets that hold the table; other sheets are not listed.
    pub sheets: Vec<Sheet>,
    pub expected: Expected,
    pub bytes: Vec<u8>,
    pub ending: &'static str,
    /// How it was written, for people who look for a fault.
    pub words: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Text,
    Book,
    PlainBook,
    Columnar,
}

/// The file of a seed.
pub fn generate(seed: u64) -> Generated {
    let random = &mut Random::new(seed);
    let format = match random.below(100) {
        0..50 => Format::Text,
        50..80 => Format::Book,
        80..88 => Format::PlainBook,
        _ => Format::Columnar,
    };
    let rows = match random.below(40) {
        0 => 0,
        1 => 700 + random.below(700),
        _ => 1 + random.below(40),
    };
    make(format, rows, random)
}

/// A small file of a seed that is sound, to be damaged.
pub fn small(seed: u64) -> Generated {
    let random = &mut Random::new(seed);
    let format = random.pick(&[Format::Text, Format::Book, Format::PlainBook, Format::Columnar, Format::Columnar]);
    let rows = 1 + random.below(30);
    make(format, rows, random)
}

fn make(format: Format, rows: usize, random: &mut Random) -> Generated {
    let form = text::Form::random(random);
    let is_text = format == Format::Text;
    let marks =
        if is_text { form.marks() } else { Marks { separators: true, quotes: true, line_breaks: true, lists: false } };
    let room = Room {
        rows,
        marks,
        damage: random.in_hundred(60),
        flaws: is_text && random.in_hundred(40),
        open_quotes: form.takes_open_quotes(),
        notes: format != Format::Columnar,
    };
    let mut table = Table::random(random, room);
    let mut expected = if is_text { form.expected() } else { Expected::Read };
    let has_heading = format == Format::Columnar || !random.in_hundred(2);
    let lacks = random.in_hundred(3);
    if lacks {
        lose_serial(&mut table);
    }
    let doubled = !lacks && random.in_hundred(3) && double_a_heading(&mut table, random);
    if lacks || doubled || !has_heading {
        expected = Expected::Refused;
    }
    let mut sheets = layout::sheets(&table, has_heading, format == Format::Columnar, format == Format::Book, random);
    let has_rows = |sheet: &Sheet| sheet.lines.iter().any(|line| matches!(line, Line::Record(_) | Line::NotData(_)));
    if !sheets.iter().any(has_rows) {
        expected = Expected::Refused;
    }
    let (bytes, ending, words) = match format {
        Format::Text => text::write(&table, &mut sheets[0], &form),
        Format::Book => book::write(&mut table, &sheets, random),
        Format::PlainBook => book::write_plain(&table, &sheets[0]),
        Format::Columnar => columnar::write(&table, random),
    };
    Generated { table, sheets, expected, bytes, ending, words }
}

/// The column that every file must have is there under a heading that says nothing.
fn lose_serial(table: &mut Table) {
    let serial = table.columns.iter().position(|column| column.label == "单号");
    for column in table.file_columns.iter_mut().filter(|column| column.declared == serial) {
        column.declared = None;
        column.heading = "附加内容丙".to_owned();
    }
}

/// A second column under the heading of one that names a row, a person or a sum; false where no column does.
fn double_a_heading(table: &mut Table, random: &mut Random) -> bool {
    let is_weighty = |column: &Column| {
        matches!(column.kind, Kind::Identity | Kind::Name | Kind::Fen) || table.key.contains(&column.name)
    };
    let fits = |at: &usize| table.declared(*at).is_some_and(is_weighty);
    let among: Vec<usize> = (0..table.file_columns.len()).filter(fits).collect();
    if among.is_empty() {
        return false;
    }
    let at = random.pick(&among);
    let heading = table.file_columns[at].heading.clone();
    // Neighbours under one heading may be one cell that was merged over both.
    let between = FileColumn { heading: "附加内容丁".to_owned(), declared: None, tens: 0 };
    table.file_columns.extend([between, FileColumn { heading, declared: None, tens: 0 }]);
    for record in &mut table.records {
        let again = record.cells[at].clone();
        record.cells.extend([Cell { text: "丁".to_owned(), value: Value::Null, is_damaged: false }, again]);
    }
    true
}
