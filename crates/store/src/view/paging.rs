//! Pages by key: the next page starts behind the last row of this one, whatever was added meanwhile.

use super::{Page, Total};
use crate::StoreError;
use crate::database::Sql;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Counting stops here.
pub(super) const COUNT_MAX: u64 = 10_000;
/// Rows of a page at most.
const PAGE_MAX: u32 = 500;

/// How many rows a page may have.
pub(super) fn page_size(limit: u32) -> u32 {
    limit.clamp(1, PAGE_MAX)
}

/// A total from a count that stopped at one more than [`COUNT_MAX`].
pub(super) fn total(counted: u64) -> Total {
    if counted > COUNT_MAX { Total::AtLeast(COUNT_MAX) } else { Total::Exactly(counted) }
}

/// Makes a page of rows that were read with one more than `limit`.
pub(super) fn page<T>(mut rows: Vec<T>, limit: u32, counted: u64, cursor: impl Fn(&T) -> String) -> Page<T> {
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(cursor);
    Page { rows, total: total(counted), next }
}

/// A page with nothing on it.
pub(super) fn empty<T>() -> Page<T> {
    Page { rows: Vec::new(), total: Total::Exactly(0), next: None }
}

/// A cursor that is a whole number; a cursor that is not is as none.
pub(super) fn whole(after: Option<&str>) -> Option<i64> {
    after.and_then(|text| text.parse().ok())
}

/// A cursor of a number and a text, `120:51...`.
pub(super) fn number_and_text(after: Option<&str>) -> Option<(i64, String)> {
    let (number, text) = after?.split_once(':')?;
    Some((number.parse().ok()?, text.to_owned()))
}

/// Reads a whole number that counts something.
pub(super) fn counted(row: &crate::database::Row<'_>, index: usize) -> Result<u64, StoreError> {
    Ok(row.get::<i64>(index)?.max(0) as u64)
}

/// Reads a day kept as text.
pub(super) fn day(row: &crate::database::Row<'_>, index: usize) -> Result<model::Day, StoreError> {
    let text: String = row.get(index)?;
    text.parse().map_err(|_| StoreError::StoredValue { column: format!("day {index}") })
}

/// Reads a place kept as text.
pub(super) fn region(row: &crate::database::Row<'_>, index: usize) -> Result<model::RegionCode, StoreError> {
    let text: String = row.get(index)?;
    text.parse().map_err(|_| StoreError::StoredValue { column: format!("region {index}") })
}

/// How long an estimate of a long list holds.
const ESTIMATE_HOLDS: Duration = Duration::from_secs(10);
/// Estimates that are kept at most.
const ESTIMATES_MAX: usize = 1_000;

/// What a list is: its table, its conditions and their values.
type Asked = (String, String, Vec<Sql>);

/// Estimates of long lists, so that turning pages does not count again each time. The conditions hold the reader's places,
/// so that nobody is told of what lies outside.
#[derive(Default)]
pub(crate) struct Estimates(Mutex<HashMap<Asked, (Instant, Total)>>);

impl Estimates {
    pub(super) fn get(&self, asked: &Asked) -> Option<Total> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(asked).filter(|(since, _)| since.elapsed() < ESTIMATE_HOLDS).map(|(_, total)| *total)
    }

    pub(super) fn keep(&self, asked: Asked, total: Total) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= ESTIMATES_MAX {
            kept.clear();
        }
        kept.insert(asked, (Instant::now(), total));
    }
}
