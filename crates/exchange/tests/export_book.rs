//! What a register gives out comes back as it was, whatever stands in it.

mod support;

use exchange::{
    ExportBook, ExportHead, ExportTable, KnownPlaces, Options, Output, Part, Purpose, WriteError, read_part,
};
use model::written::is_blank;
use model::{AreaCodes, Day, Decimal, Fault, Fen, Kind, Value};
use policy::declare::Column;
use proptest::prelude::*;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use support::office::{cells, xml_of};
use support::register::*;

const HEAD: ExportHead<'static> = ExportHead {
    who: "张三",
    when: "2024-06-30 10:20",
    filter: "状态=注销, 乡镇;\"上河镇\"",
    language: words::Language::CHINESE,
    is_handed_in: true,
};

/// Writes the rows of each part: one workbook, or a file for each part.
fn export(folder: &Path, output: Output, parts: &[Part], rows: &[Vec<Vec<Value>>]) -> Vec<PathBuf> {
    let (codes, divisions) = (codes(), divisions());
    let tables: Vec<ExportTable> = parts.iter().map(|part| ExportTable { part, columns: &[] }).collect();
    let begin = |path: &Path, tables: &[ExportTable]| {
        ExportBook::create(path, output, &HEAD, origin(), tables, &codes, Some(&divisions)).expect("creates")
    };
    if output == Output::Xlsx {
        let path = folder.join("list.xlsx");
        let mut book = begin(&path, &tables);
        // Parts are written in turns, as records come with their children.
        for line in 0..rows.iter().map(Vec::len).max().unwrap_or(0) {
            for (table, rows) in rows.iter().enumerate() {
                if let Some(row) = rows.get(line) {
                    book.write_row(table, row).expect("writes");
                }
            }
        }
        book.finish().expect("finishes");
        return vec![path; parts.len()];
    }
    let write = |at: usize, rows: &[Vec<Value>]| {
        let path = folder.join(format!("list{at}.csv"));
        let mut book = begin(&path, &tables[at..=at]);
        rows.iter().for_each(|row| book.write_row(0, row).expect("writes"));
        book.finish().expect("finishes");
        path
    };
    rows.iter().enumerate().map(|(at, rows)| write(at, rows)).collect()
}

/// Rows and faults of each part.
fn import(files: &[PathBuf], parts: &[Part]) -> (Vec<Vec<Vec<Value>>>, Vec<Fault>) {
    let (codes, divisions, areas) = (codes(), divisions(), AreaCodes::default());
    let places = KnownPlaces::new(&areas, &divisions);
    let (mut rows, mut faults) = (vec![Vec::new(); parts.len()], Vec::new());
    for (at, file) in files.iter().enumerate() {
        let shape = parts[at].shape(&codes, support::day("2100-01-01"), &places);
        let read = read_part(file, parts, at, &shape, &Options::default(), &mut |chunk| {
            rows[at].extend(chunk.rows.into_iter().map(|row| row.cells));
            faults.extend(chunk.faults);
            ControlFlow::Continue(())
        });
        match read {
            Ok(_) | Err(exchange::Refusal::Empty { .. }) => {}
            Err(refusal) => panic!("{refusal}"),
        }
    }
    (rows, faults)
}

/// Texts with all that spreadsheets and separators stumble over, control characters among them.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[=+@\t\r\n\u{0}'\"-][a-zA-Z0-9()!'\" ,;、|=]{0,12}",
        "['＝＋－＠]{1,3}[a-z0-9=+@-]{1,6}",
        "[ -~\u{4e00}-\u{9fa5}\u{1}-\u{1f}_x]{1,20}",
        Just("合计".to_owned()),
        Just("#N/A".to_owned()),
        Just("1.2E+05".to_owned()),
        Just("_x0041_".to_owned()),
        Just("示例：甲".to_owned()),
        Just("'001".to_owned()),
        Just(" 两端有空格 ".to_owned()),
    ]
}

/// A text as a key is kept.
fn folded(text: &str) -> Value {
    let folded = model::written::fold_key(text).into_owned();
    Value::Text(if folded.is_empty() { "甲".to_owned() } else { folded })
}

