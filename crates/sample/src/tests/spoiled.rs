//! Dirt cell by cell: a variant still says the same to whoever reads it, and a fault is the fault that is noted.

use super::day;
use crate::dirt::{Dirt, Spoiler, plantings, spoil};
use crate::names::NameBook;
use crate::random::Stream;
use crate::tables::Cell;
use model::{AreaCodes, Decimal, FaultKind, IdentityNumber, Kind, Value};
use policy::declare::{Code, CodeList, Column};
use policy::written::{Misfit, Reader};
use std::collections::{BTreeMap, BTreeSet};

fn column(name: &str, kind: Kind) -> Column {
    let text = format!("name = \"{name}\"\nlabel = \"某\"\nlabel_en = \"X\"\nkind = \"text\"\nrequired = true");
    let mut column: Column = toml::from_str(&text).expect("a column");
    column.kind = kind;
    if matches!(kind, Kind::Int | Kind::Decimal | Kind::Fen) {
        (column.min, column.max) = (Some(Decimal::ZERO), Some(Decimal::from(50_000)));
    }
    column.codes = (kind == Kind::Code).then(|| "sex".to_owned());
    column
}

fn codes() -> BTreeMap<String, CodeList> {
    let code = |code: &str, label: &str, alias: &str| Code {
        code: code.to_owned(),
        label: label.to_owned(),
        label_en: label.to_owned(),
        aliases: vec![alias.to_owned()],
        confirms: false,
    };
    let list = CodeList {
        label: "性别".to_owned(),
        label_en: "Sex".to_owned(),
        source: "GB".to_owned(),
        code: vec![code("1", "男性", "男"), code("2", "女性", "女")],
    };
    BTreeMap::from([("sex".to_owned(), list)])
}

/// Columns of every kind that is filled, each with a clean cell.
fn clean() -> Vec<(Column, Cell)> {
    let identity = IdentityNumber::from_digits17(99_010_119_840_229_011).expect("a number").canonical();
    vec![
        (column("identity_no", Kind::Identity), Cell::Text(identity)),
        (column("paid_on", Kind::Day), Cell::Day(day("2024-03-09"))),
        (column("paid_month", Kind::Month), Cell::text("202403")),
        (column("members", Kind::Int), Cell::Number(Decimal::from(12))),
        (column("land_mu", Kind::Decimal), Cell::Number(Decimal::new(45, 1))),
        (column("paid_fen", Kind::Fen), Cell::Number(Decimal::from(12_345))),
        (column("name", Kind::Name), Cell::text("扎西·多吉")),
        (column("short_name", Kind::Name), Cell::text("王伟")),
        (column("sex_code", Kind::Code), Cell::text("男性")),
        (column("is_paid", Kind::Bool), Cell::text("是")),
        (column("is_late", Kind::Bool), Cell::text("否")),
        (column("phone", Kind::Phone), Cell::text("13900000011")),
        (column("household_no", Kind::Text), Cell::text("9901010012010007")),
        (column("note", Kind::Text), Cell::text("已核对")),
        (column("region_code", Kind::Region), Cell::text("990101001201")),
    ]
}

/// The fault that a reader's complaint is.
fn fault_of(misfit: Misfit, kind: Kind) -> Vec<FaultKind> {
    match misfit {
        Misfit::Characters => vec![FaultKind::BadText],
        Misfit::TooLong(_) => vec![FaultKind::TooLong],
        Misfit::Household => vec![FaultKind::UnknownHousehold],
        Misfit::NameDigits | Misfit::NameHidden => vec![FaultKind::BadText],
        Misfit::Code => vec![FaultKind::UnknownCode, FaultKind::FormulaError],
        Misfit::Number => vec![FaultKind::NotANumber, FaultKind::NotMoney, FaultKind::FormulaError],
        Misfit::Whole => vec![FaultKind::NotANumber],
        Misfit::Money => vec![FaultKind::NotMoney, FaultKind::FormulaError],
        Misfit::Below(_) | Misfit::Above(_) => vec![FaultKind::OutOfRange],
        Misfit::Day | Misfit::Month => vec![FaultKind::NotADay, FaultKind::FormulaError],
        Misfit::Early | Misfit::Late(_) => vec![FaultKind::DayOutOfRange],
        Misfit::Truth => vec![FaultKind::NotABool, FaultKind::FormulaError],
        Misfit::Identity => vec![
            FaultKind::IdentityLength,
            FaultKind::IdentityCheckDigit,
            FaultKind::IdentityBirthDay,
            FaultKind::IdentityArea,
            FaultKind::DisabilityDigits,
            FaultKind::FormulaError,
        ],
        Misfit::Phone => vec![FaultKind::NotAPhone],
        Misfit::Region => vec![FaultKind::UnknownRegion],
        Misfit::Account | Misfit::Several => panic!("{kind:?} {misfit:?}"),
    }
}

