//! Deliveries come into force, or are taken back: worked out county by county, then put in force together.
//!
//! What is in force is the deliveries that stand (`standing`), merged: of rows with one key the later delivery's. One county is
//! put in force by replacing its manifest. Of several, `landing.json` of the dataset first names all new manifests; whoever opens
//! the lake after a crash finishes what it says, so that a delivery is in force everywhere or nowhere.

use super::changes::Changes;
use super::delivery::Delivery;
use super::manifest::{self, InForce};
use super::read::LakeFile;
use super::runs::{Merging, Source};
use super::schema::{DatasetSchema, HOUSEHOLD_NO, KEY_HASH};
use super::standing::{Coverage, Delivered, Standing, standing};
use super::{Lake, write};
use crate::error::{AnalysisError, Result};
use crate::values;
use model::{Day, HouseholdNo, RegionCode};
use policy::declare::Mode;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};

const PENDING: &str = "landing.json";
const LOCK: &str = "lock";

/// Whether a household is in a place.
pub type InPlace<'a> = &'a dyn Fn(HouseholdNo, RegionCode) -> bool;

/// What a delivery is called and covers.
#[derive(Clone, Debug)]
pub struct Note {
    pub id: String,
    pub coverage: Coverage,
}

/// What a delivery does to one county.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountyChanges {
    pub rows: Changes,
    /// Rows in force before that the delivery speaks of: those that go and those whose key it holds.
    pub spoken_of: u64,
    /// Rows in force afterwards.
    pub rows_in_force: u64,
    /// Hash of the file in force afterwards; empty where there is none.
    pub hash: String,
    /// Later lists cover all of this one, which is kept and not in force.
    pub is_outdated: bool,
    /// Earlier deliveries that share days with this one without giving way to it.
    pub overlapping: usize,
}

/// A change of one dataset that is not in force yet. While it lives, nobody else changes the dataset.
pub struct Landing<'a> {
    lake: &'a Lake,
    schema: &'a DatasetSchema,
    mode: Mode,
    in_place: InPlace<'a>,
    /// By county: what will be in force.
    next: BTreeMap<u32, Option<InForce>>,
    /// Files that were written; those that no manifest names in the end go.
    made: Vec<PathBuf>,
    _lock: File,
}

#[derive(Serialize, Deserialize)]
struct Pending(BTreeMap<u32, Option<InForce>>);

impl Lake {
    /// Begins a change of a dataset; waits while another one goes on.
    ///
    /// # Errors
    /// `File` when the dataset's folder cannot be made or locked.
    pub fn landing<'a>(&'a self, schema: &'a DatasetSchema, mode: Mode, in_place: InPlace<'a>) -> Result<Landing<'a>> {
        let folder = self.root.join(&schema.name);
        std::fs::create_dir_all(&folder).map_err(AnalysisError::file("make the folder", &folder))?;
        let lock = lock_file(&folder)?;
        lock.lock().map_err(AnalysisError::file("lock", folder.join(LOCK)))?;
        finish_pending(&folder)?;
        let (next, made) = (BTreeMap::new(), Vec::new());
        Ok(Landing { lake: self, schema, mode, in_place, next, made, _lock: lock })
    }

    /// Finishes what a process that was killed had begun to put in force; leaves alone what another process is about.
    pub(super) fn recover(&self) -> Result<()> {
        for dataset in self.datasets()? {
            let folder = self.root.join(&dataset);
            if folder.join(PENDING).exists() && lock_file(&folder)?.try_lock().is_ok() {
                finish_pending(&folder)?;
            }
        }
        Ok(())
    }
}

fn lock_file(folder: &Path) -> Result<File> {
    let path = folder.join(LOCK);
    let opened = File::options().create(true).truncate(false).write(true).open(&path);
    opened.map_err(AnalysisError::file("open", path))
}

fn finish_pending(folder: &Path) -> Result<()> {
    let path = folder.join(PENDING);
    let bytes = match std::fs::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        read => read.map_err(AnalysisError::file("read", &path))?,
    };
    let pending: Pending = serde_json::from_slice(&bytes).map_err(|source| AnalysisError::Manifest { path, source })?;
    for (county, in_force) in &pending.0 {
        manifest::write(&folder.join(format!("{county:06}")), in_force.as_ref())?;
    }
    manifest::remove(folder, PENDING)
}

