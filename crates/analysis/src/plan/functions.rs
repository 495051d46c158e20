//! The package's own functions and its exact arithmetic, as DataFusion scalar functions.
//!
//! Each calls the one Rust function that the evaluator for single records calls too. What does not fit is unknown.

use super::operation::Operation;
use super::truths;
use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, Date32Array, Int64Array, PrimitiveArray};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::datatypes::{ArrowNativeType, DataType, Date32Type, Decimal128Type, Int64Type};
use datafusion_common::{DataFusionError, Result, ScalarValue, exec_err};
use datafusion_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};
use lake::values::PRECISION;
use model::Decimal;
use policy::functions;
use std::sync::Arc;

/// An operation with the type of its result.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct OwnFunction {
    operation: Operation,
    returns: DataType,
    signature: Signature,
}

impl OwnFunction {
    pub(crate) fn new(operation: Operation, returns: DataType) -> OwnFunction {
        OwnFunction { operation, returns, signature: Signature::variadic_any(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for OwnFunction {
    fn name(&self) -> &str {
        match self.operation {
            Operation::Age => "age",
            Operation::MonthsBetween => "months_between",
            Operation::DaysBetween => "days_between",
            Operation::PlusDays => "plus_days",
            Operation::Year => "year",
            Operation::Month => "month",
            Operation::Per => "per",
            Operation::Whole => "whole",
            Operation::Add => "add",
            Operation::Subtract => "subtract",
            Operation::Multiply => "multiply",
            Operation::Negate => "negate",
            Operation::Least => "least",
            Operation::Greatest => "greatest",
            Operation::Coalesce => "coalesce",
            Operation::And => "and",
            Operation::Or => "or",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let rows = arguments.number_rows;
        let array = match (&self.returns, arguments.args.as_slice()) {
            (DataType::Boolean, sides) => truths::combine(self.operation, sides, rows)?,
            (DataType::Utf8View, sides) => truths::first_known_text(sides, rows)?,
            (DataType::Decimal128(_, scale), sides) => self.decimals(*scale, sides, rows)?,
            (DataType::Date32, sides) => self.days(sides, rows)?,
            (_, [side]) if self.operation == Operation::Whole => whole(side, rows)?,
            (_, sides) => self.whole_numbers(sides, rows)?,
        };
        Ok(ColumnarValue::Array(array))
    }
}

impl OwnFunction {
    fn whole_numbers(&self, sides: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
        let array: Int64Array = match (self.operation, sides) {
            (Operation::Age, [born, on]) => zip(&days_of(born)?, &days_of(on)?, rows, functions::age),
            (Operation::MonthsBetween, [from, to]) => {
                zip(&days_of(from)?, &days_of(to)?, rows, functions::months_between)
            }
            (Operation::DaysBetween, [from, to]) => {
                zip(&days_of(from)?, &days_of(to)?, rows, |from, to| Some(functions::days_between(from, to)))
            }
            (Operation::Year, [day]) => map(&days_of(day)?, rows, functions::year),
            (Operation::Month, [day]) => map(&days_of(day)?, rows, functions::month),
            (Operation::Per, [amount, count]) => zip(&ints_of(amount)?, &ints_of(count)?, rows, functions::per),
            (Operation::Add, [left, right]) => zip(&ints_of(left)?, &ints_of(right)?, rows, i64::checked_add),
            (Operation::Subtract, [left, right]) => zip(&ints_of(left)?, &ints_of(right)?, rows, i64::checked_sub),
            (Operation::Multiply, [left, right]) => zip(&ints_of(left)?, &ints_of(right)?, rows, i64::checked_mul),
            (Operation::Negate, [side]) => map(&ints_of(side)?, rows, i64::checked_neg),
            (Operation::Least, sides) => fold(sides, rows, ints_of, i64::min)?,
            (Operation::Greatest, sides) => fold(sides, rows, ints_of, i64::max)?,
            (Operation::Coalesce, sides) => first_known(sides, rows, ints_of)?,
            _ => return exec_err!("{self:?} got {} arguments", sides.len()),
        };
        Ok(Arc::new(array))
    }

    fn days(&self, sides: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
        let array: Date32Array = match (self.operation, sides) {
            (Operation::PlusDays, [day, count]) => zip(&days_of(day)?, &ints_of(count)?, rows, functions::plus_days),
            (Operation::Least, sides) => fold(sides, rows, days_of, i32::min)?,
            (Operation::Greatest, sides) => fold(sides, rows, days_of, i32::max)?,
            (Operation::Coalesce, sides) => first_known(sides, rows, days_of)?,
            _ => return exec_err!("{self:?} got {} arguments", sides.len()),
        };
        Ok(Arc::new(array))
    }

    /// Decimals; sides of sums have the scale of the result already, those of products keep their own.
    fn decimals(&self, scale: i8, sides: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
        let array: PrimitiveArray<Decimal128Type> = match (self.operation, sides) {
            (Operation::Add, [left, right]) => {
                zip(&decimals_of(left)?, &decimals_of(right)?, rows, |a: i128, b| fits(a.checked_add(b)))
            }
            (Operation::Subtract, [left, right]) => {
                zip(&decimals_of(left)?, &decimals_of(right)?, rows, |a: i128, b| fits(a.checked_sub(b)))
            }
            (Operation::Multiply, [left, right]) => {
                zip(&decimals_of(left)?, &decimals_of(right)?, rows, |a: i128, b| fits(a.checked_mul(b)))
            }
            (Operation::Negate, [side]) => map(&decimals_of(side)?, rows, i128::checked_neg),
            (Operation::Least, sides) => fold(sides, rows, decimals_of, i128::min)?,
            (Operation::Greatest, sides) => fold(sides, rows, decimals_of, i128::max)?,
            (Operation::Coalesce, sides) => first_known(sides, rows, decimals_of)?,
            _ => return exec_err!("{self:?} got {} arguments", sides.len()),
        };
        Ok(Arc::new(array.with_precision_and_scale(PRECISION, scale)?))
    }
}

fn fits(units: Option<i128>) -> Option<i128> {
    units.filter(|units| units.unsigned_abs() < 10_u128.pow(u32::from(PRECISION)))
}

fn whole(side: &ColumnarValue, rows: usize) -> Result<ArrayRef> {
    let scale = match side.data_type() {
        DataType::Decimal128(_, scale) => u32::try_from(scale).unwrap_or(0),
        other => return exec_err!("whole of {other}"),
    };
    let rounded = |units: i128| functions::whole(Decimal::try_from_i128_with_scale(units, scale).ok()?);
    let array: Int64Array = map(&decimals_of(side)?, rows, rounded);
    Ok(Arc::new(array))
}

/// One argument: a column or a constant.
enum Side<T: ArrowNativeType> {
    Column(ScalarBuffer<T>, Option<NullBuffer>),
    Constant(Option<T>),
}

impl<T: ArrowNativeType> Side<T> {
    fn at(&self, row: usize) -> Option<T> {
        match self {
            Side::Column(values, Some(valid)) => valid.is_valid(row).then(|| values[row]),
            Side::Column(values, None) => Some(values[row]),
            Side::Constant(value) => *value,
        }
    }
}

fn column<T: ArrowPrimitiveType>(array: &ArrayRef) -> Side<T::Native> {
    let array = array.as_primitive::<T>();
    Side::Column(array.values().clone(), array.nulls().cloned())
}

fn ints_of(value: &ColumnarValue) -> Result<Side<i64>> {
    match value {
        ColumnarValue::Array(array) => Ok(column::<Int64Type>(array)),
        ColumnarValue::Scalar(ScalarValue::Int64(number)) => Ok(Side::Constant(*number)),
        ColumnarValue::Scalar(other) => exec_err!("{other} is not a whole number"),
    }
}

fn days_of(value: &ColumnarValue) -> Result<Side<i32>> {
    match value {
        ColumnarValue::Array(array) => Ok(column::<Date32Type>(array)),
        ColumnarValue::Scalar(ScalarValue::Date32(day)) => Ok(Side::Constant(*day)),
        ColumnarValue::Scalar(other) => exec_err!("{other} is not a day"),
    }
}

fn decimals_of(value: &ColumnarValue) -> Result<Side<i128>> {
    match value {
        ColumnarValue::Array(array) => Ok(column::<Decimal128Type>(array)),
        ColumnarValue::Scalar(ScalarValue::Decimal128(units, _, _)) => Ok(Side::Constant(*units)),
        ColumnarValue::Scalar(other) => exec_err!("{other} is not a decimal"),
    }
}

impl<T: ArrowNativeType> Side<T> {
    /// The value at a row; means nothing where it is unknown.
    fn raw(&self, row: usize) -> T {
        match self {
            Side::Column(values, _) => values[row],
            Side::Constant(value) => value.unwrap_or_default(),
        }
    }

    /// Which rows are known; `None` where all are.
    fn known(&self, rows: usize) -> Option<NullBuffer> {
        match self {
            Side::Column(_, known) => known.clone(),
            Side::Constant(Some(_)) => None,
            Side::Constant(None) => Some(NullBuffer::new_null(rows)),
        }
    }
}

/// A column of `of` for every row where `known`; unknown where it gives `None`.
fn column_of<R: ArrowPrimitiveType>(
    rows: usize,
    known: Option<NullBuffer>,
    of: impl Fn(usize) -> Option<R::Native>,
) -> PrimitiveArray<R> {
    let mut misfits = Vec::new();
    let values: Vec<R::Native> = (0..rows)
        .map(|row| {
            of(row).unwrap_or_else(|| {
                misfits.push(row);
                R::Native::default()
            })
        })
        .collect();
    if misfits.is_empty() {
        return PrimitiveArray::new(values.into(), known);
    }
    let mut fits = match known {
        Some(known) => known.iter().collect::<Vec<bool>>(),
        None => vec![true; rows],
    };
    misfits.into_iter().for_each(|row| fits[row] = false);
    PrimitiveArray::new(values.into(), Some(NullBuffer::from(fits)))
}

fn map<A, R>(side: &Side<A>, rows: usize, of: impl Fn(A) -> Option<R::Native>) -> PrimitiveArray<R>
where
    A: ArrowNativeType,
    R: ArrowPrimitiveType,
{
    column_of(rows, side.known(rows), |row| of(side.raw(row)))
}

fn zip<A, B, R>(
    left: &Side<A>,
    right: &Side<B>,
    rows: usize,
    of: impl Fn(A, B) -> Option<R::Native>,
) -> PrimitiveArray<R>
where
    A: ArrowNativeType,
    B: ArrowNativeType,
    R: ArrowPrimitiveType,
{
    let known = NullBuffer::union(left.known(rows).as_ref(), right.known(rows).as_ref());
    column_of(rows, known, |row| of(left.raw(row), right.raw(row)))
}

/// The first known value of each row.
fn first_known<R: ArrowPrimitiveType>(
    sides: &[ColumnarValue],
    rows: usize,
    read: impl Fn(&ColumnarValue) -> Result<Side<R::Native>>,
) -> Result<PrimitiveArray<R>> {
    let sides = sides.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(column_of(rows, None, |row| sides.iter().find_map(|side| side.at(row))))
}

/// Least or greatest of all sides; unknown when one of them is.
fn fold<R: ArrowPrimitiveType>(
    sides: &[ColumnarValue],
    rows: usize,
    read: impl Fn(&ColumnarValue) -> Result<Side<R::Native>>,
    of: impl Fn(R::Native, R::Native) -> R::Native,
) -> Result<PrimitiveArray<R>> {
    let sides = sides.iter().map(read).collect::<Result<Vec<_>>>()?;
    let (first, others) = sides
        .split_first()
        .ok_or_else(|| DataFusionError::Execution("least and greatest need an argument".to_owned()))?;
    Ok((0..rows)
        .map(|row| others.iter().try_fold(first.at(row)?, |best, side| Some(of(best, side.at(row)?))))
        .collect())
}
