//! Summing rows up to what they belong to: one slot per resident, household or village, filled in any order.
//!
//! Sums are kept exactly (128 bits), so neither order nor grouping changes a result.

use crate::error::{AnalysisError, Result};
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Int64Array};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int64Type};
use lake::values::{ColumnType, PRECISION};
use model::Type;
use policy::expression::AggregateFunction;
use std::sync::Arc;

/// Position of a row that belongs to nobody here.
pub(crate) const NOBODY: u32 = u32::MAX;

/// The type of an aggregate, from the type of its argument.
pub(crate) fn result_type(function: AggregateFunction, argument: Option<ColumnType>) -> ColumnType {
    match function {
        AggregateFunction::Count => ColumnType::whole(Type::Int),
        AggregateFunction::Any | AggregateFunction::All => ColumnType::whole(Type::Bool),
        AggregateFunction::Sum | AggregateFunction::Min | AggregateFunction::Max => {
            argument.unwrap_or(ColumnType::whole(Type::Int))
        }
    }
}

/// One aggregate over many slots.
#[derive(Debug)]
pub(crate) struct Accumulator {
    state: State,
    result: ColumnType,
}

#[derive(Debug)]
enum State {
    Count(Vec<i64>),
    Sum(Vec<i128>),
    Extreme { best: Vec<Option<i128>>, greatest: bool },
    Truth { all: bool, held: Vec<bool> },
}

impl Accumulator {
    /// `slots` empty slots.
    pub(crate) fn new(function: AggregateFunction, argument: Option<ColumnType>, slots: usize) -> Accumulator {
        let greatest = function == AggregateFunction::Max;
        let state = match function {
            AggregateFunction::Count => State::Count(vec![0; slots]),
            AggregateFunction::Sum => State::Sum(vec![0; slots]),
            AggregateFunction::Any => State::Truth { all: false, held: vec![false; slots] },
            AggregateFunction::All => State::Truth { all: true, held: vec![true; slots] },
            _ => State::Extreme { best: vec![None; slots], greatest },
        };
        Accumulator { state, result: result_type(function, argument) }
    }

    /// Adds rows: `slot[i]` is where row `i` belongs (or `NOBODY`), `counts` says which rows count (unknown: not), and
    /// `argument` holds the value of each row. Unknown values are left out.
    ///
    /// # Errors
    /// `Plan` when the argument has a type that cannot be summed up this way.
    pub(crate) fn add(
        &mut self,
        of: &str,
        slot: &[u32],
        counts: Option<&BooleanArray>,
        argument: Option<&ArrayRef>,
    ) -> Result<()> {
        let rows = RowsThatCount { slot, counts };
        match (&mut self.state, argument) {
            (State::Count(counted), _) => rows.each(|_, at| counted[at] += 1),
            (State::Sum(sums), Some(values)) => {
                numbers(of, values, &rows, |at, number| sums[at] = sums[at].saturating_add(number))?;
            }
            (State::Extreme { best, greatest }, Some(values)) => {
                let greatest = *greatest;
                numbers(of, values, &rows, |at, number| {
                    let kept = best[at].get_or_insert(number);
                    *kept = if greatest { (*kept).max(number) } else { (*kept).min(number) };
                })?;
            }
            (State::Truth { all, held }, Some(values)) => {
                let all = *all;
                let truths = values.as_boolean_opt().ok_or_else(|| AnalysisError::plan(of, "not a truth"))?;
                rows.each(|row, at| {
                    if truths.is_valid(row) && truths.value(row) != all {
                        held[at] = !all;
                    }
                });
            }
            (_, None) => return Err(AnalysisError::plan(of, "the aggregate has no argument")),
        }
        Ok(())
    }

    /// The column of results: sums and counts of nothing are 0, any is false, all is true, extremes are unknown.
    /// A sum that does not fit is unknown.
    pub(crate) fn finish(self) -> ArrayRef {
        let result = self.result;
        match self.state {
            State::Count(counted) => Arc::new(Int64Array::from(counted)),
            State::Sum(sums) => number_column(result, sums.into_iter().map(Some)),
            State::Extreme { best, .. } => number_column(result, best.into_iter()),
            State::Truth { held, .. } => Arc::new(BooleanArray::from(held)),
        }
    }
}

struct RowsThatCount<'a> {
    slot: &'a [u32],
    counts: Option<&'a BooleanArray>,
}

impl RowsThatCount<'_> {
    fn each(&self, mut see: impl FnMut(usize, usize)) {
        match self.counts {
            None => self
                .slot
                .iter()
                .enumerate()
                .filter(|(_, at)| **at != NOBODY)
                .for_each(|(row, at)| see(row, *at as usize)),
            Some(counts) => {
                let truths = match counts.nulls() {
                    Some(valid) => counts.values() & valid.inner(),
                    None => counts.values().clone(),
                };
                for row in truths.set_indices() {
                    let at = self.slot[row];
                    if at != NOBODY {
                        see(row, at as usize);
                    }
                }
            }
        }
    }
}

/// Calls `see` with slot and number of every row that counts and is known.
fn numbers(of: &str, values: &ArrayRef, rows: &RowsThatCount<'_>, mut see: impl FnMut(usize, i128)) -> Result<()> {
    let known = |row: usize| values.is_valid(row);
    match values.data_type() {
        DataType::Int64 => {
            let numbers = values.as_primitive::<Int64Type>().values();
            rows.each(|row, at| {
                if known(row) {
                    see(at, i128::from(numbers[row]));
                }
            });
        }
        DataType::Date32 => {
            let numbers = values.as_primitive::<Date32Type>().values();
            rows.each(|row, at| {
                if known(row) {
                    see(at, i128::from(numbers[row]));
                }
            });
        }
        DataType::Decimal128(_, _) => {
            let numbers = values.as_primitive::<Decimal128Type>().values();
            rows.each(|row, at| {
                if known(row) {
                    see(at, numbers[row]);
                }
            });
        }
        other => return Err(AnalysisError::plan(of, format!("{other} cannot be summed up"))),
    }
    Ok(())
}

fn number_column(result: ColumnType, numbers: impl Iterator<Item = Option<i128>>) -> ArrayRef {
    match result.arrow() {
        DataType::Date32 => {
            let days = numbers.map(|number| number.and_then(|number| i32::try_from(number).ok()));
            Arc::new(Date32Array::from_iter(days))
        }
        DataType::Decimal128(precision, scale) => {
            let most = 10_u128.pow(u32::from(PRECISION));
            let fitting = numbers.map(|number| number.filter(|number| number.unsigned_abs() < most));
            let column = Decimal128Array::from_iter(fitting);
            Arc::new(column.with_precision_and_scale(precision, scale).expect("the scale was planned"))
        }
        _ => {
            let fitting = numbers.map(|number| number.and_then(|number| i64::try_from(number).ok()));
            Arc::new(Int64Array::from_iter(fitting))
        }
    }
}
