//! What an open database remembers between two questions.

use crate::database::Sql;
use model::Day;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many records are still to be filled in.
#[derive(Default)]
pub(crate) struct Waiting(pub(crate) AtomicU64);

/// The bases of all registers on the day for which they were asked last, as they are kept.
#[derive(Default)]
pub(crate) struct Bases(pub(crate) Mutex<Option<(Day, KeptBases)>>);

/// By register, as they are kept.
pub(crate) type KeptBases = Arc<BTreeMap<String, String>>;

/// How many rows there are in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Total {
    Exactly(u64),
    /// Counting stopped here.
    AtLeast(u64),
    /// As the database estimates; there are more than one cares to count.
    About(u64),
}

/// How long an estimate of a long list holds.
const ESTIMATE_HOLDS: Duration = Duration::from_secs(10);
/// Estimates that are kept at most.
const ESTIMATES_MAX: usize = 1_000;

/// What tells one list from another.
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct ListKey {
    pub(crate) table: String,
    pub(crate) conditions: String,
    /// Those of the conditions.
    pub(crate) values: Vec<Sql>,
}

/// Estimates of long lists, so that turning pages does not count again each time. The conditions hold the reader's places,
/// so that nobody learns of what lies outside.
#[derive(Default)]
pub(crate) struct Estimates(Mutex<HashMap<ListKey, (Instant, Total)>>);

impl Estimates {
    pub(crate) fn get(&self, list: &ListKey) -> Option<Total> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(list).filter(|(since, _)| since.elapsed() < ESTIMATE_HOLDS).map(|(_, total)| *total)
    }

    pub(crate) fn keep(&self, list: ListKey, total: Total) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= ESTIMATES_MAX {
            kept.clear();
        }
        kept.insert(list, (Instant::now(), total));
    }
}
