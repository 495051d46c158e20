//! A made-up extract: its columns, clean rows by number, and reading it back.
#![allow(dead_code, reason = "each test binary uses its own part")]

pub mod aid;
pub mod book;
pub mod office;
pub mod payment;
pub mod register;

use exchange::{Chunk, Options, Output, Places, Refusal, RowTest, Shape, Summary, TableWriter};
use model::{Class, Day, Fault, FaultKind, IdentityNumber, Kind, RegionCode, Row, Value};
use policy::declare::{Code, CodeList, Column};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use words::{Advice, Wording};

pub fn column(name: &str, label: &str, kind: Kind) -> Column {
    Column { name: name.to_owned(), label: label.to_owned(), label_en: name.to_owned(), kind, ..Column::default() }
}

/// The columns of the made-up extract.
pub fn columns() -> Vec<Column> {
    let required = |column: Column| Column { required: true, ..column };
    let code = |column: Column, codes: &str| Column { codes: Some(codes.to_owned()), ..column };
    let range = |column: Column, min: i64, max: i64| Column { min: Some(min.into()), max: Some(max.into()), ..column };
    let alias = |column: Column, heading: &str| Column { headings: vec![heading.to_owned()], ..column };
    vec![
        required(column("bill_no", "结算单号", Kind::Text)),
        required(alias(column("identity_no", "证件号码", Kind::Identity), "身份证号")),
        required(column("name", "姓名", Kind::Name)),
        column("phone", "联系电话", Kind::Phone),
        code(column("sex_code", "性别", Kind::Code), "sex"),
        required(code(column("visit_kind_code", "就诊类别", Kind::Code), "visit_kind")),
        required(column("admitted_on", "入院日期", Kind::Day)),
        column("discharged_on", "出院日期", Kind::Day),
        required(range(column("total_fen", "总费用（元）", Kind::Fen), 0, 5_000_000)),
        range(column("self_paid_fen", "自付费用", Kind::Fen), 0, 5_000_000),
        range(column("nights", "住院天数", Kind::Int), 0, 366),
        column("land_mu", "耕地面积（亩）", Kind::Decimal),
        column("is_poor", "是否低收入", Kind::Bool),
        column("village_code", "行政村代码", Kind::Region),
        column("paid_month", "结算年月", Kind::Month),
        column("household_no", "户编号", Kind::Text),
        column("account_no", "银行账号", Kind::Account),
        Column { may_be_future: true, ..column("valid_until", "有效期止", Kind::Day) },
        column("disability_no", "残疾人证号", Kind::Identity),
        Column { class: Class::Sensitive, ..column("remark", "备注", Kind::Text) },
    ]
}

pub fn codes() -> BTreeMap<String, CodeList> {
    let list = |label: &str, codes: &[(&str, &str, &[&str])]| CodeList {
        label: label.to_owned(),
        label_en: String::new(),
        source: String::new(),
        code: codes
            .iter()
            .map(|(code, label, aliases)| Code {
                code: (*code).to_owned(),
                label: (*label).to_owned(),
                label_en: String::new(),
                aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
                confirms: Default::default(),
            })
            .collect(),
    };
    BTreeMap::from([
        ("sex".to_owned(), list("性别", &[("1", "男", &["男性"]), ("2", "女", &["女性"])])),
        ("visit_kind".to_owned(), list("就诊类别", &[("01", "普通门诊", &["门诊"]), ("11", "住院", &["普通住院"])])),
    ])
}

/// Areas that begin with 51; villages below 900 of one township.
pub struct TestPlaces;

impl Places for TestPlaces {
    fn is_area(&self, area: u32) -> bool {
        area / 10_000 == 51
    }

    fn is_division(&self, code: RegionCode) -> bool {
        code.number() / 1_000 == 513_437_100 && code.number() % 1_000 < 900
    }
}

pub const DELIVERY: &str = "2024-06-30";

pub fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

