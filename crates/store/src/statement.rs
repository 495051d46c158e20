//! The bridge from sea-query's statements to SQLite: the only place that names both.

use crate::StoreError;
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, Row, params_from_iter};
use sea_query::{SelectStatement, SqliteQueryBuilder, Value, Values};

/// Values in the form that SQLite takes; every whole number is widened to 64 bits.
pub(crate) fn bound(values: Values) -> Vec<SqlValue> {
    values.0.into_iter().map(to_sqlite).collect()
}

fn to_sqlite(value: Value) -> SqlValue {
    fn whole<T: Into<i64>>(number: Option<T>) -> SqlValue {
        number.map_or(SqlValue::Null, |number| SqlValue::Integer(number.into()))
    }
    match value {
        Value::Bool(truth) => whole(truth),
        Value::TinyInt(number) => whole(number),
        Value::SmallInt(number) => whole(number),
        Value::Int(number) => whole(number),
        Value::BigInt(number) => whole(number),
        Value::TinyUnsigned(number) => whole(number),
        Value::SmallUnsigned(number) => whole(number),
        Value::Unsigned(number) => whole(number),
        Value::BigUnsigned(number) => whole(number.map(|number| i64::try_from(number).unwrap_or(i64::MAX))),
        Value::String(text) => text.map_or(SqlValue::Null, SqlValue::Text),
        Value::Char(letter) => letter.map_or(SqlValue::Null, |letter| SqlValue::Text(letter.to_string())),
        Value::Bytes(bytes) => bytes.map_or(SqlValue::Null, SqlValue::Blob),
        Value::Float(number) => number.map_or(SqlValue::Null, |number| SqlValue::Real(number.into())),
        Value::Double(number) => number.map_or(SqlValue::Null, SqlValue::Real),
        Value::Enum(_) => SqlValue::Null,
    }
}

/// All rows of a query.
pub(crate) fn all<T>(
    connection: &Connection,
    select: &SelectStatement,
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let (sql, values) = select.build(SqliteQueryBuilder);
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(bound(values)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// The first row of a query, if there is one.
pub(crate) fn first<T>(
    connection: &Connection,
    select: &SelectStatement,
    read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    Ok(all(connection, select, read)?.into_iter().next())
}
