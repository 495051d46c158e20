//! One row of an answer.

use super::value::{FromValue, Sql};
use crate::StoreError;
use rusqlite::types::ValueRef;

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
            Row::Sqlite(row) => value_in_file(row, index),
            Row::Postgresql(row) => value_of_server(row, index),
        }
    }
}

fn value_in_file(row: &rusqlite::Row<'_>, index: usize) -> Result<Sql, StoreError> {
    Ok(match row.get_ref(index)? {
        ValueRef::Null => Sql::Null,
        ValueRef::Integer(number) => Sql::Whole(number),
        ValueRef::Text(text) => Sql::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Sql::Bytes(bytes.to_owned()),
        ValueRef::Real(_) => return Err(StoreError::StoredValue { column: format!("number {index}") }),
    })
}

fn value_of_server(row: &postgres::Row, index: usize) -> Result<Sql, StoreError> {
    row.try_get(index).map_err(|_| StoreError::StoredValue { column: format!("number {index}") })
}
