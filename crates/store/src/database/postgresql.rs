//! PostgreSQL: a transaction on one connection.

use super::dialect::numbered;
use super::pool::Pool;
use super::value::Sql;
use crate::StoreError;
use crate::database::{Lookup, Row};
use bytes::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type};
use postgres::{Client, Statement};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::error::Error;
use std::io::Write;

/// Statements kept ready on one connection.
const PREPARED_MAX: usize = 256;
/// Rows fetched at a time where there may be very many.
const FETCHED: usize = 1000;
/// Bytes of rows sent at a time: the server writes them while those behind them are put together.
const SENT: usize = 32 * 1024;

/// A connection with the statements that are ready on it.
pub(super) struct Connection {
    pub(super) client: Client,
    prepared: HashMap<String, Statement>,
}

impl Connection {
    pub(super) fn new(client: Client) -> Connection {
        Connection { client, prepared: HashMap::new() }
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        if self.prepared.len() >= PREPARED_MAX {
            self.prepared.clear();
        }
        let statement = self.client.prepare(&numbered(sql))?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

/// A transaction that has begun. Dropped without [`Session::commit`] it is rolled back.
pub(super) struct Session<'p> {
    pool: &'p Pool,
    connection: RefCell<Option<Connection>>,
    failed: Cell<bool>,
    /// Cursors that are open.
    cursors: Cell<u32>,
}

impl<'p> Session<'p> {
    pub(super) fn new(pool: &'p Pool, connection: Connection) -> Session<'p> {
        Session { pool, connection: RefCell::new(Some(connection)), failed: Cell::new(false), cursors: Cell::new(0) }
    }

    /// Does one thing with the connection. What fails makes the whole transaction void.
    fn with<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, postgres::Error>) -> Result<T, StoreError> {
        let mut connection = self.connection.borrow_mut();
        let connection = connection.as_mut().ok_or(StoreError::Void)?;
        work(connection).map_err(|error| {
            self.failed.set(true);
            fault(&error)
        })
    }

    /// Makes everything permanent. PostgreSQL answers a commit after a failed statement with a quiet rollback:
    /// that is an error here.
    pub(super) fn commit(self) -> Result<(), StoreError> {
        if self.failed.get() {
            return Err(StoreError::Void);
        }
        self.with(|connection| connection.client.batch_execute("commit"))?;
        if let Some(connection) = self.connection.borrow_mut().take() {
            self.pool.give_back(connection, true);
        }
        Ok(())
    }

    pub(super) fn execute(&self, sql: &str, values: &[Sql]) -> Result<u64, StoreError> {
        self.with(|connection| {
            let statement = connection.prepare(sql)?;
            connection.client.execute(&statement, &parameters(values))
        })
    }

    pub(super) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.with(|connection| connection.client.batch_execute(sql))
    }

