//! Named values of the installation: its key's check, settings, seals, and what is known of the package in force.

use crate::StoreError;
use crate::database::{Transaction, values};

/// The value of that name; `None` where there is none.
pub(crate) fn value(transaction: &Transaction<'_>, name: &str) -> Result<Option<String>, StoreError> {
    transaction.first("select value from installation where name = ?1", values![name], |row| row.get(0))
}

/// Keeps a value, in place of an earlier one.
pub(crate) fn keep(transaction: &Transaction<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    transaction.execute(include_str!("../sql/save_value.sql"), values![name, value]).map(|_| ())
}

/// Takes a value away.
pub(crate) fn forget(transaction: &Transaction<'_>, name: &str) -> Result<(), StoreError> {
    transaction.execute("delete from installation where name = ?1", values![name]).map(|_| ())
}
