//! Parquet out.

use super::{Heading, WriteError, csv_table};
use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, RecordBatch, StringBuilder,
};
use arrow::datatypes::{DataType, Field, Schema};
use model::{Decimal, Kind, Value};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows that are encoded at once, and rows of a row group.
const BATCH_ROWS: usize = 4_096;
const GROUP_ROWS: usize = 65_536;
/// Decimals of columns of kind `decimal`.
const DECIMALS: i8 = 6;

pub(super) struct ParquetTable {
    path: PathBuf,
    writer: ArrowWriter<File>,
    schema: Arc<Schema>,
    headings: Vec<Heading>,
    columns: Vec<Column>,
    rows: usize,
}

enum Column {
    Text(StringBuilder),
    Int(Int64Builder),
    Money(Decimal128Builder),
    Decimal(Decimal128Builder),
    Day(Date32Builder),
    Bool(BooleanBuilder),
}

impl ParquetTable {
    /// Makes the file. `is_typed`: columns get the type of their kind; otherwise all are texts.
    pub fn create(path: &Path, headings: &[Heading], is_typed: bool) -> Result<ParquetTable, WriteError> {
        let file = File::create(path).map_err(|source| WriteError::Io { path: path.to_owned(), source })?;
        let wrong = |source| WriteError::Parquet { path: path.to_owned(), source };
        let type_of = |kind: Kind| match kind {
            Kind::Int => DataType::Int64,
            Kind::Fen => DataType::Decimal128(18, 2),
            Kind::Decimal => DataType::Decimal128(38, DECIMALS),
            Kind::Day | Kind::Month => DataType::Date32,
            Kind::Bool => DataType::Boolean,
            _ => DataType::Utf8,
        };
        let data_type = |kind: Kind| if is_typed { type_of(kind) } else { DataType::Utf8 };
        let field = |heading: &Heading| Field::new(&heading.text, data_type(heading.kind), true);
        let schema = Arc::new(Schema::new(headings.iter().map(field).collect::<Vec<_>>()));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .build();
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties)).map_err(wrong)?;
        let columns = schema.fields().iter().map(|field| Column::of(field.data_type())).collect();
        Ok(ParquetTable { path: path.to_owned(), writer, schema, headings: headings.to_vec(), columns, rows: 0 })
    }

    /// Writes a row, one value per heading.
    ///
    /// # Errors
    /// `CellCount` where there are more or fewer, else what the file or Parquet said.
    pub fn write_row(&mut self, cells: &[Value]) -> Result<(), WriteError> {
        if cells.len() != self.columns.len() {
            let (found, expected) = (cells.len(), self.columns.len());
            return Err(WriteError::CellCount { path: self.path.clone(), found, expected });
        }
        for (at, (column, value)) in self.columns.iter_mut().zip(cells).enumerate() {
            column.push(value, self.headings[at].kind).ok_or_else(|| WriteError::WrongType {
                path: self.path.clone(),
                heading: self.headings[at].text.clone(),
            })?;
        }
        self.rows += 1;
        if self.rows >= BATCH_ROWS { self.write_batch() } else { Ok(()) }
    }

    fn write_batch(&mut self) -> Result<(), WriteError> {
        self.rows = 0;
        let arrays: Vec<ArrayRef> = self.columns.iter_mut().map(Column::finish).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays).map_err(ParquetError::from);
        let written = batch.and_then(|batch| self.writer.write(&batch));
        written.map_err(|source| WriteError::Parquet { path: self.path.clone(), source })
    }

    /// Writes the last rows and the foot of the file.
    pub fn finish(mut self) -> Result<(), WriteError> {
        if self.rows > 0 {
            self.write_batch()?;
        }
        let path = self.path;
        self.writer.close().map(|_| ()).map_err(|source| WriteError::Parquet { path, source })
    }
}

impl Column {
    fn of(data_type: &DataType) -> Column {
        let decimal = || Decimal128Builder::new().with_data_type(data_type.clone());
        match data_type {
            DataType::Int64 => Column::Int(Int64Builder::new()),
            DataType::Decimal128(_, 2) => Column::Money(decimal()),
            DataType::Decimal128(_, _) => Column::Decimal(decimal()),
            DataType::Date32 => Column::Day(Date32Builder::new()),
            DataType::Boolean => Column::Bool(BooleanBuilder::new()),
            _ => Column::Text(StringBuilder::new()),
        }
    }

    /// Adds a value; `None` when the column cannot hold it.
    fn push(&mut self, value: &Value, kind: Kind) -> Option<()> {
        match (self, value) {
            (Column::Text(column), Value::Null) => column.append_null(),
            (Column::Text(column), Value::Text(text)) => column.append_value(text),
            (Column::Text(column), other) => {
                let mut cell = String::new();
                csv_table::put_plain(&mut cell, other, Some(kind));
                column.append_value(cell);
            }
            (Column::Int(column), Value::Null) => column.append_null(),
            (Column::Int(column), Value::Int(number)) => column.append_value(*number),
            (Column::Money(column), Value::Null) => column.append_null(),
            (Column::Money(column), Value::Fen(fen)) => column.append_value(i128::from(fen.0)),
            (Column::Decimal(column), Value::Null) => column.append_null(),
            (Column::Decimal(column), Value::Decimal(number)) => column.append_value(scaled(*number)?),
            (Column::Decimal(column), Value::Int(number)) => column.append_value(scaled(Decimal::from(*number))?),
            (Column::Day(column), Value::Null) => column.append_null(),
            (Column::Day(column), Value::Day(day)) => column.append_value(day.epoch_days()),
            (Column::Bool(column), Value::Null) => column.append_null(),
            (Column::Bool(column), Value::Bool(truth)) => column.append_value(*truth),
            _ => return None,
        }
        Some(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Column::Text(column) => Arc::new(column.finish()),
            Column::Int(column) => Arc::new(column.finish()),
            Column::Money(column) | Column::Decimal(column) => Arc::new(column.finish()),
            Column::Day(column) => Arc::new(column.finish()),
            Column::Bool(column) => Arc::new(column.finish()),
        }
    }
}

/// The decimal in units of the column's last place, where it has no more decimals than that.
fn scaled(number: Decimal) -> Option<i128> {
    let number = number.normalize();
    let missing = u32::from(DECIMALS.unsigned_abs()).checked_sub(number.scale())?;
    number.mantissa().checked_mul(10_i128.pow(missing))
}
