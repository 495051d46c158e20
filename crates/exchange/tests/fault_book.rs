//! The file comes back with its faults marked, and can be corrected and handed in again.

mod support;

use calamine::{DataRef, Reader, Xlsx, open_workbook};
use exchange::{Options, Output, RowFate, Summary};
use model::{Fault, FaultKind};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use support::*;
use words::Language;

type Cells = BTreeMap<(u32, u32), String>;

fn cells(path: &Path, sheet: &str) -> Cells {
    let mut book: Xlsx<_> = open_workbook(path).expect("opens");
    let mut reader = book.worksheet_cells_reader(sheet).expect("has the sheet");
    let mut cells = Cells::new();
    while let Some(cell) = reader.next_cell().expect("reads") {
        let text = match cell.get_value() {
            DataRef::String(text) => text.clone(),
            DataRef::SharedString(text) => (*text).to_owned(),
            DataRef::Float(number) => number.to_string(),
            other => format!("{other:?}"),
        };
        cells.insert(cell.get_position(), text);
    }
    cells
}

fn part(path: &Path, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).expect("opens")).expect("is a zip");
    let mut text = String::new();
    archive.by_name(name).expect("has the part").read_to_string(&mut text).expect("reads");
    text
}

/// A file with some wrong cells, read, and its book of faults.
fn book(folder: &Path, output: Output, name: &str, spoil: &[(usize, usize, &str)]) -> (Summary, Vec<Fault>, PathBuf) {
    let (columns, codes, key) = (columns(), codes(), key());
    let mut rows: Vec<_> = (0..40).map(clean).collect();
    for (row, column, text) in spoil {
        rows[*row][*column] = (*text).to_owned();
    }
    let path = folder.join(name);
    write(&path, output, &columns, &rows);
    let read = read_all(&path, &shape(&columns, &codes, &key), &Options::default()).expect("is read");
    let out = folder.join("faults.xlsx");
    exchange::write_faults(
        &path,
        &read.summary,
        &(&read.summary).into(),
        read.faults.clone().into_iter(),
        &out,
        Language::CHINESE,
    )
    .expect("writes");
    (read.summary, read.faults, out)
}

#[test]
fn every_fault_is_red_noted_and_listed_in_all_formats() {
    let spoil = [(3, 8, "很多"), (3, 9, "12.345"), (10, 1, "513437199001011234"), (20, 19, "=1+1"), (21, 0, "")];
    for (output, name) in [
        (Output::Csv, "a.csv"),
        (Output::CsvGb18030, "b.csv"),
        (Output::Xlsx, "c.xlsx"),
        (Output::ParquetText, "d.parquet"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let (summary, faults, out) = book(folder.path(), output, name, &spoil);
        assert_eq!(faults.len(), 4, "{name}: {faults:?}");
        let data = cells(&out, "数据");
        assert_eq!(data[&(0, 0)], "结算单号", "{name}");
        assert_eq!(data[&(4, 8)], "很多", "{name}: rows keep their numbers");
        assert_eq!(data[&(21, 19)], "=1+1", "{name}: texts stay texts");
        assert!(!part(&out, "xl/worksheets/sheet1.xml").contains("<f>"), "{name}: no formula");
        let notes = part(&out, "xl/comments1.xml");
        for place in ["I5", "J5", "B12", "A23"] {
            assert!(notes.contains(&format!("ref=\"{place}\"")), "{name}: note at {place}");
        }
        assert_eq!(notes.matches("<comment ").count(), 4, "{name}");
        let overview = cells(&out, "错误汇总");
        let texts: Vec<&str> = overview.values().map(String::as_str).collect();
        assert!(texts.iter().any(|text| text.contains("剔除3行") && text.contains("共4处")), "{name}: {texts:?}");
        assert!(texts.contains(&"不是金额") && texts.contains(&"证件号码校验位不对"), "{name}");
        assert!(!texts.iter().any(|text| text.contains("513437199001011234")), "{name}: numbers are masked");
        assert_eq!(summary.fault_count(), 4);
        let opened: Xlsx<_> = open_workbook(&out).expect("opens");
        assert_eq!(opened.sheet_names().last().map(String::as_str), Some("错误汇总"));
    }
}

#[test]
fn the_overview_says_what_became_of_the_rows_and_lists_only_kinds_that_occur() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut summary, faults, out) = book(folder.path(), Output::Csv, "a.csv", &[(3, 8, "很多")]);
    summary.faults.insert(FaultKind::CheckFailed, 0);
    let cases = [
        (RowFate { refused: 35, unmatched: 5, ..RowFate::default() }, "共读到40行，采用0行，剔除35行，未匹配5行；"),
        (RowFate { taken: 39, refused: 1, ..RowFate::default() }, "共读到40行，采用39行，剔除1行；"),
        (
            RowFate { taken: 38, refused: 1, unmatched: 1, is_trial: true },
            "共读到40行，尚未导入；如导入，采用38行，剔除1行，未匹配1行；",
        ),
    ];
    for (fate, expected) in cases {
        let path = folder.path().join("a.csv");
        exchange::write_faults(&path, &summary, &fate, faults.clone().into_iter(), &out, Language::CHINESE)
            .expect("writes");
        let overview = cells(&out, "错误汇总");
        let texts: Vec<&str> = overview.values().map(String::as_str).collect();
        assert!(texts.iter().any(|text| text.starts_with(expected)), "{expected}: {texts:?}");
        assert!(!texts.contains(&FaultKind::CheckFailed.label(Language::CHINESE)), "{texts:?}");
        assert!(!texts.contains(&"0"), "{texts:?}");
    }
}

