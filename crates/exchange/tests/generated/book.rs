//! Workbooks: one as a common library writes it, and one of raw parts that holds what such a library never writes.

use crate::file::{Line, Sheet};
use crate::random::Random;
use crate::table::{Cell, Fate, Table};
use crate::xml::{BookParts, SheetPart, escaped, packed};
use model::{Decimal, Kind, Value};
use std::fmt::Write;

/// How a workbook is written.
#[derive(Debug)]
struct Form {
    is_1904: bool,
    /// Cells of a hundred whose text stands in the table of shared ones.
    shared: usize,
    /// Cells and rows say where they stand.
    has_references: bool,
    /// Values of a hundred that are stored as what they are, and not as texts.
    native: usize,
    hides_rows: bool,
    hides_columns: bool,
    is_absolute: bool,
    name: &'static str,
    has_other_sheet: bool,
    has_formulas: bool,
    merges_rows: bool,
}

impl Form {
    fn random(random: &mut Random) -> Form {
        let is_odd = random.in_hundred(10);
        Form {
            is_1904: random.in_hundred(25),
            shared: random.pick(&[0, 50, 100]),
            has_references: random.in_hundred(85),
            native: random.pick(&[0, 60, 100]),
            hides_rows: random.in_hundred(15),
            hides_columns: random.in_hundred(15),
            is_absolute: random.in_hundred(20),
            name: if is_odd { "workbook22.xml" } else { "workbook.xml" },
            has_other_sheet: random.in_hundred(30),
            has_formulas: random.in_hundred(20),
            merges_rows: random.in_hundred(20),
        }
    }
}

/// A sheet under way.
struct Writer<'a> {
    form: &'a Form,
    table: &'a Table,
    random: &'a mut Random,
    shared: &'a mut Vec<String>,
    /// Cells that stand below the first one of a merged area: row of the sheet, column.
    covered: Vec<(usize, usize)>,
    xml: String,
}

/// Writes the sheets as raw parts: bytes, ending, and how they were written.
pub fn write(table: &mut Table, sheets: &[Sheet], random: &mut Random) -> (Vec<u8>, &'static str, String) {
    let form = Form::random(random);
    let merged: Vec<Vec<Merged>> = sheets.iter().map(|sheet| merge_rows(&form, table, sheet, random)).collect();
    let mut shared = Vec::new();
    let mut parts = Vec::new();
    for (sheet, merged) in sheets.iter().zip(&merged) {
        let covered =
            merged.iter().flat_map(|area| (area.first + 1..=area.last).map(|row| (row, area.column))).collect();
        let mut writer = Writer { form: &form, table, random, shared: &mut shared, covered, xml: String::new() };
        writer.sheet(sheet, merged);
        let inside = writer.xml;
        parts.push(SheetPart { name: sheet.name.clone().unwrap_or_default(), inside, is_hidden: false });
    }
    if form.has_other_sheet {
        let inside =
            "<sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>填报说明</t></is></c></row></sheetData>";
        let other =
            SheetPart { name: "说明".to_owned(), inside: inside.to_owned(), is_hidden: random.in_hundred(50) };
        parts.insert(random.below(parts.len() + 1), other);
    }
    let book =
        BookParts { name: form.name, is_1904: form.is_1904, is_absolute: form.is_absolute, sheets: parts, shared };
    (packed(&book.parts()), "xlsx", format!("{form:?}"))
}

/// Cells of one column that are merged over some rows of the sheet, counted from 0.
struct Merged {
    column: usize,
    first: usize,
    last: usize,
}

/// Merges up to four rows below each other in a column of texts: all of them then say what the first one says.
fn merge_rows(form: &Form, table: &mut Table, sheet: &Sheet, random: &mut Random) -> Vec<Merged> {
    let is_free = |at: &usize| {
        table.declared(*at).is_some_and(|column| {
            column.kind == Kind::Text
                && !table.key.contains(&column.name)
                && column.label != "单号"
                && column.label != "户编号"
        })
    };
    let among: Vec<usize> = (0..table.file_columns.len()).filter(is_free).collect();
    let has_repeats = table
        .records
        .last()
        .is_some_and(|last| table.records.iter().filter(|one| one.cells[0].text == last.cells[0].text).count() > 1);
    if !form.merges_rows || among.is_empty() || has_repeats {
        return Vec::new();
    }
    let column = random.pick(&among);
    let record = |line: &Line| if let Line::Record(at) = line { Some(*at) } else { None };
    let whole = |table: &Table, row: usize| {
        sheet.lines.get(row).and_then(record).filter(|at| table.records[*at].fate == Fate::Taken)
    };
    let first = random.below(sheet.lines.len());
    let Some(from) = whole(table, first) else { return Vec::new() };
    let mut last = first;
    while last < first + 3 {
        let Some(below) = whole(table, last + 1) else { break };
        table.records[below].cells[column] = table.records[from].cells[column].clone();
        last += 1;
    }
    if last == first { Vec::new() } else { vec![Merged { column, first, last }] }
}