    /// Hands every row on until `each` says `false` or fails; all are fetched before.
    pub(super) fn all(
        &self,
        sql: &str,
        values: &[Sql],
        each: &mut dyn FnMut(&Row<'_>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let rows = self.with(|connection| {
            let statement = connection.prepare(sql)?;
            connection.client.query(&statement, &parameters(values))
        })?;
        for row in &rows {
            if !each(&Row::Postgresql(row))? {
                break;
            }
        }
        Ok(())
    }

    /// As [`Session::all`], fetched bit by bit from a cursor of the server.
    pub(super) fn each(
        &self,
        sql: &str,
        values: &[Sql],
        each: &mut dyn FnMut(&Row<'_>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let cursor = format!("cursor_{}", self.cursors.get());
        self.execute(&format!("declare {cursor} no scroll cursor for {sql}"), values)?;
        self.cursors.set(self.cursors.get() + 1);
        let outcome = self.fetch(&cursor, each);
        self.cursors.set(self.cursors.get() - 1);
        if !self.failed.get() {
            self.batch(&format!("close {cursor}"))?;
        }
        outcome
    }

    fn fetch(
        &self,
        cursor: &str,
        each: &mut dyn FnMut(&Row<'_>) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let fetch = format!("fetch forward {FETCHED} from {cursor}");
        loop {
            let rows = self.with(|connection| connection.client.query(fetch.as_str(), &[]))?;
            for row in &rows {
                if !each(&Row::Postgresql(row))? {
                    return Ok(());
                }
            }
            if rows.len() < FETCHED {
                return Ok(());
            }
        }
    }

    /// Adds rows by `copy`: no answer is waited for between them.
    pub(super) fn bulk(
        &self,
        table: &str,
        columns: &[&str],
        rows: &mut dyn Iterator<Item = Vec<Sql>>,
    ) -> Result<u64, StoreError> {
        let names: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
        let copy = format!("copy {table} ({}) from stdin", names.join(", "));
        let mut rows = rows.peekable();
        if rows.peek().is_none() {
            return Ok(0);
        }
        let broken = |error: std::io::Error| {
            self.failed.set(true);
            StoreError::Database(Box::new(error))
        };
        let mut connection = self.connection.borrow_mut();
        let connection = connection.as_mut().ok_or(StoreError::Void)?;
        let mut writer = connection.client.copy_in(copy.as_str()).map_err(|error| {
            self.failed.set(true);
            fault(&error)
        })?;
        let mut lines = Vec::with_capacity(2 * SENT);
        for row in rows {
            write_line(&mut lines, &row);
            if lines.len() >= SENT {
                writer.write_all(&lines).map_err(broken)?;
                lines.clear();
            }
        }
        writer.write_all(&lines).map_err(broken)?;
        writer.finish().map_err(|error| {
            self.failed.set(true);
            fault(&error)
        })
    }

    /// One question for all keys.
    pub(super) fn look_up(&self, lookup: &Lookup<'_>, keys: &[&[Sql]]) -> Result<Vec<Option<Sql>>, StoreError> {
        let Lookup { table, key, wanted } = *lookup;
        let mut found = vec![None; keys.len()];
        let Some(first) = keys.first().filter(|first| first.len() == key.len()) else { return Ok(found) };
        let types: Vec<&str> =
            first.iter().map(|part| if matches!(part, Sql::Whole(_)) { "bigint[]" } else { "text[]" }).collect();
        let arrays: Vec<String> = types.iter().zip(1..).map(|(of, number)| format!("${number}::{of}")).collect();
        let names: Vec<String> = (1..=key.len()).map(|number| format!("k{number}")).collect();
        let same: Vec<String> =
            key.iter().zip(&names).map(|(column, name)| format!("t.\"{column}\" = asked.{name}")).collect();
        let sql = format!(
            "select asked.n, t.\"{wanted}\" from unnest({}) with ordinality as asked ({}, n) join {table} t on {}",
            arrays.join(", "),
            names.join(", "),
            same.join(" and ")
        );
        let columns: Vec<Array<'_>> = (0..key.len()).map(|part| Array { keys, part }).collect();
        let rows = self.with(|connection| {
            let statement = connection.prepare(&sql)?;
            let parameters: Vec<&(dyn ToSql + Sync)> = columns.iter().map(|column| column as _).collect();
            connection.client.query(&statement, &parameters)
        })?;
        for row in &rows {
            let number: i64 = row.try_get(0).map_err(|error| fault(&error))?;
            if let Some(place) = usize::try_from(number - 1).ok().and_then(|index| found.get_mut(index)) {
                *place = Some(Row::Postgresql(row).value(1)?);
            }
        }
        Ok(found)
    }

    pub(super) fn form(&self) -> Result<i64, StoreError> {
        let mut form = 0;
        let mut is_there = false;
        self.all("select to_regclass('form') is not null", &[], &mut |row| {
            is_there = row.get(0)?;
            Ok(false)
        })?;
        if is_there {
            self.all("select number from form", &[], &mut |row| {
                form = row.get(0)?;
                Ok(false)
            })?;
        }
        Ok(form)
    }

    pub(super) fn set_form(&self, form: i64) -> Result<(), StoreError> {
        self.batch(&format!(
            "create table if not exists form (number bigint not null); delete from form; insert into form values ({form})"
        ))
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        if let Some(mut connection) = self.connection.get_mut().take() {
            let is_clean = connection.client.batch_execute("rollback").is_ok();
            self.pool.give_back(connection, is_clean);
        }
    }
}

fn parameters(values: &[Sql]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as _).collect()
}

