//! Rows are summed up to what they belong to: unknown values left out, nothing told from nought, in any order.

use super::{bools, days, decimals, ints};
use crate::plan::accumulate::{Accumulator, NOBODY, result_type};
use arrow::array::{ArrayRef, AsArray, BooleanArray};
use lake::values::{ColumnType, value_at};
use model::{Decimal, Fen, Type, Value};
use policy::expression::AggregateFunction;

const INT: ColumnType = ColumnType { kind: Type::Int, scale: None };
const FEN: ColumnType = ColumnType { kind: Type::Fen, scale: None };
const DAY: ColumnType = ColumnType { kind: Type::Day, scale: None };
const BOOL: ColumnType = ColumnType { kind: Type::Bool, scale: None };
const DECIMAL: ColumnType = ColumnType { kind: Type::Decimal, scale: Some(2) };

/// Sums three slots: the first gets all rows, the second none, and what belongs to nobody goes nowhere.
fn summed(
    function: AggregateFunction,
    of: ColumnType,
    values: Option<&ArrayRef>,
    counts: Option<&[Option<bool>]>,
    slots: &[u32],
) -> Vec<Value> {
    let counts = counts.map(|counts| BooleanArray::from(counts.to_vec()));
    let argument = values.is_some().then_some(of);
    let mut sums = Accumulator::new(function, argument, 3);
    sums.add("test", slots, counts.as_ref(), values).expect("it can be summed up");
    let found = sums.finish();
    (0..3).map(|slot| value_at(&found, result_type(function, argument), slot)).collect()
}

#[test]
fn over_no_rows_sums_are_nought_and_extremes_unknown() {
    use AggregateFunction::{All, Any, Count, Max, Min, Sum};
    for (function, of, values, expected) in [
        (Count, INT, None, Value::Int(0)),
        (Sum, INT, Some(ints(&[])), Value::Int(0)),
        (Sum, FEN, Some(ints(&[])), Value::Fen(Fen(0))),
        (Sum, DECIMAL, Some(decimals(2, &[])), Value::Decimal(Decimal::ZERO)),
        (Min, INT, Some(ints(&[])), Value::Null),
        (Max, DAY, Some(days(&[])), Value::Null),
        (Any, BOOL, Some(bools(&[])), Value::Bool(false)),
        (All, BOOL, Some(bools(&[])), Value::Bool(true)),
    ] {
        let found = summed(function, of, values.as_ref(), None, &[]);
        assert_eq!(found, vec![expected; 3], "{function:?} of {of:?}");
    }
}

#[test]
fn every_aggregate_of_one_and_many_rows() {
    use AggregateFunction::{All, Any, Count, Max, Min, Sum};
    let day = |text: &str| Value::Day(super::day(text));
    for (function, of, values, expected) in [
        (Sum, INT, ints(&[Some(5)]), Value::Int(5)),
        (Sum, INT, ints(&[Some(5), Some(-7), None]), Value::Int(-2)),
        (Sum, FEN, ints(&[Some(100), Some(-100)]), Value::Fen(Fen(0))),
        (Sum, FEN, ints(&[None, None]), Value::Fen(Fen(0))),
        (Sum, DECIMAL, decimals(2, &[Some(150), Some(275), None]), Value::Decimal(Decimal::new(425, 2))),
        (Min, INT, ints(&[Some(5), Some(-7), None]), Value::Int(-7)),
        (Max, INT, ints(&[Some(5), Some(-7), None]), Value::Int(5)),
        (Min, INT, ints(&[None, None]), Value::Null),
        (Min, DAY, days(&[Some("2024-03-01"), Some("2024-02-29"), None]), day("2024-02-29")),
        (Max, DAY, days(&[Some("2024-03-01"), Some("2024-02-29"), None]), day("2024-03-01")),
        (Max, DECIMAL, decimals(2, &[Some(-150), Some(-275)]), Value::Decimal(Decimal::new(-15, 1))),
        (Any, BOOL, bools(&[Some(false), Some(true), None]), Value::Bool(true)),
        (Any, BOOL, bools(&[Some(false), None]), Value::Bool(false)),
        (All, BOOL, bools(&[Some(true), None]), Value::Bool(true)),
        (All, BOOL, bools(&[Some(true), Some(false)]), Value::Bool(false)),
        (Count, INT, ints(&[Some(5), None, Some(7)]), Value::Int(3)),
    ] {
        let slots = vec![0; values.len()];
        let found = summed(function, of, Some(&values), None, &slots);
        assert_eq!(found[0], expected, "{function:?} of {values:?}");
        let nothing = summed(function, of, Some(&values), None, &vec![NOBODY; values.len()]);
        assert_eq!(found[1], nothing[0], "rows of nobody count nowhere");
    }
}

#[test]
fn only_rows_of_which_it_is_certain_count() {
    use AggregateFunction::{All, Any, Count, Max, Sum};
    let counts = [Some(true), Some(false), None, Some(true)];
    let values = ints(&[Some(1), Some(10), Some(100), Some(1_000)]);
    for (function, expected) in [(Count, Value::Int(2)), (Sum, Value::Int(1_001)), (Max, Value::Int(1_000))] {
        assert_eq!(summed(function, INT, Some(&values), Some(&counts), &[0; 4])[0], expected, "{function:?}");
    }
    let truths = bools(&[Some(false), Some(true), Some(true), Some(false)]);
    assert_eq!(summed(Any, BOOL, Some(&truths), Some(&counts), &[0; 4])[0], Value::Bool(false));
    let truths = bools(&[Some(true), Some(false), Some(false), Some(true)]);
    assert_eq!(summed(All, BOOL, Some(&truths), Some(&counts), &[0; 4])[0], Value::Bool(true));
}

