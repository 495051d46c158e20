//! What people do to a workbook, done to its parts.

use crate::served::between;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

/// The parts of a workbook: name and bytes.
#[derive(Clone)]
pub struct Book {
    parts: Vec<(String, Vec<u8>)>,
}

impl Book {
    pub fn open(path: &Path) -> Book {
        let file = std::fs::File::open(path).expect("opens");
        let mut archive = zip::ZipArchive::new(file).expect("is an archive");
        let mut parts = Vec::new();
        for at in 0..archive.len() {
            let mut part = archive.by_index(at).expect("is a part");
            let name = part.name().expect("has a name").to_string();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).expect("unpacks");
            parts.push((name, bytes));
        }
        Book { parts }
    }

    pub fn write(&self, path: &Path) {
        let mut writer = zip::ZipWriter::new(std::fs::File::create(path).expect("creates"));
        for (name, bytes) in &self.parts {
            writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("begins");
            writer.write_all(bytes).expect("writes");
        }
        writer.finish().expect("finishes");
    }

    fn text(&self, wanted: &str) -> String {
        let part = self.parts.iter().find(|(name, _)| name == wanted).unwrap_or_else(|| panic!("no {wanted}"));
        String::from_utf8(part.1.clone()).expect("is UTF-8")
    }

    /// Names of the sheets that people see.
    pub fn visible_sheets(&self) -> Vec<String> {
        let workbook = self.text("xl/workbook.xml");
        let sheets = workbook.split("<sheet ").skip(1).filter(|sheet| {
            let tag = sheet.split("/>").next().unwrap_or_default();
            !tag.contains("state=\"hidden\"")
        });
        sheets.filter_map(|sheet| between(sheet, "name=\"", "\"")).map(str::to_owned).collect()
    }

    /// The texts of all sheets.
    pub fn sheets(&self) -> impl Iterator<Item = String> {
        let sheets = self.parts.iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet"));
        sheets.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Everything that stands in the workbook.
    pub fn all_text(&self) -> String {
        self.parts.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes)).collect()
    }

    /// Numbers of the records in a sheet, row by row.
    pub fn records(&self, sheet: usize) -> Vec<String> {
        let is_number = |text: &&str| text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let rows = rows(&self.text(&name_of(sheet)));
        let number = |row: &String| {
            let texts = row.split("<t").skip(1).filter_map(|text| between(text, ">", "</t>"));
            texts.filter(is_number).last().map(str::to_owned)
        };
        rows.iter().filter_map(number).collect()
    }

    /// How many rows of a sheet each record has.
    pub fn rows_by_record(&self, sheet: usize) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        self.records(sheet).into_iter().for_each(|record| *counts.entry(record).or_default() += 1);
        counts
    }
}

fn name_of(sheet: usize) -> String {
    format!("xl/worksheets/sheet{}.xml", sheet + 1)
}

fn rows(xml: &str) -> Vec<String> {
    xml.split("<row ").skip(1).filter_map(|row| Some(row.split_once("</row>")?.0.to_owned())).collect()
}

/// The workbook with another name for a sheet.
pub fn renamed(book: &Book, from: &str, to: &str) -> Book {
    let mut book = book.clone();
    let (from, to) = (format!("name=\"{from}\""), format!("name=\"{to}\""));
    let workbook = book.parts.iter_mut().find(|(name, _)| name == "xl/workbook.xml").expect("a workbook");
    let text = String::from_utf8(workbook.1.clone()).expect("is UTF-8");
    assert!(text.contains(&from), "no sheet {from}");
    workbook.1 = text.replace(&from, &to).into_bytes();
    book
}

/// The workbook with another inside of a sheet.
pub fn changed(book: &Book, sheet: usize, change: impl FnOnce(&str) -> String) -> Book {
    let mut book = book.clone();
    let part = book.parts.iter_mut().find(|(name, _)| *name == name_of(sheet)).expect("a sheet");
    part.1 = change(std::str::from_utf8(&part.1).expect("is UTF-8")).into_bytes();
    book
}

/// The workbook without the rows of a sheet that are to go, told by their number (counted from 1) and what stands in them.
pub fn without_rows(book: &Book, sheet: usize, goes: impl Fn(u32, &str) -> bool) -> Book {
    let mut book = book.clone();
    let part = book.parts.iter_mut().find(|(name, _)| *name == name_of(sheet)).expect("a sheet");
    let xml = String::from_utf8(part.1.clone()).expect("is UTF-8");
    let mut left = xml.clone();
    for row in rows(&xml) {
        let number = between(&row, "r=\"", "\"").and_then(|number| number.parse().ok()).expect("a number");
        if goes(number, &row) {
            left = left.replace(&format!("<row {row}</row>"), "");
        }
    }
    part.1 = left.into_bytes();
    book
}

/// The letters of the column under a heading that stands in a row (counted from 1).
pub fn column_of(book: &Book, sheet: usize, row: usize, heading: &str) -> String {
    let all = rows(&book.text(&name_of(sheet)));
    let cells = all[row - 1].split("<c ").skip(1);
    let mut named = cells.filter(|cell| cell.contains(&format!(">{heading}</t>")));
    let place = named.next().and_then(|cell| between(cell, "r=\"", "\""));
    let place = place.unwrap_or_else(|| panic!("no {heading} in row {row}"));
    place.trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned()
}

/// The workbook with another text in a cell, named as spreadsheets name it; empty cells may have been left out of it.
pub fn with_cell(book: &Book, sheet: usize, cell: &str, text: &str) -> Book {
    let mut book = book.clone();
    let part = book.parts.iter_mut().find(|(name, _)| *name == name_of(sheet)).expect("a sheet");
    let xml = String::from_utf8(part.1.clone()).expect("is UTF-8");
    let (column, row) = cell.split_at(cell.find(|letter: char| letter.is_ascii_digit()).expect("a row"));
    let of_row = |text: &String| between(text, "r=\"", "\"").is_some_and(|number| number == row);
    let whole = rows(&xml).into_iter().find(of_row).unwrap_or_else(|| panic!("no row {row}"));
    let (head, rest) = whole.split_once('>').expect("a tag");
    let made = format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let order = |letters: &str| (letters.len(), letters.to_owned());
    let place = |cell: &str| {
        let name = between(cell, "r=\"", "\"").expect("a name");
        order(name.trim_end_matches(|letter: char| letter.is_ascii_digit()))
    };
    let cells: Vec<String> = rest.split("<c ").skip(1).map(|cell| format!("<c {cell}")).collect();
    let others = cells.into_iter().filter(|cell| place(cell) != order(column));
    let (before, behind) = others.partition::<Vec<_>, _>(|cell| place(cell) < order(column));
    let changed = format!("{head}>{}{made}{}", before.concat(), behind.concat());
    part.1 = xml.replace(&format!("<row {whole}</row>"), &format!("<row {changed}</row>")).into_bytes();
    book
}
