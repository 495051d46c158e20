//! Somebody was quicker: who, when, and what they did; and the notices that a step leaves for others.

use super::change::UnitOfWork;
use crate::database::Row;
use crate::stored::keys::SYSTEM_ROLE;
use crate::stored::record::StoredRecord;
use crate::stored::tables::RegisterTable;
use crate::{ChangedSince, Refusal, RefusalKind, StoreError};
use model::{Day, Version};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// Changes of a record that are looked at to say what was changed.
const EVENTS_MAX: i64 = 50;
/// Fields that are named at most.
const LABELS_MAX: usize = 5;

/// Events of a record that changed nothing of it, or that tell of the same change a second time, in another county.
pub(super) const NO_CHANGES: &str = "'unmasked', 'moved_away', 'attached', 'detached'";

/// Who changed a record, when and how; before and after stand behind.
const SELECT_HAND: &str = "select e.account, coalesce(a.shown_name, e.account), e.role, e.day, e.at_ms, e.action, e.before, \
     e.after from event e left join account a on a.name = e.account";

/// Somebody's changes of one kind since a version: the last of them, and the kept names of what of them stands.
struct Hand {
    last: LastHand,
    names: BTreeSet<String>,
}

/// Who changed a record, when, and how.
struct LastHand {
    account: String,
    who: String,
    role: String,
    day: String,
    at_ms: i64,
    action: String,
}

impl LastHand {
    fn read(row: &Row<'_>) -> Result<LastHand, StoreError> {
        let (account, who, role) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(LastHand { account, who, role, day: row.get(3)?, at_ms: row.get(4)?, action: row.get(5)? })
    }
}

