//! Consents that were given to what a record said before it was changed.

use super::change::UnitOfWork;
use super::draft::Draft;
use crate::log::course::{life_of, notes};
use crate::stored::event_fields::EventFields;
use crate::stored::record::StoredRecord;
use crate::stored::tables::RegisterTable;
use crate::{RefusedRow, StoreError};
use words::advice;

impl UnitOfWork<'_> {
    /// A change of what was entered of a record makes void what several have agreed to so far: its event says so, and the receipt
    /// does. `file`: the one that brings the change; empty where people make it.
    pub(super) fn void_consents(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        draft: &Draft,
        file: &str,
        after: &mut EventFields,
    ) -> Result<(), StoreError> {
        let state = stored.meta.state.as_ref();
        let mut steps = table.register.step.iter();
        let is_agreed_to = steps.any(|step| step.approvals.is_some() && state.is_some_and(|it| step.from.contains(it)));
        if !is_agreed_to || says_the_same(table, stored, draft) {
            return Ok(());
        }
        self.log.flush(self.transaction)?;
        let life = life_of(self.transaction, table, stored)?;
        let given = life.position.approvals.len();
        let Some(voided) = lifecycle::voided(&life.position, self.now.day) else { return Ok(()) };
        for (name, value) in notes(&table.register, &[voided]) {
            after.note(name, value);
        }
        let row = if file.is_empty() { 0 } else { draft.row };
        self.remarks.push(RefusedRow::new(row, advice!("consents_void", given), Vec::new()));
        Ok(())
    }
}

/// True where nothing that is entered is changed; what is calculated moves with the days.
fn says_the_same(table: &RegisterTable, stored: &StoredRecord, draft: &Draft) -> bool {
    let fields = stored.fields.iter().zip(&draft.fields);
    let mut entered = table.columns.iter().zip(fields).filter(|(column, _)| column.field.is_entered());
    entered.all(|(_, (before, after))| before == after)
        && draft.children.as_ref().is_none_or(|children| *children == stored.children)
}
