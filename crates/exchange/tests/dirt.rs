//! Every kind of dirt, planted among thousands of clean rows in every format: each must be found at its cell, and nothing else.

mod support;

use exchange::{Options, Output, RowTest};
use model::FaultKind::{self, *};
use policy::declare::RowCheck;
use policy::expression::parse;
use support::*;
use words::Language;

/// One planted mistake.
struct Dirt {
    name: &'static str,
    /// Column of the fault in the file; `None` for the whole row.
    column: Option<u32>,
    kind: FaultKind,
    /// The row must be left out.
    drops: bool,
    spoil: fn(&mut Vec<String>),
}

const fn dirt(name: &'static str, column: u32, kind: FaultKind, drops: bool, spoil: fn(&mut Vec<String>)) -> Dirt {
    Dirt { name, column: Some(column), kind, drops, spoil }
}

const LINE: usize = 20;

/// Mistakes that any format can hold.
const PLANTED: &[Dirt] = &[
    dirt("required text empty", 0, Missing, true, |row| row[0].clear()),
    dirt("required text is spaces", 0, Missing, true, |row| row[0] = " \u{3000}\u{a0}".into()),
    dirt("identity empty", 1, Missing, true, |row| row[1] = "无".into()),
    dirt("required money is a dash", 8, Missing, true, |row| row[8] = "—".into()),
    dirt("required day empty", 6, Missing, true, |row| row[6].clear()),
    dirt("number in words", 10, NotANumber, false, |row| row[10] = "三天".into()),
    dirt("number with unit", 10, NotANumber, false, |row| row[10] = "12天".into()),
    dirt("whole number with decimals", 10, NotANumber, false, |row| row[10] = "3.5".into()),
    dirt("decimal in words", 11, NotANumber, false, |row| row[11] = "约2亩".into()),
    dirt("decimal with two points", 11, NotANumber, false, |row| row[11] = "1.2.3".into()),
    dirt("money in words", 8, NotMoney, true, |row| row[8] = "壹佰元整".into()),
    dirt("money with three decimals", 8, NotMoney, true, |row| row[8] = "12.345".into()),
    dirt("money with a wrong separator", 9, NotMoney, false, |row| row[9] = "1,23.00".into()),
    dirt("money rounded by a spreadsheet", 9, NotMoney, false, |row| row[9] = "1.2E+05".into()),
    dirt("money with 万 in the cell", 9, NotMoney, false, |row| row[9] = "1.2万".into()),
    dirt("negative money", 8, OutOfRange, true, |row| row[8] = "-5".into()),
    dirt("money above the greatest", 8, OutOfRange, true, |row| row[8] = "5000000.01".into()),
    dirt("number above the greatest", 10, OutOfRange, false, |row| row[10] = "367".into()),
    dirt("a day that no calendar has", 6, NotADay, true, |row| row[6] = "2023-02-29".into()),
    dirt("a day in words", 7, NotADay, false, |row| row[7] = "去年五月".into()),
    dirt("only a year", 7, NotADay, false, |row| row[7] = "2023".into()),
    dirt("a month where a day belongs", 7, NotADay, false, |row| row[7] = "202305".into()),
    dirt("two-digit year", 7, NotADay, false, |row| row[7] = "24.5.27".into()),
    dirt("a day after the delivery", 6, DayOutOfRange, true, |row| row[6] = "2024-07-01".into()),
    dirt("a day before 1900", 7, DayOutOfRange, false, |row| row[7] = "1823-01-01".into()),
    dirt("month 13", 14, NotADay, false, |row| row[14] = "202313".into()),
    dirt("a month to come", 14, DayOutOfRange, false, |row| row[14] = "2024-07".into()),
    dirt("unknown code", 5, UnknownCode, true, |row| row[5] = "99".into()),
    dirt("unknown label", 4, UnknownCode, false, |row| row[4] = "未知性别".into()),
    dirt("half a truth", 12, NotABool, false, |row| row[12] = "部分".into()),
    dirt("identity one short", 1, IdentityLength, true, |row| {
        row[1].pop();
    }),
    dirt("identity with a letter", 1, IdentityLength, true, |row| row[1].replace_range(3..4, "O")),
    dirt("identity rounded by a spreadsheet", 1, IdentityLength, true, |row| row[1] = "5.13437E+17".into()),
    dirt("identity with a wrong digit", 1, IdentityCheckDigit, true, |row| row[1] = wrong_digit(&row[1], 15)),
    dirt("identity with zeros for its end", 1, IdentityCheckDigit, true, |row| row[1].replace_range(15.., "000")),
    dirt("identity with an impossible birth day", 1, IdentityBirthDay, true, |row| {
        row[1].replace_range(10..14, "0230")
    }),
    dirt("identity of the unborn", 1, IdentityBirthDay, true, |row| row[1] = with_digits(51_343_720_250_101_001)),
    dirt("identity from nowhere", 1, IdentityArea, true, |row| row[1] = with_digits(99_343_719_800_101_001)),
    dirt("impossible kind of disability", 18, DisabilityDigits, false, |row| row[18] = format!("{}81", row[1])),
    dirt("impossible grade of disability", 18, DisabilityDigits, false, |row| row[18] = format!("{}15", row[1])),
    dirt("phone one short", 3, NotAPhone, false, |row| row[3] = "1381234567".into()),
    dirt("two phones in one cell", 3, NotAPhone, false, |row| row[3] = "13812345678/13912345678".into()),
    dirt("unknown village", 13, UnknownRegion, false, |row| row[13] = "513437100901".into()),
    dirt("village code one short", 13, UnknownRegion, false, |row| row[13] = "51343710020".into()),
    dirt("household number with a letter", 15, UnknownHousehold, false, |row| row[15] = "51343710O".into()),
    dirt("household number with leading zero", 15, UnknownHousehold, false, |row| row[15] = "0513437".into()),
    dirt("digits in a name", 2, BadText, true, |row| row[2] = "杨3珍".into()),
    dirt("masked name", 2, BadText, true, |row| row[2] = "杨*珍".into()),
    dirt("rare character lost", 2, BadText, true, |row| row[2] = "杨?珍".into()),
    dirt("account with letters", 16, BadText, false, |row| row[16] = "62170OO000001".into()),
    dirt("text far too long", 19, TooLong, false, |row| row[19] = "长".repeat(1_001)),
    dirt("bill number rounded by a spreadsheet", 0, BadText, true, |row| row[0] = "1.23457E+17".into()),
    dirt("formula error", 9, FormulaError, false, |row| row[9] = "#REF!".into()),
    dirt("lookup without result", 5, FormulaError, true, |row| row[5] = "#N/A".into()),
    dirt("discharged before admitted", 7, CheckFailed, false, |row| row[7] = "2020-01-01".into()),
    dirt("paid more than the total", 9, CheckFailed, true, |row| row[9] = "4999999".into()),
];

