//! The two databases behind one face. Nothing else in this crate names either of them.
//!
//! - [`Database::write`] is for changes, one at a time; [`Database::read`] sees one consistent state;
//!   [`Database::read_as`] is `read` behind the second wall: on PostgreSQL the rows of other places do not exist in it.
//! - Statements have one form for both: places of values are `?1`, `?2` ... or `?`; a key that is taken is met with
//!   `on conflict`; texts are compared by their bytes; truths are 0 and 1.

mod catalog;
mod dialect;
mod location;
mod pool;
mod postgresql;
mod row;
mod schema;
mod sqlite;
mod sqlite_file;
pub(crate) mod statement;
mod storage;
mod tls;
mod transaction;
mod value;
mod wall;

pub(crate) use catalog::Present;
pub(crate) use dialect::{Dialect, is_identifier};
pub use location::Location;
pub(crate) use row::Row;
pub(crate) use schema::add_missing_columns;
pub(crate) use storage::Storage;
pub(crate) use transaction::{Lookup, Transaction, has_nul};
pub(crate) use value::{Sql, ToValue, values};
pub(crate) use wall::Behind;

use crate::StoreError;
use pool::Pool;
use sqlite_file::Sqlite;
use std::path::Path;

/// An open database.
pub(crate) enum Database {
    Sqlite(Box<Sqlite>),
    Postgresql(Box<Pool>),
}

impl Database {
    /// Opens the database; makes the file, or the schema, where it is missing.
    pub(crate) fn open(location: &Location) -> Result<Database, StoreError> {
        match location {
            Location::File(path) => Ok(Database::Sqlite(Box::new(Sqlite::open(path)?))),
            Location::Server(address) => Ok(Database::Postgresql(Box::new(Pool::open(location, address)?))),
        }
    }

    /// True where the location holds an installation already.
    pub(crate) fn exists(location: &Location) -> Result<bool, StoreError> {
        match location {
            Location::File(path) => Ok(path.exists()),
            Location::Server(address) => Pool::open(location, address)?.holds_installation(),
        }
    }

    /// Opens the database where the location holds an installation already; `None` where it does not.
    pub(crate) fn open_existing(location: &Location) -> Result<Option<Database>, StoreError> {
        match location {
            Location::File(path) if !path.exists() => Ok(None),
            Location::File(_) => Database::open(location).map(Some),
            Location::Server(address) => {
                let pool = Pool::open(location, address)?;
                Ok(pool.holds_installation()?.then(|| Database::Postgresql(Box::new(pool))))
            }
        }
    }

    /// Does straight work in one writing transaction; an error rolls everything back. One writer at a time, also
    /// among several programs on one database.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.change(work)
    }

    /// As [`Database::write`], for work with errors of its own.
    pub(crate) fn change<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        match self {
            Database::Sqlite(sqlite) => sqlite.write(work),
            Database::Postgresql(pool) => pool.write(work),
        }
    }

    /// Does reading work on one consistent state of the database.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self {
            Database::Sqlite(sqlite) => sqlite.read(work),
            Database::Postgresql(pool) => pool.read(None, work),
        }
    }

    /// As [`Database::read`], behind the second wall: on PostgreSQL rows outside the span of places are not there.
    pub(crate) fn read_as<T>(
        &self,
        first: &str,
        last: &str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self {
            Database::Sqlite(sqlite) => sqlite.read(work),
            Database::Postgresql(pool) => pool.read(Some((first, last)), work),
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Database::Sqlite(_))
    }

    /// Copies the database to a new file while it is in use.
    ///
    /// # Errors
    /// `BackUpElsewhere` on PostgreSQL, which has its own program for that.
    pub(crate) fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        match self {
            Database::Sqlite(sqlite) => sqlite.back_up(to),
            Database::Postgresql(pool) => Err(StoreError::BackUpElsewhere { schema: pool.schema().to_owned() }),
        }
    }
}
