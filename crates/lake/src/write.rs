//! Rows to columns, columns to the bytes of a lake file. The bytes depend on the rows alone.

use crate::error::{LakeError, Result};
use crate::schema::{DECIMAL_PRECISION, DECIMAL_SCALE, DatasetSchema, HOUSEHOLD_NO, KEY_HASH, RESIDENT_KEY};
use crate::storage::Storage;
use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Array, Date32Builder, Decimal128Builder, Int32Array, Int64Array, Int64Builder,
    RecordBatch, StringArray, StringBuilder,
};
use arrow::datatypes::SchemaRef;
use model::{Day, Decimal, Kind, LakeRow, Value};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, Encoding};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;
use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows in one row group; a group is the least that a scan of a few households may have to open.
const ROW_GROUP_ROWS: usize = 131_072;
/// Rows in one page; pages are skipped by their least and greatest household.
const PAGE_ROWS: usize = 4_096;

/// The rows as one batch in the dataset's file schema (`DatasetSchema::file_schema`), in the given order.
///
/// # Errors
/// `Row` when a value has another type than its column, or there are more or fewer values than columns.
pub fn batch_of(schema: &DatasetSchema, delivered_on: Day, rows: &[&LakeRow]) -> Result<RecordBatch> {
    for row in rows {
        if row.values.len() != schema.columns.len() {
            let what = format!("{} values for {} columns", row.values.len(), schema.columns.len());
            return Err(unfit(schema, row, what));
        }
    }
    let mut arrays: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.household_no.0))),
        Arc::new(Int64Array::from_iter(rows.iter().map(|row| row.resident_key.map(|key| key.0)))),
        Arc::new(Int64Array::from_iter_values(rows.iter().map(|row| row.key_hash))),
        Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.file.as_str()))),
        Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| i32::try_from(row.row).unwrap_or(i32::MAX)))),
        Arc::new(Date32Array::from_iter_values(rows.iter().map(|_| delivered_on.epoch_days()))),
    ];
    for (position, column) in schema.columns.iter().enumerate() {
        let array = column_array(column.kind, position, rows)
            .map_err(|row| unfit(schema, row, format!("{} in `{}`", type_name(&row.values[position]), column.name)))?;
        arrays.push(array);
    }
    RecordBatch::try_new(schema.file_schema(), arrays).map_err(LakeError::columns(&schema.name))
}

fn type_name(value: &Value) -> String {
    value.type_of().map_or_else(|| "nothing".to_owned(), |kind| format!("a value of type {kind:?}"))
}

fn unfit(schema: &DatasetSchema, row: &LakeRow, what: String) -> LakeError {
    LakeError::Row { dataset: schema.name.clone(), file: row.file.clone(), row: row.row, what }
}

/// One declared column of all rows; the row whose value has another type on failure.
fn column_array<'a>(kind: Kind, position: usize, rows: &[&'a LakeRow]) -> std::result::Result<ArrayRef, &'a LakeRow> {
    match kind {
        Kind::Int | Kind::Fen => {
            let mut builder = Int64Builder::with_capacity(rows.len());
            fill(position, rows, |value| {
                builder.append_option(optional(value, Value::as_i64)?);
                Some(())
            })?;
            Ok(Arc::new(builder.finish()))
        }
        Kind::Decimal => {
            let mut builder = Decimal128Builder::with_capacity(rows.len())
                .with_precision_and_scale(DECIMAL_PRECISION, DECIMAL_SCALE)
                .expect("the lake's precision holds its scale");
            fill(position, rows, |value| {
                builder.append_option(optional(value, lake_decimal)?);
                Some(())
            })?;
            Ok(Arc::new(builder.finish()))
        }
        Kind::Day | Kind::Month => {
            let mut builder = Date32Builder::with_capacity(rows.len());
            let epoch_days = |value: &Value| value.as_day().map(Day::epoch_days);
            fill(position, rows, |value| {
                builder.append_option(optional(value, epoch_days)?);
                Some(())
            })?;
            Ok(Arc::new(builder.finish()))
        }
        Kind::Bool => {
            let mut builder = BooleanBuilder::with_capacity(rows.len());
            fill(position, rows, |value| {
                builder.append_option(optional(value, Value::as_bool)?);
                Some(())
            })?;
            Ok(Arc::new(builder.finish()))
        }
        _ => {
            let mut builder = StringBuilder::new();
            fill(position, rows, |value| {
                builder.append_option(optional(value, |value| value.as_text().map(str::to_owned))?);
                Some(())
            })?;
            Ok(Arc::new(builder.finish()))
        }
    }
}

fn fill<'a>(
    position: usize,
    rows: &[&'a LakeRow],
    mut append: impl FnMut(&Value) -> Option<()>,
) -> std::result::Result<(), &'a LakeRow> {
    for row in rows {
        append(&row.values[position]).ok_or(*row)?;
    }
    Ok(())
}