impl UnitOfWork<'_> {
    /// The record does not stand in the version that the change was made from. `seen`: that version. Each change since is told
    /// with who made it; what stands as it stood then is not told as changed.
    pub(super) fn overtaken(
        &self,
        table: &RegisterTable,
        stored: &StoredRecord,
        seen: Version,
    ) -> Result<Refusal, StoreError> {
        let hint = ["请重新打开记录,核对后再办理", "Open it again, compare, then go on."];
        let refusal = |[why, why_en]: [&str; 2]| Refusal::new(RefusalKind::Conflict, [why, hint[0]], [why_en, hint[1]]);
        if !(Version::FIRST..stored.meta.version).contains(&seen) {
            let refusal = refusal([
                "您的操作写明的版本不是这条记录的版本,没有保存",
                "The version that was named is none of this record; nothing was saved",
            ]);
            return self.with_last_hand(table, stored, refusal);
        }
        let hands = self.hands_since(table, stored, seen)?;
        if hands.is_empty() {
            let refusal = refusal([
                "这条记录在您打开之后被改动过,又改了回来,您的操作没有保存",
                "The record was changed and changed back after you opened it; yours was not saved",
            ]);
            return self.with_last_hand(table, stored, refusal);
        }
        let is_own = hands.iter().all(|hand| hand.last.account == self.actor.account);
        let refusal = refusal(match is_own {
            true => [
                "这条记录在您打开之后已由您本人在别处修改,这次操作没有保存",
                "You changed the record yourself after you opened it here; this was not saved",
            ],
            false => [
                "这条记录在您打开之后已被他人修改,您的操作没有保存",
                "The record was changed after you opened it; yours was not saved",
            ],
        });
        let texts = hands.iter().map(|hand| self.hand_text(table, hand));
        let (texts, texts_en) = texts.unzip::<String, String, Vec<_>, Vec<_>>();
        let since = table.columns.iter().filter_map(|column| {
            let hand = hands.iter().rev().find(|hand| hand.names.contains(&column.name))?;
            Some(ChangedSince {
                field: column.field.name.clone(),
                by: hand.last.who.clone(),
                is_own: hand.last.account == self.actor.account,
                is_system: hand.last.role == SYSTEM_ROLE,
            })
        });
        Ok(Refusal {
            why: format!("{}({})", refusal.why, texts.join(";")),
            why_en: format!("{} ({})", refusal.why_en, texts_en.join("; ")),
            since: since.collect(),
            ..refusal
        })
    }

    /// Who did what when, and what it changed; no values, which not everybody may see.
    fn hand_text(&self, table: &RegisterTable, hand: &Hand) -> (String, String) {
        let (text, text_en) = self.done_text(table, &hand.last);
        let fields = table.columns.iter().map(|column| (&column.name, &column.field.label, &column.field.label_en));
        let children = table.children.iter().zip(&table.register.child);
        let children = children.map(|(child, declared)| (&child.kept, &declared.label, &declared.label_en));
        let named = || fields.clone().chain(children.clone()).filter(|(name, ..)| hand.names.contains(*name));
        let labels: Vec<&str> = named().map(|(_, label, _)| label.as_str()).take(LABELS_MAX).collect();
        let labels_en: Vec<&str> = named().map(|(.., label)| label.as_str()).take(LABELS_MAX).collect();
        let more = hand.names.len().saturating_sub(LABELS_MAX);
        match (labels.is_empty(), more) {
            (true, _) => (text, text_en),
            (false, 0) => (format!("{text}:{}", labels.join("、")), format!("{text_en}: {}", labels_en.join(", "))),
            (false, more) => (
                format!("{text}:{}等{}项", labels.join("、"), labels.len() + more),
                format!("{text_en}: {} and {more} more", labels_en.join(", ")),
            ),
        }
    }

    /// A record with the same key is there.
    pub(super) fn known_already(&self, table: &RegisterTable, stored: &StoredRecord) -> Result<Refusal, StoreError> {
        let label = &table.register.label;
        let refusal = Refusal::new(
            RefusalKind::Conflict,
            [&format!("《{label}》中已有这条记录,不必重复登记"), "请打开已有记录,在其上更正"],
            [&format!("{} has this record already", table.register.label_en), "Open it and correct it there."],
        );
        Ok(Refusal { record: Some(stored.id.to_string()), ..self.with_last_hand(table, stored, refusal)? })
    }

    /// Adds to a refusal who changed the record last, and when.
    pub(super) fn with_last_hand(
        &self,
        table: &RegisterTable,
        stored: &StoredRecord,
        refusal: Refusal,
    ) -> Result<Refusal, StoreError> {
        let Some(last) = self.last_hand(stored)? else { return Ok(refusal) };
        let (text, text_en) = self.done_text(table, &last);
        Ok(Refusal {
            why: format!("{}({text})", refusal.why),
            why_en: format!("{} ({text_en})", refusal.why_en),
            ..refusal
        })
    }

    /// Who did what, and when.
    fn done_text(&self, table: &RegisterTable, last: &LastHand) -> (String, String) {
        let step = table.register.step.iter().find(|step| step.name == last.action);
        let (what, what_en) = match step {
            Some(step) => (step.label.as_str(), step.label_en.as_str()),
            None => done(&last.action),
        };
        let (who, who_en) = match (last.role == SYSTEM_ROLE, last.account == self.actor.account) {
            (true, _) => ("系统", "the system"),
            (false, true) => ("您本人", "yourself"),
            (false, false) => (last.who.as_str(), last.who.as_str()),
        };
        let (day, clock) = (&last.day, model::time_at(last.at_ms));
        (format!("{who} 于 {day} {clock} 办理“{what}”"), format!("{who_en} on {day} {clock}: {what_en}"))
    }

    fn last_hand(&self, stored: &StoredRecord) -> Result<Option<LastHand>, StoreError> {
        let sql = format!(
            "{SELECT_HAND} where e.record_id = ?1 and e.action not in ({NO_CHANGES}) order by e.seq desc limit 1"
        );
        self.transaction.first(&sql, &[stored.id.into()], LastHand::read)
    }

    /// Who changed the record since that version, oldest first, each with what of it stands; who changed nothing that stands is
    /// left out.
    fn hands_since(
        &self,
        table: &RegisterTable,
        stored: &StoredRecord,
        seen: Version,
    ) -> Result<Vec<Hand>, StoreError> {
        let sql = format!(
            "{SELECT_HAND} where e.record_id = ?1 and e.action not in ({NO_CHANGES}) order by e.seq desc limit ?2"
        );
        let events = (stored.meta.version.0 - seen.0).min(EVENTS_MAX);
        let read = |row: &Row<'_>| Ok((LastHand::read(row)?, row.get::<String>(6)?, row.get::<String>(7)?));
        let events = self.transaction.all(&sql, &[stored.id.into(), events.into()], read)?;
        let mut then = stored.clone();
        let mut changes = Vec::with_capacity(events.len());
        for (last, before, after) in events {
            let fields = |text: &str| -> Result<Map<String, Json>, StoreError> {
                if text.is_empty() { Ok(Map::new()) } else { Ok(serde_json::from_str(text)?) }
            };
            let (before, after) = (fields(&before)?, fields(&after)?);
            table.put_back(&self.inner.cipher, &before, &mut then.fields, &mut then.children)?;
            let names: BTreeSet<String> = before.into_iter().chain(after).map(|(name, _)| name).collect();
            changes.push((last, names));
        }
        let meta = self.names_changed(table, &then, stored)?;
        let mut hands: Vec<Hand> = Vec::new();
        for (last, names) in changes.into_iter().rev() {
            // A step may lead back to the same state: one of several who agree.
            let is_step = names.iter().any(|name| name == "_state" || name == "_withdrawn")
                || table.register.step.iter().any(|step| step.name == last.action);
            let names: BTreeSet<String> = names.intersection(&meta).cloned().collect();
            if names.is_empty() && !is_step {
                continue;
            }
            match hands.iter_mut().find(|hand| hand.last.account == last.account && hand.last.action == last.action) {
                Some(hand) => {
                    hand.last = last;
                    hand.names.extend(names);
                }
                None => hands.push(Hand { last, names }),
            }
        }
        Ok(hands)
    }

    /// Fields and kinds of child records, by their kept names, that are not what they were then.
    fn names_changed(
        &self,
        table: &RegisterTable,
        then: &StoredRecord,
        stored: &StoredRecord,
    ) -> Result<BTreeSet<String>, StoreError> {
        let payload = table.differences(&self.inner.cipher, then.contents(), stored.contents())?;
        Ok(payload.before.names().map(str::to_owned).collect())
    }
}