/// A row in the text form of `copy`.
fn write_line(line: &mut Vec<u8>, row: &[Sql]) {
    for (index, value) in row.iter().enumerate() {
        if index > 0 {
            line.push(b'\t');
        }
        match value {
            Sql::Null => line.extend(b"\\N"),
            Sql::Whole(number) => line.extend(number.to_string().bytes()),
            Sql::Text(text) => text.bytes().for_each(|byte| write_byte(line, byte)),
            Sql::Bytes(bytes) => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                line.extend(b"\\\\x");
                line.extend(
                    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]),
                );
            }
        }
    }
    line.push(b'\n');
}

fn write_byte(line: &mut Vec<u8>, byte: u8) {
    match byte {
        b'\\' => line.extend(b"\\\\"),
        b'\t' => line.extend(b"\\t"),
        b'\n' => line.extend(b"\\n"),
        b'\r' => line.extend(b"\\r"),
        _ => line.push(byte),
    }
}

/// What the server said, without the values that it may have named.
#[derive(Debug, thiserror::Error)]
#[error("PostgreSQL: {text}")]
pub(super) struct ServerFault {
    text: String,
}

impl ServerFault {
    pub(super) fn of(error: &postgres::Error) -> ServerFault {
        let text = match error.as_db_error() {
            // Classes 22 and 23 (data, constraints) quote the values they speak of.
            Some(told) if told.code().code().starts_with("22") || told.code().code().starts_with("23") => {
                let table = told.constraint().or(told.table()).unwrap_or_default();
                format!("{} {table}", told.code().code())
            }
            Some(told) => format!("{} {}", told.code().code(), told.message()),
            None => match error.source() {
                Some(source) => format!("{error}: {source}"),
                None => error.to_string(),
            },
        };
        ServerFault { text }
    }
}

/// What went wrong, for callers of the store.
pub(super) fn fault(error: &postgres::Error) -> StoreError {
    let fault = Box::new(ServerFault::of(error));
    // 08: connections; 53: disk, memory; 57: it is stopped or starts; 58: the system below it.
    let is_away = match error.as_db_error() {
        Some(told) => ["08", "53", "57", "58"].iter().any(|class| told.code().code().starts_with(class)),
        None => error.is_closed() || error.source().is_some_and(|source| source.is::<std::io::Error>()),
    };
    if is_away { StoreError::Away(fault) } else { StoreError::Database(fault) }
}

type Outcome<T> = Result<T, Box<dyn Error + Sync + Send>>;

