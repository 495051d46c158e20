//! Reading lake files: chosen columns, chosen households, in the files' order.

use crate::error::{LakeError, Result};
use crate::schema::{DatasetSchema, HOUSEHOLD_NO};
use crate::storage::{Failure, Located, ObjectReader};
use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::PageIndexPolicy;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use std::ops::Range;
use std::sync::{Arc, PoisonError};

/// Rows in a batch.
const BATCH_ROWS: usize = 16_384;

/// An open lake file: its metadata is read once, its rows as often as wanted.
#[derive(Clone)]
pub(crate) struct LakeFile {
    located: Located,
    metadata: ArrowReaderMetadata,
    schema: SchemaRef,
    pages: Arc<Vec<PageSpan>>,
}

/// A run of rows inside one row group and the households it spans.
#[derive(Clone, Copy, Debug)]
struct PageSpan {
    row_group: usize,
    /// First row, counted inside the row group.
    start: usize,
    end: usize,
    first: i64,
    last: i64,
}

impl LakeFile {
    /// Opens a lake file. Columns are found by name, so that a file written before a column was declared can still be read.
    pub(crate) fn open(located: Located, schema: &DatasetSchema) -> Result<LakeFile> {
        let file = located.open()?;
        let load = |options| ArrowReaderMetadata::load(&file, options);
        let opened = || -> std::result::Result<(ArrowReaderMetadata, Vec<PageSpan>), ParquetError> {
            let plain = load(ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional))?;
            let views =
                Arc::new(Schema::new(plain.schema().fields().iter().map(|field| as_view(field)).collect::<Vec<_>>()));
            let options =
                ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional).with_schema(views);
            let metadata = ArrowReaderMetadata::try_new(Arc::clone(plain.metadata()), options)?;
            let pages = page_spans(&metadata)?;
            Ok((metadata, pages))
        };
        let (metadata, pages) = opened().map_err(|error| told(&file.failure(), &located, "open", error))?;
        Ok(LakeFile { located, metadata, schema: schema.read_schema(), pages: Arc::new(pages) })
    }

    /// Least household, greatest household of the file; `None` when it has no rows.
    pub(crate) fn span(&self) -> Option<(i64, i64)> {
        Some((self.pages.first()?.first, self.pages.last()?.last))
    }

    /// How many rows the file has.
    pub(crate) fn row_count(&self) -> u64 {
        u64::try_from(self.metadata.metadata().file_metadata().num_rows()).unwrap_or_default()
    }

    /// Spans of households (first and last, both included) of about `pages` pages each; together they cover every number.
    pub(crate) fn stripes(&self, pages: usize) -> Vec<(i64, i64)> {
        let mut starts: Vec<i64> = self.pages.chunks(pages.max(1)).map(|run| run[0].first).collect();
        starts.dedup();
        let ends = starts.iter().skip(1).map(|next| next - 1).chain([i64::MAX]);
        let mut stripes: Vec<(i64, i64)> = starts.iter().copied().zip(ends).collect();
        if let Some(first) = stripes.first_mut() {
            first.0 = i64::MIN;
        }
        stripes
    }

    /// All rows and columns in the dataset's reading schema, `batch_rows` rows at a time.
    pub(crate) fn all_rows(&self, schema: &DatasetSchema, batch_rows: usize) -> Result<LakeRows> {
        let names: Vec<String> = schema.read_schema().fields().iter().map(|field| field.name().clone()).collect();
        let file = self.located.open()?;
        let failure = file.failure();
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        self.rows_of(builder.with_batch_size(batch_rows), failure, &names, 0)
    }

    /// The rows whose pages may hold households from `first` to `last`, both included: the columns `names` (as stored),
    /// in that order. Rows outside the range come along where a page holds both.
    pub(crate) fn rows(&self, first: i64, last: i64, names: &[String]) -> Result<LakeRows> {
        let file = self.located.open()?;
        let wanted: Vec<&PageSpan> =
            self.pages.iter().filter(|page| page.last >= first && page.first <= last).collect();
        let mask = ProjectionMask::columns(self.metadata.parquet_schema(), names.iter().map(String::as_str));
        let failure = file.failure();
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_batch_size(BATCH_ROWS)
            .with_projection(mask);
        let builder = if wanted.len() == self.pages.len() { builder } else { self.narrow(builder, &wanted) };
        let start = wanted.first().map_or(0, |page| self.group_start(page.row_group) + page.start);
        self.rows_of(builder, failure, names, start)
    }

    /// The rows at these positions (counted over the whole file, ascending and apart): the columns `names`, as stored.
    pub(crate) fn rows_at(&self, positions: &[Range<usize>], names: &[String]) -> Result<LakeRows> {
        let file = self.located.open()?;
        let mask = ProjectionMask::columns(self.metadata.parquet_schema(), names.iter().map(String::as_str));
        let total = self.group_start(self.metadata.metadata().num_row_groups());
        let selection = RowSelection::from_consecutive_ranges(positions.iter().cloned(), total);
        let failure = file.failure();
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
            .with_batch_size(BATCH_ROWS)
            .with_projection(mask)
            .with_row_selection(selection);
        self.rows_of(builder, failure, names, 0)
    }

    fn rows_of(
        &self,
        builder: ParquetRecordBatchReaderBuilder<ObjectReader>,
        failure: Failure,
        names: &[String],
        start: usize,
    ) -> Result<LakeRows> {
        let reader = builder.build().map_err(|error| told(&failure, &self.located, "read", error))?;
        let fields: Vec<Field> = names.iter().map(|name| self.field(name)).collect();
        Ok(LakeRows {
            reader,
            schema: Arc::new(Schema::new(fields)),
            located: self.located.clone(),
            failure,
            next_row: start,
        })
    }

    /// Rows before a row group.
    fn group_start(&self, row_group: usize) -> usize {
        let groups = self.metadata.metadata().row_groups().iter().take(row_group);
        groups.map(|group| usize::try_from(group.num_rows()).unwrap_or(0)).sum()
    }

    fn narrow(
        &self,
        builder: ParquetRecordBatchReaderBuilder<ObjectReader>,
        wanted: &[&PageSpan],
    ) -> ParquetRecordBatchReaderBuilder<ObjectReader> {
        let mut groups: Vec<usize> = wanted.iter().map(|page| page.row_group).collect();
        groups.dedup();
        let mut ranges = Vec::with_capacity(wanted.len());
        let mut base = 0;
        for group in &groups {
            for page in wanted.iter().filter(|page| page.row_group == *group) {
                ranges.push(base + page.start..base + page.end);
            }
            base += usize::try_from(self.metadata.metadata().row_group(*group).num_rows()).unwrap_or(0);
        }
        let selection = RowSelection::from_consecutive_ranges(ranges.into_iter(), base);
        builder.with_row_groups(groups).with_row_selection(selection)
    }

    fn field(&self, name: &str) -> Field {
        match self.schema.field_with_name(name) {
            Ok(field) => field.clone().with_nullable(true),
            Err(_) => Field::new(name, DataType::Null, true),
        }
    }
}

