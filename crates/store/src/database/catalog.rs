//! What tables of registers a database has, with their columns and keys.

use crate::StoreError;
use crate::database::{Dialect, Storage, Transaction, values};
use std::collections::{BTreeMap, BTreeSet};

/// A table as the database has it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Present {
    pub(crate) columns: BTreeMap<String, Storage>,
    /// Columns of its primary key.
    pub(crate) key: BTreeSet<String>,
}

impl Transaction<'_> {
    /// Every table of a register or of child records, by name.
    pub(crate) fn register_tables(&self) -> Result<BTreeMap<String, Present>, StoreError> {
        let sql = match self.dialect() {
            Dialect::Sqlite => {
                "select m.name, p.name, lower(p.type), p.pk from sqlite_master m join pragma_table_info(m.name) p \
                 where m.type = 'table' and substr(m.name, 1, 2) = 'r_'"
            }
            Dialect::Postgresql => {
                "select c.relname::text, a.attname::text, format_type(a.atttypid, null)::text, \
                 case when i.indrelid is null then 0 else 1 end::bigint from pg_class c \
                 join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped \
                 left join pg_index i on i.indrelid = c.oid and i.indisprimary and a.attnum = any(i.indkey) \
                 where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' \
                 and substr(c.relname::text, 1, 2) = 'r_'"
            }
        };
        let mut tables: BTreeMap<String, Present> = BTreeMap::new();
        self.each(sql, values![], |row| {
            let column: String = row.get(1)?;
            let made: String = row.get(2)?;
            let table = tables.entry(row.get(0)?).or_default();
            if row.get::<i64>(3)? > 0 {
                table.key.insert(column.clone());
            }
            table.columns.insert(column, Storage::made(&made));
            Ok(())
        })?;
        Ok(tables)
    }

    /// True where there is a table of that name.
    pub(crate) fn has_table(&self, table: &str) -> Result<bool, StoreError> {
        let sql = match self.dialect() {
            Dialect::Sqlite => "select 1 from sqlite_master where type = 'table' and name = ?1",
            Dialect::Postgresql => {
                "select 1::bigint from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r' \
                 and relname = ?1"
            }
        };
        Ok(self.first(sql, values![table], |row| row.get::<i64>(0))?.is_some())
    }

    /// True where some row of the table has a value in the column.
    pub(crate) fn holds_values(&self, table: &str, column: &str) -> Result<bool, StoreError> {
        let sql = format!("select 1 from \"{table}\" where \"{column}\" is not null limit 1");
        Ok(self.first(&sql, values![], |row| row.get::<i64>(0))?.is_some())
    }

    /// How many rows a table has.
    pub(crate) fn count_rows(&self, table: &str) -> Result<u64, StoreError> {
        let sql = format!("select count(*) from \"{table}\"");
        Ok(self.first(&sql, values![], |row| row.get(0))?.unwrap_or_default())
    }
}
