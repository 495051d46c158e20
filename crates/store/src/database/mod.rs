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
mod tls;
mod tls_fault;
mod value;
mod wall;

pub(crate) use catalog::Present;
pub(crate) use dialect::Dialect;
pub use location::Location;
pub(crate) use row::Row;
pub(crate) use schema::add_missing_columns;
pub use tls_fault::TlsFault;
pub(crate) use value::{Sql, ToValue, values};
pub(crate) use wall::Behind;

use crate::StoreError;
use pool::Pool;
use postgresql::Session;
use sea_query::SelectStatement;
use sqlite::Sqlite;
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

/// PostgreSQL keeps no text with the character NUL, so SQLite must not either.
fn without_nul(values: &[Sql]) -> Result<(), StoreError> {
    let has_nul = |value: &Sql| matches!(value, Sql::Text(text) if has_nul(text));
    if values.iter().any(has_nul) { Err(StoreError::Nul) } else { Ok(()) }
}

/// True where a text holds the character NUL.
pub(crate) fn has_nul(text: &str) -> bool {
    text.as_bytes().contains(&0)
}

/// A transaction: statements that see one state, and come into force together or not at all.
pub(crate) struct Transaction<'c> {
    work: Work<'c>,
}

enum Work<'c> {
    Sqlite(rusqlite::Transaction<'c>),
    Postgresql(Box<Session<'c>>),
}

impl Transaction<'_> {
    pub(crate) fn dialect(&self) -> Dialect {
        match self.work {
            Work::Sqlite(_) => Dialect::Sqlite,
            Work::Postgresql(_) => Dialect::Postgresql,
        }
    }

    /// Runs a statement; the number of rows that it touched.
    pub(crate) fn execute(&self, sql: &str, values: impl AsRef<[Sql]>) -> Result<u64, StoreError> {
        without_nul(values.as_ref())?;
        match &self.work {
            Work::Sqlite(connection) => sqlite::execute(connection, sql, values.as_ref()),
            Work::Postgresql(session) => session.execute(sql, values.as_ref()),
        }
    }

    /// Runs fixed statements without values, parted by semicolons.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        match &self.work {
            Work::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            Work::Postgresql(session) => session.batch(sql),
        }
    }

    /// All rows of a query that has few of them.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        values: impl AsRef<[Sql]>,
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        without_nul(values.as_ref())?;
        let mut found = Vec::new();
        let mut keep = |row: &Row<'_>| {
            found.push(read(row)?);
            Ok(true)
        };
        match &self.work {
            Work::Sqlite(connection) => sqlite::each(connection, sql, values.as_ref(), &mut keep)?,
            Work::Postgresql(session) => session.all(sql, values.as_ref(), &mut keep)?,
        }
        Ok(found)
    }

    /// The first row of a query, if there is one.
    pub(crate) fn first<T>(
        &self,
        sql: &str,
        values: impl AsRef<[Sql]>,
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        without_nul(values.as_ref())?;
        let mut found = None;
        let mut keep = |row: &Row<'_>| {
            found = Some(read(row)?);
            Ok(false)
        };
        match &self.work {
            Work::Sqlite(connection) => sqlite::each(connection, sql, values.as_ref(), &mut keep)?,
            Work::Postgresql(session) => session.all(sql, values.as_ref(), &mut keep)?,
        }
        Ok(found)
    }

    /// Hands on the rows of a query that may have very many; few are in memory at a time. Other statements may run
    /// in the same transaction meanwhile.
    pub(crate) fn each(
        &self,
        sql: &str,
        values: impl AsRef<[Sql]>,
        mut each: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut go_on = |row: &Row<'_>| each(row).map(|()| true);
        match &self.work {
            Work::Sqlite(connection) => sqlite::each(connection, sql, values.as_ref(), &mut go_on),
            Work::Postgresql(session) => session.each(sql, values.as_ref(), &mut go_on),
        }
    }

    /// All rows of a query that was put together.
    pub(crate) fn select<T>(
        &self,
        select: &SelectStatement,
        read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let (sql, values) = self.dialect().statement(select);
        self.all(&sql, values, read)
    }

    /// Adds rows, many at once. The names of table and columns are the program's or checked identifiers.
    pub(crate) fn bulk(
        &self,
        table: &str,
        columns: &[&str],
        rows: impl IntoIterator<Item = Vec<Sql>>,
    ) -> Result<u64, StoreError> {
        let mut fit = true;
        let mut rows = rows.into_iter().take_while(|row| {
            fit = without_nul(row).is_ok();
            fit
        });
        let added = match &self.work {
            Work::Sqlite(connection) => sqlite::bulk(connection, table, columns, &mut rows),
            Work::Postgresql(session) => session.bulk(table, columns, &mut rows),
        };
        if fit { added } else { Err(StoreError::Nul) }
    }

    /// The value of one column for every key of a table, in the order of the keys; `None` where there is no such row.
    /// `(table, columns of the key, wanted column)`; the keys hold no `Null`.
    pub(crate) fn look_up(&self, of: (&str, &[&str], &str), keys: &[&[Sql]]) -> Result<Vec<Option<Sql>>, StoreError> {
        match &self.work {
            Work::Sqlite(connection) => sqlite::look_up(connection, of, keys),
            Work::Postgresql(session) => session.look_up(of, keys),
        }
    }

    /// About how many rows a query gives, as the database's planner estimates; `None` where it does not say.
    pub(crate) fn estimate(&self, sql: &str, values: impl AsRef<[Sql]>) -> Result<Option<u64>, StoreError> {
        match self.work {
            Work::Sqlite(_) => Ok(None),
            Work::Postgresql(_) => {
                // The planner knows nothing of what the second wall leaves and takes it for next to nothing. The query names
                // the reader's places itself, so that the plan is made in front of the wall.
                let reader: Option<String> = self
                    .first("select nullif(current_setting('role'), 'none')", values![], |row| row.get(0))?
                    .flatten();
                self.batch("set local role none")?;
                let plan: Vec<String> = self.all(&format!("explain {sql}"), values, |row| row.get(0))?;
                if let Some(reader) = reader {
                    self.batch(&format!("set local role \"{reader}\""))?;
                }
                let rows = plan.first().and_then(|line| line.split_once("rows=")).map(|(_, rest)| rest);
                Ok(rows.and_then(|rest| rest.split(' ').next()?.parse().ok()))
            }
        }
    }

    /// Form of the database; 0 in a new one.
    pub(crate) fn form(&self) -> Result<i64, StoreError> {
        match &self.work {
            Work::Sqlite(connection) => sqlite::form(connection),
            Work::Postgresql(session) => session.form(),
        }
    }

    pub(crate) fn set_form(&self, form: i64) -> Result<(), StoreError> {
        match &self.work {
            Work::Sqlite(connection) => sqlite::set_form(connection, form),
            Work::Postgresql(session) => session.set_form(form),
        }
    }
}
