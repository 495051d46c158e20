//! Somebody was quicker: who, when, and what they did; and the notices that a step leaves for others.

use super::Change;
use super::prepared::record_name;
use crate::database::Row;
use crate::held::Held;
use crate::tables::RegisterTable;
use crate::{Refusal, RefusalKind, SYSTEM_ROLE, StoreError};
use model::Day;
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// Changes of a record that are looked at to say what was changed.
const EVENTS_MAX: i64 = 50;
/// Fields that are named at most.
const LABELS_MAX: usize = 5;

/// Events of a record that changed nothing of it, or that tell of the same change a second time, in another county.
const NO_CHANGES: &str = "'unmasked', 'moved_away'";

/// Who last changed a record, when, and how.
struct LastHand {
    account: String,
    who: String,
    role: String,
    day: String,
    at_ms: i64,
    action: String,
}

impl Change<'_> {
    /// The record does not stand in the version that the change was made from. `seen`: that version.
    pub(super) fn overtaken(&self, table: &RegisterTable, held: &Held, seen: i64) -> Result<Refusal, StoreError> {
        let is_earlier = (1..held.standing.version).contains(&seen);
        let last = self.last_hand(held)?;
        let is_own = last.as_ref().is_some_and(|last| last.account == self.actor.account);
        let [why, why_en] = match (is_earlier, is_own) {
            (false, _) => [
                "您的操作写明的版本不是这条记录的版本,没有保存",
                "The version that was named is none of this record; nothing was saved",
            ],
            (true, true) => [
                "这条记录在您打开之后已由您本人在别处修改,这次操作没有保存",
                "You changed the record yourself after you opened it here; this was not saved",
            ],
            (true, false) => [
                "这条记录在您打开之后已被他人修改,您的操作没有保存",
                "The record was changed after you opened it; yours was not saved",
            ],
        };
        let hint = ["请重新打开记录,核对后再办理", "Open it again, compare, then go on."];
        let refusal = Refusal::new(RefusalKind::Conflict, [why, hint[0]], [why_en, hint[1]]);
        let refusal = self.with_last_hand(table, held, refusal)?;
        let changed = if is_earlier { self.changed_since(table, held, seen)? } else { Vec::new() };
        if changed.is_empty() {
            return Ok(refusal);
        }
        let (labels, labels_en): (Vec<String>, Vec<String>) = changed.into_iter().take(LABELS_MAX).unzip();
        Ok(Refusal {
            why: format!("{};其间改动:{}", refusal.why, labels.join("、")),
            why_en: format!("{}; changed since: {}", refusal.why_en, labels_en.join(", ")),
            ..refusal
        })
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
        let (what, what_en) = match step {
            Some(step) => (step.label.as_str(), step.label_en.as_str()),
            None => done(&last.action),
        };
        let (who, who_en) = match last.role == SYSTEM_ROLE {
            true => ("系统", "the system"),
            false => (last.who.as_str(), last.who.as_str()),
        };
        let (day, clock) = (&last.day, model::time_at(last.at_ms));
        Ok(Refusal {
            why: format!("{}({who} 于 {day} {clock} 办理“{what}”)", refusal.why),
            why_en: format!("{} ({who_en} on {day} {clock}: {what_en})", refusal.why_en),
            ..refusal
        })
    }

    fn last_hand(&self, held: &Held) -> Result<Option<LastHand>, StoreError> {
        let sql = format!(
            "select e.account, coalesce(a.shown_name, e.account), e.role, e.day, e.at_ms, e.action from event e \
             left join account a on a.name = e.account \
             where e.record_id = ?1 and e.action not in ({NO_CHANGES}) order by e.seq desc limit 1"
        );
        self.transaction.first(&sql, &[held.id.into()], |row| {
            let (account, who, role) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(LastHand { account, who, role, day: row.get(3)?, at_ms: row.get(4)?, action: row.get(5)? })
        })
    }

    /// Labels of what was changed since that version, in declared order; no values, which not everybody may see.
    fn changed_since(
        &self,
        table: &RegisterTable,
        held: &Held,
        seen: i64,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let sql = format!(
            "select before, after from event where record_id = ?1 and action not in ({NO_CHANGES}) \
             order by seq desc limit ?2"
        );
        let events = (held.standing.version - seen).min(EVENTS_MAX);
        let mut names = BTreeSet::new();
        let read = |row: &Row<'_>| Ok((row.get::<String>(0)?, row.get::<String>(1)?));
        for (before, after) in self.transaction.all(&sql, &[held.id.into(), events.into()], read)? {
            for told in [before, after].iter().filter(|told| !told.is_empty()) {
                names.extend(serde_json::from_str::<Map<String, Json>>(told)?.into_iter().map(|(name, _)| name));
            }
        }
        let fields = table.columns.iter().map(|column| (&column.name, &column.field.label, &column.field.label_en));
        let children = table.children.iter().zip(&table.register.child);
        let children = children.map(|(child, declared)| (&child.kept, &declared.label, &declared.label_en));
        let changed = fields.chain(children).filter(|(name, ..)| names.contains(*name));
        Ok(changed.map(|(_, label, label_en)| (label.clone(), label_en.clone())).collect())
    }
}

/// What was done that is no step of the register.
fn done(action: &str) -> (&'static str, &'static str) {
    match action {
        "added" => ("登记", "entered"),
        "entered_again" => ("重新登记", "entered again"),
        "withdrawn" => ("撤回", "withdrawn"),
        "import_undone" => ("撤销导入", "import taken back"),
        "recalculated" => ("重新核算", "calculated again"),
        "recoded" => ("代码更替", "codes changed"),
        _ => ("修改", "changed"),
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
