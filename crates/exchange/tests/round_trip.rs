//! For all inputs: reading never panics, and what is written is read again.

mod support;

use exchange::{Options, Output, TableWriter};
use model::{Day, Decimal, Fen, Kind, Value};
use proptest::prelude::*;
use std::path::Path;
use support::*;
use words::Language;

const OUTPUTS: [(Output, &str); 6] = [
    (Output::Csv, "csv"),
    (Output::CsvBom, "csv"),
    (Output::CsvGb18030, "csv"),
    (Output::Xlsx, "xlsx"),
    (Output::Parquet, "parquet"),
    (Output::ParquetText, "parquet"),
];

/// A reading of any bytes ends in rows and faults that add up, or in a refusal with both texts.
fn read_anything(path: &Path) {
    let (columns, codes, key) = (columns(), codes(), key());
    match read_all(path, &shape(&columns, &codes, &key), &Options::default()) {
        Ok(read) => {
            assert_eq!(read.summary.rows_good, read.rows.len() as u64);
            assert_eq!(read.summary.rows_seen, read.summary.rows_good + read.summary.rows_dropped);
            assert!(read.rows.windows(2).all(|pair| pair[0].number < pair[1].number));
            assert!(read.faults.iter().all(|fault| !fault.what.is_empty() && !fault.hint.is_empty()));
        }
        Err(refusal) => assert!(!refusal.to_string().is_empty() && !refusal.said().english().is_empty()),
    }
}

fn heading_line() -> String {
    columns().iter().map(|column| column.label.clone()).collect::<Vec<_>>().join(",")
}

/// Values of each kind that survive every format.
fn values() -> impl Strategy<Value = Vec<Value>> {
    let text = prop_oneof!["[a-zA-Z0-9\u{4e00}-\u{9fa5}=+@'\",;·-]{1,12}", "['=+@-]{1,3}[a-z]{1,5}"];
    let text = text.prop_filter("is neither blank, nor a number or error that spreadsheets write", |text| {
        let is_digits = text.trim_start_matches('\'').bytes().all(|byte| byte.is_ascii_alphanumeric());
        text.trim() == text && !(text.starts_with('\'') && is_digits)
    });
    let day = (-20_000_i32..19_900).prop_map(|days| Day::from_epoch_days(days).expect("is in the calendar"));
    (
        text,
        -500_000_000_000_i64..500_000_000_000,
        -99_999_999_999_i64..99_999_999_999,
        (-9_999_999_i64..9_999_999, 0_u32..5),
        day,
        any::<bool>(),
        0_u64..5_000,
    )
        .prop_map(|(text, fen, int, (digits, scale), day, truth, number)| {
            vec![
                Value::Text(format!("K{number}{text}")),
                Value::Text(text),
                Value::Fen(Fen(fen)),
                Value::Int(int),
                Value::Decimal(Decimal::new(digits, scale).normalize()),
                Value::Day(day),
                Value::Day(day.first_of_month()),
                Value::Bool(truth),
                Value::Text(identity(number)),
            ]
        })
}

