//! And, or and first-known over columns of truths, by whole words of bits.

use super::operation::Operation;
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::compute::kernels::zip::zip;
use arrow::compute::{and_kleene, is_not_null, or_kleene};
use datafusion_common::{Result, ScalarValue, exec_err};
use datafusion_expr::ColumnarValue;
use std::sync::Arc;

/// `and`, `or` (three-valued) or `coalesce` of columns of truths.
pub(super) fn combine(operation: Operation, sides: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let columns = sides.iter().map(|side| column(side, rows)).collect::<Result<Vec<_>>>()?;
    let Some((first, others)) = columns.split_first() else { return exec_err!("{operation:?} without arguments") };
    let mut result = first.clone();
    for other in others {
        result = match operation {
            Operation::And => and_kleene(&result, other)?,
            Operation::Or => or_kleene(&result, other)?,
            Operation::Coalesce => first_known(&result, other),
            _ => return exec_err!("{operation:?} gives no truth"),
        };
    }
    Ok(Arc::new(result))
}

fn column(side: &ColumnarValue, rows: usize) -> Result<BooleanArray> {
    match side {
        ColumnarValue::Array(array) => Ok(array.as_boolean().clone()),
        ColumnarValue::Scalar(ScalarValue::Boolean(Some(truth))) => {
            let bits = if *truth { BooleanBuffer::new_set(rows) } else { BooleanBuffer::new_unset(rows) };
            Ok(BooleanArray::new(bits, None))
        }
        ColumnarValue::Scalar(ScalarValue::Boolean(None)) => Ok(BooleanArray::new_null(rows)),
        ColumnarValue::Scalar(other) => exec_err!("{other} is not a truth"),
    }
}

fn first_known(one: &BooleanArray, other: &BooleanArray) -> BooleanArray {
    let Some(known) = one.nulls() else { return one.clone() };
    let values = &(one.values() & known.inner()) | &(other.values() & &!known.inner());
    let nulls = other.nulls().map(|other| NullBuffer::new(known.inner() | other.inner()));
    BooleanArray::new(values, nulls)
}

/// The first known text of each row.
pub(super) fn first_known_text(sides: &[ColumnarValue], rows: usize) -> Result<ArrayRef> {
    let Some((last, others)) = sides.split_last() else { return exec_err!("coalesce without arguments") };
    let mut result = last.to_array(rows)?;
    for side in others.iter().rev() {
        let column = side.to_array(rows)?;
        result = zip(&is_not_null(&column)?, &column, &result)?;
    }
    Ok(result)
}
