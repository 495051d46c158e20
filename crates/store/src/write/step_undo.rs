//! The last step of a record is taken back, with all that followed from it, as long as nobody acted on either.
//!
//! What followed stands in the log right behind the step's own event and names it as `_by`. Nothing is removed: the events
//! stay, and events that take them back stand behind; where a record stands is replayed without both.

use super::act::{Act, Cause};
use super::change::UnitOfWork;
use super::conflict::NO_CHANGES;
use super::draft::draft_of;
use super::effects::{ATTACHED, OPENED};
use super::entry::RecordAddress;
use super::records::MOVED_AWAY;
use crate::database::{Row, values};
use crate::error::refusal;
use crate::log::course::BY;
use crate::stored::event_fields::{EventFields, EventPayload, said};
use crate::stored::keys::BY_PACKAGE;
use crate::stored::raised;
use crate::stored::record::{RecordMeta, StoredRecord};
use crate::stored::tables::RegisterTable;
use crate::{Receipt, Refusal, RefusalKind, StoreError};
use lifecycle::Command;
use model::{RecordId, Value, Version};
use serde_json::{Map, Value as Json};
use words::wording;

/// Action of the event that takes a step back.
const STEP_UNDONE: &str = "step_undone";
/// Action of the event that takes an attachment to a record back.
const DETACHED: &str = "detached";

/// Events that are read at once behind a step.
const BEHIND_MAX: i64 = 200;

/// An event of a step, or of what followed from it.
struct Done {
    seq: i64,
    account: String,
    at_ms: i64,
    register: String,
    record: String,
    action: String,
    before: Map<String, Json>,
    after: Map<String, Json>,
}

impl Done {
    const SELECT: &'static str = "select seq, account, at_ms, register, record, action, before, after from event";

    fn read(row: &Row<'_>) -> Result<Done, StoreError> {
        Ok(Done {
            seq: row.get(0)?,
            account: row.get(1)?,
            at_ms: row.get(2)?,
            register: row.get(3)?,
            record: row.get(4)?,
            action: row.get(5)?,
            before: said(&row.get::<String>(6)?)?,
            after: said(&row.get::<String>(7)?)?,
        })
    }
}

impl<'a> UnitOfWork<'a> {
    /// Takes the last step of a record back: by who took it, with the reason. What followed from it is taken back with it.
    pub(super) fn undo_step(
        &mut self,
        record: RecordAddress<'_>,
        version: Version,
        why: &str,
    ) -> Result<Receipt, Refusal> {
        let what = |register| wording!("act_undo_steps", register);
        let table = self.table_for(record.register, |register| &register.may_see, what)?;
        let stored = self.record_as_seen(table, record.id, version)?;
        if model::written::is_blank(why) {
            return Err(refusal!("undo_without_reason", RefusalKind::Invalid));
        }
        let own = self.last_step(table, &stored)?;
        let behind = self.behind(&own)?;
        let group_end = behind.last().map_or(own.seq, |last| last.seq);
        let cause = Cause { register: table.kept.clone(), record: stored.id.to_string(), step: STEP_UNDONE.to_owned() };
        let mut followers = Vec::with_capacity(behind.len());
        for done in behind.into_iter().filter(|done| done.action != MOVED_AWAY) {
            followers.push(self.follower(done, group_end)?);
        }
        let meta = self.take_back(table, &stored, &own, Some(why), None)?;
        for (there, done) in followers.iter().rev() {
            // The same record may have been touched more than once.
            let stored = self.there_now(there, done)?;
            match done.action.as_str() {
                ATTACHED => {
                    let mut after = EventFields::default();
                    Act { cause: Some(&cause), ..Act::of(DETACHED) }.note(&there.register, &mut after);
                    self.meta_event(there, &stored, DETACHED, EventPayload::after(after))?;
                }
                OPENED => self.withdraw(there, &stored, Act { cause: Some(&cause), ..Act::of("withdrawn") })?,
                _ => drop(self.take_back(there, &stored, done, None, Some(&cause))?),
            }
        }
        Ok(Receipt { id: Some(stored.id.to_string()), version: Some(meta.version), changed: 1, ..Receipt::default() })
    }

    /// The record's last event, where it is a step that the actor took.
    fn last_step(&mut self, table: &RegisterTable, stored: &StoredRecord) -> Result<Done, Refusal> {
        let [recalculated, recoded] = BY_PACKAGE;
        let sql = format!(
            "{} where record_id = ?1 and register = ?2 and action not in ('{recalculated}', '{recoded}', {NO_CHANGES}) \
             order by seq desc limit 1",
            Done::SELECT
        );
        let last = self.transaction.first(&sql, values![stored.id, table.kept], Done::read)?;
        let back = Command::SendBack { step: "", to: "" }.name();
        let is_step = |done: &Done| {
            let declared = table.register.step.iter().any(|step| step.name == done.action) || done.action == back;
            declared && !done.after.contains_key(BY)
        };
        match last.filter(is_step) {
            Some(done) if done.account == self.actor.account => Ok(done),
            Some(_) => Err(self.with_last_hand(table, stored, not_own())?),
            None => Err(self.with_last_hand(table, stored, not_last())?),
        }
    }

