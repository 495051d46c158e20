//! Making and opening a database.

use super::beside::bring_up_beside;
use super::compatibility::SchemaCompatibility;
use super::schema;
use crate::cipher::Cipher;
use crate::database::{Database, Location, Transaction};
use crate::store::{Inner, Store};
use crate::stored::old_codes::OldCodes;
use crate::stored::system_tables;
use crate::stored::tables::{MANY, RegisterTable};
use crate::{Declarations, StoreError, StoreKey};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Store {
    /// Makes a new database with tables for every register of the package.
    ///
    /// `location`: a path, or the address of a PostgreSQL database. `package`: `&policy::Package`, or [`Declarations`].
    ///
    /// # Errors
    /// `Exists` where the file is there already, or the schema holds an installation; `Declaration` where a register cannot become a table or one of the
    /// engine's own (`region`, `household`, `resident`, the one that screenings raise records of) is missing.
    pub fn create(
        location: impl Into<Location>,
        package: impl Into<Declarations>,
        key: &StoreKey,
    ) -> Result<Store, StoreError> {
        let location = location.into();
        if Database::exists(&location)? {
            return Err(StoreError::Exists { path: location.to_string().into() });
        }
        // A package that is refused leaves no file behind.
        let declarations = package.into();
        let tables = register_tables(&declarations)?;
        Store::connect(Database::open(&location)?, declarations, tables, key)
    }

    /// Opens a database whole: [`Store::open_at_once`], then [`Store::finish_upgrade`].
    ///
    /// # Errors
    /// As those two.
    pub fn open(
        location: impl Into<Location>,
        package: impl Into<Declarations>,
        key: &StoreKey,
    ) -> Result<Store, StoreError> {
        let store = Store::open_at_once(location, package, key)?;
        store.finish_upgrade()?;
        Ok(store)
    }

    /// Opens a database; adds tables and columns that a newer package declares. Takes as long with many records as with few:
    /// what is to be done on records is left to [`Store::backfill`], which completes them first.
    ///
    /// # Errors
    /// `NoDatabase`, `WrongKey`, `NewerForm`, `Declaration`; `Incompatible` where something that holds values is neither declared nor
    /// named by a change, is declared as another kind of value, or is named by other fields. Nothing was changed then.
    pub fn open_at_once(
        location: impl Into<Location>,
        package: impl Into<Declarations>,
        key: &StoreKey,
    ) -> Result<Store, StoreError> {
        let location = location.into();
        let Some(database) = Database::open_existing(&location)? else {
            return Err(StoreError::NoDatabase { path: location.to_string().into() });
        };
        let declarations = package.into();
        let tables = register_tables(&declarations)?;
        Store::connect(database, declarations, tables, key)
    }

    fn connect(
        database: Database,
        declarations: Declarations,
        tables: BTreeMap<String, RegisterTable>,
        key: &StoreKey,
    ) -> Result<Store, StoreError> {
        let cipher = Cipher::new(key);
        database.write(|transaction| {
            schema::check_form(transaction, &cipher)?;
            schema::bring_up(
                transaction,
                &system_tables::create_tables(transaction.dialect()),
                &system_tables::create_indexes(),
            )?;
            schema::check_key(transaction, &cipher)?;
            let compatibility = SchemaCompatibility::of(transaction, &tables, &declarations)?;
            if !compatibility.refused.is_empty() {
                return Err(StoreError::Incompatible(policy::Problems(compatibility.refused)));
            }
            for table in tables.values() {
                bring_up_register(transaction, table, &OldCodes::of(&cipher, table, &declarations, None))?;
            }
            compatibility.note(transaction)
        })?;
        database.raise_wall(&system_tables::walls(&tables), system_tables::SECRET);
        let (estimates, bases, waiting) = Default::default();
        let inner = Inner { database, cipher, declarations, tables, estimates, bases, waiting };
        if inner.count_incomplete()? == 0 {
            crate::log::tally::count_anew(&inner.database, &inner.tables)?;
        }
        Ok(Store { inner: Arc::new(inner) })
    }
}

/// The tables of all registers of a package.
///
/// # Errors
/// `Declaration` where a register cannot become a table, or one of the engine's own is missing.
pub(crate) fn register_tables(declarations: &Declarations) -> Result<BTreeMap<String, RegisterTable>, StoreError> {
    for needed in ["region", "household", "resident"] {
        if !declarations.registers.contains_key(needed) {
            let why = "the engine needs this register and the package does not declare it".to_owned();
            return Err(StoreError::Declaration { register: needed.to_owned(), why });
        }
    }
    let mut tables = BTreeMap::new();
    for (name, register) in &declarations.registers {
        let form = declarations.forms.get(name).cloned().unwrap_or_default();
        tables.insert(name.clone(), RegisterTable::new(name, register, form, &declarations.changes)?);
    }
    index_lookups(&mut tables);
    let missing = [
        ("household", tables["household"].region.is_none() || tables["household"].household.is_none()),
        ("resident", !tables["resident"].of_resident || tables["resident"].household.is_none()),
        ("region", tables["region"].region.is_none()),
        ("*", !tables.values().any(|table| table.register.is_raised())),
    ];
    match missing.into_iter().find(|(_, is_missing)| *is_missing) {
        Some((name, _)) => {
            let why =
                "its place, its `household_no`, its `of = \"resident\"` or `raised_by` is not declared".to_owned();
            Err(StoreError::Declaration { register: name.to_owned(), why })
        }
        None => Ok(tables),
    }
}

/// Registers that constraints look into, or steps lead on to, get an index for each lookup.
fn index_lookups(tables: &mut BTreeMap<String, RegisterTable>) {
    let forms = tables.values().flat_map(|table| table.form.constraints.iter().flat_map(|one| one.found.clone()));
    let lookups: Vec<policy::LookupForm> = forms.collect();
    for lookup in lookups {
        if let Some(table) = tables.get_mut(&lookup.from) {
            table.look_up_by(lookup.matching.iter().map(|(there, _)| there.as_str()));
        }
    }
    let steps = || tables.values().flat_map(|table| &table.register.step);
    let opens = steps().flat_map(|step| &step.opens).map(|opens| (opens.register.clone(), opens.key.clone()));
    let led = steps().flat_map(|step| &step.advances).filter(|led| !led.matching.is_empty());
    let led = led.map(|led| (led.register.clone(), led.matching.keys().cloned().collect()));
    let wanted: Vec<(String, Vec<String>)> = opens.chain(led).collect();
    for (register, fields) in wanted {
        if let Some(table) = tables.get_mut(&register) {
            table.look_up_by(fields.iter().map(String::as_str));
        }
    }
}

/// Makes the tables of a register and adds what is missing; the indexes that take long are left to [`Store::finish_upgrade`].
pub(crate) fn bring_up_register(
    transaction: &Transaction<'_>,
    table: &RegisterTable,
    old_codes: &[OldCodes],
) -> Result<(), StoreError> {
    schema::bring_up(transaction, &table.create(), &[])?;
    bring_up_beside(transaction, table)?;
    let sql = format!("select count(*) from (select 1 from {} limit {MANY}) m", table.table);
    let records: u64 = transaction.first(&sql, [], |row| row.get(0))?.unwrap_or_default();
    if records >= MANY {
        return transaction.create_indexes(&[table.index_of_ids()]);
    }
    transaction.create_indexes(&table.indexes())?;
    old_codes.iter().try_for_each(|codes| transaction.batch(&codes.index()))
}
