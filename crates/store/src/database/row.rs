//! One row of an answer.

use super::value::{FromValue, Sql};
use super::{postgresql, sqlite};
use crate::StoreError;

/// A row of either database.
pub(crate) enum Row<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgresql(&'r postgres::Row),
}

impl Row<'_> {
    /// The value at that position, counted from 0.
    ///
    /// # Errors
    /// `StoredValue` where it is of another kind or there is no such position.
    pub(crate) fn get<T: FromValue>(&self, index: usize) -> Result<T, StoreError> {
        T::from_value(self.value(index)?).ok_or_else(|| StoreError::StoredValue { column: format!("number {index}") })
    }

    /// The value at that position as it is kept.
    pub(crate) fn value(&self, index: usize) -> Result<Sql, StoreError> {
        match self {
            Row::Sqlite(row) => sqlite::value(row, index),
            Row::Postgresql(row) => postgresql::value(row, index),
        }
    }
}
