//! What stands beside the fields of records that another program wrote: texts as they are folded for finding, keys that put them in order, and
//! the id that a record's folded key gives. It is made when the program is new, when a list is searched or put in order by something else,
//! and where the previous release has changed a record meanwhile.

use crate::StoreError;
use crate::cipher::Cipher;
use crate::database::{Database, Sql, Storage, Transaction};
use crate::stored::field_column::FieldColumn;
use crate::stored::named;
use crate::stored::order::VERSION;
use crate::stored::record::StoredRecord;
use crate::stored::tables::RegisterTable;
use crate::write::draft::{Draft, draft_of};
use crate::write::prepared::{Prepared, key_id};
use model::Kind;

/// Records of one transaction: what is done stays done when the program is killed, and the next start goes on.
const TOGETHER: usize = 1_000;
/// The records for which something is to be made: those whose content is not the one it was made for.
const STALE: &str = "(beside_of is null or beside_of <> content)";

/// Indexes by which such records are found, and those that are kept under another id than their key gives: name and statement.
pub(crate) fn indexes_beside(table: &RegisterTable) -> Vec<(String, String)> {
    let name = &table.table;
    let index = |ending: &str, column: &str, condition: &str| {
        let index = format!("{name}_{ending}");
        let sql = format!("create index if not exists {index} on {name} ({column}) where {condition}");
        (index, sql)
    };
    match has_beside(table) {
        true => vec![index("stale", "id", STALE), index("otherwise", "key_id", "key_id is not null")],
        false => Vec::new(),
    }
}

/// True where something of the register hangs on folding.
fn has_beside(table: &RegisterTable) -> bool {
    let is_named = |column: &FieldColumn| {
        let is_text = matches!(column.field.kind, Kind::Text | Kind::Reference | Kind::Name);
        is_text && column.storage == Storage::Text && table.register.key.contains(&column.field.name)
    };
    table.columns.iter().any(|column| column.fold.is_some() || column.sort.is_some() || is_named(column))
}

/// What the values beside the fields hang on besides the records: the program's tables, and which columns there are.
fn basis(table: &RegisterTable) -> String {
    let names = table.columns.iter().flat_map(|column| column.fold.iter().chain(&column.sort)).map(String::as_str);
    format!("{VERSION} {}", names.collect::<Vec<_>>().join(","))
}

fn noted(table: &RegisterTable) -> String {
    format!("beside {}", table.kept)
}

/// Makes the indexes; an empty register needs nothing more.
pub(crate) fn bring_up_beside(transaction: &Transaction<'_>, table: &RegisterTable) -> Result<(), StoreError> {
    let wanted = indexes_beside(table);
    if wanted.is_empty() {
        return Ok(());
    }
    let present = transaction.index_names()?;
    for (_, sql) in wanted.iter().filter(|(name, _)| !present.contains(name)) {
        transaction.batch(sql)?;
    }
    let is_known = named::value(transaction, &noted(table))?.is_some_and(|known| known == basis(table));
    if is_known || transaction.first(&format!("select 1 from {} limit 1", table.table), [], |_| Ok(()))?.is_some() {
        return Ok(());
    }
    named::keep(transaction, &noted(table), &basis(table))
}

/// How many records there are for which something is to be made.
pub(crate) fn count_beside(transaction: &Transaction<'_>, table: &RegisterTable) -> Result<u64, StoreError> {
    if !has_beside(table) {
        return Ok(0);
    }
    let is_known = named::value(transaction, &noted(table))?.is_some_and(|known| known == basis(table));
    let condition = if is_known { STALE } else { "1 = 1" };
    let sql = format!("select count(*) from {} where id is not null and {condition}", table.table);
    Ok(transaction.first(&sql, [], |row| row.get(0))?.unwrap_or_default())
}

/// Makes what is missing in a register; gives how many of its records share their key with another, but for its spelling.
///
/// # Errors
/// When a record cannot be read or written; what was done before stays.
pub(crate) fn make_beside(
    database: &Database,
    cipher: &Cipher,
    table: &RegisterTable,
    done: &dyn Fn(u64),
) -> Result<u64, StoreError> {
    if database.read(|transaction| count_beside(transaction, table))? == 0 {
        return Ok(0);
    }
    database.write(|transaction| {
        if named::value(transaction, &noted(table))?.is_none_or(|known| known != basis(table)) {
            let sql = format!("update {} set beside_of = null where beside_of is not null", table.table);
            transaction.execute(&sql, [])?;
            named::keep(transaction, &noted(table), &basis(table))?;
        }
        Ok(())
    })?;
    loop {
        let made = database.write(|transaction| make_some(transaction, cipher, table))?;
        done(made);
        if made == 0 {
            return database.read(|transaction| count_alike(transaction, table));
        }
    }
}

fn make_some(transaction: &Transaction<'_>, cipher: &Cipher, table: &RegisterTable) -> Result<u64, StoreError> {
    let sql = format!(
        "select {} from {} t where id is not null and {STALE} order by id limit {TOGETHER}",
        table.stored_columns(),
        table.table
    );
    let stale = transaction.all(&sql, [], |row| table.stored(cipher, row))?;
    let names: Vec<&String> = table.columns.iter().flat_map(|column| column.beside().map(|(name, _)| name)).collect();
    let sets: String = names.iter().enumerate().map(|(at, name)| format!("\"{name}\" = ?{}, ", at + 1)).collect();
    let sql = format!(
        "update {} set {sets}key_id = ?{}, beside_of = coalesce(content, 0) where id = ?{}",
        table.table,
        names.len() + 1,
        names.len() + 2
    );
    for stored in &stale {
        transaction.execute(&sql, values(cipher, table, stored)?)?;
    }
    Ok(stale.len() as u64)
}

fn values(cipher: &Cipher, table: &RegisterTable, stored: &StoredRecord) -> Result<Vec<Sql>, StoreError> {
    let unreadable = |column: &str| StoreError::StoredValue { column: format!("{}, {column}", table.table) };
    let mut values = Vec::new();
    for (column, value) in table.columns.iter().zip(&stored.fields) {
        values.extend(column.values_beside(cipher, value).map_err(|_| unreadable(&column.name))?);
    }
    let draft: Draft = draft_of(stored);
    let by_key = Prepared::id_of(cipher, table, &draft).map_err(|_| unreadable("the key"))?;
    values.extend([key_id(stored.id, by_key), stored.id.into()]);
    Ok(values)
}

/// Records whose key is that of another, spelled otherwise.
fn count_alike(transaction: &Transaction<'_>, table: &RegisterTable) -> Result<u64, StoreError> {
    let name = &table.table;
    let sql = format!(
        "select count(*) from {name} t where key_id is not null and coalesce(is_withdrawn, 0) = 0 and exists (select 1 from {name} o \
         where coalesce(o.is_withdrawn, 0) = 0 and o.id <> t.id and (o.id = t.key_id or o.key_id = t.key_id))"
    );
    Ok(transaction.first(&sql, [], |row| row.get(0))?.unwrap_or_default())
}
