//! How a value becomes a cell of its column's kind.

use super::day;
use crate::fields::Datum;
use crate::fill::cell;
use crate::tables::Cell;
use model::{Decimal, Kind};
use policy::declare::{Code, CodeList, Column};

fn column(kind: Kind) -> Column {
    let mut column: Column =
        toml::from_str("name = \"x\"\nlabel = \"某\"\nlabel_en = \"X\"\nkind = \"text\"").expect("a column");
    column.kind = kind;
    column
}

fn sexes() -> CodeList {
    let code = |code: &str, label: &str| Code {
        code: code.to_owned(),
        label: label.to_owned(),
        label_en: label.to_owned(),
        aliases: Vec::new(),
        confirms: false,
    };
    CodeList {
        label: "性别".to_owned(),
        label_en: "Sex".to_owned(),
        source: "GB".to_owned(),
        code: vec![code("1", "男"), code("2", "女")],
    }
}

#[test]
fn cells_have_the_form_of_their_kind() {
    let number = |text: &str| Cell::Number(text.parse().expect("a number"));
    for (kind, datum, expected) in [
        (Kind::Month, Datum::Day(day("2024-02-29")), Cell::text("202402")),
        (Kind::Month, Datum::Day(day("1999-12-31")), Cell::text("199912")),
        (Kind::Bool, Datum::Bool(true), Cell::text("是")),
        (Kind::Bool, Datum::Bool(false), Cell::text("否")),
        (Kind::Bool, Datum::Text("1".into()), Cell::text("是")),
        (Kind::Bool, Datum::Text("0".into()), Cell::text("否")),
        (Kind::Bool, Datum::Text("".into()), Cell::Empty),
        (Kind::Fen, Datum::Yuan(1_200), number("1200")),
        (Kind::Fen, Datum::Int(-5), number("-5")),
        (Kind::Int, Datum::Int(0), number("0")),
        (Kind::Decimal, Datum::Tenths(45), Cell::Number(Decimal::new(45, 1))),
        (Kind::Decimal, Datum::Int(4), number("4")),
        (Kind::Int, Datum::Text("12".into()), number("12")),
        (Kind::Int, Datum::Text("许多".into()), Cell::text("许多")),
        (Kind::Day, Datum::Day(day("2024-02-29")), Cell::Day(day("2024-02-29"))),
        (Kind::Day, Datum::Text("2023-03-01".into()), Cell::Day(day("2023-03-01"))),
        (Kind::Day, Datum::Text("2023-02-29".into()), Cell::text("2023-02-29")),
        (Kind::Text, Datum::Int(7), Cell::text("7")),
        (Kind::Name, Datum::Text("石大山".into()), Cell::text("石大山")),
        (Kind::Phone, Datum::Text("13900000011".into()), Cell::text("13900000011")),
    ] {
        assert_eq!(cell(datum.clone(), &column(kind), None, false), expected, "{kind:?} {datum:?}");
    }
    for kind in [Kind::Text, Kind::Int, Kind::Fen, Kind::Day, Kind::Code, Kind::Bool, Kind::Identity] {
        assert_eq!(cell(Datum::Empty, &column(kind), None, true), Cell::Empty, "{kind:?}");
    }
}

#[test]
fn codes_are_written_as_labels_where_the_sample_does_so() {
    let (list, column) = (sexes(), column(Kind::Code));
    for (code, labels, expected) in [("1", true, "男"), ("2", true, "女"), ("1", false, "1"), ("9", true, "9")] {
        assert_eq!(cell(Datum::Text(code.into()), &column, Some(&list), labels), Cell::text(expected), "{code}");
    }
    assert_eq!(cell(Datum::Text("1".into()), &column, None, true), Cell::text("1"), "there is no list");
}

#[test]
fn a_cell_is_empty_only_where_nothing_is_written() {
    for (cell, shown, is_empty) in [
        (Cell::Empty, "", true),
        (Cell::text(""), "", true),
        (Cell::text(" "), " ", false),
        (Cell::Number(Decimal::ZERO), "0", false),
        (Cell::Number(Decimal::new(-1250, 2)), "-12.50", false),
        (Cell::Day(day("2024-02-29")), "2024-02-29", false),
    ] {
        assert_eq!((cell.to_string().as_str(), cell.is_empty()), (shown, is_empty), "{cell:?}");
    }
}
