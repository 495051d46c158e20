//! Numbers and money, exactly: digits decide, never a floating point comparison.

use super::problem::Problem;
use crate::ground::shown_number::{plain_float, shown_number};
use crate::raw::RawCell;
use model::written::{NotANumber, PlainNumber, money_of, number_of};
use model::{Decimal, FaultKind, Fen, Value};
use policy::declare::Column;

/// A whole number.
pub(super) fn int(raw: &RawCell, column: &Column) -> Result<Value, Problem> {
    let wrong = |key: &'static str| Problem::new(FaultKind::NotANumber, key);
    let Some(number) = plain(raw).map_err(|_| wrong("cell_not_a_number"))? else { return Ok(Value::Null) };
    let whole = number.times_tens(0).ok_or_else(|| wrong("cell_not_whole"))?;
    check_range(Decimal::from(whole), column)?;
    Ok(Value::Int(whole))
}

/// A decimal number.
pub(super) fn decimal(raw: &RawCell, column: &Column) -> Result<Value, Problem> {
    let wrong = || Problem::new(FaultKind::NotANumber, "cell_not_a_number");
    let Some(number) = plain(raw).map_err(|_| wrong())? else { return Ok(Value::Null) };
    let value = number.decimal().ok_or_else(wrong)?;
    check_range(value, column)?;
    Ok(Value::Decimal(value))
}

/// Money in yuan (or what the heading's unit says: `tens` more), as whole fen.
pub(super) fn money(raw: &RawCell, column: &Column, tens: i32) -> Result<Value, Problem> {
    let wrong = |key: &'static str| Problem::new(FaultKind::NotMoney, key);
    let Some(number) = plain_money(raw).map_err(|_| wrong("cell_not_money"))? else { return Ok(Value::Null) };
    let fen = number.times_tens(tens + 2).ok_or_else(|| wrong("cell_money_fractions"))?;
    check_range(Decimal::new(fen, 2), column)?;
    Ok(Value::Fen(Fen(fen)))
}

fn check_range(value: Decimal, column: &Column) -> Result<(), Problem> {
    let out = |key: &'static str| Problem::new(FaultKind::OutOfRange, key);
    match (column.min, column.max) {
        (Some(min), _) if value < min => Err(out("cell_below_minimum").with("minimum", min.normalize())),
        (_, Some(max)) if value > max => Err(out("cell_above_maximum").with("maximum", max.normalize())),
        _ => Ok(()),
    }
}

fn plain_money(raw: &RawCell) -> Result<Option<PlainNumber>, NotANumber> {
    match raw {
        RawCell::Text(written) => money_of(written),
        _ => plain(raw),
    }
}

/// The number of a cell; `None` for nothing, an error for anything that is no number.
fn plain(raw: &RawCell) -> Result<Option<PlainNumber>, NotANumber> {
    match raw {
        RawCell::Empty => Ok(None),
        RawCell::Text(text) => number_of(text),
        RawCell::Int(number) => Ok(Some(PlainNumber { digits: i128::from(*number), scale: 0 })),
        RawCell::Number(number) => plain_float(*number).map(Some).ok_or(NotANumber),
        RawCell::Bool(_) | RawCell::Day(_) | RawCell::Moment { .. } | RawCell::NoValue | RawCell::Error(_) => {
            Err(NotANumber)
        }
    }
}

/// The text of a number in a column of texts; `None` where digits are lost. Spreadsheets keep 15 digits and put zeros behind them; other
/// programs can keep 16.
pub(super) fn whole_text(number: f64) -> Option<String> {
    const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;
    if number.abs() < 1e15 {
        return Some(shown_number(number));
    }
    let is_kept = number.abs() < WHOLE_MAX && number % 10.0 != 0.0;
    is_kept.then(|| format!("{number:.0}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Kind;

    fn column() -> Column {
        Column { name: "fen".to_owned(), kind: Kind::Fen, ..Column::default() }
    }

    fn fen(raw: &RawCell, tens: i32) -> Option<i64> {
        money(raw, &column(), tens).ok().and_then(|value| value.as_i64())
    }

    #[test]
    fn money_is_exact_to_the_fen() {
        let cases = [
            ("0.01", Some(1)),
            ("0.001", None),
            ("0.010", Some(1)),
            ("1,234,567.89", Some(123_456_789)),
            ("1234,567.89", None),
            ("12,34", None),
            ("(12.30)", Some(-1_230)),
            ("-0.5", Some(-50)),
            ("92233720368547758.07", Some(i64::MAX)),
            ("92233720368547758.08", None),
            (".5", Some(50)),
            ("5.", Some(500)),
            (".", None),
            ("元", None),
            ("12元", Some(1_200)),
            ("1e3", None),
            ("12a", None),
        ];
        for (text, expected) in cases {
            assert_eq!(fen(&RawCell::Text(text.to_owned()), 0), expected, "{text}");
        }
    }

    #[test]
    fn floats_are_what_a_spreadsheet_shows() {
        let cases = [
            (0.1 + 0.2, Some(30)),
            (1.005, None),
            (1.005_000_000_000_000_1, None),
            (2.675, None),
            (1e15, None),
            (999_999_999_999_999.0, Some(99_999_999_999_999_900)),
            (123_456_789_012.34, Some(12_345_678_901_234)),
            (-0.01, Some(-1)),
            (f64::NAN, None),
            (f64::INFINITY, None),
            (1e-7, None),
        ];
        for (number, expected) in cases {
            assert_eq!(fen(&RawCell::Number(number), 0), expected, "{number}");
        }
    }

    #[test]
    fn units_of_headings_move_the_point() {
        for (text, tens, expected) in
            [("1.234567", 4, Some(1_234_567)), ("1.2345678", 4, None), ("7", -2, Some(7)), ("7.5", -2, None)]
        {
            assert_eq!(fen(&RawCell::Text(text.to_owned()), tens), expected, "{text} {tens}");
        }
    }

    #[test]
    fn long_numbers_that_lost_digits_are_not_texts() {
        let cases = [
            (5.0, Some("5")),
            (0.5, Some("0.5")),
            (999_999_999_999_999.0, Some("999999999999999")),
            (5_134_371_002_010_001.0, Some("5134371002010001")),
            (5_134_371_002_010_000.0, None),
            (513_437_199_001_011_234.0, None),
        ];
        for (number, text) in cases {
            assert_eq!(whole_text(number).as_deref(), text, "{number}");
        }
    }
}