#[test]
fn a_sum_that_does_not_fit_is_unknown_and_one_that_fits_in_the_end_is_not() {
    use AggregateFunction::Sum;
    let most = decimals(2, &[Some(10_i128.pow(38) - 1), Some(1)]);
    for (of, values, expected) in [
        (INT, ints(&[Some(i64::MAX), Some(1)]), Value::Null),
        (FEN, ints(&[Some(i64::MIN), Some(-1)]), Value::Null),
        (INT, ints(&[Some(i64::MAX), Some(1), Some(-1)]), Value::Int(i64::MAX)),
        (INT, ints(&[Some(i64::MAX), Some(i64::MAX), Some(i64::MIN), Some(i64::MIN)]), Value::Int(-2)),
        (DECIMAL, most, Value::Null),
    ] {
        assert_eq!(summed(Sum, of, Some(&values), None, &vec![0; values.len()])[0], expected, "{values:?}");
    }
}

#[test]
fn neither_order_nor_portions_change_a_result() {
    use AggregateFunction::{All, Any, Count, Max, Min, Sum};
    let seed = 20_240_630_u64;
    println!("seed {seed}");
    let mut state = seed;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    // Slot, whether it counts, and value of every row.
    let rows: Vec<(u32, Option<bool>, Option<i64>)> = (0..400)
        .map(|_| {
            let slot = if next(12) == 0 { NOBODY } else { u32::try_from(next(3)).expect("few") };
            let counts = [Some(true), Some(true), Some(false), None][next(4) as usize];
            (slot, counts, (next(5) > 0).then(|| next(2_000) as i64 - 1_000))
        })
        .collect();
    let mut turned = rows.clone();
    turned.reverse();
    for function in [Count, Sum, Min, Max] {
        let of = (function != Count).then_some(INT);
        let run = |rows: &[(u32, Option<bool>, Option<i64>)], portion: usize| -> Vec<Value> {
            let mut sums = Accumulator::new(function, of, 3);
            for part in rows.chunks(portion) {
                let slots: Vec<u32> = part.iter().map(|row| row.0).collect();
                let counts = BooleanArray::from(part.iter().map(|row| row.1).collect::<Vec<_>>());
                let values = ints(&part.iter().map(|row| row.2).collect::<Vec<_>>());
                sums.add("test", &slots, Some(&counts), of.map(|_| &values)).expect("it can be summed up");
            }
            let found = sums.finish();
            (0..3).map(|slot| value_at(&found, result_type(function, of), slot)).collect()
        };
        // The plainest way of saying it.
        let expected: Vec<Value> = (0..3)
            .map(|slot| {
                let own = rows.iter().filter(|row| row.0 == slot && row.1 == Some(true));
                let known = own.clone().filter_map(|row| row.2);
                match function {
                    Count => Value::Int(own.count() as i64),
                    Sum => Value::Int(known.sum()),
                    Min => known.min().map_or(Value::Null, Value::Int),
                    _ => known.max().map_or(Value::Null, Value::Int),
                }
            })
            .collect();
        for (rows, portion) in [(&rows, 400), (&rows, 1), (&turned, 7), (&turned, 400)] {
            assert_eq!(run(rows, portion), expected, "{function:?} in portions of {portion}");
        }
    }
    // Truths are extremes of two values.
    for (function, expected) in [(Any, true), (All, false)] {
        let mut sums = Accumulator::new(function, Some(BOOL), 1);
        for truth in [Some(false), None, Some(true)] {
            sums.add("test", &[0], None, Some(&bools(&[truth]))).expect("it can be summed up");
        }
        assert_eq!(sums.finish().as_boolean().value(0), expected, "{function:?}");
    }
}

#[test]
fn what_cannot_be_summed_up_is_refused_by_name() {
    use AggregateFunction::{Any, Sum};
    let truths = bools(&[Some(true)]);
    let refused = |function, of, argument: Option<&ArrayRef>| {
        let mut sums = Accumulator::new(function, Some(of), 1);
        sums.add("bill_count", &[0], None, argument).expect_err("it cannot").to_string()
    };
    assert_eq!(refused(Sum, INT, None), "cannot plan `bill_count`: the aggregate has no argument");
    assert_eq!(refused(Sum, INT, Some(&truths)), "cannot plan `bill_count`: Boolean cannot be summed up");
    assert_eq!(refused(Any, BOOL, Some(&ints(&[Some(1)]))), "cannot plan `bill_count`: not a truth");
}

#[test]
fn the_type_of_an_aggregate_is_that_of_its_argument() {
    use AggregateFunction::{All, Any, Count, Max, Min, Sum};
    for argument in [INT, FEN, DAY, DECIMAL] {
        assert_eq!(result_type(Count, Some(argument)), INT);
        for function in [Sum, Min, Max] {
            assert_eq!(result_type(function, Some(argument)), argument, "{function:?}");
        }
        for function in [Any, All] {
            assert_eq!(result_type(function, Some(argument)), BOOL, "{function:?}");
        }
    }
}