/// A value of the kind.
fn value(column: &Column) -> BoxedStrategy<Value> {
    let day = (-20_000_i32..19_900).prop_map(|days| Day::from_epoch_days(days).expect("is in the calendar"));
    let texts = |texts: &'static [&'static str]| {
        proptest::sample::select(texts).prop_map(|text| Value::Text(text.to_owned())).boxed()
    };
    match column.kind {
        Kind::Text if column.name == "household_no" => texts(&["1", "5134371002010001", "987654321012345678"]),
        // What names a record is kept folded; a mark of nothing but spaces says nothing.
        Kind::Reference => text().prop_map(|text| folded(&text)).boxed(),
        Kind::Text if column.name.ends_with("_no") => text().prop_map(|text| folded(&text)).boxed(),
        Kind::Text => text().prop_map(|text| Value::Text(if is_blank(&text) { "甲".to_owned() } else { text })).boxed(),
        Kind::Name => texts(&["=王伟", "@李芳", "+扎西·次仁", "-欧阳", "杨小珍", "吉木’阿"]),
        Kind::Code if column.many => texts(&["a", "b", "c", "a,b", "b,c", "a,b,c,d", "d"]),
        Kind::Code if column.codes.as_deref() == Some("measure") => texts(&["001", "120", "077"]),
        Kind::Code => texts(&["1", "2", "3", "4"]),
        Kind::Int => (1_i64..30).prop_map(Value::Int).boxed(),
        Kind::Decimal => (-9_999_999_i64..9_999_999, 0_u32..5)
            .prop_map(|(d, s)| Value::Decimal(Decimal::new(d, s).normalize()))
            .boxed(),
        Kind::Fen => (-500_000_000_000_i64..500_000_000_000).prop_map(|fen| Value::Fen(Fen(fen))).boxed(),
        Kind::Day => day.prop_map(Value::Day).boxed(),
        Kind::Month => day.prop_map(|day| Value::Day(day.first_of_month())).boxed(),
        Kind::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Kind::Identity => (0_u64..5_000).prop_map(|number| Value::Text(support::identity(number))).boxed(),
        Kind::Phone => texts(&["13812341234", "02886661234"]),
        Kind::Account => texts(&["6217000000000000001", "12345678901234567890123456789012"]),
        Kind::Region => texts(&["513437100001", "513437101003", "513437100000", "513437000000"]),
        Kind::File => (1_usize..3)
            .prop_map(|count| {
                let line = |at: usize| format!("{}:照片 {at};=1.jpg", format!("{at:x}").repeat(64));
                Value::Text((1..=count).map(line).collect::<Vec<_>>().join("\n"))
            })
            .boxed(),
    }
}

/// Rows of a part: required cells filled, the others sometimes.
fn rows(part: &Part) -> impl Strategy<Value = Vec<Vec<Value>>> + use<> {
    let cell = |column: &Column| {
        let is_needed = column.required || part.key.contains(&column.name);
        match (column.is_entered(), is_needed) {
            (false, _) => Just(Value::Null).boxed(),
            (true, true) => value(column),
            (true, false) => prop_oneof![1 => Just(Value::Null), 3 => value(column)].boxed(),
        }
    };
    let cells: Vec<BoxedStrategy<Value>> = part.columns.iter().map(cell).collect();
    proptest::collection::vec(cells, 0..6)
}

/// Without rows that repeat the key of an earlier one, which no register has.
fn distinct(part: &Part, rows: Vec<Vec<Value>>) -> Vec<Vec<Value>> {
    let keys: Vec<usize> = (0..part.columns.len()).filter(|at| part.key.contains(&part.columns[*at].name)).collect();
    let same = |one: &Vec<Value>, other: &Vec<Value>| match keys.as_slice() {
        [] => one == other,
        keys => keys.iter().all(|at| one[*at] == other[*at]),
    };
    let mut kept: Vec<Vec<Value>> = Vec::new();
    for row in rows {
        if !kept.iter().any(|earlier| same(earlier, &row)) {
            kept.push(row);
        }
    }
    kept
}