/// A good number of these 17 digits.
fn with_digits(digits17: u64) -> String {
    model::IdentityNumber::from_digits17(digits17).expect("has a day of birth").canonical()
}

fn wrong_digit(number: &str, at: usize) -> String {
    let digit = (number.as_bytes()[at] - b'0' + 1) % 10;
    format!("{}{digit}{}", &number[..at], &number[at + 1..])
}

/// Forms that are fine, to be taken without a fault: column, text, and the text of the value.
const ACCEPTED: &[(usize, &str, &str)] = &[
    (0, "  JS0001　", "JS0001"),
    (0, "'00012", "00012"),
    (0, "ＪＳ ０００３", "JS0003"),
    (2, "王　伟", "王伟"),
    (2, "扎西•次仁", "扎西·次仁"),
    (3, "＋86 138-1234-5678", "13812345678"),
    (3, "0834-6222333", "08346222333"),
    (4, "１", "1"),
    (4, "1-男", "1"),
    (5, "1", "01"),
    (5, " 普通 住院", "11"),
    (6, "2024.5.7", "2024-05-07"),
    (6, "2024/5/7", "2024-05-07"),
    (6, "2024年5月7日", "2024-05-07"),
    (6, "20240507", "2024-05-07"),
    (6, "45419", "2024-05-07"),
    (6, "2024-05-07 08:30:00", "2024-05-07"),
    (6, "２０２４．５．７", "2024-05-07"),
    (8, "１２，３４５．６０", "12,345.60"),
    (8, "¥1,234.5元", "1,234.50"),
    (8, "88", "88.00"),
    (10, "12.0", "12"),
    (10, " 7 ", "7"),
    (11, "1.50", "1.5"),
    (12, "有", "是"),
    (12, "N", "否"),
    (12, "0", "否"),
    (13, "513437100", "513437100000"),
    (14, "2024-5", "2024-05-01"),
    (14, "2024年5月", "2024-05-01"),
    (14, "2024.05", "2024-05-01"),
    (14, "2024-05-20", "2024-05-01"),
    (16, "6217 0000 0000 0001", "6217000000000001"),
    (19, "=1+1", "=1+1"),
    (19, "-正常", "-正常"),
    (19, "多行\n文字", "多行 文字"),
    (19, "说\"引号\",逗号", "说\"引号\",逗号"),
];

