//! Connections: one that writes, a few that read.

use crate::StoreError;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

const READERS: usize = 4;
/// Bytes of the file that one connection maps; what is mapped counts as memory of the process.
const MMAP_BYTES: i64 = 16 * 1024 * 1024;

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
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        work(&transaction)
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
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
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