/// What was done that is no step of the register.
fn done(action: &str) -> (&'static str, &'static str) {
    match action {
        "added" => ("登记", "entered"),
        "opened" => ("由其他台账转入", "opened by another register"),
        "sent_back" => ("退回", "sent back"),
        "step_undone" => ("撤销步骤", "step taken back"),
        "taken_down" => ("公示期满撤下", "notice taken down"),
        "entered_again" => ("重新登记", "entered again"),
        "withdrawn" => ("撤回", "withdrawn"),
        "import_undone" => ("撤销导入", "import taken back"),
        "recalculated" => ("重新核算", "calculated again"),
        "recoded" => ("代码更替", "codes changed"),
        _ => ("修改", "changed"),
    }
}

/// Notices that a step leaves for others.
impl UnitOfWork<'_> {
    /// Leaves a notice of the step for each of these roles, at the record's place.
    pub(super) fn notify(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        step: &str,
        roles: &[String],
    ) -> Result<(), StoreError> {
        let Some(place) = stored.meta.place else { return Ok(()) };
        let today: Day = self.now.day;
        for role in roles {
            let sql = "insert into notice (number, role, place, register, record, step, day, at_ms, account) \
                       select coalesce(max(number), 0) + 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 from notice";
            self.transaction.execute(
                sql,
                &[
                    role.as_str().into(),
                    place.to_string().into(),
                    table.kept.as_str().into(),
                    stored.id.to_string().into(),
                    step.into(),
                    today.to_string().into(),
                    self.now.at_ms.into(),
                    self.actor.account.as_str().into(),
                ],
            )?;
        }
        Ok(())
    }
}
