//! Imports that an earlier version ended get the number that lists and figures ask for beside their summary.

use crate::database::{Database, Sql, Transaction, values};
use crate::{ImportSummary, StoreError};

/// Imports of one transaction.
const TOGETHER: usize = 500;

/// Counts the troubles of all imports that have none counted. Where there are none, nothing is written.
///
/// # Errors
/// When the database cannot be read or written; what was filled in before stays.
pub(super) fn fill_in(database: &Database) -> Result<(), StoreError> {
    while !database.read(|transaction| waiting(transaction, 1))?.is_empty() {
        database.write(|transaction| {
            for (import, summary) in waiting(transaction, TOGETHER)? {
                let troubles = serde_json::from_str::<ImportSummary>(&summary)?.troubles();
                let sql = "update import set troubles = ?2 where import_id = ?1";
                transaction.execute(sql, values![import, troubles])?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

/// Name and summary of the next imports that ended and have no troubles counted.
fn waiting(transaction: &Transaction<'_>, most: usize) -> Result<Vec<(String, String)>, StoreError> {
    let sql = format!(
        "select import_id, summary from import where troubles is null and state <> 'running' order by import_id limit {most}"
    );
    let none: &[Sql] = &[];
    transaction.all(&sql, none, |row| Ok((row.get(0)?, row.get(1)?)))
}
