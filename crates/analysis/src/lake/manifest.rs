//! The small file that names the lake file in force of one dataset and county.

use crate::error::{AnalysisError, Result};
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
    /// Days of the deliveries that the file holds, earliest first; a roster has one.
    pub delivery_days: Vec<Day>,
}

/// Reads the manifest of a folder; `None` when nothing is in force there.
pub(crate) fn read(folder: &Path) -> Result<Option<InForce>> {
    let path = folder.join(NAME);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(AnalysisError::file("read", &path)(error)),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|source| AnalysisError::Manifest { path, source })
}

/// Puts `in_force` in force: written beside, synced, renamed, folder synced.
pub(crate) fn write(folder: &Path, in_force: &InForce) -> Result<()> {
    let path = folder.join(NAME);
    let bytes =
        serde_json::to_vec_pretty(in_force).map_err(|source| AnalysisError::Manifest { path: path.clone(), source })?;
    replace(folder, NAME, &bytes)
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
    written().map_err(AnalysisError::file("write", path.clone()))
}
