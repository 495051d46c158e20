//! Days by which records are due, when a suspension was entered, corrected or withdrawn: the days that do not count any more, or count again.

use super::change::UnitOfWork;
use crate::StoreError;
use crate::stored::keys::RegionSpan;
use crate::stored::record::{RecordMeta, StoredRecord};
use crate::stored::tables::RegisterTable;
use model::{RecordId, RegionCode};
use policy::declare::ServesAs;

/// Records that are read together.
const TOGETHER: i64 = 500;

impl UnitOfWork<'_> {
    /// Remembers the place of a suspension that is written.
    pub(super) fn note_suspension(&mut self, table: &RegisterTable, place: Option<RegionCode>) {
        if table.register.serves_as == Some(ServesAs::Suspensions) {
            self.suspended.extend(place);
        }
    }

    /// Works out anew what is due at the places of which suspensions were written.
    pub(super) fn move_due_days(&mut self) -> Result<(), StoreError> {
        if self.suspended.is_empty() {
            return Ok(());
        }
        self.log.flush(self.transaction)?;
        let inner = self.inner;
        for place in std::mem::take(&mut self.suspended) {
            for table in inner.tables.values().filter(|table| has_due_days(table)) {
                let mut after = RecordId(0);
                loop {
                    let records = self.open_at(table, place, after)?;
                    let Some(last) = records.last() else { break };
                    after = last.id;
                    for stored in &records {
                        self.move_due_day(table, stored)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The next records of a place that are due some day, in the order of their ids.
    fn open_at(
        &self,
        table: &RegisterTable,
        place: RegionCode,
        after: RecordId,
    ) -> Result<Vec<StoredRecord>, StoreError> {
        let RegionSpan { first, last } = RegionSpan::of(place);
        let sql = format!(
            "select {} from {} t where t.id > ?1 and t.place between ?2 and ?3 and t.state is not null \
             and coalesce(t.is_withdrawn, 0) = 0 order by t.id limit {TOGETHER}",
            table.stored_columns(),
            table.table
        );
        let cipher = &self.inner.cipher;
        self.transaction.all(&sql, &[after.into(), first.into(), last.into()], |row| table.stored(cipher, row))
    }

    fn move_due_day(&mut self, table: &RegisterTable, stored: &StoredRecord) -> Result<(), StoreError> {
        let due_on = self.inner.due_now(self.transaction, table, stored)?;
        if due_on == stored.meta.due_on {
            return Ok(());
        }
        let meta = RecordMeta { due_on, ..stored.meta.clone() };
        let sql = format!("update {} set due_on = ?1 where id = ?2", table.table);
        self.transaction.execute(&sql, &[due_on.map(|day| day.to_string()).into(), stored.id.into()])?;
        self.tally.note(table, Some(&stored.meta), Some(&meta), 1);
        Ok(())
    }
}

fn has_due_days(table: &RegisterTable) -> bool {
    let register = &table.register;
    !register.deadline.is_empty() || register.step.iter().any(|step| step.due_days.is_some())
}
