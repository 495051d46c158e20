//! Somebody was quicker: who, when, and what they did.

use super::Change;
use super::prepared::record_name;
use crate::held::Held;
use crate::tables::RegisterTable;
use crate::{Refusal, RefusalKind, StoreError};
use model::Day;

/// Who last changed a record, when, and how.
struct LastHand {
    who: String,
    day: String,
    at_ms: i64,
    action: String,
}

impl Change<'_> {
    /// The record was changed since it was read.
    pub(super) fn overtaken(&self, table: &RegisterTable, held: &Held) -> Result<Refusal, StoreError> {
        let refusal = Refusal::new(
            RefusalKind::Conflict,
            ["这条记录在您打开之后已被他人修改,您的操作没有保存", "请重新打开记录,核对后再办理"],
            ["The record was changed after you opened it; yours was not saved", "Open it again, compare, then go on."],
        );
        self.with_last_hand(table, held, refusal)
    }

    /// A record with the same key is there.
    pub(super) fn known_already(&self, table: &RegisterTable, held: &Held) -> Result<Refusal, StoreError> {
        let label = &table.register.label;
        let refusal = Refusal::new(
            RefusalKind::Conflict,
            [&format!("《{label}》中已有这条记录,不必重复登记"), "请打开已有记录,在其上更正"],
            [&format!("{} has this record already", table.register.label_en), "Open it and correct it there."],
        );
        Ok(Refusal { record: Some(record_name(held.id)), ..self.with_last_hand(table, held, refusal)? })
    }

    /// Adds to a refusal who changed the record last, and when.
    pub(super) fn with_last_hand(
        &self,
        table: &RegisterTable,
        held: &Held,
        refusal: Refusal,
    ) -> Result<Refusal, StoreError> {
        let Some(last) = self.last_hand(held)? else { return Ok(refusal) };
        let step = table.register.step.iter().find(|step| step.name == last.action);
        let (what, what_en) = step.map_or(("修改", "changed"), |step| (&step.label, &step.label_en));
        let clock = model::time_at(last.at_ms);
        let day: &str = &last.day;
        Ok(Refusal {
            why: format!("{}({} 于 {day} {clock} 办理“{what}”)", refusal.why, last.who),
            why_en: format!("{} ({} on {day} {clock}: {what_en})", refusal.why_en, last.who),
            ..refusal
        })
    }

    fn last_hand(&self, held: &Held) -> Result<Option<LastHand>, StoreError> {
        let sql = "select coalesce(a.shown_name, e.account), e.day, e.at_ms, e.action from event e \
                   left join account a on a.name = e.account where e.record_id = ?1 order by e.seq desc limit 1";
        self.transaction.first(sql, &[held.id.into()], |row| {
            Ok(LastHand { who: row.get(0)?, day: row.get(1)?, at_ms: row.get(2)?, action: row.get(3)? })
        })
    }
}

/// Notices that a step leaves for others.
impl Change<'_> {
    /// Leaves a notice for each role that the step names, at the record's place.
    pub(super) fn notify(&mut self, table: &RegisterTable, held: &Held, step: &str) -> Result<(), StoreError> {
        let Some(declared) = table.register.step.iter().find(|declared| declared.name == step) else { return Ok(()) };
        let Some(place) = held.standing.place else { return Ok(()) };
        let today: Day = self.today;
        for role in &declared.notifies {
            let sql = "insert into notice (number, role, place, register, record, step, day, at_ms, account) \
                       select coalesce(max(number), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 from notice";
            self.transaction.execute(
                sql,
                &[
                    role.as_str().into(),
                    place.to_string().into(),
                    table.kept.as_str().into(),
                    record_name(held.id).into(),
                    step.into(),
                    today.to_string().into(),
                    self.at_ms.into(),
                    self.actor.account.as_str().into(),
                ],
            )?;
        }
        Ok(())
    }
}
