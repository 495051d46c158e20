//! The lake: immutable Parquet files, one per dataset and county in force, sorted by household.
//!
//! ```text
//! lake/<dataset>/<county, 6 digits>/<content hash, 16 digits>.parquet
//! lake/<dataset>/<county, 6 digits>/in_force.json
//! ```
//! The file in force is named by `in_force.json`, which is replaced as a whole; a process killed at any moment leaves
//! either the old or the new file in force. Beside it stand the deliveries from which it was made, each with its own file, so
//! that any of them can be taken back. Files that are neither stay until `remove_superseded`.

mod changes;
mod delivery;
mod landing;
mod manifest;
mod merged;
mod read;
mod runs;
mod schema;
mod spared;
mod standing;
mod write;

pub use changes::{Changes, Leaver};
pub use delivery::Delivery;
pub use landing::{CountyChanges, Landing, Note};
pub use manifest::InForce;
pub use merged::InPlace;
pub(crate) use read::{LakeFile, LakeRows};
pub use schema::{DECIMAL_PRECISION, DECIMAL_SCALE, DatasetSchema, LakeColumn, stored_name};
pub(crate) use schema::{DELIVERED_ON, FILE, HOUSEHOLD_NO, RESIDENT_KEY, ROW};
pub use spared::Spared;
pub use standing::{Coverage, Delivered};

use crate::error::{AnalysisError, Result};
use model::{Day, LakeRow};
use policy::declare::Mode;
use std::path::{Path, PathBuf};

/// A lake below one folder.
#[derive(Clone, Debug)]
pub struct Lake {
    root: PathBuf,
}

impl Lake {
    /// Opens the lake below `root`; the folder is made when it is not there.
    ///
    /// # Errors
    /// `File` when the folder cannot be made, `File` or `Manifest` when what a killed process left cannot be finished.
    pub fn open(root: impl Into<PathBuf>) -> Result<Lake> {
        let root = root.into();
        std::fs::create_dir_all(&root).map_err(AnalysisError::file("make the folder", &root))?;
        let lake = Lake { root };
        lake.recover()?;
        Ok(lake)
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

    /// The lake's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Names of the datasets that have a folder, in order.
    pub fn datasets(&self) -> Result<Vec<String>> {
        folders(&self.root)
    }

    /// Six-digit counties for which the dataset has a file in force, in order.
    pub fn counties(&self, dataset: &str) -> Result<Vec<u32>> {
        let mut counties = Vec::new();
        for name in folders(&self.root.join(dataset))? {
            if let Ok(county) = name.parse::<u32>()
                && self.in_force(dataset, county)?.is_some()
            {
                counties.push(county);
            }
        }
        counties.sort_unstable();
        Ok(counties)
    }

    /// The file in force of a dataset in a county (its six digits), if there is one.
    pub fn in_force(&self, dataset: &str, county: u32) -> Result<Option<InForce>> {
        manifest::read(&self.folder(dataset, county))
    }

    /// Deletes files that are no longer in force. Call it only while nothing reads the lake. Returns how many went.
    pub fn remove_superseded(&self) -> Result<usize> {
        let mut removed = 0;
        for dataset in self.datasets()? {
            for county in folders(&self.root.join(&dataset))? {
                let folder = self.root.join(&dataset).join(county);
                let in_force = manifest::read(&folder)?;
                for path in files(&folder)? {
                    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                    let is_needed = in_force.iter().flat_map(InForce::files).any(|file| file == name);
                    if name != manifest::NAME && !is_needed {
                        std::fs::remove_file(&path).map_err(AnalysisError::file("delete", &path))?;
                        removed += 1;
                    }
                }
            }
        }
        Ok(removed)
    }

    pub(crate) fn folder(&self, dataset: &str, county: u32) -> PathBuf {
        self.root.join(dataset).join(format!("{county:06}"))
    }

    /// Opens the file in force for reading, if there is one.
    pub(crate) fn file(&self, schema: &DatasetSchema, county: u32) -> Result<Option<LakeFile>> {
        let folder = self.folder(&schema.name, county);
        match manifest::read(&folder)? {
            Some(in_force) => Ok(Some(LakeFile::open(folder.join(&in_force.file), schema)?)),
            None => Ok(None),
        }
    }
}

fn folders(root: &Path) -> Result<Vec<String>> {
    let mut names: Vec<String> = entries(root)?
        .into_iter()
        .filter(|path| path.is_dir())
        .filter_map(|path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned))
        .collect();
    names.sort();
    Ok(names)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    Ok(entries(folder)?.into_iter().filter(|path| path.is_file()).collect())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let listing = match std::fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(AnalysisError::file("list", folder)(error)),
    };
    listing.map(|entry| entry.map(|entry| entry.path()).map_err(AnalysisError::file("list", folder))).collect()
}