/// Calls for every kind of dirt in every column that it fits, with several streams: the clean cell and the dirty one.
fn each(mut see: impl FnMut(Dirt, &Column, &Cell, &Cell)) {
    let (lists, names) = (codes(), NameBook::new());
    let areas = AreaCodes::from_csv("code,name\n990101,山前县\n").expect("areas");
    for (column, cell) in clean() {
        let spoiler = Spoiler {
            column: &column,
            codes: column.codes.as_ref().map(|name| &lists[name]),
            names: &names,
            areas: &areas,
            day: day("2024-06-30"),
        };
        for planting in plantings(std::slice::from_ref(&column), &[], &BTreeSet::new(), false) {
            for number in 0..12 {
                let mut stream = Stream::of(3, planting.dirt.name(), number, 0);
                if let Some(dirty) = spoil(planting.dirt, &cell, &spoiler, &mut stream) {
                    see(planting.dirt, &column, &cell, &dirty);
                }
            }
        }
    }
}

#[test]
fn dirt_changes_its_cell_and_every_kind_of_cell_can_be_spoiled() {
    let mut seen: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    each(|dirt, column, clean, dirty| {
        assert_ne!(clean, dirty, "{} changes nothing", dirt.name());
        seen.entry(format!("{:?}", column.kind)).or_default().insert(dirt.name());
    });
    for (kind, least) in [
        (Kind::Identity, 18),
        (Kind::Day, 13),
        (Kind::Month, 4),
        (Kind::Int, 8),
        (Kind::Decimal, 6),
        (Kind::Fen, 10),
        (Kind::Name, 6),
        (Kind::Code, 7),
        (Kind::Bool, 4),
        (Kind::Phone, 6),
        (Kind::Text, 3),
        (Kind::Region, 1),
    ] {
        let found = seen.get(&format!("{kind:?}"));
        assert!(found.is_some_and(|found| found.len() >= least), "{kind:?}: {found:?}");
    }
}

#[test]
fn a_fault_is_refused_for_the_reason_that_is_noted() {
    let lists = codes();
    let reader = Reader { codes: &lists, divisions: None, limits: Some(day("2024-06-30")) };
    each(|dirt, column, clean, dirty| {
        let Some(fault) = dirt.fault() else { return };
        let (text, told) = (dirty.to_string(), dirt.name());
        // A code of a place that exists is a matter of the divisions, an area one of the list of areas.
        if matches!(dirt, Dirt::UnknownRegion | Dirt::UnknownArea | Dirt::FormulaMissing | Dirt::FormulaReference) {
            return;
        }
        // Files take shorter texts than forms.
        if dirt == Dirt::OverlongText {
            assert!(text.chars().count() > 1_000);
            return;
        }
        match reader.read(column, &text) {
            Err(misfit) => {
                assert!(fault_of(misfit, column.kind).contains(&fault), "{told} of {clean}: `{text}` is {misfit:?}");
            }
            Ok(Value::Null) => assert_eq!(fault, FaultKind::Missing, "{told} of {clean}: `{text}`"),
            Ok(value) => panic!("{told} of {clean}: `{text}` is read as {value}"),
        }
    });
}

#[test]
fn a_variant_says_the_same() {
    let lists = codes();
    let reader = Reader { codes: &lists, divisions: None, limits: Some(day("2024-06-30")) };
    let mut read = BTreeSet::new();
    each(|dirt, column, clean, dirty| {
        if dirt.fault().is_some() || dirt == Dirt::NameVariant {
            return;
        }
        // Days that a spreadsheet keeps as numbers are read by whoever reads spreadsheets.
        if dirt == Dirt::SerialDay {
            assert_eq!(*dirty, Cell::Number(Decimal::from(45_360)), "days since the end of 1899");
            return;
        }
        // Other spellings of a code are known to whoever reads files.
        if dirt == Dirt::CodeAsAlias {
            assert_eq!((clean, dirty), (&Cell::text("男性"), &Cell::text("男")));
            return;
        }
        let expected = reader.read(column, &clean.to_string()).expect("a clean cell");
        let text = dirty.to_string();
        match reader.read(column, &text) {
            Ok(found) => {
                // A certificate's number holds its owner's.
                let is_same = match (column.kind, found.as_text(), expected.as_text()) {
                    (Kind::Identity, Some(found), Some(expected)) => found.starts_with(expected),
                    _ => found == expected,
                };
                assert!(is_same, "{}: `{text}` is {found}, not {expected}", dirt.name());
                read.insert(dirt);
            }
            Err(misfit) => panic!("{}: `{text}` is {misfit:?}", dirt.name()),
        }
    });
    assert!(read.len() > 20, "{read:?}");
}

