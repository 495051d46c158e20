//! Headings are found where real files have them, in the spellings of real files.

mod support;

use exchange::{LeftReason, Options, Output, Refusal};
use model::{Fen, Value};
use std::path::PathBuf;
use support::*;

fn csv(folder: &tempfile::TempDir, lines: &[&str]) -> PathBuf {
    let path = folder.path().join("file.csv");
    std::fs::write(&path, lines.join("\n")).expect("writes");
    path
}

/// Columns: number, identity, name, money.
fn small() -> Vec<policy::declare::Column> {
    let all = columns();
    vec![all[0].clone(), all[1].clone(), all[2].clone(), all[8].clone()]
}

fn read(path: &std::path::Path, options: &Options<'_>) -> Result<Read, Refusal> {
    let (columns, codes, key) = (small(), codes(), key());
    let shape = exchange::Shape { tests: Vec::new(), household: None, ..shape(&columns, &codes, &key) };
    read_all(path, &shape, options)
}

fn unused(read: &Read) -> Vec<String> {
    read.summary.unused.iter().map(|unused| unused.column.said().chinese().to_owned()).collect()
}

fn money(read: &Read) -> Vec<Value> {
    read.rows.iter().map(|row| row.cells[3].clone()).collect()
}

#[test]
fn headings_are_known_in_all_their_spellings() {
    let row = format!("A1,{},王伟,12.5", identity(1));
    for line in [
        "结算单号,证件号码,姓名,总费用（元）",
        " 结算 单号,身份证号,姓　名,总费用",
        "*结算单号,身份证号：,姓名（必填）,总费用(元)",
        "bill_no,IDENTITY_NO,name,total_fen",
        "结算单号,证件号码,姓名,总费用【元】",
        "\"结算\n单号\",证件号码,姓名,总费用（元）",
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let read = read(&csv(&folder, &[line, &row]), &Options::default())
            .unwrap_or_else(|refusal| panic!("{line}: {refusal}"));
        assert_eq!(money(&read), [Value::Fen(Fen(1_250))], "{line}: {:?}", read.faults);
    }
}

#[test]
fn title_rows_and_merged_headings_above_are_passed_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let lines = [
        "某县就医结算明细表,,,,",
        "填报单位：某局,,,,单位：元",
        "",
        "结算单号,人员,,费用,",
        ",证件号码,姓名,总费用,备注",
        &format!("A1,{},王伟,12.5,无", identity(1)),
        &format!("A2,{},王伟,99,", identity(2)),
    ];
    let read = read(&csv(&folder, &lines), &Options::default()).expect("is read");
    assert_eq!(read.summary.sheets[0].heading_row, 5);
    assert_eq!(read.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [6, 7]);
    assert_eq!(money(&read), [Value::Fen(Fen(1_250)), Value::Fen(Fen(9_900))]);
    assert_eq!(unused(&read), ["E列（费用／备注）"]);
}

#[test]
fn the_unit_of_the_heading_counts() {
    for (heading, fen) in
        [("总费用", 12_345), ("总费用（元）", 12_345), ("总费用（万元）", 123_450_000), ("总费用(分)", 0)]
    {
        let folder = tempfile::tempdir().expect("a folder");
        let amount = if fen == 0 { "12345" } else { "123.45" };
        let lines = [&format!("结算单号,证件号码,姓名,{heading}"), &format!("A1,{},王伟,{amount}", identity(1))];
        let read = read(&csv(&folder, &lines.map(String::as_str)), &Options::default()).expect("is read");
        let expected = if fen == 0 { 12_345 } else { fen };
        assert_eq!(money(&read), [Value::Fen(Fen(expected))], "{heading} {:?}", read.faults);
    }
}

#[test]
fn every_sheet_that_fits_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sheets.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, rows) in [("说明", 0), ("甲乡", 3), ("乙乡", 2)] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        if rows == 0 {
            sheet.write_string(0, 0, "本表由各乡填报").expect("writes");
            continue;
        }
        for (column, heading) in (0..).zip(["结算单号", "证件号码", "姓名", "总费用"]) {
            sheet.write_string(1, column, heading).expect("writes");
        }
        for row in 0..rows {
            sheet.write_string(row + 2, 0, format!("{name}{row}")).expect("writes");
            sheet.write_string(row + 2, 1, identity(u64::from(row))).expect("writes");
            sheet.write_string(row + 2, 2, "王伟").expect("writes");
            sheet.write_number(row + 2, 3, 0.1 + 0.2).expect("writes");
        }
    }
    book.save(&path).expect("saves");
    let read = read(&path, &Options::default()).expect("is read");
    let sheets: Vec<_> = read.summary.sheets.iter().map(|sheet| (sheet.name.as_deref(), sheet.rows_seen)).collect();
    assert_eq!(sheets, [(Some("甲乡"), 3), (Some("乙乡"), 2)]);
    let left: Vec<_> = read.summary.sheets_left.iter().map(|sheet| (sheet.name.as_str(), sheet.why)).collect();
    assert_eq!(left, [("说明", LeftReason::NoHeadings)]);
    assert_eq!(money(&read), vec![Value::Fen(Fen(30)); 5]);
}

