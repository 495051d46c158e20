//! Short ways to run what was put together with sea-query.

use crate::StoreError;
use crate::database::{Row, Transaction};
use sea_query::SelectStatement;

/// All rows of a query.
pub(crate) fn all<T>(
    transaction: &Transaction<'_>,
    select: &SelectStatement,
    read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    transaction.select(select, read)
}

/// The first row of a query, if there is one.
pub(crate) fn first<T>(
    transaction: &Transaction<'_>,
    select: &SelectStatement,
    read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    Ok(transaction.select(select, read)?.into_iter().next())
}
