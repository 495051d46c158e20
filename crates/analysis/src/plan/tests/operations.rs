//! The package's own functions over columns: every edge of the calendar and of numbers, and unknown beside known.

use super::{bools, days, decimals, ints};
use crate::plan::functions::OwnFunction;
use crate::plan::operation::Operation;
use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, Field};
use datafusion_common::ScalarValue;
use datafusion_common::config::ConfigOptions;
use datafusion_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl};
use std::sync::Arc;

fn run(operation: Operation, returns: DataType, args: Vec<ColumnarValue>, rows: usize) -> Result<ArrayRef, String> {
    let function = OwnFunction::new(operation, returns.clone());
    let arg_fields = args.iter().map(|arg| Arc::new(Field::new("x", arg.data_type(), true))).collect();
    let arguments = ScalarFunctionArgs {
        args,
        arg_fields,
        number_rows: rows,
        return_field: Arc::new(Field::new("result", returns, true)),
        config_options: Arc::new(ConfigOptions::default()),
    };
    let result = function.invoke_with_args(arguments).map_err(|error| error.to_string())?;
    result.into_array(rows).map_err(|error| error.to_string())
}

fn column(array: ArrayRef) -> ColumnarValue {
    ColumnarValue::Array(array)
}

#[test]
fn ages_and_months_turn_on_their_day() {
    // Born or begun, day, whole years, whole months, days.
    let cases = [
        ("2000-02-29", "2024-02-28", 23, 287, 8_765),
        ("2000-02-29", "2024-02-29", 24, 288, 8_766),
        ("2000-02-29", "2023-02-28", 22, 275, 8_400),
        ("2000-02-29", "2023-03-01", 23, 276, 8_401),
        ("2024-01-31", "2024-02-29", 0, 0, 29),
        ("2024-01-31", "2024-03-31", 0, 2, 60),
        ("2023-12-31", "2024-01-01", 0, 0, 1),
        ("2024-06-30", "2024-06-30", 0, 0, 0),
    ];
    let from = days(&cases.iter().map(|case| Some(case.0)).chain([None, Some("2024-01-01")]).collect::<Vec<_>>());
    let to = days(&cases.iter().map(|case| Some(case.1)).chain([Some("2024-01-01"), None]).collect::<Vec<_>>());
    let unknown = [None, None];
    for (operation, expected) in [
        (Operation::Age, cases.map(|case| Some(case.2))),
        (Operation::MonthsBetween, cases.map(|case| Some(case.3))),
        (Operation::DaysBetween, cases.map(|case| Some(case.4))),
    ] {
        let sides = vec![column(Arc::clone(&from)), column(Arc::clone(&to))];
        let found = run(operation, DataType::Int64, sides, 10).expect("it can be calculated");
        let expected: Vec<Option<i64>> = expected.into_iter().chain(unknown).collect();
        assert_eq!(&found, &ints(&expected), "{operation:?}");
    }
}

#[test]
fn numbers_that_do_not_fit_are_unknown() {
    let some = [Some(i64::MAX), Some(i64::MIN), Some(7), None, Some(0)];
    let other = [Some(1), Some(-1), Some(-2), Some(1), Some(0)];
    for (operation, expected) in [
        (Operation::Add, [None, None, Some(5), None, Some(0)]),
        (Operation::Subtract, [Some(i64::MAX - 1), Some(i64::MIN + 1), Some(9), None, Some(0)]),
        (Operation::Multiply, [Some(i64::MAX), None, Some(-14), None, Some(0)]),
        // Rounded down, also below nought; by nought it is unknown.
        (Operation::Per, [Some(i64::MAX), None, Some(-4), None, None]),
        (Operation::Least, [Some(1), Some(i64::MIN), Some(-2), None, Some(0)]),
        (Operation::Greatest, [Some(i64::MAX), Some(-1), Some(7), None, Some(0)]),
        (Operation::Coalesce, [Some(i64::MAX), Some(i64::MIN), Some(7), Some(1), Some(0)]),
    ] {
        let sides = vec![column(ints(&some)), column(ints(&other))];
        let found = run(operation, DataType::Int64, sides, 5).expect("it can be calculated");
        assert_eq!(&found, &ints(&expected), "{operation:?}");
    }
    let negated = run(Operation::Negate, DataType::Int64, vec![column(ints(&some))], 5).expect("it can be calculated");
    assert_eq!(&negated, &ints(&[Some(-i64::MAX), None, Some(-7), None, Some(0)]));
}

