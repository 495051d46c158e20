//! Files kept with records, for those who see the record.

use crate::database::Transaction;
use crate::read::View;
use crate::stored::record::StoredRecord;
use crate::stored::tables::RegisterTable;
use crate::{Refusal, StoreError};
use model::Kind;

impl View<'_> {
    /// Media type and content of a file that the record names, or named before; `None` where the record does not exist, lies outside, or names
    /// no such file. A name alone is not enough: somebody who worked on the record must have brought the file, or else who knows
    /// a file's name could put it into a record of their own and read it there.
    ///
    /// # Errors
    /// `NotFound` for a register that the actor does not see.
    pub fn attachment(&self, register: &str, id: &str, hash: &str) -> Result<Option<(String, Vec<u8>)>, Refusal> {
        let table = self.table(register)?;
        let Some(span) = self.span(None) else { return Ok(None) };
        let found = self.read_within(&span, |transaction| {
            let Some(stored) = self.stored(transaction, table, id)? else { return Ok(None) };
            if !names(table, &stored, hash) && !self.named_before(transaction, table, &stored, hash)? {
                return Ok(None);
            }
            let values = [hash.into(), stored.id.into(), stored.meta.entered_by.clone().unwrap_or_default().into()];
            transaction.first(include_str!("../sql/attachment_of.sql"), values, |row| Ok((row.get(0)?, row.get(1)?)))
        })?;
        Ok(found)
    }

    /// The record named the file at some time before: who looks back at a day sees what stood there then.
    fn named_before(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        stored: &StoredRecord,
        hash: &str,
    ) -> Result<bool, StoreError> {
        let mut before = stored.clone();
        for told in self.befores(transaction, table, stored, None)? {
            table.put_back(&self.store.inner.cipher, &told, &mut before.fields, &mut before.children)?;
            if names(table, &before, hash) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The record, or one of its child records, names the file with this hash.
fn names(table: &RegisterTable, stored: &StoredRecord, hash: &str) -> bool {
    let own = table.columns.iter().zip(&stored.fields);
    let of_children = table.children.iter().zip(&stored.children);
    let of_children = of_children.flat_map(|(child, rows)| rows.iter().flat_map(|row| child.columns.iter().zip(row)));
    own.chain(of_children).any(|(column, value)| {
        let lines = value.as_text().unwrap_or_default().lines();
        column.field.kind == Kind::File && lines.filter_map(|line| line.split_once(':')).any(|(one, _)| one == hash)
    })
}
