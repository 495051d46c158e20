//! Keys in workbooks: days, numbers and spellings in a column of texts.

mod support;

use exchange::{NoteKind, Options};
use model::{FaultKind, Value};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use support::{codes, columns, identity, read_all, shape};

/// What stands in the cell of a key.
enum Cell {
    Text(&'static str),
    Number(f64),
    Day,
}

/// The keys that are read of these cells, and the kinds of faults.
fn keys(cells: &[Cell]) -> (Vec<String>, Vec<FaultKind>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("keys.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0..).zip(["结算单号", "证件号码", "姓名", "就诊类别", "入院日期", "总费用"])
    {
        sheet.write_string(0, column, heading).expect("writes");
    }
    for (row, cell) in (1..).zip(cells) {
        write_key(sheet, row, cell);
        sheet.write_string(row, 1, identity(u64::from(row))).expect("writes");
        for (column, text) in (2..).zip(["王伟", "住院", "2024-05-07", "12.5"]) {
            sheet.write_string(row, column, text).expect("writes");
        }
    }
    book.save(&path).expect("saves");
    let (columns, codes, key) = (columns(), codes(), ["bill_no".to_owned()]);
    let read = read_all(&path, &shape(&columns, &codes, &key), &Options::default()).expect("is read");
    let keys = read.rows.iter().map(|row| row.cells[0].to_string()).collect();
    (keys, read.faults.iter().map(|fault| fault.kind).collect())
}

fn write_key(sheet: &mut Worksheet, row: u32, cell: &Cell) {
    match cell {
        Cell::Text(text) => sheet.write_string(row, 0, *text).map(|_| ()),
        Cell::Number(number) => sheet.write_number(row, 0, *number).map(|_| ()),
        Cell::Day => {
            let day = ExcelDateTime::from_ymd(2024, 3, 1).expect("a day");
            let format = Format::new().set_num_format("m\"月\"d\"日\"");
            sheet.write_datetime_with_format(row, 0, &day, &format).map(|_| ())
        }
    }
    .expect("writes");
}

#[test]
fn what_a_spreadsheet_made_of_a_key_is_a_fault_and_what_is_sure_is_taken() {
    use Cell::{Day, Number, Text};
    let cases: [(&[Cell], &[&str], &[FaultKind]); 7] = [
        (&[Day, Text("3-1")], &["3-1"], &[FaultKind::BadText]),
        (&[Text("3月1日"), Text("2024/3/1")], &[], &[FaultKind::BadText; 2]),
        (&[Number(7012.0), Text("00007012")], &["00007012"], &[FaultKind::BadText]),
        (&[Number(7012.0), Text("20007012")], &["20007012"], &[FaultKind::BadText]),
        (&[Number(7012.0), Text("甲7"), Number(12.0)], &["7012", "甲7", "12"], &[]),
        (&[Number(3.1), Text("甲7")], &["甲7"], &[FaultKind::BadText]),
        (
            &[Text("甲7"), Text("甲\u{3000}７\u{200B}"), Text("\u{3000}")],
            &["甲7"],
            &[FaultKind::Missing, FaultKind::DuplicateKey],
        ),
    ];
    for (at, (cells, expected, faults)) in cases.iter().enumerate() {
        let (keys, mut found) = keys(cells);
        found.sort();
        assert_eq!(
            (keys.as_slice(), found.as_slice()),
            (&expected.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>()[..], *faults),
            "{at}"
        );
    }
}

#[test]
fn names_with_letters_of_one_system_are_taken_and_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("names.csv");
    let mut text = "结算单号,证件号码,姓名,就诊类别,入院日期,总费用\n".to_owned();
    for (at, name) in ["王\u{E863}", "王\u{E000}", "王\u{F0001}", "王龘"].iter().enumerate() {
        text.push_str(&format!("B{at},{},{name},住院,2024-05-07,12.5\n", identity(at as u64)));
    }
    std::fs::write(&path, text).expect("writes");
    let (columns, codes, key) = (columns(), codes(), ["bill_no".to_owned()]);
    let read = read_all(&path, &shape(&columns, &codes, &key), &Options::default()).expect("is read");
    let names: Vec<&Value> = read.rows.iter().map(|row| &row.cells[2]).collect();
    let expected = ["王䶮", "王\u{E000}", "王\u{F0001}", "王龘"].map(|name| Value::Text(name.to_owned()));
    assert_eq!(names, expected.iter().collect::<Vec<_>>());
    let notes: Vec<(NoteKind, u64)> = read.summary.notes.iter().map(|note| (note.kind, note.count)).collect();
    assert_eq!(notes, [(NoteKind::UnknownLetters, 2)]);
}
