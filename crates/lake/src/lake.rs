//! A lake: where it lies, which datasets and counties it has, and what is in force.

use crate::error::Result;
use crate::manifest::{self, InForce};
use crate::read::LakeFile;
use crate::schema::DatasetSchema;
use crate::storage::{Bucket, Folder, Storage, is_address};
use crate::{commit_bucket, commit_folder};
use std::path::{Path, PathBuf};

/// A lake below one folder of this machine, or below one prefix of a bucket.
#[derive(Clone, Debug)]
pub struct Lake {
    pub(crate) storage: Storage,
}

impl Lake {
    /// Opens the lake below a folder of this machine, which is made when it is not there.
    ///
    /// # Errors
    /// `File` when the folder cannot be made, `File` or `Manifest` when what a killed process left cannot be finished.
    pub fn local(folder: impl Into<PathBuf>) -> Result<Lake> {
        Lake::over(Storage::Folder(Folder::open(folder)?))
    }

    /// Opens the lake at `s3://bucket/prefix`. `variables` say how the store is reached, by the names that they have in the
    /// environment (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT`, `AWS_REGION`, `AWS_ALLOW_HTTP` ...); others are
    /// passed over. `scratch`: a folder of this machine, and of this machine alone, for files that are not finished; the largest
    /// delivery needs room in it twice.
    ///
    /// # Errors
    /// `Address` when address or variables do not do, `Object` when the store does not answer or refuses, `File` when the folder
    /// cannot be made.
    pub fn bucket(
        address: &str,
        variables: impl IntoIterator<Item = (String, String)>,
        scratch: impl Into<PathBuf>,
    ) -> Result<Lake> {
        let variables: Vec<(String, String)> = variables.into_iter().collect();
        Lake::over(Storage::Bucket(Bucket::open(address, &variables, Folder::open(scratch)?)?))
    }

    /// Opens the lake that a setting names: the address of a bucket, with the variables of this process's environment, or a
    /// folder, which starts at `base` unless it is a whole path. Unfinished files of a bucket lie in `base`'s own `lake`.
    ///
    /// # Errors
    /// As `local` and `bucket`.
    pub fn open(setting: &str, base: &Path) -> Result<Lake> {
        if is_address(setting) {
            let text = |value: std::ffi::OsString| value.into_string().ok();
            let variables = std::env::vars_os().filter_map(|(name, value)| Some((text(name)?, text(value)?)));
            return Lake::bucket(setting, variables, base.join("lake"));
        }
        Lake::local(base.join(setting))
    }

    fn over(storage: Storage) -> Result<Lake> {
        let lake = Lake { storage };
        for dataset in lake.datasets()? {
            match &lake.storage {
                Storage::Folder(folder) => commit_folder::recover(folder, &dataset)?,
                Storage::Bucket(bucket) => commit_bucket::finish(bucket, &dataset)?,
            }
        }
        Ok(lake)
    }

    /// Names of the datasets that have a folder, in order.
    ///
    /// # Errors
    /// `File` or `Object` when the lake cannot be read.
    pub fn datasets(&self) -> Result<Vec<String>> {
        Ok(self.storage.names("")?.folders)
    }

    /// Six-digit counties for which the dataset has a file in force, in order.
    ///
    /// # Errors
    /// `File`, `Object` or `Manifest` when the lake cannot be read.
    pub fn counties(&self, dataset: &str) -> Result<Vec<u32>> {
        let mut counties = Vec::new();
        for name in self.storage.names(dataset)?.folders {
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
    ///
    /// # Errors
    /// `File`, `Object` or `Manifest` when the lake cannot be read.
    pub fn in_force(&self, dataset: &str, county: u32) -> Result<Option<InForce>> {
        manifest::read(&self.storage, &folder(dataset, county))
    }

    /// Where a file of a dataset in a county lies: its path, or its address in the bucket.
    pub fn location_of(&self, dataset: &str, county: u32, file: &str) -> String {
        self.storage.shown(&format!("{}/{file}", folder(dataset, county)))
    }

    /// Deletes files that are no longer in force. Call it only while nothing reads or changes the lake. Returns how many went.
    ///
    /// # Errors
    /// `File`, `Object` or `Manifest` when the lake cannot be read or a file cannot be deleted.
    pub fn remove_superseded(&self) -> Result<usize> {
        let mut removed = 0;
        for dataset in self.datasets()? {
            for county in self.storage.names(&dataset)?.folders {
                let folder = format!("{dataset}/{county}");
                let in_force = manifest::read(&self.storage, &folder)?;
                for name in self.storage.names(&folder)?.objects {
                    let is_needed = in_force.iter().flat_map(InForce::files).any(|file| file == name);
                    if name != manifest::NAME && !is_needed {
                        self.storage.remove(&format!("{folder}/{name}"))?;
                        removed += 1;
                    }
                }
            }
        }
        Ok(removed)
    }

    /// What is in force, and its file opened for reading, if there is one.
    pub(crate) fn opened(&self, schema: &DatasetSchema, county: u32) -> Result<Option<(InForce, LakeFile)>> {
        let folder = folder(&schema.name, county);
        let Some(in_force) = manifest::read(&self.storage, &folder)? else { return Ok(None) };
        let file = LakeFile::open(self.storage.locate(&format!("{folder}/{}", in_force.file))?, schema)?;
        Ok(Some((in_force, file)))
    }
}

/// The path of a dataset in a county.
pub(crate) fn folder(dataset: &str, county: u32) -> String {
    format!("{dataset}/{county:06}")
}
