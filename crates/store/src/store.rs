//! The handle: making, opening and copying a database.

use crate::cipher::Cipher;
use crate::complete::{Waiting, bring_up_register};
use crate::database::{Database, Location};
use crate::door::OldCodes;
use crate::fit::Fit;
use crate::tables::RegisterTable;
use crate::{Declarations, StoreError, StoreKey, View};
use crate::{migrate, named, settle, system};
use model::{Actor, RegionCode};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// Role of changes that no person makes: the command line of the machine's owner, and nightly work. No package declares it.
pub const SYSTEM_ROLE: &str = "system";

/// The actor for changes that no person makes, at this place.
pub fn system_actor(region: RegionCode) -> Actor {
    Actor {
        account: SYSTEM_ROLE.to_owned(),
        shown_name: "系统".to_owned(),
        role: SYSTEM_ROLE.to_owned(),
        region,
        department: None,
    }
}

/// An open database. Clones share it; it is safe to use from many threads.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) database: Database,
    pub(crate) cipher: Cipher,
    pub(crate) declarations: Declarations,
    pub(crate) tables: BTreeMap<String, RegisterTable>,
    pub(crate) estimates: crate::view::Estimates,
    pub(crate) bases: settle::Bases,
    pub(crate) waiting: Waiting,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store(..)")
    }
}

impl Store {
    /// Makes a new database with tables for every register of the package.
    ///
    /// `location`: a path, or the address of a PostgreSQL database. `package`: `&policy::Package`, or [`Declarations`].
    ///
    /// # Errors
    /// `Exists` where the file is there already, or the schema holds an installation; `Declaration` where a register cannot become a table or one of the
    /// engine's own (`region`, `household`, `resident`, `lead`) is missing.
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
        Store::connect(Database::open(&location)?, (declarations, tables), key)
    }

    /// Opens a database whole: [`Store::open_at_once`], then [`Store::complete`].
    ///
    /// # Errors
    /// As those two.
    pub fn open(
        location: impl Into<Location>,
        package: impl Into<Declarations>,
        key: &StoreKey,
    ) -> Result<Store, StoreError> {
        let store = Store::open_at_once(location, package, key)?;
        store.complete()?;
        Ok(store)
    }

    /// Opens a database; adds tables and columns that a newer package declares. Takes as long with many records as with few:
    /// what is to be done on records is left to [`Store::settle`], which completes them first.
    ///
    /// # Errors
    /// `NoDatabase`, `WrongKey`, `NewerForm`, `Declaration`; `Unfit` where something that holds values is neither declared nor
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
        Store::connect(database, (declarations, tables), key)
    }

    fn connect(
        database: Database,
        (declarations, tables): (Declarations, BTreeMap<String, RegisterTable>),
        key: &StoreKey,
    ) -> Result<Store, StoreError> {
        let cipher = Cipher::new(key);
        database.write(|transaction| {
            migrate::check_form(transaction, &cipher)?;
            migrate::bring_up(transaction, &system::create_tables(transaction.dialect()), &system::create_indexes())?;
            migrate::check_key(transaction, &cipher)?;
            let fit = Fit::of(transaction, &tables, &declarations)?;
            if !fit.refused.is_empty() {
                return Err(StoreError::Unfit(policy::Problems(fit.refused)));
            }
            for table in tables.values() {
                bring_up_register(transaction, table, &OldCodes::of(&cipher, table, &declarations, None))?;
            }
            fit.note(transaction)
        })?;
        database.raise_wall(&system::walls(&tables), system::SECRET);
        let (estimates, bases, waiting) = Default::default();
        let inner = Inner { database, cipher, declarations, tables, estimates, bases, waiting };
        if inner.count_incomplete()? == 0 {
            crate::tally::count_anew(&inner.database, &inner.tables)?;
        }
        Ok(Store { inner: Arc::new(inner) })
    }

    /// The store as this actor sees it.
    pub fn view(&self, actor: &Actor) -> View {
        View { store: self.clone(), actor: actor.clone() }
    }

    /// The place of the package.
    pub fn region(&self) -> RegionCode {
        self.inner.declarations.region
    }

    /// A value of the installation that was set by `SetSetting`, as JSON text.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let name = format!("setting {name}");
        self.inner.database.read(|transaction| named::value(transaction, &name))
    }

    /// Copies the database to a new file while it is in use.
    ///
    /// # Errors
    /// `Exists` where the file is there already; `BackUpElsewhere` for a PostgreSQL database.
    pub fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        if to.exists() {
            return Err(StoreError::Exists { path: to.to_owned() });
        }
        self.inner.database.back_up(to)
    }
}

pub(crate) fn register_tables(declarations: &Declarations) -> Result<BTreeMap<String, RegisterTable>, StoreError> {
    for needed in ["region", "household", "resident", "lead"] {
        if !declarations.registers.contains_key(needed) {
            let why = "the engine needs this register and the package does not declare it".to_owned();
            return Err(StoreError::Declaration { register: needed.to_owned(), why });
        }
    }
    let of_records = declarations.registers.iter().filter(|(name, _)| *name != "lead");
    let mut tables = BTreeMap::new();
    for (name, register) in of_records {
        let form = declarations.forms.get(name).cloned().unwrap_or_default();
        tables.insert(name.clone(), RegisterTable::new(name, register, form, &declarations.changes)?);
    }
    index_lookups(&mut tables);
    let missing = [
        ("household", tables["household"].region.is_none() || tables["household"].household.is_none()),
        ("resident", !tables["resident"].of_resident || tables["resident"].household.is_none()),
        ("region", tables["region"].region.is_none()),
    ];
    match missing.into_iter().find(|(_, is_missing)| *is_missing) {
        Some((name, _)) => {
            let why = "its place, its `household_no` or its `of = \"resident\"` is not declared".to_owned();
            Err(StoreError::Declaration { register: name.to_owned(), why })
        }
        None => Ok(tables),
    }
}

/// Registers that constraints look into get an index for each lookup.
fn index_lookups(tables: &mut BTreeMap<String, RegisterTable>) {
    let forms = tables.values().flat_map(|table| table.form.constraints.iter().flat_map(|one| one.found.clone()));
    let lookups: Vec<policy::LookupForm> = forms.collect();
    for lookup in lookups {
        if let Some(table) = tables.get_mut(&lookup.from) {
            table.look_up_by(lookup.matching.iter().map(|(there, _)| there.as_str()));
        }
    }
}
