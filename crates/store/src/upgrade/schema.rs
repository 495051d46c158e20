//! Brings a database up to what program and package declare. Tables only grow.

use crate::StoreError;
use crate::cipher::Cipher;
use crate::database::{Transaction, add_missing_columns};
use crate::stored::named;
use sea_query::{IndexCreateStatement, TableCreateStatement};

/// Form of the database that this program writes. A greater one was written by a newer program in a way that this one
/// cannot read; additions do not raise it.
///
/// 2: leads are records of their register.
const FORM: i64 = 2;

/// Value of the installation that tells which key it belongs to.
const KEY_CHECK: &str = "key_check";

/// Refuses a database of a newer form.
pub(crate) fn check_form(transaction: &Transaction<'_>, cipher: &Cipher) -> Result<(), StoreError> {
    let found = transaction.form()?;
    if found > FORM {
        return Err(StoreError::NewerForm { found, known: FORM });
    }
    if found > 0 {
        check_key(transaction, cipher)?;
    }
    match found {
        FORM => Ok(()),
        _ => transaction.set_form(FORM),
    }
}

/// As [`check_form`], without noting anything.
pub(crate) fn check_form_only(transaction: &Transaction<'_>, cipher: &Cipher) -> Result<(), StoreError> {
    let found = transaction.form()?;
    if found > FORM {
        return Err(StoreError::NewerForm { found, known: FORM });
    }
    match named::value(transaction, KEY_CHECK)? {
        Some(known) if known != expected_key(cipher) => Err(StoreError::WrongKey),
        _ => Ok(()),
    }
}

fn expected_key(cipher: &Cipher) -> String {
    cipher.sign(&[b"this key belongs to this database"])
}

/// Notes in a new database which key it belongs to; refuses another key later.
pub(crate) fn check_key(transaction: &Transaction<'_>, cipher: &Cipher) -> Result<(), StoreError> {
    let expected = expected_key(cipher);
    match named::value(transaction, KEY_CHECK)? {
        Some(found) if found == expected => Ok(()),
        Some(_) => Err(StoreError::WrongKey),
        None => named::keep(transaction, KEY_CHECK, &expected),
    }
}

/// Makes tables that are missing, adds columns that are missing, makes indexes that are missing.
pub(crate) fn bring_up(
    transaction: &Transaction<'_>,
    tables: &[TableCreateStatement],
    indexes: &[IndexCreateStatement],
) -> Result<(), StoreError> {
    for table in tables {
        transaction.create_table(table)?;
        add_missing_columns(transaction, table)?;
    }
    for index in indexes {
        transaction.create_index(index)?;
    }
    Ok(())
}
