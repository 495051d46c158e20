//! Values of parameters by day, day of knowledge and place.

use crate::{day, fixtures, valley};
use model::{Fen, RegionCode, Value};
use policy::Overrides;

fn place(text: &str) -> RegionCode {
    text.parse().expect("test places are well written")
}

const VILLAGE: &str = "990101100201";

#[test]
fn the_value_depends_on_the_day_the_day_of_knowledge_and_the_place() {
    let package = valley();
    let cases = [
        ("99", "2020-12-31", "2025-01-01", None),
        ("99", "2021-01-01", "2021-02-28", None),
        ("99", "2021-01-01", "2021-03-01", Some(1_000_000)),
        ("99", "2021-12-31", "2025-01-01", Some(1_000_000)),
        ("99", "2022-01-01", "2022-02-28", Some(1_000_000)),
        ("99", "2022-01-01", "2022-03-01", Some(1_200_000)),
        ("99", "2022-01-01", "2022-05-31", Some(1_200_000)),
        ("99", "2022-01-01", "2022-06-01", Some(1_250_000)),
        (VILLAGE, "2021-12-31", "2025-01-01", Some(1_000_000)),
        (VILLAGE, "2022-01-01", "2025-01-01", Some(1_100_000)),
        ("990102", "2022-01-01", "2025-01-01", Some(1_250_000)),
        ("99", "2023-12-31", "2025-01-01", Some(1_250_000)),
        ("99", "2024-01-01", "2025-01-01", None),
        (VILLAGE, "2024-01-01", "2025-01-01", Some(1_100_000)),
    ];
    for (at, on, known, fen) in cases {
        let resolved = package.parameter("reference_income", place(at), day(on), day(known));
        assert_eq!(resolved.value, fen.map_or(Value::Null, |fen| Value::Fen(Fen(fen))), "{at} {on} {known}");
    }
}

#[test]
fn a_value_says_where_it_comes_from() {
    let package = valley();
    let resolved = package.parameter("reference_income", place(VILLAGE), day("2022-05-01"), day("2022-05-01"));
    assert_eq!(resolved.from, Some(day("2022-01-01")));
    assert_eq!(resolved.published, Some(day("2022-01-01")));
    assert_eq!(resolved.source, "山前县 2022");
    assert_eq!(resolved.grade, "A");
    assert_eq!(resolved.region, Some(place("990101")));
    let unset = package.parameter("reference_income", place("99"), day("2024-05-01"), day("2024-05-01"));
    assert_eq!((unset.value, unset.from, unset.source.as_str()), (Value::Null, Some(day("2024-01-01")), "尚未公布"));
    let nothing = package.parameter("nothing", place("99"), day("2024-05-01"), day("2024-05-01"));
    assert_eq!((nothing.value, nothing.from), (Value::Null, None));
}

#[test]
fn a_floor_holds_where_the_own_value_is_below_it() {
    let package = valley();
    let cases = [
        ("99", "2022-12-31", 100),
        ("990101", "2022-12-31", 120),
        ("990102", "2022-12-31", 100),
        ("990101", "2023-01-01", 130),
        (VILLAGE, "2023-01-01", 130),
    ];
    for (at, on, expected) in cases {
        let resolved = package.parameter("floor_line", place(at), day(on), day(on));
        assert_eq!(resolved.value, Value::Int(expected), "{at} {on}");
    }
}

#[test]
fn formulas_follow_their_parameters_and_what_if() {
    let package = valley();
    let on = day("2022-07-01");
    let line = |overrides: &Overrides| package.parameter_with("spending_line", place(VILLAGE), on, on, overrides).value;
    assert_eq!(line(&Overrides::new()), Value::Fen(Fen(550_000)));
    let share = Overrides::from([("spending_share".to_owned(), Value::Decimal("0.3".parse().expect("a decimal")))]);
    assert_eq!(line(&share), Value::Fen(Fen(330_000)));
    let own = Overrides::from([("spending_line".to_owned(), Value::Fen(Fen(1)))]);
    assert_eq!(line(&own), Value::Fen(Fen(1)));
    let unset = Overrides::from([("spending_share".to_owned(), Value::Null)]);
    assert_eq!(line(&unset), Value::Null);
}

#[test]
fn an_overlay_adds_values_for_its_place_only() {
    let package = crate::load(&fixtures().join("package"), &[fixtures().join("overlay")]).expect("loads");
    let on = day("2024-06-30");
    let at = |at: &str| package.parameter("reference_income", place(at), on, on);
    assert_eq!(at(VILLAGE).value, Value::Fen(Fen(1_500_000)));
    assert_eq!(at(VILLAGE).grade, "example");
    assert_eq!(at("990102").value, Value::Null);
    assert_ne!(package.version_of_all(), valley().version_of_all());
}

#[test]
fn formulas_in_a_circle_are_refused() {
    let copy = crate::Copy::new();
    copy.edit("parameters/reference_income.toml", "amount = 1000000", "formula = \"p.spending_line\"");
    let problems = copy.load().expect_err("a circle");
    assert!(problems.0.iter().any(|problem| problem.what.chinese().contains("绕回了自己")), "{problems}");
}
