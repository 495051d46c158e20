//! Several columns that fit one field: decided by the group above, else asked about; never taken by chance.

mod support;

use exchange::{Mapping, NoteKind, Options, Refusal};
use model::{Fen, Value};
use policy::declare::Column;
use std::path::PathBuf;
use support::*;
use words::Wording;

/// Columns: number, identity, name, money, phone.
fn small() -> Vec<Column> {
    let all = columns();
    let group = |column: &Column| Column { group: vec!["成员".to_owned()], ..column.clone() };
    let identity = Column { headings: vec!["身份证号".into(), "患者身份证号".into()], ..group(&all[1]) };
    let name = Column { headings: vec!["患者姓名".into()], ..group(&all[2]) };
    let total = Column { headings: vec!["费用合计".into()], ..all[8].clone() };
    vec![all[0].clone(), identity, name, total, all[3].clone()]
}

fn read(lines: &[String], mapping: Option<&Mapping>) -> Result<Read, Refusal> {
    let folder = tempfile::tempdir().expect("a folder");
    let path: PathBuf = folder.path().join("file.csv");
    std::fs::write(&path, lines.join("\n")).expect("writes");
    let (columns, codes, key) = (small(), codes(), key());
    let shape = exchange::Shape { tests: Vec::new(), household: None, ..shape(&columns, &codes, &key) };
    read_all(&path, &shape, &Options { mapping, ..Options::default() })
}

/// Two people in a row: the head of the household, number 1, and the member, number 2.
fn two_people(above: &str, below: &str) -> Vec<String> {
    let row = |at: u64| format!("A{at},王伟,{},李芳,{},12.5", identity(1), identity(2));
    [above.to_owned(), below.to_owned(), row(1), row(2)].into()
}

fn asked(refusal: &Refusal) -> Vec<(String, Vec<String>)> {
    let question = refusal.question().unwrap_or_else(|| panic!("nothing is asked: {refusal}"));
    let one = |asked: &exchange::AskedColumn| {
        (asked.column.clone(), asked.candidates.iter().map(|column| column.said().chinese().to_owned()).collect())
    };
    question.columns.iter().map(one).collect()
}

#[test]
fn the_group_above_decides_whose_number_it_is() {
    for (above, below) in [
        ("结算单号,户主,,成员,,总费用", ",姓名,证件号码,姓名,证件号码,"),
        ("结算单号,户主信息,,家庭成员信息,,总费用", ",姓名,身份证号,姓名,身份证号,"),
        ("结算单号,户主,,患者,,总费用", ",姓名,身份证号,姓名,身份证号,"),
        ("基本,监护人,,基本信息,,费用", "结算单号,姓名,证件号码,姓名,证件号码,总费用"),
        // As a reader hands it out that fills merged areas.
        ("结算单号,户主,户主,成员,成员,总费用", "结算单号,姓名,证件号码,姓名,证件号码,总费用"),
    ] {
        let read = read(&two_people(above, below), None).unwrap_or_else(|refusal| panic!("{above}: {refusal}"));
        let people: Vec<_> = read.rows.iter().map(|row| (row.cells[1].clone(), row.cells[2].clone())).collect();
        let member = (Value::Text(identity(2)), Value::Text("李芳".into()));
        assert_eq!(people, [member.clone(), member], "{above}");
        assert_eq!(read.summary.sheets[0].heading_row, 2, "{above}");
    }
}

