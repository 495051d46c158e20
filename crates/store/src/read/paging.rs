//! Pages by key: the next page starts behind the last row of this one, whatever was added meanwhile.

use crate::StoreError;
use crate::caches::Total;
use crate::read::Page;

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
