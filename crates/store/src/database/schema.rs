//! Tables grow: columns that were declared after a table was made.

use crate::StoreError;
use crate::database::{Dialect, Storage, Transaction, values};
use sea_query::{ColumnDef, ColumnType, IndexCreateStatement, Table, TableCreateStatement};
use std::collections::{BTreeMap, BTreeSet};

/// What PostgreSQL sorts in memory while an index is built.
const INDEX_MEMORY: &str = "256MB";

impl Transaction<'_> {
    /// Makes a table where it does not exist.
    pub(crate) fn create_table(&self, table: &TableCreateStatement) -> Result<(), StoreError> {
        self.batch(&self.dialect().create_table(table))
    }

    /// Makes an index where it does not exist.
    pub(crate) fn create_index(&self, index: &IndexCreateStatement) -> Result<(), StoreError> {
        self.batch(&self.dialect().create_index(index))
    }

    /// Makes those of these indexes that are not there.
    pub(crate) fn create_indexes(&self, indexes: &[IndexCreateStatement]) -> Result<(), StoreError> {
        let missing = self.missing_indexes(indexes)?;
        if self.dialect() == Dialect::Postgresql && !missing.is_empty() {
            self.batch(&format!("set local maintenance_work_mem = '{INDEX_MEMORY}'"))?;
        }
        missing.iter().try_for_each(|index| self.create_index(index))
    }

    /// Those of these indexes that are not there.
    pub(crate) fn missing_indexes(
        &self,
        indexes: &[IndexCreateStatement],
    ) -> Result<Vec<IndexCreateStatement>, StoreError> {
        let present = self.index_names()?;
        let is_missing = |index: &&IndexCreateStatement| {
            index.get_index_spec().get_name().is_none_or(|name| !present.contains(name))
        };
        Ok(indexes.iter().filter(is_missing).cloned().collect())
    }

    /// Takes an index away; its rows stay.
    pub(crate) fn drop_index(&self, index: &IndexCreateStatement) -> Result<(), StoreError> {
        let Some(name) = index.get_index_spec().get_name() else { return Ok(()) };
        self.batch(&format!("drop index if exists {name}"))
    }

    /// The columns of a table with what they were made for; none where there is no such table.
    pub(crate) fn column_types(&self, table: &str) -> Result<BTreeMap<String, Storage>, StoreError> {
        let sql = match self.dialect() {
            Dialect::Sqlite => "select name, lower(type) from pragma_table_info(?1)",
            Dialect::Postgresql => {
                "select column_name::text, data_type::text from information_schema.columns \
                 where table_schema = current_schema() and table_name = ?1"
            }
        };
        let columns = self.all(sql, values![table], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))?;
        Ok(columns.into_iter().map(|(name, made)| (name, Storage::made(&made))).collect())
    }

    /// Names of all indexes of the installation.
    pub(crate) fn index_names(&self) -> Result<BTreeSet<String>, StoreError> {
        let sql = match self.dialect() {
            Dialect::Sqlite => "select name from sqlite_master where type = 'index'",
            Dialect::Postgresql => "select indexname::text from pg_indexes where schemaname = current_schema()",
        };
        Ok(self.all(sql, values![], |row| row.get(0))?.into_iter().collect())
    }
}

/// Adds columns that were declared after the table was made. They may be unknown in the rows that are there.
pub(crate) fn add_missing_columns(
    transaction: &Transaction<'_>,
    table: &TableCreateStatement,
) -> Result<(), StoreError> {
    let Some(sea_query::TableRef::Table(name, _)) = table.get_table_name() else { return Ok(()) };
    let name = name.1.to_string();
    let present = transaction.column_types(&name)?;
    for column in table.get_columns() {
        if !present.contains_key(&column.get_column_name()) {
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