/// The shape with two checks: discharge not before admission (a remark), self-paid at most total (leaves the row out).
pub fn shape<'a>(columns: &'a [Column], codes: &'a BTreeMap<String, CodeList>, key: &'a [String]) -> Shape<'a> {
    let later = |one: usize, other: usize| {
        move |cells: &[Value]| match (&cells[one], &cells[other]) {
            (Value::Day(one), Value::Day(other)) => Some(one <= other),
            (Value::Fen(one), Value::Fen(other)) => Some(one <= other),
            _ => None,
        }
    };
    let test = |one: usize, other: usize, marked: usize, drops_row: bool| RowTest {
        holds: Box::new(later(one, other)),
        advice: Advice {
            what: Wording::pair("前后矛盾", "The cells contradict each other"),
            hint: Wording::pair("请核对", "Check both"),
        },
        columns: vec![marked],
        drops_row,
    };
    Shape {
        name: "bill",
        label: "就医结算",
        label_en: "Medical settlements",
        columns,
        key,
        identity: Some("identity_no"),
        household: Some("household_no"),
        tests: vec![test(6, 7, 7, false), test(9, 8, 9, true)],
        codes,
        delivery_day: day(DELIVERY),
        places: &TestPlaces,
    }
}

pub fn key() -> Vec<String> {
    vec!["bill_no".to_owned()]
}

pub fn headings(columns: &[Column]) -> Vec<exchange::Heading> {
    columns.iter().map(|column| exchange::Heading { text: column.label.clone(), kind: column.kind }).collect()
}

/// A good identity number for every `number`.
pub fn identity(number: u64) -> String {
    let born = 19_500_101 + number % 50 * 10_000 + number % 12 * 100 + number % 28;
    let digits17 = 513_437_u64 * 100_000_000_000 + born * 1_000 + number % 1_000;
    IdentityNumber::from_digits17(digits17).expect("made of good parts").canonical()
}

const NAMES: [&str; 6] = ["杨小珍", "吉木阿古", "王伟", "扎西·次仁", "欧阳青云", "李芳"];

/// A clean row, as texts.
pub fn clean(number: u64) -> Vec<String> {
    let month = number % 6 + 1;
    let total = 100 + number * 37 % 90_000;
    vec![
        format!("JS{number:08}"),
        identity(number),
        NAMES[(number % 6) as usize].to_owned(),
        format!("138{:08}", number % 100_000_000),
        ["男", "2", "女性", "1"][(number % 4) as usize].to_owned(),
        ["11", "普通门诊", "住院", "01"][(number % 4) as usize].to_owned(),
        format!("2024-{month:02}-{:02}", number % 20 + 1),
        format!("2024-{month:02}-{:02}", number % 20 + 5),
        format!("{total}.{:02}", number % 100),
        format!("{}", total / 2),
        (number % 300).to_string(),
        format!("{}.{}", number % 9, number % 10),
        ["是", "否"][(number % 2) as usize].to_owned(),
        format!("513437100{:03}", number % 900),
        format!("2024{month:02}"),
        (5_134_371_002_010_001 + number).to_string(),
        format!("6217{:015}", number),
        "2030-12-31".to_owned(),
        if number.is_multiple_of(5) {
            format!("{}{}{}", identity(number), number % 7 + 1, number % 4 + 1)
        } else {
            String::new()
        },
        format!("第{number}笔"),
    ]
}

/// Everything a reading gives.
#[derive(Debug)]
pub struct Read {
    pub rows: Vec<Row>,
    pub faults: Vec<Fault>,
    pub summary: Summary,
}

pub fn read_all(path: &Path, shape: &Shape<'_>, options: &Options<'_>) -> Result<Read, Refusal> {
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    let summary = exchange::read(path, shape, options, &mut |chunk: Chunk| {
        rows.extend(chunk.rows);
        faults.extend(chunk.faults);
        ControlFlow::Continue(())
    })?;
    Ok(Read { rows, faults, summary })
}

/// Writes rows of texts in a format.
pub fn write(path: &Path, output: Output, columns: &[Column], rows: &[Vec<String>]) {
    let mut table = TableWriter::create(path, output, &headings(columns)).expect("creates");
    for row in rows {
        table.write_texts(row).expect("writes");
    }
    table.finish().expect("finishes");
}

/// Row, column and kind of each fault, sorted.
pub fn spots(faults: &[Fault]) -> Vec<(u32, Option<u32>, FaultKind)> {
    let mut spots: Vec<_> =
        faults.iter().map(|fault| (fault.place.row.unwrap_or(0), fault.place.column, fault.kind)).collect();
    spots.sort();
    spots
}
