//! Rows of Parquet files. Column names are the headings and count as row 1, as they do once the file is shown as a sheet.

use super::guard::unless_panicking;
use super::{RawCell, RawRow, Visit};
use crate::{Limits, Refusal};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Decimal128Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use model::{Day, Decimal};
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use std::fs::File;
use std::path::Path;

/// Rows that are decoded at once.
const BATCH_ROWS: usize = 1_024;
const DAY_MILLISECONDS: i64 = 86_400_000;

pub(super) struct Parquet {
    rows: u64,
}

impl Parquet {
    pub fn open(path: &Path, name: &str) -> Result<Parquet, Refusal> {
        let rows = builder(path, name)?.metadata().file_metadata().num_rows();
        Ok(Parquet { rows: u64::try_from(rows).unwrap_or_default() })
    }

    pub fn visit(&self, path: &Path, name: &str, limits: &Limits, visit: &mut Visit<'_>) -> Result<(), Refusal> {
        let builder = builder(path, name)?;
        let mut row = RawRow { number: 1, ..RawRow::default() };
        let fields = builder.schema().fields().clone();
        if fields.len() > limits.columns_max as usize {
            let (found, limit) = (fields.len() as u32, limits.columns_max);
            return Err(Refusal::TooManyColumns { file: name.to_owned(), found, limit });
        }
        row.cells.extend(fields.iter().map(|field| RawCell::Text(field.name().clone())));
        if visit(&mut row, (0, self.rows))?.is_break() {
            return Ok(());
        }
        let mut batches = guarded(name, || builder.with_batch_size(BATCH_ROWS).build())?;
        while let Some(batch) = guarded(name, || batches.next().transpose())? {
            for at in 0..batch.num_rows() {
                row.number += 1;
                fill(&mut row, &batch, at);
                let done = u64::from(row.number) - 1;
                if visit(&mut row, (done, self.rows))?.is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

fn builder(path: &Path, name: &str) -> Result<ParquetRecordBatchReaderBuilder<File>, Refusal> {
    let file = File::open(path).map_err(|source| Refusal::Unreadable { path: path.to_owned(), source })?;
    // Without the arrow types in the file's notes, texts are never dictionaries.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    guarded(name, || ParquetRecordBatchReaderBuilder::try_new_with_options(file, options))
}

/// Runs a step of the Parquet reader. On some damaged files it panics in place of giving an error; both mean a damaged file, and nothing
/// that the step has touched is used afterwards.
fn guarded<T, E>(name: &str, step: impl FnOnce() -> Result<T, E>) -> Result<T, Refusal> {
    unless_panicking(step).and_then(Result::ok).ok_or_else(|| damaged(name))
}

fn damaged(name: &str) -> Refusal {
    Refusal::Damaged { file: name.to_owned(), detail: "Parquet内容无法解读".to_owned() }
}

fn fill(row: &mut RawRow, batch: &RecordBatch, at: usize) {
    row.cells.clear();
    row.cells.extend(batch.columns().iter().map(|column| raw_cell(column.as_ref(), at)));
}

/// One cell; types without a plain form (lists, binary ...) become an error value, which is a fault of that cell.
fn raw_cell(column: &dyn Array, at: usize) -> RawCell {
    if column.is_null(at) {
        return RawCell::Empty;
    }
    let text = |text: &str| if text.is_empty() { RawCell::Empty } else { RawCell::Text(text.to_owned()) };
    let day = |days: Option<i32>| days.and_then(Day::from_epoch_days).map_or(unreadable(), RawCell::Day);
    match column.data_type() {
        DataType::Utf8 => text(column.as_string::<i32>().value(at)),
        DataType::LargeUtf8 => text(column.as_string::<i64>().value(at)),
        DataType::Utf8View => text(column.as_string_view().value(at)),
        DataType::Boolean => RawCell::Bool(column.as_boolean().value(at)),
        DataType::Int8 => RawCell::Int(column.as_primitive::<Int8Type>().value(at).into()),
        DataType::Int16 => RawCell::Int(column.as_primitive::<Int16Type>().value(at).into()),
        DataType::Int32 => RawCell::Int(column.as_primitive::<Int32Type>().value(at).into()),
        DataType::Int64 => RawCell::Int(column.as_primitive::<Int64Type>().value(at)),
        DataType::UInt8 => RawCell::Int(column.as_primitive::<UInt8Type>().value(at).into()),
        DataType::UInt16 => RawCell::Int(column.as_primitive::<UInt16Type>().value(at).into()),
        DataType::UInt32 => RawCell::Int(column.as_primitive::<UInt32Type>().value(at).into()),
        DataType::UInt64 => RawCell::Text(column.as_primitive::<UInt64Type>().value(at).to_string()),
        DataType::Float32 => RawCell::Number(column.as_primitive::<Float32Type>().value(at).into()),
        DataType::Float64 => RawCell::Number(column.as_primitive::<Float64Type>().value(at)),
        DataType::Date32 => day(Some(column.as_primitive::<Date32Type>().value(at))),
        DataType::Date64 => day(whole_days(column.as_primitive::<Date64Type>().value(at), DAY_MILLISECONDS)),
        DataType::Timestamp(unit, _) => day(timestamp_days(column, *unit, at)),
        DataType::Decimal128(_, scale) => decimal(column.as_primitive::<Decimal128Type>().value(at), *scale),
        _ => unreadable(),
    }
}

fn unreadable() -> RawCell {
    RawCell::Error("#TYPE".to_owned())
}

fn whole_days(moment: i64, units_per_day: i64) -> Option<i32> {
    i32::try_from(moment.div_euclid(units_per_day)).ok()
}

fn timestamp_days(column: &dyn Array, unit: TimeUnit, at: usize) -> Option<i32> {
    match unit {
        TimeUnit::Second => {
            whole_days(column.as_primitive::<TimestampSecondType>().value(at), DAY_MILLISECONDS / 1_000)
        }
        TimeUnit::Millisecond => {
            whole_days(column.as_primitive::<TimestampMillisecondType>().value(at), DAY_MILLISECONDS)
        }
        TimeUnit::Microsecond => {
            whole_days(column.as_primitive::<TimestampMicrosecondType>().value(at), DAY_MILLISECONDS * 1_000)
        }
        TimeUnit::Nanosecond => {
            whole_days(column.as_primitive::<TimestampNanosecondType>().value(at), DAY_MILLISECONDS * 1_000_000)
        }
    }
}

fn decimal(units: i128, scale: i8) -> RawCell {
    let number = u32::try_from(scale).ok().and_then(|scale| Decimal::try_from_i128_with_scale(units, scale).ok());
    number.map_or(unreadable(), |number| RawCell::Text(number.to_string()))
}
