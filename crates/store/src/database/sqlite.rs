//! SQLite: one connection that writes, a few that read.

use super::value::Sql;
use super::{Row, Transaction, Work};
use crate::StoreError;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql, TransactionBehavior, params_from_iter};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// Bytes of the file that one connection maps; what is mapped counts as memory of the process.
const MMAP_BYTES: i64 = 16 * 1024 * 1024;
const READERS: usize = 4;

/// An open SQLite database in WAL mode.
///
/// Every commit is flushed to the disk before it is acknowledged (`synchronous = full`).
pub(crate) struct Sqlite {
    writer: Mutex<Connection>,
    readers: Vec<Mutex<Connection>>,
    next: AtomicUsize,
}

impl Sqlite {
    /// Opens or makes the database file.
    pub(super) fn open(path: &Path) -> Result<Sqlite, StoreError> {
        let fault = |source: rusqlite::Error| StoreError::Open { path: path.to_owned(), source: Box::new(source) };
        let writer = connect(path, true).map_err(fault)?;
        let readers: Result<Vec<_>, _> = (0..READERS).map(|_| connect(path, false).map(Mutex::new)).collect();
        Ok(Sqlite { writer: Mutex::new(writer), readers: readers.map_err(fault)?, next: AtomicUsize::new(0) })
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
        let mut connection = self.reader();
        let begun = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        work(&Transaction { work: Work::Sqlite(begun) })
    }

    /// Copies the database to a new file.
    pub(super) fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        Ok(self.reader().backup("main", to, None)?)
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

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        StoreError::Database(Box::new(error))
    }
}

impl ToSql for Sql {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Sql::Null => ToSqlOutput::Owned(Value::Null),
            Sql::Whole(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Sql::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Sql::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

/// The value at a position of a row.
pub(super) fn value(row: &rusqlite::Row<'_>, index: usize) -> Result<Sql, StoreError> {
    Ok(match row.get_ref(index)? {
        ValueRef::Null => Sql::Null,
        ValueRef::Integer(number) => Sql::Whole(number),
        ValueRef::Text(text) => Sql::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Sql::Bytes(bytes.to_owned()),
        ValueRef::Real(_) => return Err(StoreError::StoredValue { column: format!("number {index}") }),
    })
}

pub(super) fn execute(connection: &Connection, sql: &str, values: &[Sql]) -> Result<u64, StoreError> {
    Ok(connection.prepare_cached(sql)?.execute(params_from_iter(values))? as u64)
}

/// Hands every row on until `each` says `false` or fails.
pub(super) fn each(
    connection: &Connection,
    sql: &str,
    values: &[Sql],
    each: &mut dyn FnMut(&Row<'_>) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    each_of(&mut connection.prepare_cached(sql)?, values, each)
}

fn each_of(
    statement: &mut CachedStatement<'_>,
    values: &[Sql],
    each: &mut dyn FnMut(&Row<'_>) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        if !each(&Row::Sqlite(row))? {
            break;
        }
    }
    Ok(())
}

/// One insert for every row.
pub(super) fn bulk(
    connection: &Connection,
    table: &str,
    columns: &[&str],
    rows: &mut dyn Iterator<Item = Vec<Sql>>,
) -> Result<u64, StoreError> {
    let names: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let places = vec!["?"; columns.len()].join(", ");
    let sql = format!("insert into {table} ({}) values ({places})", names.join(", "));
    let mut insert = connection.prepare_cached(&sql)?;
    let mut number = 0;
    for row in rows {
        number += insert.execute(params_from_iter(&row))? as u64;
    }
    Ok(number)
}

/// The value of a column for every key, in the order of the keys.
pub(super) fn look_up(
    connection: &Connection,
    (table, key, wanted): (&str, &[&str], &str),
    keys: &[&[Sql]],
) -> Result<Vec<Option<Sql>>, StoreError> {
    let by_key: Vec<String> = key.iter().map(|name| format!("\"{name}\" = ?")).collect();
    let sql = format!("select \"{wanted}\" from {table} where {}", by_key.join(" and "));
    let mut find = connection.prepare_cached(&sql)?;
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        let mut held = None;
        each_of(&mut find, key, &mut |row| {
            held = Some(row.value(0)?);
            Ok(false)
        })?;
        found.push(held);
    }
    Ok(found)
}

pub(super) fn form(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

pub(super) fn set_form(connection: &Connection, form: i64) -> Result<(), StoreError> {
    Ok(connection.pragma_update(None, "user_version", form)?)
}
