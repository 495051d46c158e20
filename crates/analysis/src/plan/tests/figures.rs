//! Figures of places: parts of a village that come from several runs make one, whatever is unknown among them.

use crate::plan::{together, villages_of};
use arrow::array::{ArrayRef, StringViewArray};
use model::{Decimal, Fen, Value};
use policy::expression::AggregateFunction;
use std::sync::Arc;

#[test]
fn two_parts_make_one_value() {
    use AggregateFunction::{All, Any, Count, Max, Min, Sum};
    let (int, fen, truth) = (Value::Int, |fen| Value::Fen(Fen(fen)), Value::Bool);
    let day = |text: &str| Value::Day(super::day(text));
    let decimal = |units| Value::Decimal(Decimal::new(units, 2));
    for (function, one, other, expected) in [
        (Count, int(2), int(3), int(5)),
        (Sum, int(2), int(-3), int(-1)),
        (Sum, fen(100), fen(5), fen(105)),
        (Sum, decimal(150), decimal(25), decimal(175)),
        // A part that did not fit makes the whole unknown: it is not nought.
        (Sum, int(2), Value::Null, Value::Null),
        (Sum, int(i64::MAX), int(1), Value::Null),
        (Sum, fen(i64::MIN), fen(-1), Value::Null),
        (Any, truth(false), truth(true), truth(true)),
        (Any, truth(false), truth(false), truth(false)),
        (All, truth(true), truth(false), truth(false)),
        (All, truth(true), truth(true), truth(true)),
        // A village part without households has no extreme: the other's stands.
        (Min, int(2), Value::Null, int(2)),
        (Max, Value::Null, int(2), int(2)),
        (Max, Value::Null, Value::Null, Value::Null),
        (Min, int(2), int(-3), int(-3)),
        (Max, int(2), int(-3), int(2)),
        (Min, fen(7), fen(7), fen(7)),
        (Min, day("2024-03-01"), day("2024-02-29"), day("2024-02-29")),
        (Max, day("2024-03-01"), day("2024-02-29"), day("2024-03-01")),
        (Max, decimal(-1), decimal(-2), decimal(-1)),
    ] {
        assert_eq!(together(function, one.clone(), other.clone()), expected, "{function:?} {one} {other}");
        assert_eq!(together(function, other.clone(), one.clone()), expected, "{function:?} {other} {one}");
    }
}

#[test]
fn households_are_put_to_their_villages_in_order_of_codes() {
    let texts =
        [Some("990101100202"), None, Some("990101100201"), Some("village"), Some("990101100202"), Some("990101100203")];
    let regions: ArrayRef = Arc::new(StringViewArray::from(texts.to_vec()));
    let (villages, households) = villages_of(&regions, &[true, true, true, true, true, false]);
    let codes: Vec<String> = villages.iter().map(ToString::to_string).collect();
    assert_eq!(codes, ["990101100201", "990101100202"], "a village of which nobody is in scope is none");
    let nobody = crate::plan::NOBODY;
    assert_eq!(households, [1, nobody, 0, nobody, 1, nobody]);
    assert_eq!(villages_of(&regions, &[]), (Vec::new(), Vec::new()));
}
