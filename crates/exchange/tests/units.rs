//! The unit of money: of the heading, else of what stands above the table, else asked for where it is not clear.

mod support;

use exchange::{Mapping, MoneyUnit, NoteKind, Options, Refusal};
use model::{Fen, Value};
use policy::declare::Column;
use std::path::Path;
use support::*;

/// Columns: number, identity, name, two sums, land.
fn small() -> Vec<Column> {
    let all = columns();
    [0, 1, 2, 8, 9, 11].map(|at| Column { min: None, max: None, ..all[at].clone() }).into()
}

fn read(above: &[&str], headings: &str, values: &str, unit: Option<MoneyUnit>) -> Result<Read, Refusal> {
    let head = format!("结算单号,证件号码,姓名,{headings}");
    let row = format!("A1,{},王伟,{values}", identity(1));
    let lines: Vec<&str> = above.iter().copied().chain([head.as_str(), row.as_str()]).collect();
    read_lines(&lines, unit)
}

fn read_lines(lines: &[&str], unit: Option<MoneyUnit>) -> Result<Read, Refusal> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file.csv");
    std::fs::write(&path, lines.join("\n")).expect("writes");
    read_path(&path, unit)
}

fn read_path(path: &Path, unit: Option<MoneyUnit>) -> Result<Read, Refusal> {
    let (columns, codes, key) = (small(), codes(), key());
    let shape = exchange::Shape { tests: Vec::new(), household: None, ..shape(&columns, &codes, &key) };
    let mapping = Mapping { money_unit: unit, ..Mapping::default() };
    read_all(path, &shape, &Options { mapping: Some(&mapping), ..Options::default() })
}

#[test]
fn the_unit_above_the_table_holds_for_sums_without_their_own() {
    let titled = "统计表,,,,";
    for (above, headings, total, paid) in [
        (vec![titled, "填报单位：某局,,,,单位：万元"], "总费用,自付费用", 1_500_000, 200_000),
        (vec!["填报单位：某局    单位：千元,,,,"], "总费用,自付费用", 150_000, 20_000),
        (vec![titled, ",,,（金额单位：万元）,"], "总费用（元）,自付费用", 150, 200_000),
        (vec!["统计表（万元）,,,,"], "总费用,自付费用", 1_500_000, 200_000),
        (vec!["单位：万元,,,,"], "总费用（千元）,自付费用(元)", 150_000, 20),
        (vec!["单位：亩、万元,,,,"], "总费用,自付费用", 1_500_000, 200_000),
        (vec![",,,单位：,万元"], "总费用,自付费用", 1_500_000, 200_000),
        (vec!["单位,仟元,,,"], "总费用,自付费用", 150_000, 20_000),
        (vec!["單 位 ： 萬 元,,,,"], "总费用,自付费用", 1_500_000, 200_000),
        (vec!["\"单位\n万元\",,,,"], "总费用,自付费用", 1_500_000, 200_000),
        (vec!["表中金额均以千元计,,,,"], "总费用,自付费用", 150_000, 20_000),
        (vec!["（金额：万元、保留两位小数）,,,,"], "总费用,自付费用", 1_500_000, 200_000),
        (vec!["万元以上项目受益户清单,,,,"], "总费用,自付费用", 150, 20),
        (vec!["下达资金金额：300万元,,,,"], "总费用,自付费用", 150, 20),
        (vec![], "总费用（仟元）,自付费用(W)", 150_000, 200_000),
        (vec!["单位：元,,,,"], "总费用,自付费用", 150, 20),
        (vec!["单位：万亩,,,,"], "总费用,自付费用", 150, 20),
        (vec!["填报单位：万元乡,,,,"], "总费用,自付费用", 150, 20),
        (vec![], "总费用(万元),自付费用", 1_500_000, 20),
        (vec![], "总费用,自付费用（单位：千元）", 150, 20_000),
    ] {
        let read = read(&above, headings, "1.5,0.2", None).unwrap_or_else(|refusal| panic!("{above:?}: {refusal}"));
        let money = [Value::Fen(Fen(total)), Value::Fen(Fen(paid))];
        assert_eq!(read.rows[0].cells[3..5], money, "{above:?} {headings}");
        let told = read
            .summary
            .notes
            .iter()
            .any(|note| matches!(note.kind, NoteKind::UnitAbove(_) | NoteKind::UnitOfHeading(_)));
        assert_eq!(told, total != 150 || paid != 20, "{above:?} {headings}");
    }
}