#[test]
fn where_no_group_decides_the_file_is_refused_and_asked_about() {
    let both = |first: &str, second: &str| vec![first.to_owned(), second.to_owned()];
    let cases = [
        (
            "结算单号,甲方,,乙方,,总费用",
            ",姓名,证件号码,姓名,证件号码,",
            vec![
                ("identity_no".to_owned(), both("C列（证件号码）", "E列（证件号码）")),
                ("name".to_owned(), both("B列（姓名）", "D列（姓名）")),
            ],
        ),
        (
            "就医结算,,,,,",
            "结算单号,姓名,证件号码,患者姓名,身份证号,总费用",
            vec![
                ("identity_no".to_owned(), both("C列（证件号码）", "E列（身份证号）")),
                ("name".to_owned(), both("B列（姓名）", "D列（患者姓名）")),
            ],
        ),
    ];
    for (above, below, expected) in cases {
        let refusal = read(&two_people(above, below), None).expect_err("is asked about");
        assert!(matches!(refusal, Refusal::AmbiguousHeadings { .. }), "{above}: {refusal}");
        assert_eq!(asked(&refusal), expected, "{above}");
        assert!(!refusal.to_string().contains("--column"), "pages show it, too: {refusal}");
        let said = refusal.said();
        assert!(!said.english().contains("--column"), "{said:?}");
    }
    let money = ["结算单号,证件号码,姓名,总费用,费用合计".to_owned(), format!("A1,{},王伟,1,2", identity(1))];
    assert_eq!(asked(&read(&money, None).expect_err("is asked about")).len(), 1);
}

#[test]
fn what_is_under_somebody_elses_heading_is_never_taken() {
    // Only the head's number is there: the person's is missing, and the head's is offered.
    let lines =
        ["结算单号,户主,,总费用".to_owned(), ",姓名,证件号码,".to_owned(), format!("A1,王伟,{},3", identity(1))];
    let refusal = read(&lines, None).expect_err("is refused");
    assert!(matches!(refusal, Refusal::MissingHeadings { .. }), "{refusal}");
    let expected = [
        ("identity_no".to_owned(), vec!["C列（户主／证件号码）".to_owned()]),
        ("name".to_owned(), vec!["B列（户主／姓名）".to_owned()]),
    ];
    assert_eq!(asked(&refusal), expected);
}

#[test]
fn the_parts_of_a_divided_sum_are_asked_about() {
    let lines = |parts: &str, values: &str| {
        let (above, below) =
            (format!("结算单号,证件号码,姓名,总费用{}", ",".repeat(parts.matches(',').count())), format!(",,,{parts}"));
        vec![above, below, format!("A1,{},王伟,{values}", identity(1))]
    };
    let refusal = read(&lines("应发,实发", "5,4"), None).expect_err("is asked about");
    assert_eq!(asked(&refusal)[0].1, ["D列（总费用／应发）", "E列（总费用／实发）"]);
    let mapping = Mapping { headings: [("total_fen".to_owned(), "列E".to_owned())].into(), ..Mapping::default() };
    let read = read(&lines("应发,实发", "5,4"), Some(&mapping)).expect("is read");
    assert_eq!(read.rows[0].cells[3], Value::Fen(Fen(400)));
}

#[test]
fn a_person_settles_it_by_letters_or_by_a_heading_that_stands_once() {
    let lines = ["结算单号,证件号码,姓名,总费用,总费用,金额合计".to_owned(), format!("A1,{},王伟,1,2,3", identity(1))];
    let chosen =
        |text: &str| Mapping { headings: [("total_fen".to_owned(), text.to_owned())].into(), ..Mapping::default() };
    for (text, fen, remembered) in [
        ("列D", 100, "列D 总费用"),
        ("e列", 200, "列E 总费用"),
        ("列F", 300, "金额合计"),
        (" 金额 合计", 300, "金额合计"),
    ] {
        let read = read(&lines, Some(&chosen(text))).unwrap_or_else(|refusal| panic!("{text}: {refusal}"));
        assert_eq!(read.rows[0].cells[3], Value::Fen(Fen(fen)), "{text}");
        assert_eq!(read.summary.chosen, [("total_fen".to_owned(), Some(remembered.to_owned()))], "{text}");
        let next =
            Mapping { remembered: [("total_fen".to_owned(), remembered.to_owned())].into(), ..Mapping::default() };
        let again = self::read(&lines, Some(&next)).expect("is read as last time");
        assert_eq!(again.rows[0].cells[3], Value::Fen(Fen(fen)), "{text}");
        assert_eq!(again.summary.notes[0].kind, NoteKind::ChoicesKept, "{text}");
    }
    for text in ["总费用", "列Z", "金额", ""] {
        let refusal = read(&lines, Some(&chosen(text))).expect_err("the choice fits nothing, or two");
        assert!(matches!(refusal, Refusal::UnknownChoice { .. }), "{text}: {refusal}");
    }
}

