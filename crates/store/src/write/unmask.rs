//! A sensitive field looked at whole: who, when, what for.

use super::change::UnitOfWork;
use super::entry::RecordAddress;
use crate::stored::event_fields::{EventFields, EventPayload};
use crate::{Receipt, Refusal, RefusalKind};
use model::Class;

/// Letters that a purpose has at least.
const PURPOSE_MIN: usize = 4;

impl UnitOfWork<'_> {
    /// Gives the value of a sensitive field and leaves the event with the purpose.
    pub(super) fn unmask(&mut self, record: RecordAddress<'_>, field: &str, purpose: &str) -> Result<Receipt, Refusal> {
        let (what, what_en) = ("查看完整内容:", "unmask fields of");
        let table = self.table_for(record.register, |register| &register.may_unmask, what, what_en)?;
        let stored = self.record_for_change(table, record.id)?;
        let column = table.column(field).filter(|(_, column)| column.field.effective_class() >= Class::Personal);
        let (index, column) = column.ok_or_else(|| Refusal::not_found("该字段", "field"))?;
        if purpose.trim().chars().count() < PURPOSE_MIN {
            return Err(Refusal::new(
                RefusalKind::Invalid,
                ["查看完整信息须写明用途", "请写明用途(不少于4个字),查看会记入日志"],
                ["Looking at it whole needs a purpose", "Say what for; the look is logged."],
            ));
        }
        let mut after = EventFields::default();
        after.note("_field", column.name.as_str());
        after.note("_purpose", purpose.trim());
        self.meta_event(table, &stored, "unmasked", EventPayload::after(after))?;
        let text = stored.fields[index].to_string();
        Ok(Receipt { id: Some(record.id.to_owned()), text: Some(text), ..Receipt::default() })
    }
}
