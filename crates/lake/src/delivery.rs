//! Rows of one delivery to one county on their way into the lake: sorted, each key once, in a file of their own.

use crate::error::Result;
use crate::lake::{self, Lake};
use crate::read::LakeFile;
use crate::runs::{self, Best, Merging, Source};
use crate::schema::DatasetSchema;
use crate::storage::{Located, Storage};
use crate::write;
use arrow::array::RecordBatch;
use model::{Day, LakeRow};
use std::path::PathBuf;

/// Rows of a delivery that are held in memory before they go to a sorted file of their own.
const ROWS_HELD: usize = 65_536;

impl Lake {
    /// Begins a delivery of one dataset for one county (its six digits): rows are pushed one after another, in any order, and
    /// come into force together (`Landing`).
    ///
    /// Among rows with the same key, the one further down in its file counts. The same rows in any order give the same file,
    /// byte for byte. Of each row eight bytes are held; the rest goes through sorted files on this machine.
    ///
    /// # Errors
    /// `File` when the folder cannot be made.
    pub fn delivery(&self, schema: &DatasetSchema, county: u32, delivery_day: Day) -> Result<Delivery> {
        let folder = self.storage.workshop(&lake::folder(&schema.name, county))?;
        let (schema, rows, keys, runs) = (schema.clone(), Vec::new(), Vec::new(), Vec::new());
        let storage = self.storage.clone();
        Ok(Delivery { schema, county, day: delivery_day, folder, storage, rows, keys, runs })
    }
}

/// Rows on their way into the lake.
#[derive(Debug)]
pub struct Delivery {
    schema: DatasetSchema,
    pub(crate) county: u32,
    pub(crate) day: Day,
    /// The folder of this machine for sorted rows.
    folder: PathBuf,
    storage: Storage,
    rows: Vec<LakeRow>,
    /// Key hashes of all rows that were pushed.
    keys: Vec<i64>,
    /// Files of sorted rows.
    runs: Vec<PathBuf>,
}

/// The file of a delivery's own rows.
pub(crate) struct OwnFile {
    /// Its name, which is its hash.
    pub hash: String,
    pub rows: u64,
    /// Key hashes, sorted, each once.
    pub keys: Vec<i64>,
}

impl Delivery {
    /// Takes a row.
    ///
    /// # Errors
    /// `Row` when a value of this row or an earlier one does not fit its column; `File` or `Parquet` when the disk fails.
    pub fn push(&mut self, row: LakeRow) -> Result<()> {
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
        let batch = write::batch_of(&self.schema, self.day, &rows.iter().collect::<Vec<_>>())?;
        runs::sorted(&self.schema, &batch).map(Some)
    }

    /// Writes everything that was pushed into one file, which is not in force yet.
    ///
    /// # Errors
    /// `Row` when a value does not fit its column; `File` or `Parquet` when the disk fails.
    pub(crate) fn write(mut self) -> Result<OwnFile> {
        let held = self.held()?;
        let runs = self.runs.iter().map(|run| LakeFile::open(Located::File(run.clone()), &self.schema));
        let runs = runs.collect::<Result<Vec<_>>>()?;
        self.keys.sort_unstable();
        let mut best = Best::of(&self.keys, &runs, held.as_ref())?;
        self.keys.dedup();
        let sources = Source::runs(&self.schema, &runs, held)?;
        let mut merging = Merging::new(&self.schema, sources)?;
        let mut writer =
            write::FileWriter::create(&self.storage, &lake::folder(&self.schema.name, self.county), &self.schema)?;
        while let Some(batch) = merging.next(&mut |row| best.counts(row.hash, row.batch, row.at))? {
            writer.write(&batch)?;
        }
        let (hash, rows) = writer.finish()?;
        Ok(OwnFile { hash, rows, keys: std::mem::take(&mut self.keys) })
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        for run in &self.runs {
            let _ = std::fs::remove_file(run);
        }
    }
}
