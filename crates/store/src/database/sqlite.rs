//! Statements on SQLite.

use super::value::Sql;
use crate::StoreError;
use crate::database::{Lookup, Row};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql, params_from_iter};

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        use rusqlite::ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, PermissionDenied, ReadOnly, SystemIoFailure,
        };
        match error.sqlite_error_code() {
            Some(
                CannotOpen | DatabaseBusy | DatabaseLocked | DiskFull | PermissionDenied | ReadOnly | SystemIoFailure,
            ) => StoreError::Away(Box::new(error)),
            _ => StoreError::Database(Box::new(error)),
        }
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
    lookup: &Lookup<'_>,
    keys: &[&[Sql]],
) -> Result<Vec<Option<Sql>>, StoreError> {
    let Lookup { table, key, wanted } = *lookup;
    let by_key: Vec<String> = key.iter().map(|name| format!("\"{name}\" = ?")).collect();
    let sql = format!("select \"{wanted}\" from {table} where {}", by_key.join(" and "));
    let mut find = connection.prepare_cached(&sql)?;
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        let mut value = None;
        each_of(&mut find, key, &mut |row| {
            value = Some(row.value(0)?);
            Ok(false)
        })?;
        found.push(value);
    }
    Ok(found)
}

pub(super) fn form(connection: &Connection) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

pub(super) fn set_form(connection: &Connection, form: i64) -> Result<(), StoreError> {
    Ok(connection.pragma_update(None, "user_version", form)?)
}