struct Planted {
    rows: Vec<Vec<String>>,
    expected: Vec<(u32, Option<u32>, FaultKind)>,
    names: Vec<(u32, &'static str, bool)>,
    accepted: Vec<(u32, usize, &'static str)>,
}

/// Thousands of clean rows, each mistake of `more` and of `PLANTED` at three of them, and every accepted form once.
fn plant() -> Planted {
    let mut planted = Planted { rows: Vec::new(), expected: Vec::new(), names: Vec::new(), accepted: Vec::new() };
    let mut number = 0;
    for _ in 0..3 {
        for dirt in PLANTED {
            number = planted.clean(number, 11);
            let mut row = clean(number);
            (dirt.spoil)(&mut row);
            planted.push(row, dirt.name, dirt.column, dirt.kind, dirt.drops);
            number += 1;
        }
        planted.whole_rows(&mut number);
    }
    for (column, written, value) in ACCEPTED {
        number = planted.clean(number, 3);
        let mut row = clean(number);
        row[7].clear();
        row[9] = "1".into();
        row[*column] = (*written).to_owned();
        planted.accepted.push((planted.next(), *column, value));
        planted.rows.push(row);
        number += 1;
    }
    planted
}

impl Planted {
    fn next(&self) -> u32 {
        self.rows.len() as u32 + 2
    }

    fn clean(&mut self, from: u64, count: u64) -> u64 {
        self.rows.extend((from..from + count).map(clean));
        from + count
    }

    fn push(&mut self, row: Vec<String>, name: &'static str, column: Option<u32>, kind: FaultKind, drops: bool) {
        let at = self.next();
        self.expected.push((at, column, kind));
        self.names.push((at, name, drops));
        self.rows.push(row);
    }

    /// Mistakes of whole rows.
    fn whole_rows(&mut self, number: &mut u64) {
        let mut next = || {
            *number += 1;
            clean(*number - 1)
        };
        let kept = next();
        self.rows.push(kept.clone());
        self.push(kept.clone(), "the same row again", None, DuplicateRow, true);
        let mut other = kept;
        other[8] = "77777".into();
        self.push(other, "the same key with other values", Some(0), DuplicateKey, true);
        let mut total = vec![String::new(); LINE];
        total[0] = "合计".into();
        total[8] = "1234567.00".into();
        self.push(total, "total", Some(0), NotData, true);
        let mut note = vec![String::new(); LINE];
        note[1] = "填表人：李某    联系电话：0834-1234567".into();
        self.push(note, "note", Some(1), NotData, true);
        self.push(
            columns().iter().map(|column| column.label.clone()).collect(),
            "headings again",
            Some(0),
            NotData,
            true,
        );
        let mut swapped = next();
        swapped.swap(1, 2);
        self.expected.push((self.next(), Some(2), SwappedCells));
        self.push(swapped, "name and identity interchanged", Some(1), SwappedCells, true);
        let mut swapped = next();
        swapped.swap(1, 3);
        self.expected.push((self.next(), Some(3), SwappedCells));
        self.push(swapped, "phone and identity interchanged", Some(1), SwappedCells, true);
        let mut shifted = next();
        shifted.insert(3, String::new());
        shifted.truncate(LINE);
        self.push(shifted, "shifted by one column", Some(4), CellCount, true);
        // A blank row is no fault, and counts as a row.
        self.rows.push(vec![String::new(); LINE]);
    }

    fn check(&mut self, output: Output, extension: &str) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(format!("就医.{extension}"));
        let (columns, codes, key) = (columns(), codes(), key());
        write(&path, output, &columns, &self.rows);
        let read = read_all(&path, &shape(&columns, &codes, &key), &Options::default()).expect("is read");
        self.expected.sort();
        let found = spots(&read.faults);
        for spot in &self.expected {
            let name = self.names.iter().find(|(row, ..)| *row == spot.0).map_or("", |(_, name, _)| name);
            let near: Vec<_> = read.faults.iter().filter(|fault| fault.place.row == Some(spot.0)).collect();
            assert!(found.contains(spot), "{output:?}: `{name}` is not found at {spot:?}, but {near:?}");
        }
        for spot in &found {
            let seen: Vec<_> = read.faults.iter().filter(|fault| fault.place.row == Some(spot.0)).collect();
            assert!(self.expected.contains(spot), "{output:?}: false alarm {spot:?}: {seen:?}");
        }
        assert_eq!(found, self.expected, "{output:?}");
        let taken: std::collections::BTreeMap<u32, &model::Row> =
            read.rows.iter().map(|row| (row.number, row)).collect();
        for (row, name, drops) in &self.names {
            assert_eq!(taken.contains_key(row), !drops, "{output:?}: row of `{name}`");
        }
        for (row, column, value) in &self.accepted {
            assert_eq!(taken[row].cells[*column].to_string(), *value, "{output:?}: row {row} column {column}");
        }
        let summary = &read.summary;
        assert_eq!(summary.rows_good, read.rows.len() as u64);
        assert_eq!(summary.rows_seen, summary.rows_good + summary.rows_dropped);
        assert_eq!(summary.fault_count(), read.faults.len() as u64);
    }
}

#[test]
fn every_kind_of_dirt_is_found_at_its_cell_and_nothing_else() {
    let formats = [
        (Output::Csv, "csv"),
        (Output::CsvBom, "csv"),
        (Output::CsvGb18030, "csv"),
        (Output::Xlsx, "xlsx"),
        (Output::ParquetText, "parquet"),
    ];
    for (output, extension) in formats {
        plant().check(output, extension);
    }
}

#[test]
fn at_least_forty_kinds_of_dirt_are_planted() {
    assert!(PLANTED.len() + 8 >= 40);
    let names: std::collections::BTreeSet<&str> = PLANTED.iter().map(|dirt| dirt.name).collect();
    assert_eq!(names.len(), PLANTED.len());
}

/// Lines of a text file that no other format can hold: how the line is spoiled, and the fault.
#[test]
fn mistakes_of_text_files_cost_one_row_each() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("lines.csv");
    let (columns, codes, key) = (columns(), codes(), key());
    let rows: Vec<Vec<String>> = (0..2_000).map(clean).collect();
    write(&path, Output::Csv, &columns, &rows);
    let text = std::fs::read_to_string(&path).expect("reads");
    let mut lines: Vec<Vec<u8>> = text.lines().map(|line| line.as_bytes().to_vec()).collect();
    type Spoil = fn(&mut Vec<u8>);
    let spoiled: [(usize, Option<u32>, FaultKind, Spoil); 7] = [
        (100, None, CellCount, |line| line.truncate(line.iter().rposition(|byte| *byte == b',').unwrap_or(0))),
        (200, None, CellCount, |line| line.extend(b",one more")),
        (300, Some(0), BadText, |line| line.insert(0, b'"')),
        (400, Some(19), BadText, |line| line.extend(b"\xFF\xFE")),
        (500, Some(19), BadText, |line| line.extend(b"\x07")),
        (600, None, TooLong, |line| line.extend(vec![b'x'; 1 << 20])),
        (700, Some(2), BadText, |line| {
            let name = line.iter().position(|byte| *byte == 0xE6 || *byte == 0xE5 || *byte == 0xE7).unwrap_or(0);
            line[name + 1] = b'?';
        }),
    ];
    let mut expected = Vec::new();
    for (at, column, kind, spoil) in spoiled {
        spoil(&mut lines[at]);
        expected.push((at as u32 + 1, column, kind));
    }
    std::fs::write(&path, lines.join(b"\n".as_slice())).expect("writes");
    let read = read_all(&path, &shape(&columns, &codes, &key), &Options::default()).expect("is read");
    assert_eq!(spots(&read.faults), expected, "{:?}", read.faults);
    // The two rows with a bad remark are kept.
    assert_eq!(read.rows.len(), rows.len() - expected.len() + 2);
}

