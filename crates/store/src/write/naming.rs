//! Which record a key names, however it is spelled.
//!
//! Keys are folded where they come in, and their ids are made of folded keys. Records that an earlier program wrote may keep a key that was not
//! folded, and an id made of it: `key_id` tells the id that their folded key gives, so that they are found all the same.

use super::change::UnitOfWork;
use super::draft::Draft;
use super::folded::folded_name;
use super::prepared::Prepared;
use crate::cipher::Cipher;
use crate::database::{Sql, Transaction, statement};
use crate::stored::record::StoredRecord;
use crate::stored::tables::RegisterTable;
use crate::{Refusal, RefusedRow, StoreError};
use model::{RecordId, RegionCode, Value};
use std::collections::HashMap;
use words::advice;

/// Leaves a record its key as it is kept; false where the draft's key names another record.
pub(super) fn take_key(
    cipher: &Cipher,
    table: &RegisterTable,
    draft: &mut Draft,
    stored: &StoredRecord,
) -> Result<bool, Refusal> {
    let of_stored = super::draft::draft_of(stored);
    if Prepared::id_of(cipher, table, draft)? != Prepared::id_of(cipher, table, &of_stored)? {
        return Ok(false);
    }
    keep_key(table, draft, stored);
    Ok(true)
}

/// Puts the stored key in the place of another spelling of it.
pub(super) fn keep_key(table: &RegisterTable, draft: &mut Draft, stored: &StoredRecord) {
    let cells = table.columns.iter().zip(&mut draft.fields).zip(&stored.fields);
    for ((column, value), known) in cells.filter(|((one, _), _)| table.register.key.contains(&one.field.name)) {
        // What was kept before keys were folded stays as it was typed.
        if folded_name(column, known).is_some_and(|folded| folded == *value) {
            *value = known.clone();
        }
    }
}

/// Records that are kept under another id than their folded key gives: by that id.
#[derive(Default)]
pub(super) struct Otherwise(HashMap<RecordId, Vec<RecordId>>);

impl Otherwise {
    /// Those of these keys. Asks once more only where a register has such records at all.
    pub(super) fn fetch(
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        keys: impl Iterator<Item = RecordId>,
    ) -> Result<Otherwise, StoreError> {
        let any = format!("select 1 from {} where key_id is not null limit 1", table.table);
        if transaction.first(&any, [], |_| Ok(()))?.is_none() {
            return Ok(Otherwise::default());
        }
        let sql = format!(
            "select key_id, id from {} where key_id in (:list) and coalesce(is_withdrawn, 0) = 0 order by id",
            table.table
        );
        let keys: Vec<Sql> = keys.map(Sql::from).collect();
        let mut found = Otherwise::default();
        for (key, id) in statement::all_of(transaction, &sql, &keys, |row| Ok((row.get(0)?, row.get(1)?)))? {
            let ids: &mut Vec<RecordId> = found.0.entry(key).or_default();
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(found)
    }

    pub(super) fn of(&self, key: RecordId) -> &[RecordId] {
        self.0.get(&key).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = RecordId> {
        self.0.values().flatten().copied()
    }

    /// The record that a row is about, by the id of its key and the number that it gives itself.
    ///
    /// # Errors
    /// Several records have keys that fold to this one, and the row does not say which.
    pub(super) fn meant(
        &self,
        key: RecordId,
        number: Option<RecordId>,
        stored: &HashMap<RecordId, StoredRecord>,
    ) -> Result<RecordId, Alike> {
        let others = self.of(key);
        if others.is_empty() {
            return Ok(key);
        }
        let own = stored.get(&key).filter(|stored| !stored.meta.is_withdrawn).map(|stored| stored.id);
        let all: Vec<RecordId> = own.into_iter().chain(others.iter().copied()).collect();
        match (number.filter(|number| all.contains(number)), all.as_slice()) {
            (Some(number), _) => Ok(number),
            (None, [one]) => Ok(*one),
            (None, _) => Err(Alike),
        }
    }
}

/// Several records have one key, spelled differently.
pub(super) struct Alike;

impl Alike {
    pub(super) fn refused(self, table: &RegisterTable, row: u32) -> RefusedRow {
        RefusedRow::new(row, advice!("records_alike"), table.register.key.clone())
    }
}

impl UnitOfWork<'_> {
    /// The record that a key names: the one with its id, or one that is kept under another spelling.
    pub(super) fn record_named(&self, table: &RegisterTable, key: RecordId) -> Result<RecordId, StoreError> {
        let others = Otherwise::fetch(self.transaction, table, [key].into_iter())?;
        let Some(other) = others.of(key).first() else { return Ok(key) };
        let own = table.stored_by_id(self.transaction, &self.inner.cipher, key)?;
        Ok(own.filter(|stored| !stored.meta.is_withdrawn).map_or(*other, |stored| stored.id))
    }

    /// Of these texts of a register's one key, those that name a record under another spelling, with the places of the records.
    pub(super) fn named_otherwise<'t>(
        &self,
        table: &RegisterTable,
        texts: impl Iterator<Item = &'t str>,
    ) -> Result<Vec<(&'t str, Option<RegionCode>)>, StoreError> {
        let Some(at) = table.columns.iter().position(|column| Some(&column.field.name) == table.register.key.first())
        else {
            return Ok(Vec::new());
        };
        let mut by_key = HashMap::new();
        for text in texts {
            let mut fields = vec![Value::Null; table.columns.len()];
            fields[at] = Value::Text(text.to_owned());
            let draft = Draft { resident_key: None, id: None, row: 0, fields, children: None };
            // A text that cannot be a key names nothing.
            if let Ok(key) = Prepared::id_of(&self.inner.cipher, table, &draft) {
                by_key.insert(key, text);
            }
        }
        let others = Otherwise::fetch(self.transaction, table, by_key.keys().copied())?;
        let mut found = Vec::new();
        for (key, text) in by_key {
            for id in others.of(key) {
                let stored = table.stored_by_id(self.transaction, &self.inner.cipher, *id)?;
                found.extend(stored.map(|stored| (text, stored.meta.place)));
            }
        }
        Ok(found)
    }
}
