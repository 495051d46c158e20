//! Short ways to run what was put together with sea-query, and what asks for many values at once.

use crate::StoreError;
use crate::database::{Row, Sql, Transaction};
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

/// Values of one list at most. Lists are filled up to it, so that the statement stays the same and ready.
const IN_LIST: usize = 200;

/// All rows of a query that asks for many values: `in (:list)` stands for the list of them.
pub(crate) fn all_of<T>(
    transaction: &Transaction<'_>,
    sql: &str,
    values: &[Sql],
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    for chunk in values.chunks(IN_LIST) {
        let mut list = chunk.to_vec();
        if let Some(last) = chunk.last().filter(|_| chunk.len() > 1) {
            list.resize(IN_LIST, last.clone());
        }
        let places: Vec<String> = (1..=list.len()).map(|number| format!("?{number}")).collect();
        found.extend(transaction.all(&sql.replace(":list", &places.join(", ")), list, &mut read)?);
    }
    Ok(found)
}
