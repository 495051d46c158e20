//! Records after a change of the package: old codes become the new ones, calculated fields are calculated again.

use crate::cipher::Cipher;
use crate::database::{Sql, Transaction};
use crate::log::write::Event;
use crate::stored::calculated::calculated_again;
use crate::stored::old_codes::OldCodes;
use crate::stored::record::{RecordMeta, StoredRecord};
use crate::stored::tables::RegisterTable;
use crate::write::change::UnitOfWork;
use crate::write::draft::Draft;
use crate::write::prepared::Prepared;
use crate::{Refusal, StoreError};
use model::RecordId;
use words::Wording;

/// Records of one transaction.
const TOGETHER: usize = 500;

/// The next records behind one in the order of their ids, with their child records; those that are withdrawn are left out.
pub(crate) fn next_records(
    transaction: &Transaction<'_>,
    cipher: &Cipher,
    table: &RegisterTable,
    after: RecordId,
) -> Result<Vec<StoredRecord>, StoreError> {
    let sql = format!(
        "select {} from {} t where t.id > ?1 and coalesce(t.is_withdrawn, 0) = 0 order by t.id limit {TOGETHER}",
        table.stored_columns(),
        table.table
    );
    let mut records = transaction.all(&sql, &[after.into()], |row| table.stored(cipher, row))?;
    table.give_children(transaction, cipher, &mut records)?;
    Ok(records)
}

impl UnitOfWork<'_> {
    /// Carries the codes of some records over; gives how many.
    pub(crate) fn recode_some(&mut self, table: &RegisterTable, codes: &OldCodes) -> Result<u64, Refusal> {
        let inner = self.inner;
        let OldCodes { table: name, record, condition, .. } = codes;
        let sql = format!("select distinct \"{record}\" from {name} where {condition} limit {TOGETHER}");
        let ids: Vec<RecordId> = self.transaction.all(&sql, &[], |row| row.get(0))?;
        let number = ids.len() as u64;
        for id in ids {
            let Some(stored) = table.stored_by_id(self.transaction, &inner.cipher, id)? else {
                return Err(StoreError::StoredValue { column: format!("{name}: a row without its record") }.into());
            };
            let mut with_codes = stored.clone();
            codes.replace(table, &mut with_codes.fields, &mut with_codes.children, &inner.declarations);
            let now = calculated_again(&inner.declarations, table, &with_codes, self.now.day);
            self.write_recalculated(table, &stored, now, "recoded", &codes.why)?;
        }
        Ok(number)
    }

    /// Calculates the next records behind `after` again: the last one that was looked at, `None` where none was left, and how
    /// many really changed.
    pub(crate) fn recalculate_some(
        &mut self,
        table: &RegisterTable,
        after: RecordId,
        why: &Wording,
    ) -> Result<(Option<RecordId>, u64), Refusal> {
        let inner = self.inner;
        let records = next_records(self.transaction, &inner.cipher, table, after)?;
        let mut changed = 0;
        for stored in &records {
            let now = calculated_again(&inner.declarations, table, stored, self.now.day);
            if now.contents() != stored.contents() {
                self.write_recalculated(table, stored, now, "recalculated", why)?;
                changed += 1;
            }
        }
        Ok((records.last().map(|stored| stored.id), changed))
    }

    /// Writes what differs, and leaves the event.
    fn write_recalculated(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        now: StoredRecord,
        action: &str,
        why: &Wording,
    ) -> Result<(), Refusal> {
        let cipher = &self.inner.cipher;
        let mut payload = table.differences(cipher, stored.contents(), now.contents())?;
        payload.after.note("_why", String::from(why.clone()));
        let meta = RecordMeta { version: stored.meta.version.next(), ..stored.meta.clone() };
        let draft = Draft {
            resident_key: stored.resident_key.map(model::ResidentKey),
            id: Some(stored.id),
            row: stored.origin.row,
            fields: now.fields,
            children: Some(now.children),
        };
        let prepared = Prepared::new(cipher, table, &draft, &meta, &stored.origin.file)?;
        let mut changed: Vec<&str> = vec!["content", "version", "beside_of"];
        let fields = table.columns.iter().zip(stored.fields.iter().zip(&draft.fields));
        for (column, _) in fields.filter(|(_, (old, new))| old != new) {
            let beside = column.beside().map(|(name, _)| name);
            changed.extend(beside.chain([&column.name]).map(String::as_str));
        }
        let values = table.physical().into_iter().zip(&prepared.values);
        let (names, mut values): (Vec<String>, Vec<Sql>) = values
            .filter(|((name, _), _)| changed.contains(&name.as_str()))
            .map(|((name, _), value)| (name, value.clone()))
            .unzip();
        values.push(stored.id.into());
        let sql = format!("update {} set {} where id = ?{}", table.table, sets(&names), values.len());
        self.transaction.execute(&sql, &values)?;
        for (at, child) in table.children.iter().enumerate() {
            let names: Vec<String> = child.columns.iter().map(|column| column.name.clone()).collect();
            let sql = format!(
                "update {} set {} where record_id = ?{} and position = ?{}",
                child.table,
                sets(&names),
                names.len() + 1,
                names.len() + 2
            );
            let (old, new) = (stored.children.get(at), draft.children.as_ref().and_then(|all| all.get(at)));
            let rows = old.into_iter().flatten().zip(new.into_iter().flatten()).zip(&prepared.children[at]);
            for (position, ((old, new), kept)) in (1_i64..).zip(rows) {
                if old != new {
                    let ends = [stored.id.into(), position.into()];
                    let values: Vec<Sql> = kept.iter().cloned().chain(ends).collect();
                    self.transaction.execute(&sql, &values)?;
                }
            }
        }
        self.event(&Event {
            region: stored.meta.place,
            register: &table.kept,
            record: &stored.id.to_string(),
            household_no: prepared.household_no,
            action,
            before: &payload.before.text(),
            after: &payload.after.text(),
        })?;
        Ok(())
    }

    pub(crate) fn transaction(&self) -> &Transaction<'_> {
        self.transaction
    }
}

/// `"a" = ?1, "b" = ?2`
fn sets(names: &[String]) -> String {
    let sets: Vec<String> = names.iter().enumerate().map(|(at, name)| format!("\"{name}\" = ?{}", at + 1)).collect();
    sets.join(", ")
}