#[test]
fn dirty_cells_look_as_real_files_have_them() {
    let lists = codes();
    let (names, areas) = (NameBook::new(), AreaCodes::from_csv("code,name\n990101,山前县\n").expect("areas"));
    let identity = IdentityNumber::from_digits17(99_010_119_840_229_011).expect("a number").canonical();
    let (head, tail) = (&identity[..6], &identity[8..17]);
    let cases = [
        (Kind::Identity, Cell::Text(identity.clone()), Dirt::FifteenDigits, format!("{head}{tail}")),
        (Kind::Identity, Cell::Text(identity.clone()), Dirt::SeventeenDigits, identity[..17].to_owned()),
        (Kind::Identity, Cell::Text(identity.clone()), Dirt::NineteenDigits, format!("{identity}0")),
        (Kind::Identity, Cell::Text(identity.clone()), Dirt::ScientificIdentity, "9.90101E+17".to_owned()),
        (Kind::Identity, Cell::Text(identity.clone()), Dirt::TextMark, format!("'{identity}")),
        (Kind::Day, Cell::Day(day("2024-03-09")), Dirt::DottedDay, "2024.3.9".to_owned()),
        (Kind::Day, Cell::Day(day("2024-03-09")), Dirt::ChineseDay, "2024年3月9日".to_owned()),
        (Kind::Day, Cell::Day(day("2024-03-09")), Dirt::CompactDay, "20240309".to_owned()),
        (Kind::Day, Cell::Day(day("2024-03-09")), Dirt::AncientDay, "1824-03-09".to_owned()),
        (Kind::Day, Cell::Day(day("2024-03-09")), Dirt::ThirteenthMonth, "2024-13-09".to_owned()),
        (Kind::Month, Cell::text("202403"), Dirt::ThirteenthMonth, "202413".to_owned()),
        (Kind::Month, Cell::text("202403"), Dirt::DashedMonth, "2024-03".to_owned()),
        (Kind::Fen, Cell::Number(Decimal::from(12_345)), Dirt::GroupedDigits, "12,345".to_owned()),
        (Kind::Fen, Cell::Number(Decimal::from(1_234_567)), Dirt::GroupedDigits, "1,234,567".to_owned()),
        (Kind::Fen, Cell::Number(Decimal::from(12_345)), Dirt::MoneyWithUnit, "12345元".to_owned()),
        (Kind::Fen, Cell::Number(Decimal::ZERO), Dirt::NegativeNumber, "-1".to_owned()),
        (Kind::Int, Cell::Number(Decimal::from(12)), Dirt::BrokenWhole, "12.5".to_owned()),
        (Kind::Int, Cell::Number(Decimal::from(12)), Dirt::FullWidthDigits, "１２".to_owned()),
        (Kind::Name, Cell::text("王伟"), Dirt::PaddedName, "王\u{3000}伟".to_owned()),
        (Kind::Name, Cell::text("欧阳小伟"), Dirt::MaskedName, "欧*伟".to_owned()),
        (Kind::Code, Cell::text("男性"), Dirt::CodeAsCode, "1".to_owned()),
        (Kind::Code, Cell::text("1"), Dirt::CodeAsAlias, "男".to_owned()),
        (Kind::Phone, Cell::text("13900000011"), Dirt::PhoneWithPrefix, "+8613900000011".to_owned()),
        (Kind::Phone, Cell::text("13900000011"), Dirt::ShortPhone, "139000000".to_owned()),
    ];
    for (kind, cell, dirt, expected) in cases {
        let column = column("x", kind);
        let codes = column.codes.as_ref().map(|name| &lists[name]);
        let spoiler = Spoiler { column: &column, codes, names: &names, areas: &areas, day: day("2024-06-30") };
        let dirty = spoil(dirt, &cell, &spoiler, &mut Stream::of(1, "spoil", 0, 0));
        assert_eq!(dirty.map(|cell| cell.to_string()), Some(expected), "{dirt:?} of {cell}");
    }
}