#[test]
fn a_unit_that_is_not_clear_is_asked_for() {
    for (above, headings) in [
        (vec!["单位：万元,,,单位：元,"], "总费用,自付费用"),
        (vec!["单位：美元,,,,"], "总费用,自付费用"),
        (vec!["单位：万,,,,"], "总费用,自付费用"),
        (vec!["单位：元/万元,,,,"], "总费用,自付费用"),
        (vec!["单位：万元取整,,,,"], "总费用,自付费用"),
        (vec![], "总费用（元、万元）,自付费用"),
    ] {
        let refusal = read(&above, headings, "1.5,0.2", None).expect_err("is asked for");
        assert!(matches!(refusal, Refusal::UnclearUnit { .. }), "{above:?}: {refusal}");
        assert!(refusal.question().is_some_and(|question| question.asks_unit));
        let answered = read(&above, headings, "1.5,0.2", Some(MoneyUnit::ThousandYuan)).expect("is answered");
        assert_eq!(answered.rows[0].cells[3], Value::Fen(Fen(150_000)), "{above:?}");
        assert!(answered.summary.notes.iter().any(|note| note.kind == NoteKind::UnitChosen(MoneyUnit::ThousandYuan)));
    }
    // Sums that name their own unit need no other.
    assert!(read(&["单位：万元,,,单位：元,"], "总费用（元）,自付费用（元）", "1.5,0.2", None).is_ok());
}

#[test]
fn another_unit_of_a_column_that_is_no_money_is_told() {
    for (headings, is_told) in [
        ("总费用,自付费用,耕地面积（公顷）", true),
        ("总费用,自付费用,耕地面积（亩）", false),
        ("总费用,自付费用,耕地面积（必填）", false),
    ] {
        let read = read(&["单位：万元,,,,"], headings, "1.5,0.2,3.5", None).expect("is read");
        // The land is no money: nothing above the table moves its point.
        assert_eq!(read.rows[0].cells[5], Value::Decimal("3.5".parse().expect("a number")), "{headings}");
        assert_eq!(read.summary.notes.iter().any(|note| note.kind == NoteKind::OtherUnit), is_told, "{headings}");
    }
}

fn rows(lines: &[&str], unit: Option<MoneyUnit>) -> Result<Vec<Value>, Refusal> {
    let (one, two) = (identity(1), identity(2));
    let filled: Vec<String> = lines.iter().map(|line| line.replace("#1", &one).replace("#2", &two)).collect();
    let read = read_lines(&filled.iter().map(String::as_str).collect::<Vec<_>>(), unit)?;
    assert_eq!(read.summary.rows_dropped, 0, "{lines:?}: {:?}", read.faults);
    Ok(read.rows.iter().map(|row| row.cells[3].clone()).collect())
}

const HEADINGS: &str = "结算单号,证件号码,姓名,总费用,自付费用";

#[test]
fn a_row_of_units_below_the_headings_belongs_to_them() {
    for (units, total) in [
        (",,,万元,万元", 1_500_000),
        (",,,（千元）,", 150_000),
        ("编号,18位,汉字,单位：万元,元", 1_500_000),
        ("单位：万元,,,,", 1_500_000),
        (",,,元,元", 150),
    ] {
        let read =
            rows(&[HEADINGS, units, "A1,#1,王伟,1.5,0.2"], None).unwrap_or_else(|refusal| panic!("{units}: {refusal}"));
        assert_eq!(read, [Value::Fen(Fen(total))], "{units}");
    }
}

