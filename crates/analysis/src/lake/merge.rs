//! Merging a delivery into the lake: what stands after it depends on the rows, not on how often or in which order they came.

use super::manifest::{self, InForce};
use super::read::LakeFile;
use super::schema::{DatasetSchema, HOUSEHOLD_NO, KEY_HASH, RESIDENT_KEY};
use super::{Lake, write};
use crate::error::{AnalysisError, Result};
use arrow::array::{ArrayRef, BooleanArray, Int64Array, RecordBatch};
use arrow::compute::{
    SortColumn, SortOptions, cast, concat_batches, filter_record_batch, lexsort_to_indices, take_record_batch,
};
use arrow::error::ArrowError;
use datafusion_common::DataFusionError;
use model::{Day, LakeRow};
use policy::declare::Mode;
use std::collections::HashMap;

/// What a merge did to one dataset in one county.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeReport {
    /// Rows whose key was not there before.
    pub added: u64,
    /// Rows that took the place of a row with the same key.
    pub replaced: u64,
    /// Rows of the former list that the new list does not hold (rosters only).
    pub removed: u64,
    /// Rows in force afterwards.
    pub rows: u64,
    /// Hash of the file in force afterwards.
    pub hash: String,
    /// False when the file in force stayed as it was.
    pub changed: bool,
    /// True when the list is older than the one in force and was therefore left aside.
    pub older_than_in_force: bool,
}

impl Lake {
    /// Merges a delivery of one dataset for one county (its six digits).
    ///
    /// `Mode::Events`: rows are added; a row whose `key_hash` is in force already replaces it.
    /// `Mode::Roster`: the rows are the whole list and replace the one in force, unless that is of a later day.
    /// Among rows with the same key, the one further down in its file counts. Registers are merged as rosters.
    /// The same rows in any order give the same file, byte for byte.
    ///
    /// # Errors
    /// `Row` when a value does not fit its column; `File` or `Parquet` when the lake cannot be read or written. The lake
    /// is unchanged then.
    pub fn merge(
        &self,
        schema: &DatasetSchema,
        mode: Mode,
        county: u32,
        delivery_day: Day,
        rows: &[LakeRow],
    ) -> Result<MergeReport> {
        let folder = self.folder(&schema.name, county);
        std::fs::create_dir_all(&folder).map_err(AnalysisError::file("make the folder", &folder))?;
        let before = manifest::read(&folder)?;
        if mode == Mode::Roster
            && let Some(in_force) = &before
            && in_force.delivery_days.last().is_some_and(|latest| *latest > delivery_day)
        {
            return Ok(older(in_force));
        }
        let rows = last_of_each_key(rows);
        let delivered = write::to_batch(schema, delivery_day, &rows)?;
        let standing = match &before {
            Some(in_force) => LakeFile::open(folder.join(&in_force.file), schema)?.read_all()?,
            None => RecordBatch::new_empty(schema.file_schema()),
        };
        let keys: HashMap<i64, ()> = rows.iter().map(|row| (row.key_hash, ())).collect();
        let stays = stays(&standing, &keys);
        let replaced = stays.false_count() as u64;
        let removed = if mode == Mode::Roster { stays.true_count() as u64 } else { 0 };
        let merged = match mode {
            Mode::Roster => sorted(&delivered),
            Mode::Events => joined(schema, &standing, &stays, &delivered),
        }
        .map_err(|error| AnalysisError::calculate(&schema.name)(DataFusionError::from(error)))?;
        let in_force = put_in_force(self, schema, county, mode, delivery_day, before.as_ref(), &merged)?;
        Ok(MergeReport {
            added: rows.len() as u64 - replaced,
            replaced,
            removed,
            rows: in_force.rows,
            changed: before.is_none_or(|before| before.hash != in_force.hash),
            hash: in_force.hash,
            older_than_in_force: false,
        })
    }
}

