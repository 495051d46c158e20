//! Every row of a file is taken, refused or passed over with a reason, and the counts say so.

mod support;

use exchange::{Options, RowCounts, SkipReason};
use model::FaultKind;
use support::*;

fn counts_of(lines: &[String]) -> (Read, RowCounts) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file.csv");
    std::fs::write(&path, lines.join("\n")).expect("writes");
    let (all, codes, key) = (columns(), codes(), key());
    let columns = vec![all[0].clone(), all[1].clone(), all[2].clone(), all[8].clone(), all[19].clone()];
    let shape = exchange::Shape { tests: Vec::new(), household: None, ..shape(&columns, &codes, &key) };
    let read = read_all(&path, &shape, &Options::default()).expect("is read");
    let counts = read.summary.sheets[0].counts.clone();
    (read, counts)
}

fn sum(counts: &RowCounts) -> u64 {
    counts.good + counts.dropped + counts.skipped.values().sum::<u64>()
}

#[test]
fn the_rows_of_a_file_are_the_sum_of_what_became_of_them() {
    let good = |number: u64| format!("A{number},{},王伟,5,", identity(number));
    let lines = [
        "就医结算,,,,".to_owned(),
        "填报单位：某局,,,单位：元,".to_owned(),
        String::new(),
        "结算单号,证件号码,姓名,总费用,备注".to_owned(),
        good(1),
        good(2),
        String::new(),
        "本页小计,,,10,".to_owned(),
        "结算单号,证件号码,姓名,总费用,备注".to_owned(),
        good(3),
        format!("A4,{},王伟,五元,", identity(4)),
        good(3),
        " , ,,,".to_owned(),
        "本县合计,,,15,".to_owned(),
        "填表人：王伟,,,,".to_owned(),
        String::new(),
    ];
    let (read, counts) = counts_of(&lines);
    assert_eq!((counts.in_file, counts.good, counts.dropped), (15, 3, 2));
    let expected = [
        (SkipReason::AboveHeadings, 2),
        (SkipReason::Headings, 1),
        (SkipReason::Total, 2),
        (SkipReason::Note, 1),
        (SkipReason::RepeatedHeadings, 1),
        (SkipReason::Empty, 3),
    ];
    assert_eq!(counts.skipped.clone().into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(sum(&counts), counts.in_file);
    let summary = &read.summary;
    assert_eq!((summary.rows_in_file, summary.rows_seen, summary.rows_good, summary.rows_dropped), (15, 5, 3, 2));
    assert_eq!(summary.skipped, counts.skipped);
    // What is passed over below the headings stays visible beside the faults.
    assert_eq!(summary.faults.get(&FaultKind::NotData), Some(&4));
}

#[test]
fn a_row_that_says_whom_it_is_about_is_never_a_total_or_a_note() {
    for (row, is_good) in [
        (format!("A1,{},合计,5,", identity(1)), true),
        (format!("A1,{},小计,五,", identity(1)), false),
        (format!(",{},,,合计", identity(1)), false),
        (format!("合计,{},王伟,五,", identity(1)), false),
        (format!(",{},,,", identity(1)), false),
        (",,13812341234 李芳,,".to_owned(), false),
    ] {
        let lines =
            ["结算单号,证件号码,姓名,总费用,备注".to_owned(), format!("A9,{},王伟,1,", identity(9)), row.clone()];
        let (read, counts) = counts_of(&lines);
        assert_eq!((counts.good, counts.dropped), if is_good { (2, 0) } else { (1, 1) }, "{row}: {:?}", read.faults);
        assert_eq!(sum(&counts), 3, "{row}");
    }
}

#[test]
fn a_row_without_anybody_is_a_total_by_its_word() {
    for (row, reason) in [
        ("合计,,,5,", SkipReason::Total),
        ("1,,合　计,5,", SkipReason::Total),
        ("全乡共计,,,5,", SkipReason::Total),
        ("说明：金额已核对,,,,", SkipReason::Note),
        ("以上数据由乡镇核实,,,,", SkipReason::Note),
    ] {
        let lines =
            ["结算单号,证件号码,姓名,总费用,备注".to_owned(), format!("A9,{},王伟,1,", identity(9)), row.to_owned()];
        let (_, counts) = counts_of(&lines);
        assert_eq!((counts.good, counts.dropped, counts.skipped.get(&reason)), (1, 0, Some(&1)), "{row}");
    }
}
