//! A change of one dataset comes into force in a bucket: nobody holds a lock, and whoever comes second is told.
//!
//! `turn.json` of the dataset says whose turn it is. A change claims it, looks whether everything still is as it was when the
//! change was worked out, and only then decides: from there on `turn.json` names all new manifests with what they replace, and
//! whoever finds it so puts them in force. Every step replaces an object only where it is what was read before, and no two
//! changes write the same bytes; so a step that comes too late does nothing.

use crate::error::{LakeError, Result};
use crate::manifest::{self, InForce};
use crate::storage::{Bucket, Storage, Version};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(crate) const TURN: &str = "turn.json";
/// How often somebody else's change is finished before one's own gives up.
const TURNS_MAX: usize = 8;

/// What will be in force in a county, and which manifest it replaces.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Planned {
    pub before: Option<Version>,
    pub in_force: Option<InForce>,
}

/// Whose turn it is. `change`: a random name, so that no two say the same.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Turn {
    Free { change: String },
    Claimed { change: String },
    Decided { change: String, counties: BTreeMap<u32, Planned> },
}

/// Puts everything in force, by county (six digits).
///
/// # Errors
/// `Changed`, and nothing is in force, where somebody else changed one of the counties meanwhile. When the store does not answer
/// any more, all of it is in force after the next opening of the lake, or nothing is.
pub(crate) fn commit(bucket: &Bucket, dataset: &str, next: BTreeMap<u32, Planned>) -> Result<()> {
    if next.is_empty() {
        return Ok(());
    }
    let changed = || LakeError::Changed { dataset: dataset.to_owned() };
    let change = random_name()?;
    let claimed = claim(bucket, dataset, &change)?.ok_or_else(changed)?;
    let storage = Storage::Bucket(bucket.clone());
    for (county, planned) in &next {
        if manifest::current(&storage, &format!("{dataset}/{county:06}"))?.version != planned.before {
            // Whoever claims next needs no word of it.
            return Err(changed());
        }
    }
    let decided = Turn::Decided { change, counties: next };
    write(bucket, dataset, &decided, Some(&claimed))?.ok_or_else(changed)?;
    finish(bucket, dataset)
}

/// Finishes what somebody had decided; what was only claimed is left alone.
pub(crate) fn finish(bucket: &Bucket, dataset: &str) -> Result<()> {
    let Some((Turn::Decided { change, counties }, version)) = read(bucket, dataset)? else { return Ok(()) };
    for (county, Planned { before, in_force }) in &counties {
        let path = manifest::path(&format!("{dataset}/{county:06}"));
        let bytes = manifest::in_bucket(in_force.as_ref(), &change);
        let bytes = bytes.map_err(|source| LakeError::Manifest { path: bucket.shown(&path), source })?;
        // Where another one stands already, somebody else has finished it.
        bucket.replace(&path, bytes, before.as_ref())?;
    }
    write(bucket, dataset, &Turn::Free { change: random_name()? }, Some(&version)).map(drop)
}

/// Takes the turn; `None` where somebody else took it at the same moment.
fn claim(bucket: &Bucket, dataset: &str, change: &str) -> Result<Option<Version>> {
    let claimed = Turn::Claimed { change: change.to_owned() };
    for _ in 0..TURNS_MAX {
        match read(bucket, dataset)? {
            None => return write(bucket, dataset, &claimed, None),
            Some((Turn::Decided { .. }, _)) => finish(bucket, dataset)?,
            // Who claimed and did not decide finds out, and has changed nothing.
            Some((Turn::Free { .. } | Turn::Claimed { .. }, version)) => {
                return write(bucket, dataset, &claimed, Some(&version));
            }
        }
    }
    Ok(None)
}

fn read(bucket: &Bucket, dataset: &str) -> Result<Option<(Turn, Version)>> {
    let path = format!("{dataset}/{TURN}");
    let Some(stored) = bucket.read(&path)? else { return Ok(None) };
    let turn = serde_json::from_slice(&stored.bytes);
    let turn = turn.map_err(|source| LakeError::Manifest { path: bucket.shown(&path), source })?;
    Ok(Some((turn, stored.version)))
}

fn write(bucket: &Bucket, dataset: &str, turn: &Turn, before: Option<&Version>) -> Result<Option<Version>> {
    let path = format!("{dataset}/{TURN}");
    let bytes = serde_json::to_vec(turn);
    let bytes = bytes.map_err(|source| LakeError::Manifest { path: bucket.shown(&path), source })?;
    bucket.replace(&path, bytes, before)
}

fn random_name() -> Result<String> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| LakeError::Random { what: error.to_string() })?;
    Ok(format!("{:016x}", u64::from_le_bytes(bytes)))
}