/// `Some(None)` for unknown, `None` when the value has another type.
fn optional<T>(value: &Value, read: impl Fn(&Value) -> Option<T>) -> Option<Option<T>> {
    if value.is_null() { Some(None) } else { read(value).map(Some) }
}

/// A decimal as the lake keeps it; `None` when it is no number or too great for the lake's precision.
fn lake_decimal(value: &Value) -> Option<i128> {
    let number = match value {
        Value::Decimal(number) => *number,
        Value::Int(number) => Decimal::from(*number),
        _ => return None,
    };
    let units = crate::decimal::to_units(number, DECIMAL_SCALE)?;
    (units.unsigned_abs() < 10_u128.pow(u32::from(DECIMAL_PRECISION))).then_some(units)
}

/// A lake file as it is written: on this machine first, under the name of its hash when it is whole.
pub(crate) struct FileWriter {
    storage: Storage,
    /// Path of the dataset in the county.
    folder: String,
    part: PathBuf,
    writer: Option<ArrowWriter<BufWriter<File>>>,
    rows: u64,
}

impl FileWriter {
    /// A new file of a dataset in a county (`folder`).
    pub(crate) fn create(storage: &Storage, folder: &str, schema: &DatasetSchema) -> Result<FileWriter> {
        let part = storage.workshop(folder)?.join(format!("{}.part", std::process::id()));
        let writer = Some(writer(&part, schema.file_schema(), properties())?);
        Ok(FileWriter { storage: storage.clone(), folder: folder.to_owned(), part, writer, rows: 0 })
    }

    /// Appends rows, which are sorted already. All batches but the last have the same number of whole pages.
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        self.rows += batch.num_rows() as u64;
        match &mut self.writer {
            Some(writer) => writer.write(batch).map_err(LakeError::parquet("write", shown(&self.part))),
            None => Ok(()),
        }
    }

    /// Puts the whole file under its name. Returns the first 16 digits of its hash, and how many rows it has.
    pub(crate) fn finish(mut self) -> Result<(String, u64)> {
        if let Some(writer) = self.writer.take() {
            close(writer, &self.part)?;
        }
        let mut hasher = blake3::Hasher::new();
        let hashed = File::open(&self.part).and_then(|mut file| std::io::copy(&mut file, &mut hasher));
        hashed.map_err(LakeError::file("read", &self.part))?;
        let hash = hasher.finalize().to_hex()[..16].to_owned();
        self.storage.put(&self.part, &format!("{}/{hash}.parquet", self.folder))?;
        Ok((hash, self.rows))
    }
}

impl Drop for FileWriter {
    fn drop(&mut self) {
        // After `finish` it has another name.
        let _ = std::fs::remove_file(&self.part);
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn writer(path: &Path, schema: SchemaRef, properties: WriterProperties) -> Result<ArrowWriter<BufWriter<File>>> {
    let file = File::create(path).map_err(LakeError::file("make", path))?;
    ArrowWriter::try_new(BufWriter::new(file), schema, Some(properties))
        .map_err(LakeError::parquet("write", shown(path)))
}

fn close(writer: ArrowWriter<BufWriter<File>>, path: &Path) -> Result<()> {
    let file = writer.into_inner().map_err(LakeError::parquet("write", shown(path)))?;
    let synced = file.into_inner().map_err(std::io::IntoInnerError::into_error).and_then(|file| file.sync_all());
    synced.map_err(LakeError::file("write", path))
}

/// Writes sorted rows that are read again soon: quickly, not small.
pub(crate) fn run(path: &Path, batch: &RecordBatch) -> Result<()> {
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_compression(Compression::UNCOMPRESSED)
        .set_statistics_enabled(EnabledStatistics::None)
        .build();
    let mut writer = writer(path, batch.schema(), properties)?;
    writer.write(batch).map_err(LakeError::parquet("write", shown(path)))?;
    let file = writer.into_inner().map_err(LakeError::parquet("write", shown(path)))?;
    file.into_inner().map(drop).map_err(std::io::IntoInnerError::into_error).map_err(LakeError::file("write", path))
}

fn properties() -> WriterProperties {
    let builder = WriterProperties::builder()
        .set_created_by("shouwang".to_owned())
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_column_statistics_enabled(ColumnPath::from(HOUSEHOLD_NO), EnabledStatistics::Page);
    [HOUSEHOLD_NO, RESIDENT_KEY, KEY_HASH].into_iter().fold(builder, plain).build()
}

/// Keys hardly repeat: no dictionary and no compression, so that they are read at the speed of copying.
fn plain(builder: WriterPropertiesBuilder, column: &str) -> WriterPropertiesBuilder {
    let path = ColumnPath::from(column);
    builder
        .set_column_dictionary_enabled(path.clone(), false)
        .set_column_encoding(path.clone(), Encoding::PLAIN)
        .set_column_compression(path, Compression::UNCOMPRESSED)
}
