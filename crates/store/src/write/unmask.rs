//! A sensitive field looked at whole: who, when, what for.

use super::change::UnitOfWork;
use super::entry::RecordAddress;
use crate::error::refusal;
use crate::stored::event_fields::{EventFields, EventPayload};
use crate::{Receipt, Refusal, RefusalKind};
use model::Class;
use words::wording;

/// Letters that a purpose has at least.
const PURPOSE_MIN: usize = 4;

impl UnitOfWork<'_> {
    /// Gives the value of a sensitive field and leaves the event with the purpose.
    pub(super) fn unmask(&mut self, record: RecordAddress<'_>, field: &str, purpose: &str) -> Result<Receipt, Refusal> {
        let what = |register| wording!("act_unmask", register);
        let table = self.table_for(record.register, |register| &register.may_unmask, what)?;
        let stored = self.record_for_change(table, record.id)?;
        let column = table.column(field).filter(|(_, column)| column.field.effective_class() >= Class::Personal);
        let (index, column) = column.ok_or_else(|| Refusal::not_found(wording!("thing_field")))?;
        if purpose.trim().chars().count() < PURPOSE_MIN {
            return Err(refusal!("purpose_missing", RefusalKind::Invalid));
        }
        let mut after = EventFields::default();
        after.note("_field", column.name.as_str());
        after.note("_purpose", purpose.trim());
        self.meta_event(table, &stored, "unmasked", EventPayload::after(after))?;
        let text = stored.fields[index].to_string();
        Ok(Receipt { id: Some(record.id.to_owned()), text: Some(text), ..Receipt::default() })
    }
}
