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
use arrow::datatypes::{FieldRef, Fields, Schema};
use model::written::WrittenMoment;
use model::{Day, Decimal};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::basic::Type as PhysicalType;
use parquet::errors::ParquetError;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

/// Rows that are decoded at once.
const BATCH_ROWS: usize = 1_024;

pub(super) struct Parquet {
    rows: u64,
}

impl Parquet {
    /// Reads the foot of a file.
    ///
    /// # Errors
    /// `Refusal` where it cannot be read or is no Parquet.
    pub fn open(path: &Path, name: &str) -> Result<Parquet, Refusal> {
        let rows = builder(path, name)?.metadata().file_metadata().num_rows();
        Ok(Parquet { rows: u64::try_from(rows).unwrap_or_default() })
    }

    /// Walks the heading (row 1) and all rows.
    ///
    /// # Errors
    /// `Unreadable`, `TooManyColumns`, or what Parquet cannot read.
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
    let plain = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let noted = guarded(name, || ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()));
    guarded(name, || {
        let metadata = ArrowReaderMetadata::load(&file, plain.clone())?;
        let noted = noted.as_ref().map_or(metadata.schema(), ArrowReaderMetadata::schema);
        let schema = Arc::new(with_moments(&metadata, noted));
        let metadata = ArrowReaderMetadata::try_new(Arc::clone(metadata.metadata()), plain.with_schema(schema))?;
        Ok::<_, ParquetError>(ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata))
    })
}

/// The schema with its moments as such: INT96 holds instants, in seconds, so that no year is too far; plain numbers are moments where
/// the file's notes say so.
fn with_moments(metadata: &ArrowReaderMetadata, noted: &Schema) -> Schema {
    let columns = metadata.parquet_schema().root_schema().get_fields();
    let is_int96 = |at: usize| {
        columns.get(at).is_some_and(|one| one.is_primitive() && one.get_physical_type() == PhysicalType::INT96)
    };
    let noted = |at: usize| noted.fields().get(at).map(|field| field.data_type().clone());
    let field = |at: usize, field: &FieldRef| match field.data_type() {
        _ if is_int96(at) => {
            let seconds = DataType::Timestamp(TimeUnit::Second, Some("UTC".into()));
            Arc::new(field.as_ref().clone().with_data_type(seconds))
        }
        DataType::Int64 => match noted(at) {
            Some(moment @ (DataType::Date64 | DataType::Timestamp(..))) => {
                Arc::new(field.as_ref().clone().with_data_type(moment))
            }
            _ => Arc::clone(field),
        },
        _ => Arc::clone(field),
    };
    let schema = metadata.schema();
    Schema::new_with_metadata(
        schema.fields().iter().enumerate().map(|(at, one)| field(at, one)).collect::<Fields>(),
        schema.metadata().clone(),
    )
}

/// Runs a step of the Parquet reader. On some damaged files it panics in place of giving an error; both mean a damaged file, and nothing
/// that the step has touched is used afterwards.
fn guarded<T, E>(name: &str, step: impl FnOnce() -> Result<T, E>) -> Result<T, Refusal> {
    unless_panicking(step).and_then(Result::ok).ok_or_else(|| damaged(name))
}

fn damaged(name: &str) -> Refusal {
    Refusal::Damaged { file: name.to_owned(), detail: words::wording!("damaged_parquet") }
}

fn fill(row: &mut RawRow, batch: &RecordBatch, at: usize) {
    row.cells.clear();
    row.cells.extend(batch.columns().iter().map(|column| raw_cell(column.as_ref(), at)));
}

/// One cell; types without a plain form (lists, bytes that are no text ...) become an error value, which is a fault of that cell.
fn raw_cell(column: &dyn Array, at: usize) -> RawCell {
    if column.is_null(at) {
        return RawCell::Empty;
    }
    let text = |text: &str| if text.is_empty() { RawCell::Empty } else { RawCell::Text(text.to_owned()) };
    let bytes = |bytes: &[u8]| std::str::from_utf8(bytes).map_or(unreadable(), text);
    let day = |days: Option<i32>| days.and_then(Day::from_epoch_days).map_or(unreadable(), RawCell::Day);
    match column.data_type() {
        DataType::Utf8 => text(column.as_string::<i32>().value(at)),
        DataType::LargeUtf8 => text(column.as_string::<i64>().value(at)),
        DataType::Utf8View => text(column.as_string_view().value(at)),
        // Hive and Impala write texts without saying that they are.
        DataType::Binary => bytes(column.as_binary::<i32>().value(at)),
        DataType::LargeBinary => bytes(column.as_binary::<i64>().value(at)),
        DataType::BinaryView => bytes(column.as_binary_view().value(at)),
        DataType::Null => RawCell::Empty,
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
        DataType::Date64 => moment(column.as_primitive::<Date64Type>().value(at), TimeUnit::Millisecond, false),
        DataType::Timestamp(unit, zone) => moment(count(column, *unit, at), *unit, zone.is_some()),
        DataType::Decimal128(_, scale) => decimal(column.as_primitive::<Decimal128Type>().value(at), *scale),
        _ => unreadable(),
    }
}

fn unreadable() -> RawCell {
    RawCell::Error("#TYPE".to_owned())
}

/// The moment of a count since 1970. One that is bound to UTC is an instant; any other is what the clock on the wall showed.
fn moment(count: i64, unit: TimeUnit, is_utc: bool) -> RawCell {
    let units_per_second = match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    };
    let seconds = count.div_euclid(units_per_second);
    let found = if is_utc { WrittenMoment::of_utc_seconds(seconds) } else { WrittenMoment::of_clock_seconds(seconds) };
    found.map_or(unreadable(), |moment| RawCell::Moment { day: moment.day, second: moment.second })
}

fn count(column: &dyn Array, unit: TimeUnit, at: usize) -> i64 {
    match unit {
        TimeUnit::Second => column.as_primitive::<TimestampSecondType>().value(at),
        TimeUnit::Millisecond => column.as_primitive::<TimestampMillisecondType>().value(at),
        TimeUnit::Microsecond => column.as_primitive::<TimestampMicrosecondType>().value(at),
        TimeUnit::Nanosecond => column.as_primitive::<TimestampNanosecondType>().value(at),
    }
}

fn decimal(units: i128, scale: i8) -> RawCell {
    let number = u32::try_from(scale).ok().and_then(|scale| Decimal::try_from_i128_with_scale(units, scale).ok());
    number.map_or(unreadable(), |number| RawCell::Text(number.to_string()))
}