#[test]
fn decimals_keep_every_digit_or_are_unknown() {
    let most = 10_i128.pow(38) - 1;
    let some = [Some(most), Some(-most), Some(12_345), None];
    let other = [Some(1), Some(-1), Some(-5), Some(1)];
    for (operation, expected) in [
        (Operation::Add, [None, None, Some(12_340), None]),
        (Operation::Subtract, [Some(most - 1), Some(1 - most), Some(12_350), None]),
        (Operation::Multiply, [Some(most), Some(most), Some(-61_725), None]),
        (Operation::Least, [Some(1), Some(-most), Some(-5), None]),
        (Operation::Greatest, [Some(most), Some(-1), Some(12_345), None]),
        (Operation::Coalesce, [Some(most), Some(-most), Some(12_345), Some(1)]),
    ] {
        let sides = vec![column(decimals(4, &some)), column(decimals(4, &other))];
        let found = run(operation, DataType::Decimal128(38, 4), sides, 4).expect("it can be calculated");
        assert_eq!(&found, &decimals(4, &expected), "{operation:?}");
    }
}

#[test]
fn a_decimal_becomes_whole_with_halves_away_from_nought() {
    for (scale, units, expected) in [
        (1, [Some(4), Some(5), Some(-4), Some(-5), None], [Some(0), Some(1), Some(0), Some(-1), None]),
        (
            4,
            [Some(14_999), Some(15_000), Some(-14_999), Some(-15_000), Some(0)],
            [Some(1), Some(2), Some(-1), Some(-2), Some(0)],
        ),
        (
            0,
            [Some(7), Some(-7), Some(i128::from(i64::MAX)), Some(i128::from(i64::MAX) + 1), None],
            [Some(7), Some(-7), Some(i64::MAX), None, None],
        ),
    ] {
        let found = run(Operation::Whole, DataType::Int64, vec![column(decimals(scale, &units))], 5);
        assert_eq!(&found.expect("it can be calculated"), &ints(&expected), "{units:?} of scale {scale}");
    }
}

#[test]
fn days_move_over_the_ends_of_months_and_stay_in_the_calendar() {
    let from =
        [Some("2024-02-28"), Some("2024-02-28"), Some("2023-12-31"), Some("2024-03-01"), None, Some("2024-01-01")];
    let by = [Some(1), Some(2), Some(1), Some(-1), Some(1), None];
    let expected = [Some("2024-02-29"), Some("2024-03-01"), Some("2024-01-01"), Some("2024-02-29"), None, None];
    let sides = vec![column(days(&from)), column(ints(&by))];
    let found = run(Operation::PlusDays, DataType::Date32, sides, 6).expect("it can be calculated");
    assert_eq!(&found, &days(&expected));
    let far = vec![column(days(&[Some("2024-01-01")])), column(ints(&[Some(i64::MAX)]))];
    let found = run(Operation::PlusDays, DataType::Date32, far, 1).expect("it can be calculated");
    assert_eq!(&found, &days(&[None]), "no day of the calendar");
    let parts = [Some("2024-02-29"), Some("1999-12-31"), None];
    for (operation, expected) in
        [(Operation::Year, [Some(2024), Some(1999), None]), (Operation::Month, [Some(2), Some(12), None])]
    {
        let found = run(operation, DataType::Int64, vec![column(days(&parts))], 3).expect("it can be calculated");
        assert_eq!(&found, &ints(&expected), "{operation:?}");
    }
}