#[test]
fn a_choice_that_fits_no_more_is_told_and_left() {
    let remembered =
        Mapping { remembered: [("total_fen".to_owned(), "金额合计".to_owned())].into(), ..Mapping::default() };
    let row = |line: &str| [line.to_owned(), format!("A1,{},王伟,1,2", identity(1))];
    for (line, kind) in [
        ("结算单号,证件号码,姓名,总费用,序号", NoteKind::ChoicesLeft),
        ("结算单号,证件号码,姓名,总费用,金额合计", NoteKind::ChoicesReplaced),
    ] {
        let read = read(&row(line), Some(&remembered)).expect("is read by its own heading");
        assert_eq!(read.rows[0].cells[3], Value::Fen(Fen(100)), "{line}");
        assert_eq!(read.summary.notes[0].kind, kind, "{line}");
        assert_eq!(read.summary.notes[0].columns, [Wording::pair("总费用（元）", "total_fen")], "{line}");
    }
}

#[test]
fn other_fields_take_the_first_and_say_so() {
    let lines = [
        "结算单号,证件号码,姓名,总费用,联系电话,联系电话".to_owned(),
        format!("A1,{},王伟,1,13812340001,13812340002", identity(1)),
    ];
    let read = read(&lines, None).expect("is read");
    assert_eq!(read.rows[0].cells[4], Value::Text("13812340001".into()));
    let note = &read.summary.notes[0];
    assert_eq!(
        (note.kind, note.columns.clone()),
        (NoteKind::RepeatedHeadings, vec![Wording::pair("E列（联系电话）", "column E (联系电话)")])
    );
}

#[test]
fn a_heading_that_was_merged_over_two_columns_is_one_as_long_as_both_say_the_same() {
    let line = |number: u64, values: &str| format!("A{number},{},王伟,{values}", identity(number));
    let head = "结算单号,证件号码,姓名,总费用,总费用".to_owned();
    let one = read(&[head.clone(), line(1, "5,5"), line(2, "6,")], None).expect("is one column");
    assert_eq!((one.rows.len(), one.faults.len(), one.summary.unused.len()), (2, 0, 0));
    // Far below the rows that were looked at the columns differ: that row is not taken.
    let mut lines = vec![head.clone()];
    lines.extend((1..100).map(|number| line(number, "5,5")));
    lines.push(line(100, "5,6"));
    let read = read(&lines, None).expect("is read");
    assert_eq!((read.rows.len(), read.faults.len()), (99, 1));
    assert_eq!((read.faults[0].place.row, read.faults[0].place.column), (Some(101), Some(4)));
}

#[test]
fn unused_columns_are_told_with_the_field_that_they_may_be() {
    let lines =
        ["结算单号,证件号码,姓名,家庭承担总费,手机".to_owned(), format!("A1,{},王伟,12.5,13812340001", identity(1))];
    let refusal = read(&lines, None).expect_err("the sum is missing");
    assert_eq!(asked(&refusal), [("total_fen".to_owned(), vec!["D列（家庭承担总费）".to_owned()])]);
    let mapping =
        Mapping { headings: [("total_fen".to_owned(), "家庭承担总费".to_owned())].into(), ..Mapping::default() };
    let read = read(&lines, Some(&mapping)).expect("is read");
    let unused: Vec<String> = read.summary.unused.iter().map(|unused| unused.said().chinese().to_owned()).collect();
    assert_eq!(unused, ["E列（手机），疑为“联系电话”"]);
}

