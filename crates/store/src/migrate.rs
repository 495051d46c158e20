//! Brings a database up to what program and package declare. Tables only grow.

use crate::StoreError;
use crate::cipher::Cipher;
use rusqlite::{OptionalExtension, Transaction, params};
use sea_query::{IndexCreateStatement, SqliteQueryBuilder, Table, TableCreateStatement};
use std::collections::BTreeSet;

/// Form of the database that this program writes. A greater one was written by a newer program in a way that this one
/// cannot read; additions do not raise it.
const FORM: i64 = 1;

/// Refuses a database of a newer form.
pub(crate) fn check_form(transaction: &Transaction<'_>, cipher: &Cipher) -> Result<(), StoreError> {
    let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > FORM {
        return Err(StoreError::NewerForm { found, known: FORM });
    }
    if found > 0 {
        check_key(transaction, cipher)?;
    }
    Ok(transaction.pragma_update(None, "user_version", FORM)?)
}

/// Notes in a new database which key it belongs to; refuses another key later.
pub(crate) fn check_key(transaction: &Transaction<'_>, cipher: &Cipher) -> Result<(), StoreError> {
    let expected = cipher.sign(&[b"this key belongs to this database"]);
    let found: Option<String> = transaction
        .query_row("select value from installation where name = 'key_check'", [], |row| row.get(0))
        .optional()?;
    match found {
        Some(found) if found == expected => Ok(()),
        Some(_) => Err(StoreError::WrongKey),
        None => {
            let insert = "insert into installation (name, value) values ('key_check', ?1)";
            transaction.execute(insert, params![expected])?;
            Ok(())
        }
    }
}

/// Makes tables that are missing, adds columns that are missing, makes indexes that are missing.
pub(crate) fn bring_up(
    transaction: &Transaction<'_>,
    tables: &[TableCreateStatement],
    indexes: &[IndexCreateStatement],
) -> Result<(), StoreError> {
    for table in tables {
        transaction.execute_batch(&table.to_string(SqliteQueryBuilder))?;
        add_missing_columns(transaction, table)?;
    }
    for index in indexes {
        transaction.execute_batch(&index.to_string(SqliteQueryBuilder))?;
    }
    Ok(())
}

/// Columns that were declared after the table was made. They may be unknown in the rows that are there.
fn add_missing_columns(transaction: &Transaction<'_>, table: &TableCreateStatement) -> Result<(), StoreError> {
    let Some(sea_query::TableRef::Table(name, _)) = table.get_table_name() else { return Ok(()) };
    let name = name.1.to_string();
    let mut statement = transaction.prepare("select name from pragma_table_info(?1)")?;
    let present: BTreeSet<String> = statement.query_map([&name], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for column in table.get_columns() {
        if !present.contains(&column.get_column_name()) {
            let mut optional = sea_query::ColumnDef::new(column.get_column_name());
            match column.get_column_type() {
                Some(sea_query::ColumnType::BigInteger) => optional.big_integer(),
                Some(sea_query::ColumnType::Blob) => optional.blob(),
                _ => optional.text(),
            };
            let alter = Table::alter().table(name.clone()).add_column(&mut optional).to_owned();
            transaction.execute_batch(&alter.to_string(SqliteQueryBuilder))?;
        }
    }
    Ok(())
}
