//! From Arrow's arrays, as lake files are read, to the package's values.

use crate::decimal;
use crate::schema::DECIMAL_SCALE;
use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, StringViewArray,
};
use arrow::datatypes::DataType;
use model::{Day, Fen, Kind, Type, Value};

/// Precision of every decimal that is calculated with.
pub const PRECISION: u8 = 38;

/// The type of an expression and, for numbers with digits behind the point, how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ColumnType {
    /// What is calculated with.
    pub kind: Type,
    /// Digits behind the point; `None` for whole numbers and everything that is no number.
    pub scale: Option<i8>,
}

impl ColumnType {
    /// A type without digits behind the point.
    pub fn whole(kind: Type) -> ColumnType {
        ColumnType { kind, scale: None }
    }

    /// Numbers with so many digits behind the point.
    pub fn decimal(kind: Type, scale: i8) -> ColumnType {
        ColumnType { kind, scale: Some(scale) }
    }

    /// The type of a declared column; `None` for kinds that expressions may not read.
    pub fn of_kind(kind: Kind) -> Option<ColumnType> {
        kind.expression_type().map(|kind| match kind {
            Type::Decimal => ColumnType::decimal(kind, DECIMAL_SCALE),
            _ => ColumnType::whole(kind),
        })
    }

    /// The Arrow type that is calculated with.
    pub fn arrow(self) -> DataType {
        match (self.scale, self.kind) {
            (Some(scale), _) => DataType::Decimal128(PRECISION, scale),
            (None, Type::Bool) => DataType::Boolean,
            (None, Type::Int | Type::Fen | Type::Decimal) => DataType::Int64,
            (None, Type::Day) => DataType::Date32,
            (None, Type::Text) => DataType::Utf8View,
        }
    }
}

/// The value at `row` of an array of that type.
pub fn value_at(array: &ArrayRef, column_type: ColumnType, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    if let Some(decimals) = array.as_any().downcast_ref::<Decimal128Array>() {
        return decimal::from_units(decimals.value(row), decimals.scale()).map_or(Value::Null, Value::Decimal);
    }
    match column_type.kind {
        Type::Bool => bool_at(array, row).map_or(Value::Null, Value::Bool),
        Type::Int | Type::Decimal => int_at(array, row).map_or(Value::Null, Value::Int),
        Type::Fen => int_at(array, row).map_or(Value::Null, |fen| Value::Fen(Fen(fen))),
        Type::Day => day_at(array, row).map_or(Value::Null, Value::Day),
        Type::Text => text_at(array, row).map_or(Value::Null, |text| Value::Text(text.to_owned())),
    }
}

/// The whole number at `row`; `None` where it is unknown or the column holds no whole numbers.
pub fn int_at(array: &ArrayRef, row: usize) -> Option<i64> {
    let numbers = array.as_any().downcast_ref::<Int64Array>()?;
    numbers.is_valid(row).then(|| numbers.value(row))
}

/// The truth at `row`; `None` where it is unknown or the column holds no truths.
pub fn bool_at(array: &ArrayRef, row: usize) -> Option<bool> {
    let truths = array.as_any().downcast_ref::<BooleanArray>()?;
    truths.is_valid(row).then(|| truths.value(row))
}

/// The day at `row`; `None` where it is unknown or the column holds no days.
pub fn day_at(array: &ArrayRef, row: usize) -> Option<Day> {
    let days = array.as_any().downcast_ref::<Date32Array>()?;
    if days.is_valid(row) { Day::from_epoch_days(days.value(row)) } else { None }
}

/// The text at `row`; `None` where it is unknown or the column holds no texts as they are read.
pub fn text_at(array: &ArrayRef, row: usize) -> Option<&str> {
    let texts = array.as_any().downcast_ref::<StringViewArray>()?;
    texts.is_valid(row).then(|| texts.value(row))
}

/// The row number at `row`; 0 where there is none.
pub fn row_number_at(array: &ArrayRef, row: usize) -> u32 {
    let numbers = array.as_any().downcast_ref::<Int32Array>();
    numbers.and_then(|numbers| u32::try_from(numbers.value(row)).ok()).unwrap_or_default()
}
