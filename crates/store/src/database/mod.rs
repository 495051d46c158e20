//! Connections: one that writes, a few that read.

use crate::StoreError;
use rusqlite::{Connection, OpenFlags, TransactionBehavior, params_from_iter};
use std::ops::Deref;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

mod value;
pub(crate) use value::{Row, Sql};

/// A transaction.
pub(crate) struct Transaction<'a>(rusqlite::Transaction<'a>);

impl<'a> Deref for Transaction<'a> {
    type Target = rusqlite::Transaction<'a>;
    fn deref(&self) -> &rusqlite::Transaction<'a> {
        &self.0
    }
}

impl Transaction<'_> {
    pub(crate) fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.commit()?)
    }
    pub(crate) fn execute(&self, sql: &str, values: &[Sql]) -> Result<u64, StoreError> {
        Ok(self.0.prepare_cached(sql)?.execute(params_from_iter(values.iter().map(value::bound)))? as u64)
    }
    pub(crate) fn each(
        &self,
        sql: &str,
        values: &[Sql],
        mut read: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.0.prepare_cached(sql)?;
        let mut rows = statement.query(params_from_iter(values.iter().map(value::bound)))?;
        while let Some(row) = rows.next()? {
            read(&Row(row))?;
        }
        Ok(())
    }
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        values: &[Sql],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.each(sql, values, |row| {
            found.push(read(row)?);
            Ok(())
        })?;
        Ok(found)
    }
    pub(crate) fn first<T>(
        &self,
        sql: &str,
        values: &[Sql],
        read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.all(sql, values, read)?.into_iter().next())
    }
    pub(crate) fn bulk(&self, table: &str, columns: &[String], rows: Vec<Vec<Sql>>) -> Result<(), StoreError> {
        let names: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
        let places: Vec<String> = (1..=columns.len()).map(|number| format!("?{number}")).collect();
        let sql = format!("insert into {table} ({}) values ({})", names.join(", "), places.join(", "));
        for row in rows {
            self.execute(&sql, &row)?;
        }
        Ok(())
    }
    pub(crate) fn estimate(&self, _: &str, _: &[Sql]) -> Result<Option<u64>, StoreError> {
        Ok(None)
    }
}

const READERS: usize = 4;

/// An open SQLite database in WAL mode.
///
/// Every commit is flushed to the disk before it is acknowledged (`synchronous = full`).
pub(crate) struct Database {
    writer: Mutex<Connection>,
    readers: Vec<Mutex<Connection>>,
    next: AtomicUsize,
}

impl Database {
    /// Opens or makes the database file.
    pub(crate) fn open(path: &Path) -> Result<Database, StoreError> {
        let fault = |source| StoreError::Open { path: path.to_owned(), source };
        let writer = connect(path, true).map_err(fault)?;
        let readers: Result<Vec<_>, _> = (0..READERS).map(|_| connect(path, false).map(Mutex::new)).collect();
        Ok(Database { writer: Mutex::new(writer), readers: readers.map_err(fault)?, next: AtomicUsize::new(0) })
    }

    /// The writing connection. A thread that panicked with it left no open transaction: dropping one rolls it back.
    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does straight work in one writing transaction; an error rolls everything back.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.writer();
        let transaction = begin(&mut connection)?;
        let outcome = work(&transaction)?;
        transaction.commit()?;
        Ok(outcome)
    }

    /// Does reading work on one consistent state of the database.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut connection = self.reader();
        let transaction = Transaction(connection.transaction_with_behavior(TransactionBehavior::Deferred)?);
        work(&transaction)
    }

    pub(crate) fn read_as<T>(
        &self,
        _: &str,
        _: &str,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.read(work)
    }

    /// A reading connection that is free, or else the next in turn.
    fn reader(&self) -> MutexGuard<'_, Connection> {
        let start = self.next.fetch_add(1, Ordering::Relaxed);
        for offset in 0..READERS {
            match self.readers[(start + offset) % READERS].try_lock() {
                Ok(connection) => return connection,
                Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
                Err(TryLockError::WouldBlock) => {}
            }
        }
        self.readers[start % READERS].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Begins a writing transaction at once, so that two writers never find out late about one another.
pub(crate) fn begin(connection: &mut Connection) -> Result<Transaction<'_>, StoreError> {
    Ok(Transaction(connection.transaction_with_behavior(TransactionBehavior::Immediate)?))
}

fn connect(path: &Path, writes: bool) -> rusqlite::Result<Connection> {
    let access = match writes {
        true => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        false => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(std::time::Duration::from_secs(30))?;
    if writes {
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "wal_autocheckpoint", 4000)?;
    }
    connection.pragma_update(None, "cache_size", if writes { -65_536 } else { -16_384 })?;
    connection.pragma_update(None, "mmap_size", 268_435_456)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}