fn all_rows() -> impl Strategy<Value = Vec<Vec<Vec<Value>>>> {
    let parts = parts();
    let [ledger, visit, payment] = [rows(&parts[0]), rows(&parts[1]), rows(&parts[2])];
    (ledger, visit, payment).prop_map(move |(ledger, visit, payment)| {
        parts.iter().zip([ledger, visit, payment]).map(|(part, rows)| distinct(part, rows)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_exported_is_imported_again_children_included(rows in all_rows()) {
        let parts = parts();
        for output in [Output::Xlsx, Output::CsvBom, Output::Csv, Output::CsvGb18030] {
            let folder = tempfile::tempdir().expect("a folder");
            let files = export(folder.path(), output, &parts, &rows);
            let (found, faults) = import(&files, &parts);
            prop_assert_eq!(&found, &rows, "{:?} {:?}", output, faults);
        }
    }
}

/// A row of the register with this key.
fn row(number: u64) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let value = |column: &Column| match column.name.as_str() {
        "file_no" => Value::Text(format!("D{number}")),
        "identity_no" => Value::Text(support::identity(number)),
        "state_code" => text("1"),
        "need_codes" => text("a,b"),
        "income_fen" => Value::Fen(Fen(-12_345)),
        "entered_on" => Value::Day(support::day("2024-05-01")),
        "village_code" => text("513437100001"),
        "remark" => text("=1+1"),
        _ => Value::Null,
    };
    register().field.iter().map(value).collect()
}

#[test]
fn the_first_line_tells_who_when_and_which_filter_and_the_last_sheet_how_many() {
    let folder = tempfile::tempdir().expect("a folder");
    let parts = parts();
    let rows = vec![vec![row(1), row(2)], vec![], vec![]];
    let files = export(folder.path(), Output::Xlsx, &parts, &rows);
    let seen = cells(&files[0], "测试台账");
    let line = "守望导出｜测试台账｜导出人：张三｜时间：2024-06-30 10:20｜条件：状态=注销， 乡镇；”上河镇”";
    assert_eq!(seen[0][0], line);
    let said: Vec<String> = cells(&files[0], "说明").into_iter().map(|mut row| row.swap_remove(0)).collect();
    assert!(said[0].contains("张三") && said[0].contains("2024-06-30 10:20"), "{said:?}");
    let counts = ["工作表“测试台账”：共2行。", "工作表“走访记录”：共0行。", "工作表“发放_明细”：共0行。"];
    assert_eq!(said[1..4], counts);
    let cell = |row: usize, heading: &str| {
        let at = seen[1].iter().position(|known| known == heading).expect("is a heading");
        seen[row][at].as_str()
    };
    let expected = [
        ("状态", "=正常"),
        ("需求", "b、a"),
        ("收入", "-123.45"),
        ("所在村", "513437100001"),
        ("所在村—名称", "前进村"),
        ("备注", "=1+1"),
        ("证件号码", &support::identity(1)),
    ];
    for (heading, text) in expected {
        // A list of two codes whose labels together are a third label is written by code.
        let text = if heading == "需求" { "a,b" } else { text };
        assert_eq!(cell(2, heading), text, "{heading}");
    }
    let (found, faults) = import(&files, &parts);
    assert_eq!((found, faults), (rows, vec![]));
}

#[test]
fn an_export_is_stamped_and_chosen_columns_stand_in_their_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("list.xlsx");
    let (parts, codes, divisions, areas) = (parts(), codes(), divisions(), AreaCodes::default());
    let names = ["remark", "village_code", "entered_on", "state_code", "identity_no", "file_no"];
    let columns: Vec<&Column> =
        names.iter().filter_map(|name| parts[0].columns.iter().find(|column| column.name == *name)).collect();
    let table = ExportTable { part: &parts[0], columns: &columns };
    let mut book = ExportBook::create(&path, Output::Xlsx, &HEAD, origin(), &[table], &codes, None).expect("creates");
    let full = row(7);
    let at = |name: &&str| parts[0].columns.iter().position(|column| column.name == **name).expect("is a column");
    let cells: Vec<Value> = names.iter().map(|name| full[at(name)].clone()).collect();
    book.write_row(0, &cells).expect("writes");
    book.finish().expect("finishes");
    let places = KnownPlaces::new(&areas, &divisions);
    let read = support::read_all(&path, &parts[0].shape(&codes, today(), &places), &Options::default());
    let read = read.expect("is read");
    assert_eq!((read.faults, read.rows.len()), (vec![], 1));
    assert!(names.iter().all(|name| read.rows[0].cells[at(name)] == full[at(name)]));
    let stamp = read.summary.stamp.expect("is stamped");
    assert_eq!((stamp.purpose, stamp.change_to(&parts[..1])), (Purpose::Export, None));
    assert_eq!(read.summary.sheets[0].heading_row, 2);
}

#[test]
fn a_wrong_number_of_cells_or_tables_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let (parts, codes) = (parts(), codes());
    let path = folder.path().join("list.csv");
    let tables: Vec<ExportTable> = parts.iter().map(|part| ExportTable { part, columns: &[] }).collect();
    let create = |output, tables: &[ExportTable]| {
        ExportBook::create(&path, output, &HEAD, origin(), tables, &codes, None).map_err(Box::new)
    };
    for (output, count) in [(Output::CsvBom, 2), (Output::Parquet, 1), (Output::Xlsx, 0)] {
        let refused = create(output, &tables[..count]).err();
        assert!(matches!(refused.as_deref(), Some(WriteError::Parts { .. })), "{output:?}");
    }
    for output in [Output::CsvBom, Output::Xlsx] {
        let mut book = create(output, &tables[..1]).expect("creates");
        book.write_row(0, &row(1)).expect("writes");
        assert!(matches!(book.write_row(0, &row(1)[1..]), Err(WriteError::CellCount { .. })));
        assert!(matches!(book.write_row(9, &row(1)), Err(WriteError::Parts { .. })));
        book.finish().expect("finishes");
    }
}

#[test]
fn no_text_of_an_export_is_a_formula_and_those_that_look_like_one_are_quoted() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = export(folder.path(), Output::Xlsx, &parts(), &[vec![row(1)], vec![], vec![]]);
    let all = xml_of(&files[0]);
    assert!(all.iter().filter(|(name, _)| name.contains("worksheets/")).all(|(_, text)| !text.contains("<f")));
    let styles = all.iter().find(|(name, _)| name.ends_with("styles.xml")).map(|(_, text)| text.as_str());
    assert!(styles.is_some_and(|styles| styles.contains("quotePrefix=\"1\"")));
}