/// What failed: the store, where it did, or the file itself.
fn told(failure: &Failure, located: &Located, attempt: &'static str, error: ParquetError) -> LakeError {
    let of_store = failure.lock().unwrap_or_else(PoisonError::into_inner).take();
    of_store.unwrap_or_else(|| LakeError::parquet(attempt, located.shown())(error))
}

fn as_view(field: &Field) -> Field {
    let text = matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8);
    if text { field.clone().with_data_type(DataType::Utf8View) } else { field.clone() }
}

/// The page spans of the household column; whole row groups where a file has no page index.
fn page_spans(metadata: &ArrowReaderMetadata) -> std::result::Result<Vec<PageSpan>, ParquetError> {
    let parquet = metadata.metadata();
    let mut spans = Vec::new();
    for (row_group, group) in parquet.row_groups().iter().enumerate() {
        let rows = usize::try_from(group.num_rows()).unwrap_or(0);
        let column = group.columns().iter().position(|column| column.column_path().string() == HOUSEHOLD_NO);
        let column = column.ok_or_else(|| ParquetError::General(format!("no column `{HOUSEHOLD_NO}`")))?;
        let index = parquet.column_index().map(|index| &index[row_group][column]);
        let offsets = parquet.offset_index().map(|index| &index[row_group][column]);
        if let (Some(ColumnIndexMetaData::INT64(index)), Some(offsets)) = (index, offsets) {
            let starts: Vec<usize> = offsets
                .page_locations()
                .iter()
                .map(|page| usize::try_from(page.first_row_index).unwrap_or(0))
                .collect();
            for (page, start) in starts.iter().enumerate() {
                let end = starts.get(page + 1).copied().unwrap_or(rows);
                let (first, last) = (index.min_values()[page], index.max_values()[page]);
                spans.push(PageSpan { row_group, start: *start, end, first, last });
            }
        } else if rows > 0 {
            spans.push(PageSpan { row_group, start: 0, end: rows, first: i64::MIN, last: i64::MAX });
        }
    }
    Ok(spans)
}

/// Batches of a lake file; columns the file lacks are unknown.
pub(crate) struct LakeRows {
    reader: ParquetRecordBatchReader,
    schema: SchemaRef,
    located: Located,
    failure: Failure,
    next_row: usize,
}

impl Iterator for LakeRows {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Result<RecordBatch>> {
        let batch = match self.reader.next()? {
            Ok(batch) => batch,
            Err(error) => return Some(Err(told(&self.failure, &self.located, "read", ParquetError::from(error)))),
        };
        self.next_row += batch.num_rows();
        let arranged = self.arrange(&batch);
        Some(arranged.map_err(LakeError::columns(&self.located.shown())))
    }
}

impl LakeRows {
    /// Position in the file of the row that comes next; means something for contiguous reading (`LakeFile::rows`) only.
    pub(crate) fn next_row(&self) -> usize {
        self.next_row
    }

    fn arrange(&self, batch: &RecordBatch) -> std::result::Result<RecordBatch, arrow::error::ArrowError> {
        let columns: Vec<ArrayRef> = self
            .schema
            .fields()
            .iter()
            .map(|field| match batch.column_by_name(field.name()) {
                Some(column) if column.data_type() == field.data_type() => Ok(Arc::clone(column)),
                Some(column) => cast(column, field.data_type()),
                None => Ok(new_null_array(field.data_type(), batch.num_rows())),
            })
            .collect::<std::result::Result<_, _>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
    }
}