/// Values are written as the server wants them where they stand: `limit $1` wants a bigint, `account = $1` a text.
impl ToSql for Sql {
    fn to_sql(&self, of: &Type, out: &mut BytesMut) -> Outcome<IsNull> {
        match (self, of) {
            (Sql::Null, _) => Ok(IsNull::Yes),
            (Sql::Whole(number), &Type::INT8) => number.to_sql(of, out),
            (Sql::Whole(number), &Type::INT4) => i32::try_from(*number)?.to_sql(of, out),
            (Sql::Whole(number), &Type::INT2) => i16::try_from(*number)?.to_sql(of, out),
            (Sql::Whole(number), &Type::BOOL) => (*number != 0).to_sql(of, out),
            (Sql::Whole(number), &Type::TEXT | &Type::VARCHAR) => number.to_string().to_sql(of, out),
            (Sql::Text(text), _) if <&str as ToSql>::accepts(of) => text.to_sql(of, out),
            (Sql::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(of, out),
            _ => Err(format!("{self:?} does not fit {of}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

/// One part of every key, as an array.
#[derive(Debug)]
struct Array<'a> {
    keys: &'a [&'a [Sql]],
    part: usize,
}

impl ToSql for Array<'_> {
    fn to_sql(&self, of: &Type, out: &mut BytesMut) -> Outcome<IsNull> {
        let parts: Vec<&Sql> = self.keys.iter().filter_map(|key| key.get(self.part)).collect();
        parts.to_sql(of, out)
    }

    fn accepts(of: &Type) -> bool {
        matches!(*of, Type::INT8_ARRAY | Type::TEXT_ARRAY)
    }

    postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Sql {
    fn from_sql(of: &Type, raw: &'a [u8]) -> Outcome<Sql> {
        Ok(match *of {
            Type::INT8 => Sql::Whole(i64::from_sql(of, raw)?),
            Type::INT4 => Sql::Whole(i32::from_sql(of, raw)?.into()),
            Type::INT2 => Sql::Whole(i16::from_sql(of, raw)?.into()),
            Type::BOOL => Sql::Whole(bool::from_sql(of, raw)?.into()),
            Type::BYTEA => Sql::Bytes(raw.to_owned()),
            Type::NUMERIC => Sql::Whole(whole_numeric(raw).ok_or("no whole number of 64 bits")?),
            _ => Sql::Text(String::from_sql(of, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Outcome<Sql> {
        Ok(Sql::Null)
    }

    fn accepts(of: &Type) -> bool {
        let known =
            [Type::INT8, Type::INT4, Type::INT2, Type::BOOL, Type::BYTEA, Type::NUMERIC, Type::UNKNOWN, Type::JSON];
        known.contains(of) || <String as FromSql>::accepts(of)
    }
}

/// A sum of whole numbers: the server widens it. Digits of base 10000 behind number of digits, weight, sign and scale.
fn whole_numeric(raw: &[u8]) -> Option<i64> {
    let mut parts = raw.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    let (number, weight, sign) = (parts.next()?, parts.next()? as i16, parts.next()?);
    parts.next()?;
    let mut sum: i128 = 0;
    for place in 0..i32::from(weight) + 1 {
        let digit = if place < i32::from(number) { parts.next()? } else { 0 };
        sum = sum.checked_mul(10_000)?.checked_add(digit.into())?;
    }
    if parts.any(|fraction| fraction != 0) {
        return None;
    }
    match sign {
        0x0000 => i64::try_from(sum).ok(),
        0x4000 => i64::try_from(-sum).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Sql, whole_numeric, write_line};

    #[test]
    fn sums_are_read_as_whole_numbers() {
        let numeric = |words: &[u16]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
        for (words, expected) in [
            (&[0, 0, 0, 0][..], Some(0)),
            (&[1, 0, 0, 0, 42], Some(42)),
            (&[1, 1, 0, 0, 3], Some(30_000)),
            (&[2, 1, 0x4000, 0, 1, 2], Some(-10_002)),
            (&[2, 0, 0, 1, 1, 5000], None),
            (&[5, 4, 0, 0, 922, 3372, 368, 5477, 5807], Some(i64::MAX)),
            (&[5, 4, 0, 0, 922, 3372, 368, 5477, 5808], None),
            (&[0, 0, 0xC000, 0], None),
        ] {
            assert_eq!(whole_numeric(&numeric(words)), expected, "{words:?}");
        }
    }

    #[test]
    fn a_line_of_copy_holds_every_value_as_it_is() {
        let mut line = Vec::new();
        let row = [Sql::Null, Sql::Whole(-7), "a\tb\\c\nd\r".into(), Sql::Bytes(vec![0, 255]), "".into()];
        write_line(&mut line, &row);
        assert_eq!(String::from_utf8_lossy(&line), "\\N\t-7\ta\\tb\\\\c\\nd\\r\t\\\\x00ff\t\n");
    }
}
