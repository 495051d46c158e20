//! Somebody was quicker: who, when, and what they did; and the notices that a step leaves for others.

use super::change::UnitOfWork;
use crate::database::Row;
use crate::error::refusal;
use crate::stored::keys::SYSTEM_ROLE;
use crate::stored::record::StoredRecord;
use crate::stored::tables::RegisterTable;
use crate::{ChangedSince, Refusal, RefusalKind, StoreError};
use model::{Day, Version};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;
use words::{Wording, wording};

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
        let kind = RefusalKind::Conflict;
        if !(Version::FIRST..stored.meta.version).contains(&seen) {
            return self.with_last_hand(table, stored, refusal!("version_unknown", kind));
        }
        let hands = self.hands_since(table, stored, seen)?;
        if hands.is_empty() {
            return self.with_last_hand(table, stored, refusal!("changed_and_back", kind));
        }
        let refusal = match hands.iter().all(|hand| hand.last.account == self.actor.account) {
            true => refusal!("overtaken_by_yourself", kind),
            false => refusal!("overtaken", kind),
        };
        let told = words::clauses(hands.iter().map(|hand| self.hand_told(table, hand)));
        let since = table.columns.iter().filter_map(|column| {
            let hand = hands.iter().rev().find(|hand| hand.names.contains(&column.name))?;
            Some(ChangedSince {
                field: column.field.name.clone(),
                by: hand.last.who.clone(),
                is_own: hand.last.account == self.actor.account,
                is_system: hand.last.role == SYSTEM_ROLE,
            })
        });
        Ok(Refusal { since: since.collect(), ..told_besides(refusal, told) })
    }

    /// Who did what when, and what it changed; no values, which not everybody may see.
    fn hand_told(&self, table: &RegisterTable, hand: &Hand) -> Wording {
        let done = self.done_told(table, &hand.last);
        let fields = table.columns.iter().map(|column| (&column.name, column.label()));
        let children = table.children.iter().zip(&table.register.child);
        let children = children.map(|(child, one)| (&child.kept, Wording::pair(&one.label, &one.label_en)));
        let named = fields.chain(children).filter(|(name, _)| hand.names.contains(*name)).map(|(_, label)| label);
        let fields = words::list(named.take(LABELS_MAX));
        let count = hand.names.len();
        match (fields.is_empty(), count > LABELS_MAX) {
            (true, _) => done,
            (false, false) => wording!("hand_fields", done, fields),
            (false, true) => wording!("hand_fields_and_more", done, fields, count),
        }
    }

    /// A record with the same key is there.
    pub(super) fn known_already(&self, table: &RegisterTable, stored: &StoredRecord) -> Result<Refusal, StoreError> {
        let refusal = refusal!("record_exists", RefusalKind::Conflict, register = table.label());
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
        Ok(told_besides(refusal, self.done_told(table, &last)))
    }

    /// Who did what, and when.
    fn done_told(&self, table: &RegisterTable, last: &LastHand) -> Wording {
        let step = table.register.step.iter().find(|step| step.name == last.action);
        let done = step.map_or_else(|| done(&last.action), |step| Wording::pair(&step.label, &step.label_en));
        let who = match (last.role == SYSTEM_ROLE, last.account == self.actor.account) {
            (true, _) => wording!("who_system"),
            (false, true) => wording!("who_you"),
            (false, false) => Wording::same(&last.who),
        };
        wording!("hand", who, day = last.day, clock = model::time_at(last.at_ms), done)
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
            let is_step = names.iter().any(|name| name == "_state" || name == "_withdrawn" || name == "_taken_down")
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

/// Says besides why not who did what.
fn told_besides(refusal: Refusal, hands: Wording) -> Refusal {
    Refusal { what: wording!("refused_after_hands", what = refusal.what, hands), ..refusal }
}

/// What was done that is no step of the register, beside changes.
const DONE: [&str; 10] = [
    "added",
    "opened",
    "sent_back",
    "step_undone",
    "taken_down",
    "entered_again",
    "withdrawn",
    "import_undone",
    "recalculated",
    "recoded",
];

fn done(action: &str) -> Wording {
    let known = if DONE.contains(&action) { action } else { "changed" };
    words::wording(&format!("done_{known}"), &[])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_has_its_words() {
        let changed = done("changed");
        for action in DONE {
            let said = done(action);
            assert!(said != changed && !said.chinese().contains("??") && !said.english().is_empty(), "{action}");
        }
        assert_eq!((done("anything else"), changed.english()), (changed.clone(), "changed"));
    }
}
