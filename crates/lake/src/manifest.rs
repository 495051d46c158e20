//! The small object that names the lake file in force of one dataset and county.

use crate::error::{LakeError, Result};
use crate::spared::Spared;
use crate::standing::Delivered;
use crate::storage::{Storage, Version};
use model::Day;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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

/// What is in force, and which bytes say so; the latter only where others may change them meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Current {
    pub in_force: Option<InForce>,
    pub version: Option<Version>,
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

/// The path of a manifest.
pub(crate) fn path(folder: &str) -> String {
    format!("{folder}/{NAME}")
}

/// Reads the manifest of a folder.
pub(crate) fn current(storage: &Storage, folder: &str) -> Result<Current> {
    let path = path(folder);
    let (bytes, version) = match storage {
        Storage::Folder(own) => (own.read(&path)?, None),
        Storage::Bucket(bucket) => match bucket.read(&path)? {
            Some(stored) => (Some(stored.bytes), Some(stored.version)),
            None => (None, None),
        },
    };
    let read = bytes.map(|bytes| parse(&bytes)).transpose();
    let in_force = read.map_err(|source| LakeError::Manifest { path: storage.shown(&path), source })?;
    Ok(Current { in_force: in_force.flatten(), version })
}

/// Reads the manifest of a folder; `None` when nothing is in force there.
pub(crate) fn read(storage: &Storage, folder: &str) -> Result<Option<InForce>> {
    current(storage, folder).map(|current| current.in_force)
}

fn parse(bytes: &[u8]) -> serde_json::Result<Option<InForce>> {
    let value: Value = serde_json::from_slice(bytes)?;
    if value.get("withdrawn") == Some(&Value::Bool(true)) { Ok(None) } else { serde_json::from_value(value).map(Some) }
}

/// The bytes of a manifest in a bucket. An object is replaced there and never removed, and every change has bytes of its own, so
/// that two states that say the same are told apart.
pub(crate) fn in_bucket(in_force: Option<&InForce>, change: &str) -> serde_json::Result<Vec<u8>> {
    let mut value = match in_force {
        Some(in_force) => serde_json::to_value(in_force)?,
        None => json!({ "withdrawn": true }),
    };
    value["change"] = change.into();
    serde_json::to_vec_pretty(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_withdrawn_is_told_from_what_is_damaged() {
        let in_force =
            InForce { file: "1.parquet".into(), hash: "1".into(), rows: 1, delivery_days: vec![], deliveries: vec![] };
        for said in [None, Some(in_force)] {
            let [one, other] = ["a", "b"].map(|change| in_bucket(said.as_ref(), change).expect("JSON"));
            assert_ne!(one, other);
            assert_eq!(parse(&one).expect("readable"), said);
        }
        for damaged in ["", "{", "{}", "null", "{\"withdrawn\": false}", "{\"file\": \"1.parquet\"}"] {
            assert!(parse(damaged.as_bytes()).is_err(), "{damaged}");
        }
    }
}
