//! What a change of objections means for the notice that hangs.

use super::course::Life;
use crate::StoreError;
use crate::store::Inner;
use crate::stored::record::{Children, StoredRecord};
use crate::stored::tables::RegisterTable;
use lifecycle::Event;
use model::{Day, Value};

impl Life {
    /// What the change of a record's child records means for the notice that hangs: an objection, or that none stands any more.
    pub(crate) fn objection(
        &self,
        inner: &Inner,
        table: &RegisterTable,
        stored: &StoredRecord,
        children: &Children,
        today: Day,
    ) -> Result<Vec<Event>, StoreError> {
        let Some(notice) = &self.position.notice else { return Ok(Vec::new()) };
        let step = table.register.step.iter().find(|step| step.name == notice.step);
        let kind = step.and_then(|step| step.publicity.as_ref()?.objections.as_deref());
        let at = kind.and_then(|kind| table.register.child.iter().position(|child| child.name == kind));
        let Some(at) = at else { return Ok(Vec::new()) };
        let (mut fields, mut then) = (stored.fields.clone(), stored.children.clone());
        table.put_back(&inner.cipher, &self.under_notice, &mut fields, &mut then)?;
        let then = then.get(at).map(Vec::as_slice).unwrap_or_default();
        let count = |children: &Children| {
            let rows = since(then, children.get(at).map(Vec::as_slice).unwrap_or_default());
            lifecycle::objections(&table.register, &table.form, &self.position, &rows, today)
        };
        let (mut before, after) = (count(&stored.children), count(children));
        before.open = usize::from(notice.objections.last().is_some_and(|halt| halt.until.is_none()));
        Ok(lifecycle::objection(before, after, today))
    }
}

/// The rows that are there now and were not then.
fn since(then: &[Vec<Value>], now: &[Vec<Value>]) -> Vec<Vec<Value>> {
    let mut then: Vec<&Vec<Value>> = then.iter().collect();
    let is_new = |row: &&Vec<Value>| match then.iter().position(|known| known == row) {
        Some(known) => {
            then.swap_remove(known);
            false
        }
        None => true,
    };
    now.iter().filter(is_new).cloned().collect()
}
