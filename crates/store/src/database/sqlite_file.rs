//! SQLite: one connection that writes, a few that read.

use super::transaction::{Transaction, Work};
use crate::StoreError;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Bytes of the file that one connection maps; what is mapped counts as memory of the process.
const MMAP_BYTES: i64 = 16 * 1024 * 1024;
/// Reading connections that are kept.
const READERS: usize = 4;

/// An open SQLite database in WAL mode.
///
/// Every commit is flushed to the disk before it is acknowledged (`synchronous = full`).
pub(crate) struct Sqlite {
    writer: Mutex<Connection>,
    path: PathBuf,
    /// Reading connections that nobody uses.
    free: Mutex<Vec<Connection>>,
}

impl Sqlite {
    /// Opens or makes the database file.
    pub(super) fn open(path: &Path) -> Result<Sqlite, StoreError> {
        let fault = |source: rusqlite::Error| StoreError::Open { path: path.to_owned(), source: Box::new(source) };
        let writer = connect(path, true).map_err(fault)?;
        let readers: Result<Vec<_>, _> = (0..READERS).map(|_| connect(path, false)).collect();
        let free = Mutex::new(readers.map_err(fault)?);
        Ok(Sqlite { writer: Mutex::new(writer), path: path.to_owned(), free })
    }

    /// Begins at once, so that two writers never find out late about one another. A thread that panicked with the
    /// connection left no open transaction: dropping one rolls it back.
    pub(super) fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let transaction = Transaction { work: Work::Sqlite(begun) };
        let outcome = work(&transaction)?;
        if let Work::Sqlite(begun) = transaction.work {
            begun.commit().map_err(StoreError::from)?;
        }
        Ok(outcome)
    }

    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut reader = self.reader()?;
        let begun = reader.connection()?.transaction_with_behavior(TransactionBehavior::Deferred)?;
        work(&Transaction { work: Work::Sqlite(begun) })
    }

    /// Copies the database to a new file.
    pub(super) fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        Ok(self.reader()?.connection()?.backup("main", to, None)?)
    }

    /// A reading connection that is free, or else a new one: who holds one may ask for a second, so nobody waits for one.
    fn reader(&self) -> Result<Reader<'_>, StoreError> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = free.map_or_else(|| connect(&self.path, false), Ok)?;
        Ok(Reader { connection: Some(connection), home: &self.free })
    }
}

/// A reading connection in use; it goes home when it is dropped, unless enough are there.
struct Reader<'s> {
    connection: Option<Connection>,
    home: &'s Mutex<Vec<Connection>>,
}

impl Reader<'_> {
    fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        self.connection.as_mut().ok_or(StoreError::Void)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut free = self.home.lock().unwrap_or_else(PoisonError::into_inner);
        if free.len() < READERS {
            free.extend(self.connection.take());
        }
    }
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
    connection.pragma_update(None, "mmap_size", MMAP_BYTES)?;
    // What readers sort beyond their cache goes to a file: a whole register in order must not stand in memory.
    connection.pragma_update(None, "temp_store", if writes { "memory" } else { "file" })?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}