#[test]
fn another_unit_among_or_below_the_rows_is_asked_about() {
    let first = "A1,#1,王伟,1.5,0.2";
    for lines in [
        vec![HEADINGS, first, "单位：万元,,,,"],
        vec![HEADINGS, first, "注：金额单位为万元,,,,"],
        vec!["单位：元,,,,", HEADINGS, first, ",,,单位：万元,", HEADINGS, "A2,#2,李芳,3,1"],
        vec!["单位：元,,,,", HEADINGS, first, "单位：,万元,,,", "A2,#2,李芳,3,1"],
    ] {
        let refusal = rows(&lines, None).expect_err("is asked about");
        let row = lines.iter().rposition(|line| line.contains('万')).map(|at| at as u32 + 1);
        assert!(matches!(&refusal, Refusal::UnclearUnit { row: found, .. } if *found == row), "{lines:?}: {refusal}");
        assert!(refusal.question().is_some_and(|question| question.asks_unit && !question.all.is_empty()));
        assert!(refusal.to_string().contains("行所写的金额单位"), "{refusal}");
    }
    // The same unit, or one that a person has said, or that of the headings.
    assert!(rows(&["单位：万元,,,,", HEADINGS, first, "单位：万元,,,,"], None).is_ok());
    assert!(rows(&[HEADINGS, first, "单位：万元,,,,"], Some(MoneyUnit::TenThousandYuan)).is_ok());
    let own = "结算单号,证件号码,姓名,总费用（元）,自付费用（元）";
    assert!(rows(&[own, first, "合计支出单位：万元,,,,"], None).is_ok());
}

#[test]
fn the_unit_of_a_sheet_may_stand_in_its_name_or_on_another() {
    let book = |sheets: &[(&str, &[&str])]| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file.xlsx");
        let mut book = rust_xlsxwriter::Workbook::new();
        for (at, (name, above)) in (0_u64..).zip(sheets) {
            let sheet = book.add_worksheet().set_name(*name).expect("a name");
            let row = format!("A{at},{},王伟,1.5,0.2", identity(at));
            let rows = if *name == "封面" { vec![] } else { vec![HEADINGS.to_owned(), row] };
            for (row, line) in (0..).zip(above.iter().map(|line| (*line).to_owned()).chain(rows)) {
                for (column, text) in (0..).zip(line.split(',')).filter(|(_, text)| !text.is_empty()) {
                    sheet.write_string(row, column, text).expect("writes");
                }
            }
        }
        book.save(&path).expect("saves");
        read_path(&path, None).map(|read| read.rows.iter().map(|row| row.cells[3].clone()).collect::<Vec<_>>())
    };
    let ten_thousand = Value::Fen(Fen(1_500_000));
    assert_eq!(book(&[("发放（万元）", &[])]).expect("is read"), std::slice::from_ref(&ten_thousand));
    let both: [(&str, &[&str]); 2] = [("甲", &["单位：万元"]), ("乙", &["单位：万元"])];
    assert_eq!(book(&both).expect("is read"), [ten_thousand.clone(), ten_thousand]);
    let one: [(&str, &[&str]); 2] = [("甲", &["单位：万元"]), ("乙", &[])];
    let cover: [(&str, &[&str]); 2] = [("封面", &["本表金额单位为万元"]), ("甲", &[])];
    for sheets in [one, cover] {
        let refusal = book(&sheets).expect_err("is asked about");
        assert!(matches!(&refusal, Refusal::UnclearUnit { sheet: Some(_), row: None, .. }), "{refusal:?}");
    }
    let no_unit: [(&str, &[&str]); 2] = [("封面", &["本表金额单位为元"]), ("甲", &[])];
    assert!(book(&no_unit).is_ok());
}