impl Writer<'_> {
    fn sheet(&mut self, sheet: &Sheet, merged: &[Merged]) {
        let width = self.table.file_columns.len();
        if self.random.in_hundred(50) {
            let last = reference(width - 1, sheet.lines.len().max(1) - 1);
            self.put(format_args!("<dimension ref=\"A1:{last}\"/>"));
        }
        if self.form.hides_columns {
            let at = 1 + self.random.below(width);
            self.put(format_args!("<cols><col min=\"{at}\" max=\"{at}\" width=\"9\" hidden=\"1\"/></cols>"));
        }
        self.xml.push_str("<sheetData>");
        for (row, line) in sheet.lines.iter().enumerate() {
            self.row(row, line);
        }
        self.xml.push_str("</sheetData>");
        if !merged.is_empty() {
            self.put(format_args!("<mergeCells count=\"{}\">", merged.len()));
            for area in merged {
                let (first, last) = (reference(area.column, area.first), reference(area.column, area.last));
                self.put(format_args!("<mergeCell ref=\"{first}:{last}\"/>"));
            }
            self.xml.push_str("</mergeCells>");
        }
    }

    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        self.xml.write_fmt(text).expect("a text takes all");
    }

    fn row(&mut self, row: usize, line: &Line) {
        let is_skipped = self.form.has_references && self.random.in_hundred(50);
        if matches!(line, Line::Blank) && is_skipped {
            return;
        }
        let number = if self.form.has_references { format!(" r=\"{}\"", row + 1) } else { String::new() };
        let hidden = matches!(line, Line::Record(_)) && self.form.hides_rows && self.random.in_hundred(30);
        self.put(format_args!("<row{number}{}>", if hidden { " hidden=\"1\"" } else { "" }));
        match line {
            Line::Blank => {}
            Line::Note(cells) | Line::NotData(cells) => {
                cells.iter().enumerate().for_each(|(at, text)| self.text(row, at, text))
            }
            Line::Heading => {
                let headings: Vec<&str> =
                    self.table.file_columns.iter().map(|column| column.heading.as_str()).collect();
                headings.iter().enumerate().for_each(|(at, text)| self.text(row, at, text));
            }
            Line::Record(record) => {
                let table = self.table;
                table.records[*record].cells.iter().enumerate().for_each(|(at, cell)| self.cell(row, at, cell));
            }
        }
        self.xml.push_str("</row>");
    }

    /// The beginning of a cell, up to its style.
    fn open(&mut self, row: usize, column: usize, style: usize) {
        let style = if style == 0 { String::new() } else { format!(" s=\"{style}\"") };
        if self.form.has_references {
            self.put(format_args!("<c r=\"{}\"{style}", reference(column, row)));
        } else {
            self.put(format_args!("<c{style}"));
        }
    }

    fn empty(&mut self, row: usize, column: usize) {
        if !self.form.has_references || self.random.in_hundred(30) {
            self.open(row, column, 0);
            self.xml.push_str("/>");
        }
    }

    fn text(&mut self, row: usize, column: usize, text: &str) {
        if text.is_empty() {
            return self.empty(row, column);
        }
        let style = if self.random.in_hundred(30) { 3 } else { 0 };
        self.open(row, column, style);
        let whole = format!("<t xml:space=\"preserve\">{}</t>", escaped(text));
        let first = text.char_indices().nth(1).map_or(text.len(), |(end, _)| end);
        let runs = || {
            let run = |text: &str| format!("<r><t xml:space=\"preserve\">{}</t></r>", escaped(text));
            format!("{}{}", run(&text[..first]), run(&text[first..]))
        };
        let inside = if first < text.len() && self.random.in_hundred(15) { runs() } else { whole };
        if self.random.in_hundred(self.form.shared) {
            let index = self.shared.len();
            self.shared.push(format!("<si>{inside}</si>"));
            self.put(format_args!(" t=\"s\"><v>{index}</v></c>"));
        } else if self.form.has_formulas && self.random.in_hundred(20) {
            self.put(format_args!(" t=\"str\"><f>\"\"&amp;A1</f><v>{}</v></c>", escaped(text)));
        } else {
            self.put(format_args!(" t=\"inlineStr\"><is>{inside}</is></c>"));
        }
    }

    fn cell(&mut self, row: usize, column: usize, cell: &Cell) {
        if self.covered.contains(&(row, column)) {
            return self.empty(row, column);
        }
        if cell.is_damaged {
            return self.damaged(row, column, cell);
        }
        let tens = self.table.file_columns[column].tens;
        let native = if self.random.in_hundred(self.form.native) { self.native(column, cell, tens) } else { None };
        match native {
            Some((style, kind, value)) => {
                let formula = if self.form.has_formulas && self.random.in_hundred(30) && kind != "d" {
                    "<f>A1*1</f>"
                } else {
                    ""
                };
                let kind = if kind.is_empty() { String::new() } else { format!(" t=\"{kind}\"") };
                self.open(row, column, style);
                self.put(format_args!("{kind}>{formula}<v>{value}</v></c>"));
            }
            None => self.text(row, column, &cell.text),
        }
    }

    /// Style, type and value of a cell that is stored as what it is.
    fn native(&mut self, column: usize, cell: &Cell, tens: i32) -> Option<(usize, &'static str, String)> {
        let kind = self.table.declared(column)?.kind;
        Some(match (&cell.value, kind) {
            (Value::Int(number), _) => (0, "", number.to_string()),
            (Value::Decimal(number), _) => (0, "n", number.to_string()),
            (Value::Fen(fen), _) => (4, "", Decimal::new(fen.0, (2 + tens) as u32).normalize().to_string()),
            (Value::Bool(truth), _) => (0, "b", if *truth { "1" } else { "0" }.to_owned()),
            (Value::Day(day), Kind::Day | Kind::Month) => {
                let shift = if self.form.is_1904 { 1_462 } else { 0 };
                let serial = day.epoch_days() + 25_569 - shift;
                match self.random.below(4) {
                    0 => (0, "d", format!("{day}T00:00:00")),
                    1 if kind == Kind::Day => (0, "", serial.to_string()),
                    2 => (2, "", format!("{serial}.25")),
                    _ => (1, "", serial.to_string()),
                }
            }
            _ => return None,
        })
    }

    fn damaged(&mut self, row: usize, column: usize, cell: &Cell) {
        let odd: &[&str] = &["#SPILL!", "#n/a", "#FIELD!"];
        let is_error = cell.text.starts_with('#');
        let is_text =
            self.table.declared(column).is_none_or(|declared| matches!(declared.kind, Kind::Text | Kind::Reference));
        match self.random.below(3) {
            0 if is_error => {
                let text = if self.random.in_hundred(30) { self.random.pick(odd) } else { cell.text.as_str() };
                self.open(row, column, 0);
                self.put(format_args!(" t=\"e\"><v>{text}</v></c>"));
            }
            1 if !cell.text.is_empty() => {
                self.open(row, column, 0);
                self.xml.push_str("><f>VLOOKUP(A1,B:C,2,0)</f></c>");
            }
            2 if is_text && is_error => {
                self.open(row, column, 1);
                self.xml.push_str("><v>45419</v></c>");
            }
            _ => self.text(row, column, &cell.text),
        }
    }
}

fn reference(column: usize, row: usize) -> String {
    format!("{}{}", rust_xlsxwriter::utility::column_number_to_name(column as u16), row + 1)
}

/// Writes the sheet as a common library does.
pub fn write_plain(table: &Table, sheet: &Sheet) -> (Vec<u8>, &'static str, String) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    page.set_name(sheet.name.as_deref().unwrap_or("名单")).expect("is a name");
    let mut put = |row: usize, column: usize, text: &str| {
        if !text.is_empty() {
            page.write_string(row as u32, column as u16, text).expect("writes");
        }
    };
    for (row, line) in sheet.lines.iter().enumerate() {
        match line {
            Line::Blank => {}
            Line::Note(cells) | Line::NotData(cells) => {
                cells.iter().enumerate().for_each(|(at, text)| put(row, at, text));
            }
            Line::Heading => {
                table.file_columns.iter().enumerate().for_each(|(at, column)| put(row, at, &column.heading))
            }
            Line::Record(record) => {
                table.records[*record].cells.iter().enumerate().for_each(|(at, cell)| put(row, at, &cell.text));
            }
        }
    }
    (book.save_to_buffer().expect("saves"), "xlsx", "as a common library writes it".to_owned())
}
