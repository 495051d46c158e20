//! The small file that names the lake file in force of one dataset and county.

use crate::error::{LakeError, Result};
use crate::spared::Spared;
use crate::standing::Delivered;
use model::Day;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Write;
use std::path::Path;

pub(crate) const NAME: &str = "in_force.json";

/// What is in force for one dataset in one county.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// Name of the Parquet file in the same folder.
    pub file: String,
    /// First 16 hexadecimal digits of the hash of its bytes.
    pub hash: String,
    pub rows: u64,
    /// Days of the deliveries of which the file holds rows, earliest first.
    pub delivery_days: Vec<Day>,
    /// What was delivered, as it came; empty where nothing is noted and the file is all there is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deliveries: Vec<Delivered>,
}

impl InForce {
    /// All deliveries; what was merged before they were noted is one without a name.
    pub(crate) fn all(&self) -> Vec<Delivered> {
        if !self.deliveries.is_empty() {
            return self.deliveries.clone();
        }
        let (file, rows, days) = (self.file.clone(), self.rows, self.delivery_days.clone());
        vec![Delivered { id: String::new(), file, rows, days, coverage: None, spared: Spared::default() }]
    }

    /// Names of the files that are needed: the one in force and those of the deliveries.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        let own = self.deliveries.iter().map(|delivered| delivered.file.as_str());
        own.chain([self.file.as_str()])
    }
}

/// Reads the manifest of a folder; `None` when nothing is in force there.
pub(crate) fn read(folder: &Path) -> Result<Option<InForce>> {
    let path = folder.join(NAME);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(LakeError::file("read", &path)(error)),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|source| LakeError::Manifest { path, source })
}

/// Puts `in_force` in force: written beside, synced, renamed, folder synced. `None`: nothing is in force any more.
pub(crate) fn write(folder: &Path, in_force: Option<&InForce>) -> Result<()> {
    let path = folder.join(NAME);
    match in_force {
        Some(in_force) => {
            let bytes = serde_json::to_vec_pretty(in_force);
            replace(folder, NAME, &bytes.map_err(|source| LakeError::Manifest { path, source })?)
        }
        None => remove(folder, NAME),
    }
}

/// Removes `folder/name`, which may have gone already.
pub(crate) fn remove(folder: &Path, name: &str) -> Result<()> {
    let path = folder.join(name);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        removed => removed.map_err(LakeError::file("delete", &path))?,
    }
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(LakeError::file("write", path))
}

/// Writes `bytes` as `folder/name` so that a reader sees the old file or the whole new one, also after a crash.
pub(crate) fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(name);
    let beside = folder.join(format!("{name}.{}.tmp", std::process::id()));
    let written = || -> std::io::Result<()> {
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, &path)?;
        File::open(folder)?.sync_all()
    };
    written().map_err(LakeError::file("write", path.clone()))
}