#[test]
fn red_cells_are_red() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, _, out) = book(folder.path(), Output::Csv, "a.csv", &[(3, 8, "很多")]);
    let mut opened: Xlsx<_> = open_workbook(&out).expect("opens");
    let styles = opened.worksheet_style("数据").expect("has styles");
    let is_red =
        |row: u32, column: u32| format!("{:?}", styles.get((row, column)).map(|style| &style.fill)).contains("255");
    assert!(is_red(4, 8));
    assert!(!is_red(5, 8) && !is_red(4, 7));
}

#[test]
fn the_returned_book_reads_as_the_original_did() {
    let folder = tempfile::tempdir().expect("a folder");
    let (summary, faults, out) = book(folder.path(), Output::Csv, "a.csv", &[(3, 8, "很多"), (7, 3, "1")]);
    let (columns, codes, key) = (columns(), codes(), key());
    let again = read_all(&out, &shape(&columns, &codes, &key), &Options::default()).expect("is read");
    assert_eq!(again.summary.fingerprint, summary.fingerprint);
    let left: Vec<&str> = again.summary.sheets_left.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(left, ["错误汇总"]);
    assert_eq!(spots(&again.faults), spots(&faults));
}

#[test]
fn a_file_that_changed_is_not_marked() {
    let folder = tempfile::tempdir().expect("a folder");
    let (summary, faults, out) = book(folder.path(), Output::Csv, "a.csv", &[(3, 8, "很多")]);
    let original = folder.path().join("a.csv");
    std::fs::write(&original, "结算单号,证件号码\n1,2\n").expect("writes");
    let fate = (&summary).into();
    let outcome = exchange::write_faults(&original, &summary, &fate, faults.into_iter(), &out, Language::CHINESE);
    assert!(matches!(outcome, Err(exchange::WriteError::Changed { .. })));
}

#[test]
fn cells_of_other_programs_are_read_by_their_type() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("typed.xlsx");
    let (columns, codes, key) = (columns(), codes(), key());
    let mut book = rust_xlsxwriter::Workbook::new();
    let day = rust_xlsxwriter::Format::new().set_num_format("yyyy/m/d");
    let sheet = book.add_worksheet();
    for (at, column) in (0..).zip(&columns) {
        sheet.write_string(0, at, &column.label).expect("writes");
    }
    for row in 1..8 {
        for (at, text) in (0..).zip(clean(u64::from(row))) {
            sheet.write_string(row, at, text).expect("writes");
        }
    }
    // Row 2: all typed and good. Rows 3 to 7: one wrong cell each.
    sheet.write_number_with_format(1, 6, 45_419.35, &day).expect("writes");
    sheet.write_number(1, 7, 45_420).expect("writes");
    sheet.write_number(1, 8, 1234.56).expect("writes");
    sheet.write_number(1, 9, 0.1 + 0.7).expect("writes");
    sheet.write_number(1, 3, 13_812_345_678_f64).expect("writes");
    sheet.write_boolean(1, 12, true).expect("writes");
    sheet.write_number(1, 13, 513_437_100_001_f64).expect("writes");
    sheet.write_number(1, 14, 202_405).expect("writes");
    sheet.write_number(1, 5, 1).expect("writes");
    sheet.write_number(2, 1, 513_437_199_001_011_234_u64 as f64).expect("writes");
    sheet.write_number(3, 0, 1.234_567_89e17).expect("writes");
    sheet.write_number(4, 8, 12.345).expect("writes");
    sheet.write_number_with_format(5, 8, 45_419, &day).expect("writes");
    sheet.write_formula(6, 9, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).expect("writes");
    sheet.write_number(7, 14, 2024.1).expect("writes");
    book.save(&path).expect("saves");
    let read = read_all(&path, &shape(&columns, &codes, &key), &Options::default()).expect("is read");
    let expected = [
        (3, Some(1), FaultKind::IdentityLength),
        (4, Some(0), FaultKind::BadText),
        (5, Some(8), FaultKind::NotMoney),
        (6, Some(8), FaultKind::NotMoney),
        (7, Some(9), FaultKind::FormulaError),
        (8, Some(14), FaultKind::NotADay),
    ];
    assert_eq!(spots(&read.faults), expected, "{:?}", read.faults);
    let shown: Vec<String> = read.rows[0].cells.iter().map(ToString::to_string).collect();
    for (column, value) in [
        (3, "13812345678"),
        (5, "01"),
        (6, "2024-05-07"),
        (7, "2024-05-08"),
        (8, "1,234.56"),
        (9, "0.80"),
        (12, "是"),
        (13, "513437100001"),
        (14, "2024-05-01"),
    ] {
        assert_eq!(shown[column], value, "column {column}");
    }
}