#[test]
fn constants_stand_for_columns() {
    let number = |value: Option<i64>| ColumnarValue::Scalar(ScalarValue::Int64(value));
    let of = ints(&[Some(1), None, Some(i64::MAX)]);
    for (constant, expected) in
        [(Some(2), [Some(3), None, None]), (Some(0), [Some(1), None, Some(i64::MAX)]), (None, [None; 3])]
    {
        for sides in [vec![column(Arc::clone(&of)), number(constant)], vec![number(constant), column(Arc::clone(&of))]]
        {
            let found = run(Operation::Add, DataType::Int64, sides, 3).expect("it can be calculated");
            assert_eq!(&found, &ints(&expected), "{constant:?}");
        }
    }
    let first = run(Operation::Coalesce, DataType::Int64, vec![number(None), column(of), number(Some(9))], 3);
    assert_eq!(&first.expect("it can be calculated"), &ints(&[Some(1), Some(9), Some(i64::MAX)]));
}

#[test]
fn truths_have_three_values() {
    let (yes, no) = (Some(true), Some(false));
    let left = [yes, yes, yes, no, no, no, None, None, None];
    let right = [yes, no, None, yes, no, None, yes, no, None];
    for (operation, expected) in [
        (Operation::And, [yes, no, None, no, no, no, None, no, None]),
        (Operation::Or, [yes, yes, yes, yes, no, None, yes, None, None]),
        (Operation::Coalesce, [yes, yes, yes, no, no, no, yes, no, None]),
    ] {
        let sides = vec![column(bools(&left)), column(bools(&right))];
        let found = run(operation, DataType::Boolean, sides, 9).expect("it can be calculated");
        assert_eq!(&found, &bools(&expected), "{operation:?}");
        // A constant on one side means the same as a column full of it.
        for constant in [yes, no, None] {
            let side = ColumnarValue::Scalar(ScalarValue::Boolean(constant));
            let with_constant = run(operation, DataType::Boolean, vec![column(bools(&left)), side], 9);
            let full = vec![column(bools(&left)), column(bools(&[constant; 9]))];
            let with_column = run(operation, DataType::Boolean, full, 9);
            assert_eq!(with_constant, with_column, "{operation:?} {constant:?}");
        }
    }
}

#[test]
fn wrong_arguments_are_refused() {
    let texts = ColumnarValue::Scalar(ScalarValue::Utf8(Some("一".to_owned())));
    for (operation, returns, args, told) in [
        (Operation::Add, DataType::Int64, vec![column(ints(&[None]))], "got 1 arguments"),
        (Operation::PlusDays, DataType::Date32, vec![column(days(&[None]))], "got 1 arguments"),
        (Operation::Multiply, DataType::Decimal128(38, 2), vec![column(decimals(2, &[None]))], "got 1 arguments"),
        (Operation::Negate, DataType::Int64, vec![texts.clone()], "is not a whole number"),
        (Operation::Year, DataType::Int64, vec![texts.clone()], "is not a day"),
        (Operation::Negate, DataType::Decimal128(38, 2), vec![texts.clone()], "is not a decimal"),
        (Operation::Whole, DataType::Int64, vec![texts.clone()], "whole of"),
        (Operation::And, DataType::Boolean, vec![texts], "is not a truth"),
        (Operation::Or, DataType::Boolean, vec![], "without arguments"),
        (Operation::Add, DataType::Boolean, vec![column(bools(&[None])), column(bools(&[None]))], "gives no truth"),
        (Operation::Least, DataType::Int64, vec![], "need an argument"),
    ] {
        let refused = run(operation, returns, args, 1).expect_err("it cannot be calculated");
        assert!(refused.contains(told), "{operation:?}: {refused}");
    }
}
