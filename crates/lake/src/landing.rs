//! Deliveries come into force, or are taken back: worked out county by county, then put in force together.
//!
//! What is in force is the deliveries that stand (`standing`), merged: of rows with one key the later delivery's. One county is
//! put in force by replacing its manifest. Of several, `landing.json` of the dataset first names all new manifests; whoever opens
//! the lake after a crash finishes what it says, so that a delivery is in force everywhere or nowhere.

use crate::changes::Changes;
use crate::delivery::Delivery;
use crate::error::{LakeError, Result};
use crate::lake::Lake;
use crate::manifest::{self, InForce};
use crate::merged::{InPlace, each_row, merge};
use crate::read::LakeFile;
use crate::schema::DatasetSchema;
use crate::spared::Spared;
use crate::standing::{Coverage, Delivered, standing};
use model::{Day, LakeRow};
use policy::declare::Mode;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};

const PENDING: &str = "landing.json";
const LOCK: &str = "lock";

/// What a delivery is called and covers.
#[derive(Clone, Debug)]
pub struct Note {
    pub id: String,
    pub coverage: Coverage,
    pub spared: Spared,
}

/// What a delivery does to one county.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountyChanges {
    pub rows: Changes,
    /// Rows in force before that the delivery speaks of: those that go, those whose key it holds, and those that it spares.
    pub spoken_of: u64,
    /// Rows in force before that stay only because the delivery spares them.
    pub rows_spared: u64,
    /// Of those that the delivery spares, those of whom a row was in force before or is delivered.
    pub known: Spared,
    /// Rows in force afterwards.
    pub rows_in_force: u64,
    /// Hash of the file in force afterwards; empty where there is none.
    pub hash: String,
    /// Rows of the delivery that are not in force, because a list of a later day stands; and that day.
    pub rows_outdated: u64,
    pub outdated_by: Option<Day>,
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
        std::fs::create_dir_all(&folder).map_err(LakeError::file("make the folder", &folder))?;
        let lock = lock_file(&folder)?;
        lock.lock().map_err(LakeError::file("lock", folder.join(LOCK)))?;
        finish_pending(&folder)?;
        let (next, made) = (BTreeMap::new(), Vec::new());
        Ok(Landing { lake: self, schema, mode, in_place, next, made, _lock: lock })
    }

    /// Merges rows in memory into one dataset of one county (its six digits) for good: a roster is the whole list, of events a row
    /// whose key is in force already replaces it.
    ///
    /// # Errors
    /// As `Landing::add`.
    pub fn merge(
        &self,
        schema: &DatasetSchema,
        mode: Mode,
        county: u32,
        delivery_day: Day,
        rows: &[LakeRow],
    ) -> Result<CountyChanges> {
        let mut delivery = self.delivery(schema, county, delivery_day)?;
        rows.iter().try_for_each(|row| delivery.push(row.clone()))?;
        let mut landing = self.landing(schema, mode, &|_, _| false)?;
        let changes = landing.add(delivery, None)?;
        landing.commit()?;
        Ok(changes)
    }

    /// Finishes what a process that was killed had begun to put in force; leaves alone what another process is about.
    pub(crate) fn recover(&self) -> Result<()> {
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
    opened.map_err(LakeError::file("open", path))
}

