//! What plans promise: the exact arithmetic of the package, sums that no order changes, and refusals that say what is wrong.

mod accumulated;
mod agree;
mod figures;
mod operations;
mod planned;

use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array};
use model::Day;
use std::sync::Arc;

fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

/// A column of whole numbers.
fn ints(values: &[Option<i64>]) -> ArrayRef {
    Arc::new(Int64Array::from(values.to_vec()))
}

/// A column of truths.
fn bools(values: &[Option<bool>]) -> ArrayRef {
    Arc::new(BooleanArray::from(values.to_vec()))
}

/// A column of days.
fn days(values: &[Option<&str>]) -> ArrayRef {
    Arc::new(Date32Array::from_iter(values.iter().map(|text| text.map(|text| day(text).epoch_days()))))
}

/// A column of decimals, in units of their scale.
fn decimals(scale: i8, units: &[Option<i128>]) -> ArrayRef {
    let column = Decimal128Array::from(units.to_vec()).with_precision_and_scale(38, scale);
    Arc::new(column.expect("the scale fits"))
}