fn older(in_force: &InForce) -> MergeReport {
    MergeReport {
        added: 0,
        replaced: 0,
        removed: 0,
        rows: in_force.rows,
        hash: in_force.hash.clone(),
        changed: false,
        older_than_in_force: true,
    }
}

/// One row per key: the one furthest down, whatever the order in which the rows come.
fn last_of_each_key(rows: &[LakeRow]) -> Vec<&LakeRow> {
    let place = |row: &LakeRow| (row.row, row.file.clone(), row.household_no, row.resident_key);
    let mut last: HashMap<i64, &LakeRow> = HashMap::with_capacity(rows.len());
    for row in rows {
        last.entry(row.key_hash)
            .and_modify(|kept| {
                if place(row) > place(kept) {
                    *kept = row;
                }
            })
            .or_insert(row);
    }
    last.into_values().collect()
}

/// Which standing rows have none of the delivered keys.
fn stays(standing: &RecordBatch, delivered: &HashMap<i64, ()>) -> BooleanArray {
    let hashes = standing
        .column_by_name(KEY_HASH)
        .and_then(|column| column.as_any().downcast_ref::<Int64Array>())
        .expect("every lake file has its key hashes");
    hashes.values().iter().map(|hash| Some(!delivered.contains_key(hash))).collect()
}

fn joined(
    schema: &DatasetSchema,
    standing: &RecordBatch,
    stays: &BooleanArray,
    delivered: &RecordBatch,
) -> std::result::Result<RecordBatch, ArrowError> {
    let kept = filter_record_batch(standing, stays)?;
    sorted(&concat_batches(&schema.file_schema(), [&with_plain_texts(schema, &kept)?, delivered])?)
}

/// The batch with texts as the file schema has them (they are read as views).
fn with_plain_texts(schema: &DatasetSchema, batch: &RecordBatch) -> std::result::Result<RecordBatch, ArrowError> {
    let file_schema = schema.file_schema();
    let columns: Vec<ArrayRef> = batch
        .columns()
        .iter()
        .zip(file_schema.fields())
        .map(|(column, field)| cast(column, field.data_type()))
        .collect::<std::result::Result<_, _>>()?;
    RecordBatch::try_new(file_schema, columns)
}

/// Sorted by household, resident (rows about the household first) and key.
fn sorted(batch: &RecordBatch) -> std::result::Result<RecordBatch, ArrowError> {
    let options = Some(SortOptions { descending: false, nulls_first: true });
    let columns: Vec<SortColumn> = [HOUSEHOLD_NO, RESIDENT_KEY, KEY_HASH]
        .into_iter()
        .filter_map(|name| batch.column_by_name(name))
        .map(|values| SortColumn { values: values.clone(), options })
        .collect();
    take_record_batch(batch, &lexsort_to_indices(&columns, None)?)
}

fn put_in_force(
    lake: &Lake,
    schema: &DatasetSchema,
    county: u32,
    mode: Mode,
    delivery_day: Day,
    before: Option<&InForce>,
    merged: &RecordBatch,
) -> Result<InForce> {
    let folder = lake.folder(&schema.name, county);
    let bytes = write::to_bytes(&folder, merged)?;
    let hash = blake3::hash(&bytes).to_hex()[..16].to_owned();
    let mut delivery_days = match (mode, before) {
        (Mode::Events, Some(before)) => before.delivery_days.clone(),
        _ => Vec::new(),
    };
    delivery_days.push(delivery_day);
    delivery_days.sort();
    delivery_days.dedup();
    let in_force = InForce { file: format!("{hash}.parquet"), hash, rows: merged.num_rows() as u64, delivery_days };
    if before.is_none_or(|before| before.hash != in_force.hash) || !folder.join(&in_force.file).exists() {
        manifest::replace(&folder, &in_force.file, &bytes)?;
    }
    if before != Some(&in_force) {
        manifest::write(&folder, &in_force)?;
    }
    Ok(in_force)
}