impl Landing<'_> {
    /// Adds a delivery. With a note it stands beside the others under its name, and one of the same name is the same delivery
    /// handed in again; without, it is merged for good (registers: the whole list as it is now).
    ///
    /// # Errors
    /// `Row` when a value does not fit its column; `File`, `Manifest` or `Parquet` when the disk fails.
    pub fn add(&mut self, delivery: Delivery, note: Option<&Note>) -> Result<CountyChanges> {
        let (county, day) = (delivery.county, delivery.day);
        let folder = self.lake.folder(&self.schema.name, county);
        let before = manifest::read(&folder)?;
        let mut list = before.as_ref().map(InForce::all).unwrap_or_default();
        if let Some(note) = note {
            list.retain(|delivered| delivered.id != note.id);
        }
        let own = delivery.write()?;
        let file = self.made(&folder, &own.hash);
        let id = note.map(|note| note.id.clone()).unwrap_or_default();
        let coverage = note.map(|note| note.coverage.clone());
        let mut delivered = Delivered { id, file, rows: own.rows, days: vec![day], coverage };
        self.same_again(&folder, &list, &mut delivered)?;
        let overlapping = match self.mode {
            Mode::Events => list.iter().filter(|earlier| delivered.overlaps(earlier)).count(),
            Mode::Roster => 0,
        };
        list.push(delivered.clone());
        let mut after = self.merged(county, &list)?;
        if let Some(after) = after.as_mut().filter(|_| note.is_none()) {
            after.deliveries.clear();
        }
        let stands = standing(&list, self.mode, county);
        let is_outdated = !stands.iter().any(|standing| *standing.delivered == delivered);
        let mut changes = self.note(county, before.as_ref(), after)?;
        let spoken_of = self.spoken_of(&folder, before.as_ref(), &own.keys)?;
        changes.spoken_of = changes.rows.removed + spoken_of;
        Ok(CountyChanges { is_outdated, overlapping, ..changes })
    }

    /// Takes the delivery of this name back in a county. `None` where there is none.
    ///
    /// # Errors
    /// `File`, `Manifest` or `Parquet` when the disk fails.
    pub fn withdraw(&mut self, county: u32, id: &str) -> Result<Option<CountyChanges>> {
        let before = manifest::read(&self.lake.folder(&self.schema.name, county))?;
        let mut list = before.as_ref().map(InForce::all).unwrap_or_default();
        let count = list.len();
        list.retain(|delivered| delivered.id != id || id.is_empty());
        if list.len() == count {
            return Ok(None);
        }
        let after = self.merged(county, &list)?;
        self.note(county, before.as_ref(), after).map(Some)
    }

    /// Puts everything in force.
    ///
    /// # Errors
    /// `File` or `Manifest` when the disk fails; then all of it is in force after the next opening of the lake, or nothing is.
    pub fn commit(mut self) -> Result<()> {
        // While it may be half done, every file may be needed.
        let made = std::mem::take(&mut self.made);
        let next = std::mem::take(&mut self.next);
        match (next.len(), next.first_key_value()) {
            (0, _) => {}
            (1, Some((county, in_force))) => {
                manifest::write(&self.lake.folder(&self.schema.name, *county), in_force.as_ref())?;
            }
            _ => self.commit_together(next)?,
        }
        self.made = made;
        Ok(())
    }

    fn commit_together(&self, next: BTreeMap<u32, Option<InForce>>) -> Result<()> {
        let folder = self.lake.root.join(&self.schema.name);
        let path = folder.join(PENDING);
        let pending = serde_json::to_vec(&Pending(next));
        let pending = pending.map_err(|source| AnalysisError::Manifest { path, source })?;
        manifest::replace(&folder, PENDING, &pending)?;
        finish_pending(&folder)
    }

    /// The name of a file that was written, to be removed unless it comes into force.
    fn made(&mut self, folder: &Path, hash: &str) -> String {
        let name = format!("{hash}.parquet");
        self.made.push(folder.join(&name));
        name
    }

    /// A file that says the same for the same place and days, saved in another form, is the earlier one once more.
    fn same_again(&self, folder: &Path, list: &[Delivered], delivered: &mut Delivered) -> Result<()> {
        let alike = |earlier: &&Delivered| {
            let same = earlier.coverage.is_some() && earlier.coverage == delivered.coverage;
            same && earlier.days == delivered.days && earlier.rows == delivered.rows
        };
        for earlier in list.iter().filter(alike) {
            let [one, other] =
                [&earlier.file, &delivered.file].map(|file| LakeFile::open(folder.join(file), self.schema));
            if Changes::between(self.schema, Some(&one?), Some(&other?))?.is_none() {
                delivered.file.clone_from(&earlier.file);
                return Ok(());
            }
        }
        Ok(())
    }

    /// Notes what will be in force in a county, and tells what changes by it.
    fn note(&mut self, county: u32, before: Option<&InForce>, after: Option<InForce>) -> Result<CountyChanges> {
        let folder = self.lake.folder(&self.schema.name, county);
        let open = |in_force: Option<&InForce>| -> Result<Option<LakeFile>> {
            in_force.map(|in_force| LakeFile::open(folder.join(&in_force.file), self.schema)).transpose()
        };
        let is_same = before.is_some_and(|before| after.as_ref().is_some_and(|after| after.hash == before.hash));
        let rows = match is_same {
            true => Changes { unchanged: before.map_or(0, |before| before.rows), ..Changes::default() },
            false => Changes::between(self.schema, open(before)?.as_ref(), open(after.as_ref())?.as_ref())?,
        };
        let changes = CountyChanges {
            rows,
            rows_in_force: after.as_ref().map_or(0, |after| after.rows),
            hash: after.as_ref().map(|after| after.hash.clone()).unwrap_or_default(),
            ..CountyChanges::default()
        };
        if after.as_ref() != before {
            self.next.insert(county, after);
        }
        Ok(changes)
    }

    /// How many rows of the file in force have one of these keys.
    fn spoken_of(&self, folder: &Path, before: Option<&InForce>, keys: &[i64]) -> Result<u64> {
        let Some(before) = before else { return Ok(0) };
        let mut count = 0;
        let file = LakeFile::open(folder.join(&before.file), self.schema)?;
        for batch in file.rows(i64::MIN, i64::MAX, &[KEY_HASH.to_owned()])? {
            let batch = batch?;
            let hashes = (0..batch.num_rows()).filter_map(|row| values::int_at(batch.column(0), row));
            count += hashes.filter(|hash| keys.binary_search(hash).is_ok()).count() as u64;
        }
        Ok(count)
    }

    /// What is in force when these are the deliveries of a county; the file is written where it is not a delivery's own.
    fn merged(&mut self, county: u32, list: &[Delivered]) -> Result<Option<InForce>> {
        let folder = self.lake.folder(&self.schema.name, county);
        let stands = standing(list, self.mode, county);
        let mut delivery_days: Vec<Day> = stands.iter().flat_map(|stands| stands.delivered.days.clone()).collect();
        delivery_days.sort();
        delivery_days.dedup();
        let deliveries = list.to_vec();
        match stands.as_slice() {
            [] => Ok(None),
            [only] if only.cut.is_empty() => {
                let (file, rows) = (only.delivered.file.clone(), only.delivered.rows);
                let hash = file.strip_suffix(".parquet").unwrap_or(&file).to_owned();
                Ok(Some(InForce { file, hash, rows, delivery_days, deliveries }))
            }
            stands => {
                let (hash, rows) = self.merge(&folder, stands)?;
                let file = self.made(&folder, &hash);
                Ok(Some(InForce { file, hash, rows, delivery_days, deliveries }))
            }
        }
    }

    fn merge(&self, folder: &Path, stands: &[Standing<'_>]) -> Result<(String, u64)> {
        let files = stands.iter().map(|stands| LakeFile::open(folder.join(&stands.delivered.file), self.schema));
        let files = files.collect::<Result<Vec<_>>>()?;
        let is_cut = |source: usize, household: i64| {
            stands[source].cut.iter().any(|place| (self.in_place)(HouseholdNo(household), *place))
        };
        let winners = winners(&files, &is_cut)?;
        let mut merging = Merging::new(self.schema, Source::files(self.schema, &files)?)?;
        let mut writer = write::FileWriter::create(folder, self.schema)?;
        while let Some(batch) = merging.next(&mut |row| {
            let at = winners.binary_search_by_key(&row.hash, |(hash, _)| *hash);
            at.is_ok_and(|at| winners[at].1 == row.source as u32) && !is_cut(row.source, row.household)
        })? {
            writer.write(&batch)?;
        }
        writer.finish()
    }
}

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        for path in self.made.iter().collect::<HashSet<_>>() {
            let (folder, name) = (path.parent(), path.file_name().and_then(|name| name.to_str()));
            let before = folder.map(manifest::read);
            // What cannot be read now is left alone.
            let is_free = match before {
                Some(Ok(Some(before))) => before.files().all(|file| Some(file) != name),
                Some(Ok(None)) => true,
                _ => false,
            };
            if is_free {
                let _ = std::fs::remove_file(path);
            }
        }
    }
}

/// For every key the last source that has it, sorted by key.
fn winners(files: &[LakeFile], is_cut: &dyn Fn(usize, i64) -> bool) -> Result<Vec<(i64, u32)>> {
    let mut keys = Vec::new();
    for (source, file) in files.iter().enumerate() {
        for batch in file.rows(i64::MIN, i64::MAX, &[HOUSEHOLD_NO, KEY_HASH].map(str::to_owned))? {
            let batch = batch?;
            let number = |column: usize, row: usize| values::int_at(batch.column(column), row).unwrap_or_default();
            let rows = (0..batch.num_rows()).filter(|row| !is_cut(source, number(0, *row)));
            keys.extend(rows.map(|row| (number(1, row), source as u32)));
        }
    }
    keys.sort_unstable();
    keys.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        kept.1 = if same { later.1 } else { kept.1 };
        same
    });
    Ok(keys)
}
