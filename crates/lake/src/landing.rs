//! Deliveries come into force, or are taken back: worked out county by county, then put in force together.
//!
//! What is in force is the deliveries that stand (`standing`), merged: of rows with one key the later delivery's. A delivery is in
//! force everywhere or nowhere, also after a crash (`commit_folder`, `commit_bucket`).

use crate::changes::Changes;
use crate::commit_bucket::{self, Planned};
use crate::commit_folder;
use crate::delivery::Delivery;
use crate::error::Result;
use crate::lake::{self, Lake};
use crate::manifest::{self, Current, InForce};
use crate::merged::{InPlace, each_row, merge};
use crate::read::LakeFile;
use crate::schema::DatasetSchema;
use crate::spared::Spared;
use crate::standing::{Coverage, Delivered, standing};
use crate::storage::Storage;
use model::{Day, LakeRow};
use policy::declare::Mode;
use std::collections::{BTreeMap, HashSet};
use std::fs::File;

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

/// A change of one dataset that is not in force yet. In a folder nobody else changes the dataset while it lives.
pub struct Landing<'a> {
    storage: &'a Storage,
    schema: &'a DatasetSchema,
    mode: Mode,
    in_place: InPlace<'a>,
    /// By county: what will be in force.
    next: BTreeMap<u32, Planned>,
    /// Folder and name of files that were written; those that no manifest names in the end go.
    made: Vec<(String, String)>,
    _lock: Option<File>,
}

impl Lake {
    /// Begins a change of a dataset. In a folder it waits while another one goes on; in a bucket whoever commits second is told.
    ///
    /// # Errors
    /// `File` when the dataset's folder cannot be made or locked, `Object` when what somebody had decided cannot be finished.
    pub fn landing<'a>(&'a self, schema: &'a DatasetSchema, mode: Mode, in_place: InPlace<'a>) -> Result<Landing<'a>> {
        let lock = match &self.storage {
            Storage::Folder(folder) => Some(commit_folder::begin(folder, &schema.name)?),
            Storage::Bucket(bucket) => commit_bucket::finish(bucket, &schema.name).map(|()| None)?,
        };
        let (next, made) = (BTreeMap::new(), Vec::new());
        Ok(Landing { storage: &self.storage, schema, mode, in_place, next, made, _lock: lock })
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
}

impl Landing<'_> {
    /// Adds a delivery. With a note it stands beside the others under its name, and one of the same name is the same delivery
    /// handed in again; without, it is merged for good (registers: the whole list as it is now).
    ///
    /// # Errors
    /// `Row` when a value does not fit its column; `File`, `Manifest` or `Parquet` when the disk fails.
    pub fn add(&mut self, delivery: Delivery, note: Option<&Note>) -> Result<CountyChanges> {
        let (county, day) = (delivery.county, delivery.day);
        let folder = lake::folder(&self.schema.name, county);
        let current = manifest::current(self.storage, &folder)?;
        let before = current.in_force.as_ref();
        let mut list = before.map(InForce::all).unwrap_or_default();
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
        let spoken_of = self.spoken_of(&folder, before, &own.keys, &delivered)?;
        let changes = self.note(county, &current, after)?;
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
        let current = manifest::current(self.storage, &lake::folder(&self.schema.name, county))?;
        let mut list = current.in_force.as_ref().map(InForce::all).unwrap_or_default();
        let count = list.len();
        list.retain(|delivered| delivered.id != id || id.is_empty());
        if list.len() == count {
            return Ok(None);
        }
        let after = self.merged(county, &list)?.in_force;
        self.note(county, &current, after).map(Some)
    }

    /// Puts everything in force.
    ///
    /// # Errors
    /// `File`, `Object` or `Manifest` when the disk or the store fails; then all of it is in force after the next opening of the
    /// lake, or nothing is. `Changed`, in a bucket, where somebody else changed one of the counties meanwhile: nothing is.
    pub fn commit(mut self) -> Result<()> {
        // While it may be half done, every file may be needed.
        let made = std::mem::take(&mut self.made);
        let next = std::mem::take(&mut self.next);
        match self.storage {
            Storage::Folder(folder) => {
                let next = next.into_iter().map(|(county, planned)| (county, planned.in_force)).collect();
                commit_folder::commit(folder, &self.schema.name, next)?;
            }
            Storage::Bucket(bucket) => commit_bucket::commit(bucket, &self.schema.name, next)?,
        }
        self.made = made;
        Ok(())
    }

    /// The name of a file that was written, to be removed unless it comes into force.
    fn made(&mut self, folder: &str, hash: &str) -> String {
        let name = format!("{hash}.parquet");
        self.made.push((folder.to_owned(), name.clone()));
        name
    }

    fn opened(&self, folder: &str, file: &str) -> Result<LakeFile> {
        LakeFile::open(self.storage.locate(&format!("{folder}/{file}"))?, self.schema)
    }

    /// A file that says the same for the same place and days, saved in another form, is the earlier one once more.
    fn same_again(&self, folder: &str, list: &[Delivered], delivered: &mut Delivered) -> Result<()> {
        let alike = |earlier: &&Delivered| {
            let same = earlier.coverage.is_some() && earlier.coverage == delivered.coverage;
            same && earlier.days == delivered.days && earlier.rows == delivered.rows
        };
        for earlier in list.iter().filter(alike) {
            let [one, other] = [&earlier.file, &delivered.file].map(|file| self.opened(folder, file));
            if Changes::between(self.schema, Some(&one?), Some(&other?))?.is_none() {
                delivered.file.clone_from(&earlier.file);
                return Ok(());
            }
        }
        Ok(())
    }

    /// Notes what will be in force in a county, and tells what changes by it.
    fn note(&mut self, county: u32, current: &Current, after: Option<InForce>) -> Result<CountyChanges> {
        let folder = lake::folder(&self.schema.name, county);
        let before = current.in_force.as_ref();
        let open = |in_force: Option<&InForce>| -> Result<Option<LakeFile>> {
            in_force.map(|in_force| self.opened(&folder, &in_force.file)).transpose()
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
            self.next.insert(county, Planned { before: current.version.clone(), in_force: after });
        }
        Ok(changes)
    }

    /// What of the file in force a delivery with these keys speaks of.
    fn spoken_of(
        &self,
        folder: &str,
        before: Option<&InForce>,
        keys: &[i64],
        delivered: &Delivered,
    ) -> Result<SpokenOf> {
        let mut found = SpokenOf::default();
        let Some(before) = before else { return Ok(found) };
        let spared = &delivered.spared;
        let place = delivered.coverage.as_ref().map(|coverage| coverage.place);
        let (mut known_keys, mut known_people) = (Vec::new(), Vec::new());
        each_row(&self.opened(folder, &before.file)?, &mut |key, household, person| {
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
        let folder = lake::folder(&self.schema.name, county);
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
                let merged = merge(self.storage, &folder, self.schema, self.in_place, stands)?;
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
        // In a bucket somebody else may have made the same file, and be about to put it in force.
        let Storage::Folder(own) = self.storage else { return };
        for (folder, name) in self.made.iter().collect::<HashSet<_>>() {
            // What cannot be read now is left alone.
            let is_free = match manifest::read(self.storage, folder) {
                Ok(before) => before.iter().flat_map(InForce::files).all(|file| file != name),
                Err(_) => false,
            };
            if is_free {
                let _ = own.remove(&format!("{folder}/{name}"));
            }
        }
    }
}
