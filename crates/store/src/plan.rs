//! What opening a database with a package would change, told before it is done.

use crate::cipher::Cipher;
use crate::database::{Database, Location, Transaction};
use crate::door::count_waiting;
use crate::store::register_tables;
use crate::tables::{RegisterTable, Storage};
use crate::{Declarations, Store, StoreError, StoreKey, migrate};
use sea_query::TableCreateStatement;

/// What opening would change. Everything only grows: nothing that is kept is taken away.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Plan {
    /// Tables that would be made.
    pub tables: Vec<String>,
    /// Columns that would be added, as `(table, column)`.
    pub columns: Vec<(String, String)>,
    /// Indexes that would be built, as `(table, index)`.
    pub indexes: Vec<(String, String)>,
    /// Records of an earlier form that would get their id, place and version, as `(register, records)`.
    pub filled_in: Vec<(String, u64)>,
    /// Columns that no field of the package stands for any more, as `(table, column)`; they stay, and so does what they hold.
    pub left: Vec<(String, String)>,
    /// Fields whose column was made for another kind of value, as `(register, field)`: the package cannot be opened.
    pub retyped: Vec<(String, String)>,
}

impl Plan {
    /// True when opening would change nothing.
    pub fn is_empty(&self) -> bool {
        let Plan { tables, columns, indexes, filled_in, retyped, .. } = self;
        tables.is_empty() && columns.is_empty() && indexes.is_empty() && filled_in.is_empty() && retyped.is_empty()
    }
}

impl Store {
    /// What [`Store::open`] would change with this package; nothing is changed here.
    ///
    /// # Errors
    /// `NoDatabase`, `WrongKey`, `NewerForm`, `Declaration`.
    pub fn plan(
        location: impl Into<Location>,
        package: impl Into<Declarations>,
        key: &StoreKey,
    ) -> Result<Plan, StoreError> {
        let (location, declarations) = (location.into(), package.into());
        if !Database::exists(&location)? {
            return Err(StoreError::NoDatabase { path: location.to_string().into() });
        }
        let tables = register_tables(&declarations)?;
        let (database, cipher) = (Database::open(&location)?, Cipher::new(key));
        database.read(|transaction| {
            migrate::check_form_only(transaction, &cipher)?;
            let mut plan = Plan::default();
            let engine = crate::system::create_tables(transaction.dialect());
            plan.grow(transaction, &engine, &crate::system::create_indexes())?;
            for table in tables.values() {
                let is_there = !transaction.column_types(&table.table)?.is_empty();
                plan.grow(transaction, &table.create(), &table.indexes())?;
                if is_there {
                    plan.look_at(transaction, table)?;
                }
            }
            Ok(plan)
        })
    }
}

impl Plan {
    fn grow(
        &mut self,
        transaction: &Transaction<'_>,
        tables: &[TableCreateStatement],
        indexes: &[sea_query::IndexCreateStatement],
    ) -> Result<(), StoreError> {
        for table in tables {
            let Some(sea_query::TableRef::Table(name, _)) = table.get_table_name() else { continue };
            let name = name.1.to_string();
            let present = transaction.column_types(&name)?;
            if present.is_empty() {
                self.tables.push(name);
                continue;
            }
            let missing = table.get_columns().iter().map(|column| column.get_column_name());
            let missing = missing.filter(|column| !present.contains_key(column));
            self.columns.extend(missing.map(|column| (name.clone(), column)));
        }
        let present = transaction.index_names()?;
        for index in indexes {
            let Some(name) = index.get_index_spec().get_name().filter(|name| !present.contains(*name)) else {
                continue;
            };
            let table = name.split("_by_").next().unwrap_or_default();
            self.indexes.push((table.to_owned(), name.to_owned()));
        }
        Ok(())
    }

    /// Records that wait to be filled in, columns that are left over, and fields that became something else.
    fn look_at(&mut self, transaction: &Transaction<'_>, table: &RegisterTable) -> Result<(), StoreError> {
        let present = transaction.column_types(&table.table)?;
        let declared = table.physical();
        let left = present.keys().filter(|column| !declared.iter().any(|(name, _)| name == *column));
        self.left.extend(left.map(|column| (table.table.clone(), column.clone())));
        self.retyped.extend(retyped(&present, &declared).map(|field| (table.name.clone(), field)));
        let waiting = match present.contains_key("id") {
            true => count_waiting(transaction, table, i64::MAX as u64)?,
            false => transaction
                .first(&format!("select count(*) from {}", table.table), &[], |row| row.get(0))?
                .unwrap_or_default(),
        };
        if waiting > 0 {
            self.filled_in.push((table.name.clone(), waiting));
        }
        Ok(())
    }
}

/// Columns that were made for another kind of value than the one that is declared now.
pub(crate) fn retyped<'a>(
    present: &'a std::collections::BTreeMap<String, Storage>,
    declared: &'a [(String, Storage)],
) -> impl Iterator<Item = String> + 'a {
    let differs = |(name, storage): &&(String, Storage)| present.get(name).is_some_and(|known| known != storage);
    declared.iter().filter(differs).map(|(name, _)| name.clone())
}
