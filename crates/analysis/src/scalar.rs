//! From the package's values to scalars of expressions.

use datafusion_common::ScalarValue;
use lake::values::{ColumnType, PRECISION};
use model::{Type, Value};

/// A value as a scalar, and its type; `None` for the unknown value, which has no type of its own.
pub(crate) fn scalar_of(value: &Value) -> Option<(ScalarValue, ColumnType)> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(truth) => (ScalarValue::Boolean(Some(*truth)), ColumnType::whole(Type::Bool)),
        Value::Int(number) => (ScalarValue::Int64(Some(*number)), ColumnType::whole(Type::Int)),
        Value::Fen(fen) => (ScalarValue::Int64(Some(fen.0)), ColumnType::whole(Type::Fen)),
        Value::Day(day) => (ScalarValue::Date32(Some(day.epoch_days())), ColumnType::whole(Type::Day)),
        Value::Text(text) => (ScalarValue::Utf8View(Some(text.clone())), ColumnType::whole(Type::Text)),
        Value::Decimal(number) => {
            let number = number.normalize();
            let scale = i8::try_from(number.scale()).unwrap_or(28);
            (
                ScalarValue::Decimal128(Some(number.mantissa()), PRECISION, scale),
                ColumnType::decimal(Type::Decimal, scale),
            )
        }
    })
}
