//! A lake: where it lies, which datasets and counties it has, and what is in force.

use crate::error::{LakeError, Result};
use crate::manifest::{self, InForce};
use crate::read::LakeFile;
use crate::schema::DatasetSchema;
use std::path::{Path, PathBuf};

/// A lake below one folder.
#[derive(Clone, Debug)]
pub struct Lake {
    pub(crate) root: PathBuf,
}

impl Lake {
    /// Opens the lake below `root`; the folder is made when it is not there.
    ///
    /// # Errors
    /// `File` when the folder cannot be made, `File` or `Manifest` when what a killed process left cannot be finished.
    pub fn open(root: impl Into<PathBuf>) -> Result<Lake> {
        let root = root.into();
        std::fs::create_dir_all(&root).map_err(LakeError::file("make the folder", &root))?;
        let lake = Lake { root };
        lake.recover()?;
        Ok(lake)
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
                        std::fs::remove_file(&path).map_err(LakeError::file("delete", &path))?;
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

    /// What is in force, and its file opened for reading, if there is one.
    pub(crate) fn opened(&self, schema: &DatasetSchema, county: u32) -> Result<Option<(InForce, LakeFile)>> {
        let folder = self.folder(&schema.name, county);
        let Some(in_force) = manifest::read(&folder)? else { return Ok(None) };
        let file = LakeFile::open(folder.join(&in_force.file), schema)?;
        Ok(Some((in_force, file)))
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
        Err(error) => return Err(LakeError::file("list", folder)(error)),
    };
    listing.map(|entry| entry.map(|entry| entry.path()).map_err(LakeError::file("list", folder))).collect()
}
