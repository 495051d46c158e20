//! Tables grow: columns that were declared after a table was made.

use super::{Dialect, Transaction, values};
use crate::StoreError;
use sea_query::{ColumnDef, ColumnType, IndexCreateStatement, Table, TableCreateStatement};
use std::collections::BTreeSet;

impl Transaction<'_> {
    /// Makes a table where it does not exist.
    pub(crate) fn create_table(&self, table: &TableCreateStatement) -> Result<(), StoreError> {
        self.batch(&self.dialect().create_table(table))
    }

    /// Makes an index where it does not exist.
    pub(crate) fn create_index(&self, index: &IndexCreateStatement) -> Result<(), StoreError> {
        self.batch(&self.dialect().create_index(index))
    }

    fn columns_of(&self, table: &str) -> Result<BTreeSet<String>, StoreError> {
        let sql = match self.dialect() {
            Dialect::Sqlite => "select name from pragma_table_info(?1)",
            Dialect::Postgresql => {
                "select column_name from information_schema.columns where table_schema = current_schema() \
                 and table_name = ?1"
            }
        };
        Ok(self.all(sql, values![table], |row| row.get(0))?.into_iter().collect())
    }
}

/// Adds columns that were declared after the table was made. They may be unknown in the rows that are there.
pub(crate) fn add_missing_columns(
    transaction: &Transaction<'_>,
    table: &TableCreateStatement,
) -> Result<(), StoreError> {
    let Some(sea_query::TableRef::Table(name, _)) = table.get_table_name() else { return Ok(()) };
    let name = name.1.to_string();
    let present = transaction.columns_of(&name)?;
    for column in table.get_columns() {
        if !present.contains(&column.get_column_name()) {
            let mut optional = ColumnDef::new(column.get_column_name());
            match column.get_column_type() {
                Some(ColumnType::BigInteger) => optional.big_integer(),
                Some(ColumnType::Blob) => optional.blob(),
                _ => optional.text(),
            };
            let alter = Table::alter().table(name.clone()).add_column(&mut optional).to_owned();
            transaction.batch(&transaction.dialect().alter_table(&alter))?;
        }
    }
    Ok(())
}