#[test]
fn a_fingerprint_does_not_depend_on_format_or_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let (columns, codes, key) = (columns(), codes(), key());
    let rows: Vec<_> = (0..50).map(clean).collect();
    let fingerprint = |output, name: &str, rows: &[Vec<String>]| {
        let path = folder.path().join(name);
        write(&path, output, &columns, rows);
        let summary = read_all(&path, &shape(&columns, &codes, &key), &Options::default()).expect("is read").summary;
        (summary.fingerprint, summary.file_hash)
    };
    let (first, first_hash) = fingerprint(Output::Csv, "a.csv", &rows);
    let turned: Vec<_> = rows.iter().rev().cloned().collect();
    let (second, second_hash) = fingerprint(Output::Xlsx, "b.xlsx", &turned);
    assert_eq!(first, second);
    assert_ne!(first_hash, second_hash);
    assert_ne!(first, fingerprint(Output::Csv, "c.csv", &rows[1..]).0);
}

#[test]
fn the_encoding_is_told_by_the_first_foreign_line_however_late() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("late.csv");
    let mut bytes = b"bill_no,identity_no,name,total_fen\n".to_vec();
    for number in 0..40_000 {
        bytes.extend(format!("A{number},{},Wang Wei,1\n", identity(number)).into_bytes());
    }
    assert!(bytes.len() > 1 << 20);
    // 王 in GB18030.
    bytes.extend(format!("B1,{},", identity(1)).into_bytes());
    bytes.extend([0xCD, 0xF5]);
    bytes.extend(b",2\n");
    std::fs::write(&path, bytes).expect("writes");
    let read = read(&path, &Options::default()).expect("is read");
    assert_eq!(read.faults, []);
    assert_eq!(read.rows.last().map(|row| row.cells[2].clone()), Some(Value::Text("王".into())));
}

#[test]
fn optional_columns_may_be_left_out_and_strange_ones_added() {
    let (columns, codes, key) = (columns(), codes(), key());
    let needed = ["结算单号", "证件号码", "姓名", "就诊类别", "入院日期", "总费用"];
    let cells = ["A1", &identity(1), "王伟", "住院", "2024-05-07", "1"];
    let strange = |count: usize| (0..count).map(|at| format!(",另列{at}")).collect::<String>();
    for (added, is_read) in [(0, true), (6, true), (7, false), (20, false)] {
        let folder = tempfile::tempdir().expect("a folder");
        let lines = [needed.join(",") + &strange(added), cells.join(",") + &strange(added)];
        let path = csv(&folder, &lines.each_ref().map(String::as_str));
        let outcome = read_all(&path, &shape(&columns, &codes, &key), &Options::default());
        assert_eq!(outcome.is_ok(), is_read, "{added}: {outcome:?}");
    }
}

fn refused(lines: &[&str]) -> Refusal {
    let filled: Vec<String> =
        lines.iter().map(|line| line.replace("#1", &identity(1)).replace("#2", &identity(2))).collect();
    let folder = tempfile::tempdir().expect("a folder");
    let path = csv(&folder, &filled.iter().map(String::as_str).collect::<Vec<_>>());
    read(&path, &Options::default()).err().unwrap_or_else(|| panic!("{lines:?} is read"))
}

#[test]
fn a_later_row_of_headings_that_differs_refuses_the_file() {
    let head = "结算单号,证件号码,姓名,总费用,备注";
    for other in [
        "结算单号,姓名,证件号码,总费用,备注",
        "结算单号,证件号码,姓名,总费用（万元）,备注",
        "结算单号,证件号码,姓名,备注,总费用",
        "序号,结算单号,证件号码,姓名,总费用",
        "结算单号,证件号码,姓名,,总费用",
    ] {
        let lines = [head, "A1,#1,王伟,5,", other, "A2,#2,李芳,7,"];
        let refusal = refused(&lines);
        assert!(matches!(refusal, Refusal::OtherHeadings { row: 3, heading_row: 1, .. }), "{other}: {refusal:?}");
        assert!(refusal.to_string().contains("第3行") && refusal.said().english().contains("Row 3"), "{refusal}");
    }
    // The same headings again, spelled with other spaces, and with the number of a page behind them.
    let folder = tempfile::tempdir().expect("a folder");
    let (one, two) = (format!("A1,{},王伟,5,", identity(1)), format!("A2,{},李芳,7,", identity(2)));
    let lines = [head, &one, "第2页,,,,", "结算单号,证件 号码,姓　名,总费用,备注", &two];
    let read = read(&csv(&folder, &lines), &Options::default()).expect("is read");
    assert_eq!((read.rows.len(), read.summary.rows_dropped), (2, 0), "{:?}", read.faults);
}

#[test]
fn data_above_the_headings_is_told() {
    let head = "结算单号,证件号码,姓名,总费用";
    for (lines, rows) in [
        // The first headings lack a column, or are misspelt; the second ones fit better.
        (vec!["证件号码,姓名,总费用,", "#1,王伟,5,", head, "A2,#2,李芳,7"], vec![2]),
        (vec!["单号栏目,证号,名字,总额", "A1,#1,王伟,5", "A3,,李四,6", head, "A2,#2,李芳,7"], vec![2]),
        (vec!["结算单号,证件号码,患者,总额", "A1,不详,王伟,5", "A3,不详,李四,6", head, "A2,#2,李芳,7"], vec![2, 3]),
    ] {
        let refusal = refused(&lines);
        let Refusal::DataAboveHeadings { rows: found, heading_row, .. } = &refusal else {
            panic!("{lines:?}: {refusal:?}")
        };
        assert_eq!((found, *heading_row as usize), (&rows, lines.len() - 1), "{lines:?}");
    }
}
