//! The unit of money: of the heading, else of what stands above the table, else asked for where it is not clear.

mod support;

use exchange::{Mapping, MoneyUnit, NoteKind, Options, Refusal};
use model::{Fen, Value};
use policy::declare::Column;
use support::*;

/// Columns: number, identity, name, two sums, land.
fn small() -> Vec<Column> {
    let all = columns();
    [0, 1, 2, 8, 9, 11].map(|at| Column { min: None, max: None, ..all[at].clone() }).into()
}

fn read(above: &[&str], headings: &str, values: &str, unit: Option<MoneyUnit>) -> Result<Read, Refusal> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file.csv");
    let head = format!("结算单号,证件号码,姓名,{headings}");
    let row = format!("A1,{},王伟,{values}", identity(1));
    let lines: Vec<&str> = above.iter().copied().chain([head.as_str(), row.as_str()]).collect();
    std::fs::write(&path, lines.join("\n")).expect("writes");
    let (columns, codes, key) = (small(), codes(), key());
    let shape = exchange::Shape { tests: Vec::new(), household: None, ..shape(&columns, &codes, &key) };
    let mapping = Mapping { money_unit: unit, ..Mapping::default() };
    read_all(&path, &shape, &Options { mapping: Some(&mapping), ..Options::default() })
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