#[test]
fn a_check_is_told_in_each_language_as_the_package_words_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("就医.csv");
    let (columns, codes, key) = (columns(), codes(), key());
    let mut rows = vec![clean(1), clean(2)];
    rows[1][9] = rows[1][8].clone();
    write(&path, Output::Csv, &columns, &rows);
    let check = RowCheck {
        holds: "self_paid_fen < total_fen".to_owned(),
        what: "全部由个人负担".to_owned(),
        what_en: "All of it is self-paid".to_owned(),
        hint: "请核对报销".to_owned(),
        hint_en: "Check what was reimbursed".to_owned(),
        columns: vec!["self_paid_fen".to_owned()],
        drops_row: false,
    };
    let holds = parse(&check.holds).expect("an expression");
    let test = RowTest::of_expr(holds, &columns, &check, Default::default(), day(DELIVERY));
    let shape = shape(&columns, &codes, &key).with_tests(vec![test]);
    let read = read_all(&path, &shape, &Options::default()).expect("is read");
    let [fault] = read.faults.as_slice() else { panic!("{:?}", read.faults) };
    let said =
        [Language::CHINESE, Language::ENGLISH].map(|language| (fault.what.of(language), fault.hint.of(language)));
    assert_eq!((fault.place.row, fault.kind), (Some(3), CheckFailed));
    assert_eq!(said, [("全部由个人负担", "请核对报销"), ("All of it is self-paid", "Check what was reimbursed")]);
}