#[test]
fn a_remark_that_names_somebody_or_something_else_is_asked_about() {
    for (line, column, candidate) in [
        ("结算单号,证件号码（户主）,姓名,总费用", "identity_no", "B列（证件号码（户主））"),
        ("结算单号,身份证号【监护人】,姓名,总费用", "identity_no", "B列（身份证号【监护人】）"),
        ("结算单号,证件号码,姓名(开户人),总费用", "name", "C列（姓名(开户人)）"),
        ("结算单号,证件号码,姓名,总费用（上年）", "total_fen", "D列（总费用（上年））"),
        ("结算单号,证件号码,姓名,总费用（预计、元）", "total_fen", "D列（总费用（…））"),
    ] {
        let refusal =
            read(&[line.to_owned(), format!("A1,{},王伟,12.5", identity(1))], None).expect_err("is asked about");
        assert_eq!(asked(&refusal), [(column.to_owned(), vec![candidate.to_owned()])], "{line}");
        let letters = &candidate[..1];
        let mapping = Mapping { headings: [(column.to_owned(), format!("列{letters}"))].into(), ..Mapping::default() };
        let lines = [line.to_owned(), format!("A1,{},王伟,12.5", identity(1))];
        assert_eq!(read(&lines, Some(&mapping)).expect("is answered").rows.len(), 1, "{line}");
    }
    // Remarks that only explain, and those of the column itself.
    for line in
        ["结算单号（必填）,证件号码（18位）,姓名（患者）,总费用（元）", "结算单号,证件号码(本人),姓名（成员）,总费用"]
    {
        let lines = [line.to_owned(), format!("A1,{},王伟,12.5", identity(1))];
        assert_eq!(read(&lines, None).expect("is read").rows.len(), 1, "{line}");
    }
    // Beside the column's own heading it is no rival.
    let lines = [
        "结算单号,证件号码,姓名（户主）,姓名,总费用（上年）,总费用".to_owned(),
        format!("A1,{},王伟,李芳,99,12.5", identity(1)),
    ];
    let read = read(&lines, None).expect("is read");
    assert_eq!(read.rows[0].cells[2..4], [Value::Text("李芳".into()), Value::Fen(Fen(1_250))]);
}

#[test]
fn headings_below_somebody_who_takes_the_money_are_his() {
    for agent in ["领款人", "开户人", "收款人"] {
        let read = read(&two_people(&format!("结算单号,{agent},,成员,,总费用"), ",姓名,证件号码,姓名,证件号码,"), None);
        let read = read.unwrap_or_else(|refusal| panic!("{agent}: {refusal}"));
        assert_eq!(read.rows[0].cells[2], Value::Text("李芳".into()), "{agent}");
        let alone =
            [format!("结算单号,{agent},,总费用"), ",姓名,证件号码,".to_owned(), format!("A1,王伟,{},3", identity(1))];
        assert!(self::read(&alone, None).is_err(), "{agent}");
    }
}

#[test]
fn of_a_remark_that_may_be_anything_nothing_is_shown_or_kept() {
    let secret = identity(7);
    let lines = [
        format!("结算单号,证件号码,姓名(吉木·阿古),费用（{secret}、万元）,联系电话（李芳）"),
        format!("A1,{},王伟,12.5,13812340001", identity(1)),
    ];
    let refusal = read(&lines, None).expect_err("the sum is missing");
    for text in [refusal.to_string(), refusal.said().english().to_owned(), format!("{:?}", refusal.question())] {
        assert!(!text.contains(&secret) && !text.contains("阿古") && !text.contains("李芳"), "{text}");
        assert!(text.contains("姓名（…）"), "{text}");
    }
    let mapping = Mapping { headings: [("total_fen".to_owned(), "列D".to_owned())].into(), ..Mapping::default() };
    let read = read(&lines, Some(&mapping)).expect("is read");
    assert_eq!(read.summary.chosen, [("total_fen".to_owned(), None)]);
    let shown = format!("{:?} {:?} {:?}", read.summary.headings, read.summary.unused, read.summary.notes);
    assert!(!shown.contains(&secret) && !shown.contains("阿古") && !shown.contains("李芳"), "{shown}");
}