fn finish_pending(folder: &Path) -> Result<()> {
    let path = folder.join(PENDING);
    let bytes = match std::fs::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        read => read.map_err(LakeError::file("read", &path))?,
    };
    let pending: Pending = serde_json::from_slice(&bytes).map_err(|source| LakeError::Manifest { path, source })?;
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
        let spared = note.map(|note| note.spared.clone()).unwrap_or_default();
        let mut delivered = Delivered { id, file, rows: own.rows, days: vec![day], coverage, spared };
        self.same_again(&folder, &list, &mut delivered)?;
        let overlapping = match self.mode {
            Mode::Events => list.iter().filter(|earlier| delivered.overlaps(earlier)).count(),
            Mode::Roster => 0,
        };
        list.push(delivered.clone());
        let Merged { in_force: mut after, rows_of } = self.merged(county, &list)?;
        if let Some(after) = after.as_mut().filter(|_| note.is_none()) {
            after.deliveries.clear();
        }
        let stands = standing(&list, self.mode, county);
        let own_at = stands.iter().rposition(|standing| *standing.delivered == delivered);
        let rows_outdated = own.rows - own_at.map_or(0, |at| rows_of[at]);
        let later = stands.iter().filter_map(|standing| standing.delivered.day()).filter(|later| *later > day).max();
        let changes = self.note(county, before.as_ref(), after)?;
        let spoken_of = self.spoken_of(&folder, before.as_ref(), &own.keys, &delivered)?;
        Ok(CountyChanges {
            overlapping,
            rows_outdated: later.map_or(0, |_| rows_outdated),
            outdated_by: later.filter(|_| rows_outdated > 0 || own_at.is_none()),
            spoken_of: changes.rows.removed + spoken_of.by_key + spoken_of.spared,
            rows_spared: spoken_of.spared,
            known: spoken_of.known,
            ..changes
        })
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
        let after = self.merged(county, &list)?.in_force;
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
        let pending = pending.map_err(|source| LakeError::Manifest { path, source })?;
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

    /// What of the file in force a delivery with these keys speaks of.
    fn spoken_of(
        &self,
        folder: &Path,
        before: Option<&InForce>,
        keys: &[i64],
        delivered: &Delivered,
    ) -> Result<SpokenOf> {
        let mut found = SpokenOf::default();
        let Some(before) = before else { return Ok(found) };
        let spared = &delivered.spared;
        let place = delivered.coverage.as_ref().map(|coverage| coverage.place);
        let (mut known_keys, mut known_people) = (Vec::new(), Vec::new());
        each_row(&LakeFile::open(folder.join(&before.file), self.schema)?, &mut |key, household, person| {
            let is_delivered = keys.binary_search(&key).is_ok();
            found.by_key += u64::from(is_delivered);
            if spared.holds(key, person) {
                known_keys.extend(spared.has_key(key).then_some(key));
                known_people.extend(spared.has_person(person).then_some(person));
                let is_there = place.is_some_and(|place| (self.in_place)(household, place));
                found.spared += u64::from(!is_delivered && is_there);
            }
        })?;
        known_keys.extend(spared.keys.iter().filter(|key| keys.binary_search(key).is_ok()));
        found.known = Spared::new(known_keys, known_people);
        Ok(found)
    }

    /// What is in force when these are the deliveries of a county; the file is written where it is not a delivery's own.
    fn merged(&mut self, county: u32, list: &[Delivered]) -> Result<Merged> {
        let folder = self.lake.folder(&self.schema.name, county);
        let stands = standing(list, self.mode, county);
        let mut delivery_days: Vec<Day> = stands.iter().flat_map(|stands| stands.delivered.days.clone()).collect();
        delivery_days.sort();
        delivery_days.dedup();
        let deliveries = list.to_vec();
        match stands.as_slice() {
            [] => Ok(Merged { in_force: None, rows_of: Vec::new() }),
            [only] if only.cut.is_empty() => {
                let (file, rows) = (only.delivered.file.clone(), only.delivered.rows);
                let hash = file.strip_suffix(".parquet").unwrap_or(&file).to_owned();
                let in_force = Some(InForce { file, hash, rows, delivery_days, deliveries });
                Ok(Merged { in_force, rows_of: vec![rows] })
            }
            stands => {
                let merged = merge(&folder, self.schema, self.in_place, stands)?;
                let file = self.made(&folder, &merged.hash);
                let (hash, rows, rows_of) = (merged.hash, merged.rows, merged.rows_of);
                Ok(Merged { in_force: Some(InForce { file, hash, rows, delivery_days, deliveries }), rows_of })
            }
        }
    }
}

/// What is in force, and how many rows of each delivery that stands are.
struct Merged {
    in_force: Option<InForce>,
    rows_of: Vec<u64>,
}

/// Rows in force before that a delivery speaks of.
#[derive(Default)]
struct SpokenOf {
    /// Whose key it holds.
    by_key: u64,
    /// That it spares.
    spared: u64,
    known: Spared,
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