/// What people read about each mistake of `PLANTED`, in both languages. Make it anew with `UPDATE_GOLDEN=1` and look at the difference.
#[test]
fn what_is_said_of_each_mistake_is_the_golden_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("就医.csv");
    let (columns, codes, key) = (columns(), codes(), key());
    let mut rows: Vec<Vec<String>> = (0..PLANTED.len() as u64).map(clean).collect();
    for (row, dirt) in rows.iter_mut().zip(PLANTED) {
        (dirt.spoil)(row);
    }
    write(&path, Output::Csv, &columns, &rows);
    let read = read_all(&path, &shape(&columns, &codes, &key), &Options::default()).expect("is read");
    let mut told = [(Language::CHINESE, String::new()), (Language::ENGLISH, String::new())];
    for (at, dirt) in PLANTED.iter().enumerate() {
        let faults: Vec<_> = read.faults.iter().filter(|fault| fault.place.row == Some(at as u32 + 2)).collect();
        let [fault] = faults.as_slice() else { panic!("{}: {faults:?}", dirt.name) };
        let heading = fault.place.heading.as_deref().unwrap_or_default();
        for (language, told) in &mut told {
            let (what, hint) = (fault.what.of(*language), fault.hint.of(*language));
            told.push_str(&format!("{}\n    {heading}:{what}\n    {hint}\n\n", dirt.name));
        }
    }
    for ((_, told), file) in told.iter().zip(["faults.zh.txt", "faults.en.txt"]) {
        judge_golden(told, file);
    }
}

fn judge_golden(found: &str, file: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, found).expect("the golden file is written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    for (found, golden) in found.lines().zip(golden.lines()) {
        assert_eq!(found, golden, "{file}; look at it with UPDATE_GOLDEN=1 and git diff");
    }
    assert!(found == golden, "{file} has other lines; look at it with UPDATE_GOLDEN=1 and git diff");
}