#[test]
fn dirt_that_does_not_fit_a_cell_leaves_it_alone() {
    let lists = codes();
    let (names, areas) = (NameBook::new(), AreaCodes::from_csv("code,name\n990101,山前县\n").expect("areas"));
    let of_this_century = IdentityNumber::from_digits17(99_010_120_120_630_024).expect("a number").canonical();
    for (kind, cell, dirt) in [
        (Kind::Fen, Cell::Empty, Dirt::MissingRequired),
        (Kind::Fen, Cell::Number(Decimal::from(999)), Dirt::GroupedDigits),
        (Kind::Fen, Cell::text("未知"), Dirt::BrokenWhole),
        (Kind::Code, Cell::text("1"), Dirt::CodeAsCode),
        (Kind::Code, Cell::text("不在册"), Dirt::CodeAsAlias),
        (Kind::Bool, Cell::text("也许"), Dirt::OtherTruthWord),
        (Kind::Name, Cell::text("王小伟"), Dirt::PaddedName),
        (Kind::Name, Cell::text("王伟"), Dirt::NameDot),
        (Kind::Identity, Cell::Text(of_this_century), Dirt::FifteenDigits),
        (Kind::Identity, Cell::text("无"), Dirt::WrongCheckDigit),
        (Kind::Day, Cell::text("去年"), Dirt::DottedDay),
    ] {
        let column = column("x", kind);
        let codes = column.codes.as_ref().map(|name| &lists[name]);
        let spoiler = Spoiler { column: &column, codes, names: &names, areas: &areas, day: day("2024-06-30") };
        assert_eq!(spoil(dirt, &cell, &spoiler, &mut Stream::of(1, "spoil", 0, 0)), None, "{dirt:?} of {cell}");
    }
}

#[test]
fn dirt_is_planted_only_where_it_means_what_is_noted() {
    let planted = |column: &Column, key: &[usize], checked: &BTreeSet<usize>| -> BTreeSet<&'static str> {
        let all = plantings(std::slice::from_ref(column), key, checked, true);
        all.into_iter().map(|planting| planting.dirt.name()).collect()
    };
    let none = BTreeSet::new();
    let mut money = column("paid_fen", Kind::Fen);
    assert!(planted(&money, &[], &none).is_superset(&BTreeSet::from(["negative_number", "too_large_number"])));
    (money.min, money.max) = (Some(Decimal::from(-1)), None);
    assert!(planted(&money, &[], &none).is_disjoint(&BTreeSet::from(["negative_number", "too_large_number"])));
    let mut ahead = column("until_on", Kind::Day);
    assert!(planted(&ahead, &[], &none).contains("future_day"));
    ahead.may_be_future = true;
    assert!(!planted(&ahead, &[], &none).contains("future_day"));
    let mut optional = column("note_fen", Kind::Fen);
    optional.required = false;
    assert!(!planted(&optional, &[], &none).contains("missing_required"));
    assert!(planted(&optional, &[], &none).contains("words_for_money"));
    // A check that reads the column would raise a second fault.
    assert!(!planted(&optional, &[], &BTreeSet::from([0])).contains("words_for_money"));
    assert!(planted(&optional, &[], &BTreeSet::from([0])).contains("money_with_unit"), "nothing is lost by a variant");
    let name = column("name", Kind::Name);
    assert!(
        planted(&name, &[], &none).contains("name_variant") && !planted(&name, &[0], &none).contains("name_variant")
    );
    // The number of a household is no free text.
    let number = planted(&column("household_no", Kind::Text), &[], &none);
    assert!(number.contains("wrong_household") && !number.contains("overlong_text"), "{number:?}");
    let note = planted(&column("note", Kind::Text), &[], &none);
    assert!(note.contains("overlong_text") && !note.contains("wrong_household"), "{note:?}");
    // Rows repeat a key only where there is one.
    let duplicates = BTreeSet::from(["duplicate_key", "duplicate_row"]);
    assert!(
        planted(&name, &[], &none).is_disjoint(&duplicates) && planted(&name, &[0], &none).is_superset(&duplicates)
    );
}