fn value_columns() -> Vec<policy::declare::Column> {
    let kinds = [
        ("key", Kind::Text),
        ("text", Kind::Text),
        ("fen", Kind::Fen),
        ("int", Kind::Int),
        ("decimal", Kind::Decimal),
        ("day", Kind::Day),
        ("month", Kind::Month),
        ("truth", Kind::Bool),
        ("identity_no", Kind::Identity),
    ];
    kinds.into_iter().map(|(name, kind)| column(name, name, kind)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes_give_rows_and_faults_or_a_refusal(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let folder = tempfile::tempdir().expect("a folder");
        for head in [b"".as_slice(), b"PK\x03\x04", b"PAR1", b"\xEF\xBB\xBF", heading_line().as_bytes()] {
            let path = folder.path().join("any");
            std::fs::write(&path, [head, b"\n", &bytes].concat()).expect("writes");
            read_anything(&path);
        }
    }

    #[test]
    fn any_text_in_cells_gives_rows_and_faults(lines in proptest::collection::vec("[ -~\u{4e00}-\u{4eff}０-９“，\"\n]{0,200}", 0..20)) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("any.csv");
        std::fs::write(&path, format!("{}\n{}", heading_line(), lines.join("\n"))).expect("writes");
        read_anything(&path);
    }

    #[test]
    fn any_cells_of_a_workbook_give_rows_and_faults(cells in proptest::collection::vec("\\PC{0,20}", 0..60), number in any::<f64>()) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("any.xlsx");
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (at, column) in (0..).zip(columns()) {
            sheet.write_string(0, at, &column.label).expect("writes");
            if number.is_finite() {
                sheet.write_number(9, at, number).expect("writes");
            }
        }
        for (at, text) in (0_u32..).zip(&cells) {
            sheet.write_string(1 + at / 20, (at % 20) as u16, text).expect("writes");
        }
        book.save(&path).expect("saves");
        read_anything(&path);
    }

    #[test]
    fn a_damaged_file_gives_rows_and_faults_or_a_refusal(at in 0.0_f64..1.0, byte in any::<u8>(), rows in 1_u64..5) {
        let folder = tempfile::tempdir().expect("a folder");
        for (output, extension) in OUTPUTS.iter().filter(|(output, _)| *output != Output::Parquet) {
            let path = folder.path().join(format!("any.{extension}"));
            write(&path, *output, &columns(), &(0..rows).map(clean).collect::<Vec<_>>());
            let mut bytes = std::fs::read(&path).expect("reads");
            let place = (at * bytes.len() as f64) as usize;
            bytes[place] = byte;
            std::fs::write(&path, &bytes).expect("writes");
            read_anything(&path);
        }
    }

    #[test]
    fn what_is_written_is_read_again(rows in proptest::collection::vec(values(), 1..20)) {
        let columns = value_columns();
        let codes = codes();
        let shape = exchange::Shape { tests: Vec::new(), household: None, identity: None, ..shape(&columns, &codes, &[]) };
        for (output, extension) in OUTPUTS {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join(format!("table.{extension}"));
            let mut table = TableWriter::create(&path, output, &headings(&columns)).expect("creates");
            for row in &rows {
                table.write_row(row).expect("writes");
            }
            table.finish().expect("finishes");
            let read = read_all(&path, &shape, &Options::default()).expect("is read");
            let mut distinct: Vec<&Vec<Value>> = Vec::new();
            for row in &rows {
                if !distinct.contains(&row) {
                    distinct.push(row);
                }
            }
            let found: Vec<&Vec<Value>> = read.rows.iter().map(|row| &row.cells).collect();
            prop_assert_eq!(found, distinct, "{:?} {:?}", output, read.faults);
        }
    }
}

#[test]
fn a_damaged_parquet_file_is_refused_or_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("any.parquet");
    write(&path, Output::ParquetText, &columns(), &(0..20).map(clean).collect::<Vec<_>>());
    let whole = std::fs::read(&path).expect("reads");
    for place in (0..whole.len()).step_by(37) {
        let mut bytes = whole.clone();
        bytes[place] ^= 0xFF;
        std::fs::write(&path, &bytes).expect("writes");
        read_anything(&path);
    }
}

#[test]
fn the_sheet_of_rows_is_named_in_the_language_of_the_workbook_and_read_in_both() {
    let (columns, codes) = (value_columns(), codes());
    let shape = exchange::Shape { tests: Vec::new(), household: None, identity: None, ..shape(&columns, &codes, &[]) };
    let folder = tempfile::tempdir().expect("a folder");
    for (language, sheet) in [(Language::CHINESE, "数据"), (Language::ENGLISH, "Rows")] {
        let path = folder.path().join(format!("{}.xlsx", language.tag()));
        let mut table = TableWriter::create_in(&path, Output::Xlsx, &headings(&columns), language).expect("creates");
        let row: Vec<Value> = columns.iter().map(|_| Value::Null).collect();
        let row = [vec![Value::Text("T1".to_owned())], row[1..].to_vec()].concat();
        table.write_row(&row).expect("writes");
        table.finish().expect("finishes");
        let read = read_all(&path, &shape, &Options::default()).expect("is read");
        let names: Vec<Option<&str>> = read.summary.sheets.iter().map(|sheet| sheet.name.as_deref()).collect();
        assert_eq!((names, read.rows.len()), (vec![Some(sheet)], 1));
    }
}
