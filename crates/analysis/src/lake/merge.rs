//! Merging a delivery into the lake: what stands after it depends on the rows, not on how often or in which order they came.

use super::manifest::{self, InForce};
use super::read::LakeFile;
use super::runs::{self, Best, Merging, Source};
use super::schema::{DatasetSchema, KEY_HASH};
use super::{Lake, write};
use crate::error::{AnalysisError, Result};
use crate::values;
use arrow::array::RecordBatch;
use model::{Day, LakeRow};
use policy::declare::Mode;
use std::path::PathBuf;

/// Rows of a delivery that are held in memory before they go to a sorted file of their own.
const ROWS_HELD: usize = 65_536;

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
    /// Merges a delivery of one dataset for one county (its six digits) whose rows are in memory; as `delivery` does.
    ///
    /// # Errors
    /// As `Delivery::finish`.
    pub fn merge(
        &self,
        schema: &DatasetSchema,
        mode: Mode,
        county: u32,
        delivery_day: Day,
        rows: &[LakeRow],
    ) -> Result<MergeReport> {
        let mut delivery = self.delivery(schema, mode, county, delivery_day)?;
        rows.iter().try_for_each(|row| delivery.push(row.clone()))?;
        delivery.finish()
    }

    /// Begins a delivery of one dataset for one county (its six digits): rows are pushed one after another, in any order,
    /// and come into force together.
    ///
    /// `Mode::Events`: rows are added; a row whose `key_hash` is in force already replaces it.
    /// `Mode::Roster`: the rows are the whole list and replace the one in force, unless that is of a later day.
    /// Among rows with the same key, the one further down in its file counts. Registers are merged as rosters.
    /// The same rows in any order give the same file, byte for byte. Of each row eight bytes are held; the rest goes
    /// through sorted files beside the lake's own.
    ///
    /// # Errors
    /// `File` or `Manifest` when the lake cannot be read or its folder cannot be made.
    pub fn delivery(&self, schema: &DatasetSchema, mode: Mode, county: u32, delivery_day: Day) -> Result<Delivery> {
        let folder = self.folder(&schema.name, county);
        std::fs::create_dir_all(&folder).map_err(AnalysisError::file("make the folder", &folder))?;
        let before = manifest::read(&folder)?;
        let latest = before.as_ref().and_then(|in_force| in_force.delivery_days.last());
        let is_older = mode == Mode::Roster && latest.is_some_and(|latest| *latest > delivery_day);
        let schema = schema.clone();
        Ok(Delivery {
            schema,
            mode,
            delivery_day,
            folder,
            before,
            is_older,
            rows: Vec::new(),
            keys: Vec::new(),
            runs: Vec::new(),
        })
    }
}

/// Rows on their way into the lake.
#[derive(Debug)]
pub struct Delivery {
    schema: DatasetSchema,
    mode: Mode,
    delivery_day: Day,
    folder: PathBuf,
    before: Option<InForce>,
    is_older: bool,
    rows: Vec<LakeRow>,
    /// Key hashes of all rows that were pushed.
    keys: Vec<i64>,
    /// Files of sorted rows.
    runs: Vec<PathBuf>,
}

impl Delivery {
    /// Takes a row.
    ///
    /// # Errors
    /// `Row` when a value of this row or an earlier one does not fit its column; `File` or `Parquet` when the disk fails.
    pub fn push(&mut self, row: LakeRow) -> Result<()> {
        if self.is_older {
            return Ok(());
        }
        self.keys.push(row.key_hash);
        self.rows.push(row);
        if self.rows.len() >= ROWS_HELD { self.spill() } else { Ok(()) }
    }

    /// Rows that are held in memory.
    pub fn rows_held(&self) -> usize {
        self.rows.len()
    }

