//! A small source for workbooks made part by part: a number, money, a day and a remark.

use super::book::{RawBook, sheet, text};
use super::{Read, column, day, read_all};
use exchange::{Options, Refusal, Shape};
use model::{Fault, Kind};
use policy::declare::{CodeList, Column};
use std::collections::BTreeMap;

pub fn columns() -> Vec<Column> {
    vec![
        Column { required: true, ..column("no", "编号", Kind::Text) },
        column("paid_fen", "金额", Kind::Fen),
        column("paid_on", "日期", Kind::Day),
        column("remark", "备注", Kind::Text),
    ]
}

pub fn read(book: &RawBook) -> Result<Read, Refusal> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("made.xlsx");
    book.save(&path);
    read_file(&path)
}

pub fn read_file(path: &std::path::Path) -> Result<Read, Refusal> {
    read_with(path, &Options::default())
}

pub fn read_with(path: &std::path::Path, options: &Options<'_>) -> Result<Read, Refusal> {
    let (columns, codes, key) = (columns(), BTreeMap::<String, CodeList>::new(), vec!["no".to_owned()]);
    let shape = Shape {
        name: "payment",
        label: "发放",
        label_en: "Payments",
        columns: &columns,
        key: &key,
        identity: None,
        household: None,
        tests: Vec::new(),
        codes: &codes,
        delivery_day: day("2024-06-30"),
        places: &super::TestPlaces,
    };
    read_all(path, &shape, options)
}

/// The book of faults of a workbook that was read, read again.
pub fn read_returned(book: &RawBook) -> Read {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, out) = (folder.path().join("made.xlsx"), folder.path().join("faults.xlsx"));
    book.save(&path);
    let read = read_file(&path).expect("is read");
    exchange::write_faults(
        &path,
        &read.summary,
        &(&read.summary).into(),
        read.faults.into_iter(),
        &out,
        words::Language::CHINESE,
    )
    .expect("writes");
    read_file(&out).expect("is read")
}

/// The rows that are good, each as `row number: values`.
pub fn good(read: &Read) -> Vec<String> {
    let row = |row: &model::Row| {
        let cells: Vec<String> = row.cells.iter().map(ToString::to_string).collect();
        format!("{}: {}", row.number, cells.join(" | "))
    };
    read.rows.iter().map(row).collect()
}

pub fn headings() -> String {
    format!(
        "<row r=\"1\">{}{}{}{}</row>",
        text("A1", "编号"),
        text("B1", "金额"),
        text("C1", "日期"),
        text("D1", "备注")
    )
}

/// A sheet with the headings and these rows.
pub fn below(rows: &str) -> String {
    sheet(&format!("{}{rows}", headings()))
}

/// A row of a number and one more cell.
pub fn row(number: u32, cell: &str) -> String {
    format!("<row r=\"{number}\">{}{cell}</row>", text(&format!("A{number}"), &format!("N{number}")))
}

/// A book with these rows below its headings.
pub fn book(rows: &str) -> RawBook {
    RawBook::of(&below(rows))
}

/// Row, column and kind of each fault.
pub fn spots(faults: &[Fault]) -> Vec<String> {
    let spot = |fault: &Fault| {
        let column = fault.place.column.map_or("-".to_owned(), |column| column.to_string());
        format!("{} {column} {:?}", fault.place.row.unwrap_or(0), fault.kind)
    };
    faults.iter().map(spot).collect()
}