    /// The events of what followed, in their order: they stand right behind the step's.
    fn behind(&self, own: &Done) -> Result<Vec<Done>, StoreError> {
        let sql = format!("{} where seq > ?1 order by seq limit {BEHIND_MAX}", Done::SELECT);
        let events = self.transaction.all(&sql, values![own.seq], Done::read)?;
        let next = events
            .into_iter()
            .zip(own.seq + 1..)
            .take_while(|(done, seq)| done.seq == *seq && (done.after.contains_key(BY) || done.action == MOVED_AWAY));
        Ok(next.map(|(done, _)| done).collect())
    }

    /// A record to which something followed, on which nobody acted since.
    fn follower(&self, done: Done, group_end: i64) -> Result<(&'a RegisterTable, Done), Refusal> {
        let name = self.inner.declarations.changes.register_now(&done.register);
        let table = self.inner.tables.get(name).ok_or_else(|| Refusal::not_found(wording!("thing_register")))?;
        if done.action != ATTACHED {
            let stored = self.there_now(table, &done)?;
            let sql = format!(
                "select seq from event where record_id = ?1 and register = ?2 and seq > ?3 \
                 and action not in ({NO_CHANGES}) limit 1"
            );
            let acted =
                self.transaction.first(&sql, values![stored.id, table.kept, group_end], |row| row.get::<i64>(0))?;
            if acted.is_some() {
                return Err(self.with_last_hand(table, &stored, acted_on(table))?);
            }
        }
        Ok((table, done))
    }

    fn there_now(&self, table: &RegisterTable, done: &Done) -> Result<StoredRecord, StoreError> {
        let broken = || StoreError::StoredValue { column: table.table.clone() };
        let id = done.record.parse::<RecordId>().ok().ok_or_else(broken)?;
        table.stored_by_id(self.transaction, &self.inner.cipher, id)?.ok_or_else(broken)
    }

    /// Puts a record back to what it was before the step of this event.
    fn take_back(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        done: &Done,
        why: Option<&str>,
        cause: Option<&Cause>,
    ) -> Result<RecordMeta, Refusal> {
        let mut draft = draft_of(stored);
        let mut children = stored.children.clone();
        table.put_back(&self.inner.cipher, &done.before, &mut draft.fields, &mut children)?;
        draft.children = Some(children);
        let text = |name: &str| done.before.get(name).and_then(Json::as_str);
        let place = self.place_of(table, &draft)?.or(stored.meta.place);
        let mut meta = RecordMeta { place, ..stored.meta.clone() };
        if let Some(state) = done.before.get("_state") {
            meta.state = state.as_str().map(str::to_owned);
            meta.state_on = text("_state_on").and_then(|day| day.parse().ok());
            meta.due_on = text("_due_on").and_then(|day| day.parse().ok());
        }
        self.stays_the_one_open(table, stored, &meta, &draft.fields)?;
        let act = Act { undoes: Some(done.seq), why, cause, ..Act::of(STEP_UNDONE) };
        let meta = self.change_record(table, stored, &draft, &meta, act)?;
        self.forget_notices(table, stored, done)?;
        Ok(meta)
    }

    /// Refuses to open a record again where steps keep one open for each key and another has been opened since.
    fn stays_the_one_open(
        &self,
        table: &RegisterTable,
        stored: &StoredRecord,
        meta: &RecordMeta,
        fields: &[Value],
    ) -> Result<(), Refusal> {
        if !is_final(table, stored.meta.state.as_deref()) || is_final(table, meta.state.as_deref()) {
            return Ok(());
        }
        let registers = self.inner.declarations.registers.values();
        let opens = registers.flat_map(|register| &register.step).flat_map(|step| &step.opens);
        for opens in opens.filter(|opens| opens.register == table.name && !opens.key.is_empty()) {
            let key = opens.key.iter().map(|name| (name.clone(), table.value(fields, name).clone()));
            if !self.open_records(table, &key.collect::<Vec<_>>())?.is_empty() {
                return Err(refusal!("another_opened_since", RefusalKind::Conflict, register = table.label()));
            }
        }
        Ok(())
    }

    /// Notices of the step and what was remembered of a closing go with it.
    fn forget_notices(&mut self, table: &RegisterTable, stored: &StoredRecord, done: &Done) -> Result<(), StoreError> {
        let of_step = "register = ?1 and record = ?2 and step = ?3 and at_ms = ?4 and account = ?5";
        let of_notice = values![table.kept, stored.id.to_string(), done.action, done.at_ms, done.account];
        let read = format!("delete from notice_read where number in (select number from notice where {of_step})");
        self.transaction.execute(&read, of_notice.clone())?;
        self.transaction.execute(&format!("delete from notice where {of_step}"), of_notice)?;
        let after = done.after.get("_state").and_then(Json::as_str);
        if table.register.is_raised() && is_final(table, after) {
            let lead_no = table.value(&stored.fields, raised::LEAD_NO).to_string();
            self.transaction.execute("delete from closing where lead_id = ?1", values![lead_no])?;
        }
        Ok(())
    }
}

/// True for a state in which a record has come to its end.
fn is_final(table: &RegisterTable, state: Option<&str>) -> bool {
    state.and_then(|state| table.register.state_named(state)).is_some_and(|state| state.is_final)
}

fn not_own() -> Refusal {
    refusal!("step_not_own", RefusalKind::NotAllowed)
}

fn not_last() -> Refusal {
    refusal!("step_not_last", RefusalKind::Conflict)
}

fn acted_on(table: &RegisterTable) -> Refusal {
    refusal!("step_acted_on", RefusalKind::Conflict, register = table.label())
}