    /// Puts the rows that are held in memory into a file.
    ///
    /// # Errors
    /// As `push`.
    pub fn spill(&mut self) -> Result<()> {
        if let Some(batch) = self.held()? {
            let run = self.folder.join(format!("{}.{}.run", std::process::id(), self.runs.len()));
            self.runs.push(run.clone());
            write::run(&run, &batch)?;
        }
        Ok(())
    }

    /// The rows that are held in memory, sorted; afterwards there are none.
    fn held(&mut self) -> Result<Option<RecordBatch>> {
        if self.rows.is_empty() {
            return Ok(None);
        }
        let rows = std::mem::take(&mut self.rows);
        let batch = write::to_batch(&self.schema, self.delivery_day, &rows.iter().collect::<Vec<_>>())?;
        runs::sorted(&self.schema, &batch).map(Some)
    }

    /// Puts everything that was pushed in force.
    ///
    /// # Errors
    /// `Row` when a value does not fit its column; `File` or `Parquet` when the lake cannot be read or written. The lake
    /// is unchanged then.
    pub fn finish(mut self) -> Result<MergeReport> {
        if let Some(in_force) = self.before.as_ref().filter(|_| self.is_older) {
            return Ok(older(in_force));
        }
        let held = self.held()?;
        let runs = self.runs.iter().map(|run| LakeFile::open(run.clone(), &self.schema));
        let runs = runs.collect::<Result<Vec<_>>>()?;
        self.keys.sort_unstable();
        let best = Best::of(&self.keys, &runs, held.as_ref())?;
        self.keys.dedup();
        let standing = match &self.before {
            Some(in_force) => Some(LakeFile::open(self.folder.join(&in_force.file), &self.schema)?),
            None => None,
        };
        let (mut replaced, mut removed) = (0, 0);
        let mut sources = Source::all(&self.schema, &runs, held)?;
        match (self.mode, &standing) {
            (Mode::Roster, Some(standing)) => (replaced, removed) = self.compare(standing)?,
            (Mode::Events, Some(standing)) => sources.push(Source::standing(&self.schema, standing)?),
            (_, None) => {}
        }
        let mut merging = Merging::new(&self.schema, sources, best, &self.keys)?;
        let mut writer = write::FileWriter::create(&self.folder, &self.schema)?;
        while let Some(batch) = merging.next()? {
            writer.write(&batch)?;
        }
        replaced += merging.replaced;
        let in_force = self.put_in_force(writer)?;
        Ok(MergeReport {
            added: self.keys.len() as u64 - replaced,
            replaced,
            removed,
            rows: in_force.rows,
            changed: self.before.as_ref().is_none_or(|before| before.hash != in_force.hash),
            hash: in_force.hash,
            older_than_in_force: false,
        })
    }

    /// How many rows of the list in force are on the new one, and how many are not.
    fn compare(&self, standing: &LakeFile) -> Result<(u64, u64)> {
        let (mut replaced, mut removed) = (0, 0);
        for batch in standing.rows(i64::MIN, i64::MAX, &[KEY_HASH.to_owned()])? {
            let batch = batch?;
            for hash in (0..batch.num_rows()).filter_map(|row| values::int_at(batch.column(0), row)) {
                *(if self.keys.binary_search(&hash).is_ok() { &mut replaced } else { &mut removed }) += 1;
            }
        }
        Ok((replaced, removed))
    }

    fn put_in_force(&self, writer: write::FileWriter) -> Result<InForce> {
        let mut delivery_days = match (self.mode, &self.before) {
            (Mode::Events, Some(before)) => before.delivery_days.clone(),
            _ => Vec::new(),
        };
        delivery_days.push(self.delivery_day);
        delivery_days.sort();
        delivery_days.dedup();
        let (hash, rows) = writer.finish()?;
        let in_force = InForce { file: format!("{hash}.parquet"), hash, rows, delivery_days };
        if self.before.as_ref() != Some(&in_force) {
            manifest::write(&self.folder, &in_force)?;
        }
        Ok(in_force)
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        for run in &self.runs {
            let _ = std::fs::remove_file(run);
        }
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
