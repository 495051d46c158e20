//! A record is moved a step on, or sent back: by somebody, by itself, or along with the step of another record.

use super::act::{Act, Cause};
use super::change::UnitOfWork;
use super::draft::{Draft, draft_of};
use super::entry::RecordAddress;
use super::given::{fill, fill_for_step};
use crate::log::course::life_of;
use crate::stored::record::{RecordMeta, StoredRecord};
use crate::stored::tables::RegisterTable;
use crate::{Agreement, Receipt, Refusal, RefusalKind, StoreError};
use lifecycle::{Command, Transition};
use model::{Value, Version};
use words::wording;

/// A step that somebody takes.
pub(super) struct Taken<'s> {
    pub(super) step: &'s str,
    /// The state to which the record is sent back instead.
    pub(super) back_to: Option<&'s str>,
    /// Name and value of the fields that are given with it.
    pub(super) fields: &'s [(String, Value)],
}

impl UnitOfWork<'_> {
    /// Takes a step of the record's lifecycle, or sends it back; fields given with it are kept. `version` is the one that was
    /// looked at: a step that leads back to the same state is not taken twice by two who looked at the same.
    pub(super) fn step_record(
        &mut self,
        record: RecordAddress<'_>,
        version: Option<Version>,
        taken: &Taken<'_>,
    ) -> Result<Receipt, Refusal> {
        let what = |register| wording!("act_take_steps", register);
        let table = self.table_for(record.register, |register| &register.may_see, what)?;
        let stored = self.record_for_change(table, record.id)?;
        let mut draft = draft_of(&stored);
        fill_for_step(table, &mut draft, taken.step, taken.fields)?;
        let command = match taken.back_to {
            Some(to) => Command::SendBack { step: taken.step, to },
            None => Command::Step(taken.step),
        };
        let given = names_of(taken.fields);
        let place = stored.meta.place;
        let transition = match self.decide(table, command, Some(&stored), place, &mut draft, &given) {
            Ok(transition) => transition,
            Err(refusal) if matches!(refusal.kind, RefusalKind::Lifecycle(lifecycle::RefusalKind::WrongState)) => {
                return Err(self.with_last_hand(table, &stored, refusal)?);
            }
            Err(refusal) => return Err(refusal),
        };
        if let Some(seen) = version.filter(|version| stored.meta.version != *version) {
            return Err(self.overtaken(table, &stored, seen)?);
        }
        // What a deputy does is done for the office, by the deputy.
        self.log.office = transition.acted_for.clone();
        self.carry_out(table, &stored, draft, &transition, None)
    }

    /// A step that the step of another record takes along, with these fields filled.
    pub(super) fn advance(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        step: &str,
        fields: &[(String, Value)],
        cause: &Cause,
    ) -> Result<Receipt, Refusal> {
        let mut draft = draft_of(stored);
        fill(table, &mut draft, fields, &[])?;
        let place = stored.meta.place;
        let command = Command::Advanced(step);
        let transition = self.decide(table, command, Some(stored), place, &mut draft, &names_of(fields))?;
        self.carry_out(table, stored, draft, &transition, Some(cause))
    }

    /// Writes what a decided step leads to, and does what follows from it.
    pub(super) fn carry_out(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        draft: Draft,
        transition: &Transition,
        cause: Option<&Cause>,
    ) -> Result<Receipt, Refusal> {
        if transition.is_final && table.register.is_raised() {
            self.remember_closing(table, stored, &draft)?;
        }
        let act = Act { course: &transition.events, cause, ..Act::of(&transition.step) };
        let meta = match act.reaches_a_state() {
            true => self.meta_after(table, stored, transition)?,
            false => stored.meta.clone(),
        };
        let receipt = self.replace(table, stored, draft, meta, act)?;
        let followed = self.follow(table, stored, transition)?;
        Ok(Receipt { followed, agreement: self.agreement_after(table, stored, transition)?, ..receipt })
    }

    /// Who must still agree, where the step waits for more.
    fn agreement_after(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        transition: &Transition,
    ) -> Result<Option<Agreement>, StoreError> {
        let step = table.register.step.iter().find(|step| step.name == transition.step);
        let Some(step) = step.filter(|_| transition.tally.is_some_and(|tally| !tally.is_full())) else {
            return Ok(None);
        };
        self.log.flush(self.transaction)?;
        let life = life_of(self.transaction, table, stored)?;
        Ok(self.inner.declarations.agreement(step, &life.position.approvals))
    }

    fn meta_after(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        transition: &Transition,
    ) -> Result<RecordMeta, Refusal> {
        let due_on = match transition.is_final {
            true => None,
            false => {
                self.log.flush(self.transaction)?;
                self.inner.due_after(self.transaction, table, Some(stored), stored.meta.place, &transition.events)?
            }
        };
        Ok(RecordMeta {
            state: Some(transition.to.clone()),
            state_on: Some(transition.entered_state_on),
            due_on,
            ..stored.meta.clone()
        })
    }

    /// The step of a record that brings what follows.
    pub(super) fn cause(&self, table: &RegisterTable, stored: &StoredRecord, step: &str) -> Cause {
        Cause { register: table.kept.clone(), record: stored.id.to_string(), step: step.to_owned() }
    }
}

pub(super) fn names_of(fields: &[(String, Value)]) -> Vec<&str> {
    fields.iter().map(|(name, _)| name.as_str()).collect()
}
