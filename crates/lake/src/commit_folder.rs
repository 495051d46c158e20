//! A change of one dataset comes into force in a folder: under a lock, all counties or none.
//!
//! One county is put in force by replacing its manifest. Of several, `landing.json` of the dataset first names all new manifests;
//! whoever opens the lake after a crash finishes what it says.

use crate::error::{LakeError, Result};
use crate::manifest::{self, InForce};
use crate::storage::Folder;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;

pub(crate) const PENDING: &str = "landing.json";
const LOCK: &str = "lock";

/// By county (six digits): what will be in force.
#[derive(Serialize, Deserialize)]
struct Pending(BTreeMap<u32, Option<InForce>>);

/// Waits until nobody else changes the dataset, and keeps others from it as long as the file is open.
pub(crate) fn begin(folder: &Folder, dataset: &str) -> Result<File> {
    folder.make(dataset)?;
    let path = format!("{dataset}/{LOCK}");
    let lock = folder.lock_file(&path)?;
    lock.lock().map_err(LakeError::file("lock", folder.path(&path)))?;
    finish(folder, dataset)?;
    Ok(lock)
}

/// Finishes what a process that was killed had begun to put in force; leaves alone what another process is about.
pub(crate) fn recover(folder: &Folder, dataset: &str) -> Result<()> {
    let has_begun = folder.path(&format!("{dataset}/{PENDING}")).exists();
    if has_begun && folder.lock_file(&format!("{dataset}/{LOCK}"))?.try_lock().is_ok() {
        finish(folder, dataset)?;
    }
    Ok(())
}

/// Puts everything in force, under the lock.
pub(crate) fn commit(folder: &Folder, dataset: &str, next: BTreeMap<u32, Option<InForce>>) -> Result<()> {
    match (next.len(), next.first_key_value()) {
        (0, _) => Ok(()),
        (1, Some((county, in_force))) => write(folder, dataset, *county, in_force.as_ref()),
        _ => {
            let path = format!("{dataset}/{PENDING}");
            let pending = serde_json::to_vec(&Pending(next)).map_err(unreadable(folder, &path))?;
            folder.replace(&path, &pending)?;
            finish(folder, dataset)
        }
    }
}

fn finish(folder: &Folder, dataset: &str) -> Result<()> {
    let path = format!("{dataset}/{PENDING}");
    let Some(bytes) = folder.read(&path)? else { return Ok(()) };
    let pending: Pending = serde_json::from_slice(&bytes).map_err(unreadable(folder, &path))?;
    for (county, in_force) in &pending.0 {
        write(folder, dataset, *county, in_force.as_ref())?;
    }
    folder.remove(&path)
}

/// Puts what is in force in one county in force. `None`: nothing is in force any more.
fn write(folder: &Folder, dataset: &str, county: u32, in_force: Option<&InForce>) -> Result<()> {
    let path = manifest::path(&format!("{dataset}/{county:06}"));
    match in_force {
        Some(in_force) => {
            folder.replace(&path, &serde_json::to_vec_pretty(in_force).map_err(unreadable(folder, &path))?)
        }
        None => folder.remove(&path),
    }
}

fn unreadable(folder: &Folder, path: &str) -> impl FnOnce(serde_json::Error) -> LakeError {
    let path = folder.path(path).display().to_string();
    move |source| LakeError::Manifest { path, source }
}
