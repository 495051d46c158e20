//! One record at a time: entered, corrected, moved a step on, withdrawn.

use super::act::Act;
use super::change::UnitOfWork;
use super::draft::{Draft, draft_of};
use super::folded::unknown_letters;
use super::given::fill;
use super::lookups::Lookups;
use super::naming::take_key;
use super::prepared::Prepared;
use crate::command::Entry;
use crate::error::refusal;
use crate::log::course::Subject;
use crate::stored::event_fields::EventPayload;
use crate::stored::record::{RecordMeta, StoredRecord};
use crate::stored::tables::RegisterTable;
use crate::{OF_PACKAGE, Receipt, Refusal, RefusalKind, RefusedRow, StoreError};
use lifecycle::Command;
use model::{RecordId, RegionCode, Value, Version};
use policy::declare::Register;
use words::{Advice, Wording, wording};

/// Which record a command is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordAddress<'a> {
    /// Name of its register.
    pub(super) register: &'a str,
    /// Its number, or the text in its one key field.
    pub(super) id: &'a str,
}

impl UnitOfWork<'_> {
    /// Enters a new record.
    pub(super) fn enter_record(&mut self, entry: &Entry) -> Result<Receipt, Refusal> {
        let table = self.table_by_hand(&entry.register, |register| wording!("act_enter", register))?;
        let mut draft = Draft {
            resident_key: entry.resident_key,
            id: None,
            row: 0,
            fields: vec![Value::Null; table.columns.len()],
            children: Some(vec![Vec::new(); table.children.len()]),
        };
        fill(table, &mut draft, &entry.fields, &entry.children)?;
        let place = self.place_of(table, &draft)?;
        if !self.reaches_record(place) {
            return Err(outside(table));
        }
        let id = self.record_named(table, Prepared::id_of(&self.inner.cipher, table, &draft)?)?;
        draft.id = Some(id);
        let stored = table.stored_by_id(self.transaction, &self.inner.cipher, id)?;
        if stored.as_ref().is_some_and(|stored| !self.reaches_record(stored.meta.place)) {
            return Err(taken_elsewhere(table));
        }
        if let Some(stored) = stored.as_ref().filter(|stored| !stored.meta.is_withdrawn) {
            return Err(self.known_already(table, stored)?);
        }
        let given: Vec<&str> = entry.fields.iter().map(|(name, _)| name.as_str()).collect();
        let transition = self.decide(table, Command::Enter, None, place, &mut draft, &given)?;
        let meta = self.first_meta(table, place)?;
        let remarks = self.prove(table, &mut draft, id, &meta)?;
        let (state, due_on) = (meta.state.clone(), meta.due_on);
        let version = match stored {
            Some(stored) => {
                let meta = RecordMeta { version: stored.meta.version, ..meta };
                self.change_record(
                    table,
                    &stored,
                    &draft,
                    &meta,
                    Act { course: &transition.events, ..Act::of("entered_again") },
                )?
                .version
            }
            None => {
                self.add_record(table, &draft, &meta, Act::of("added"))?;
                meta.version
            }
        };
        let (id, version) = (Some(id.to_string()), Some(version));
        Ok(Receipt { id, version, state, due_on, added: 1, remarks, ..Receipt::default() })
    }

    /// Corrects a record. `version` is the one that the correction was made from.
    pub(super) fn correct_record(&mut self, id: &str, version: Version, entry: &Entry) -> Result<Receipt, Refusal> {
        let table = self.table_by_hand(&entry.register, |register| wording!("act_correct", register))?;
        let stored = self.record_as_seen(table, id, version)?;
        let mut draft = draft_of(&stored);
        if entry.resident_key.is_some() {
            draft.resident_key = entry.resident_key;
        }
        fill(table, &mut draft, &entry.fields, &entry.children)?;
        let given: Vec<&str> = entry.fields.iter().map(|(name, _)| name.as_str()).collect();
        let command = if only_objects(table, &stored, &draft) { Command::Object } else { Command::Change(&given) };
        self.decide(table, command, Some(&stored), stored.meta.place, &mut draft, &given)?;
        self.replace(table, &stored, draft, stored.meta.clone(), Act::of("changed"))
    }

    /// Hides a record that should not have been entered. Nothing is lost: its history stays.
    pub(super) fn withdraw_record(
        &mut self,
        record: RecordAddress<'_>,
        version: Version,
        why: &str,
    ) -> Result<Receipt, Refusal> {
        let table = self.table_by_hand(record.register, |register| wording!("act_withdraw", register))?;
        let stored = self.record_as_seen(table, record.id, version)?;
        if model::written::is_blank(why) {
            return Err(refusal!("withdrawal_without_reason", RefusalKind::Invalid));
        }
        let place = stored.meta.place;
        self.decide(table, Command::Withdraw, Some(&stored), place, &mut draft_of(&stored), &[])?;
        self.withdraw(table, &stored, Act { why: Some(why), ..Act::of("withdrawn") })?;
        let version = Some(stored.meta.version.next());
        Ok(Receipt { id: Some(record.id.to_owned()), version, changed: 1, ..Receipt::default() })
    }

    /// Hides a held record and leaves the event.
    pub(super) fn withdraw(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        act: Act<'_>,
    ) -> Result<(), StoreError> {
        let sql = format!("update {} set is_withdrawn = 1, version = version + 1 where id = ?1", table.table);
        self.transaction.execute(&sql, &[stored.id.into()])?;
        self.tally.note(table, Some(&stored.meta), None, 1);
        let mut payload = EventPayload::default();
        payload.before.note("_withdrawn", false);
        payload.after.note("_withdrawn", true);
        act.note(&table.register, &mut payload.after);
        self.meta_event(table, stored, act.action, payload)
    }

    /// Fills in, proves and writes a record in the place of the one held.
    pub(super) fn replace(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        mut draft: Draft,
        meta: RecordMeta,
        act: Act<'_>,
    ) -> Result<Receipt, Refusal> {
        let place = self.place_of(table, &draft)?.or(stored.meta.place);
        // What the step of another record brings is done by the right of that step.
        if act.cause.is_none() && !self.reaches_record(place) {
            return Err(outside(table));
        }
        if !take_key(&self.inner.cipher, table, &mut draft, stored)? {
            return Err(refusal!("key_fixed", RefusalKind::Invalid));
        }
        let meta = RecordMeta { place, ..meta };
        let remarks = self.prove(table, &mut draft, stored.id, &meta)?;
        let RecordMeta { version, state, due_on, .. } = self.change_record(table, stored, &draft, &meta, act)?;
        let (id, version) = (Some(stored.id.to_string()), Some(version));
        Ok(Receipt { id, version, state, due_on, changed: 1, remarks, ..Receipt::default() })
    }

    /// Fills in a draft's derived fields and holds it against checks and constraints; gives the remarks.
    pub(super) fn prove(
        &self,
        table: &RegisterTable,
        draft: &mut Draft,
        id: RecordId,
        meta: &RecordMeta,
    ) -> Result<Vec<RefusedRow>, Refusal> {
        self.fill_derived(table, draft, meta.place, meta.state.as_deref());
        let lookups = Lookups::fetch(self, table, std::slice::from_ref(draft))?;
        let verdict = self.judge(table, draft, id, meta, &lookups);
        match verdict.refused {
            None => Ok(verdict.remarks.into_iter().chain(unknown_letters(table, draft)).collect()),
            Some(refused) => {
                let RefusedRow { what, hint, columns, .. } = refused;
                Err(Refusal::new(RefusalKind::Invalid, OF_PACKAGE, Advice { what, hint }).about(columns))
            }
        }
    }

    /// Roles of a department keep the registers of their own only.
    pub(super) fn keeps(&self, register: &Register) -> bool {
        self.inner.declarations.keeps(self.actor, register)
    }

    /// The record with that name, or with that text in its one key field, if it exists, is not withdrawn and lies in the actor's place.
    pub(super) fn record_for_change(&self, table: &RegisterTable, id: &str) -> Result<StoredRecord, Refusal> {
        self.not_withdrawn(table, self.record_held(table, id)?)
    }

    /// As [`UnitOfWork::record_for_change`], withdrawn or not.
    fn record_held(&self, table: &RegisterTable, id: &str) -> Result<StoredRecord, Refusal> {
        let missing = || Refusal::not_found(wording!("thing_record"));
        let named = match id.parse::<RecordId>().ok() {
            Some(id) => Some(id),
            None => table.id_by_key(self.transaction, &self.inner.cipher, id)?,
        };
        let id = named.ok_or_else(missing)?;
        let stored = table.stored_by_id(self.transaction, &self.inner.cipher, id)?.ok_or_else(missing)?;
        if self.reaches_record(stored.meta.place) { Ok(stored) } else { Err(missing()) }
    }

    /// Of a withdrawn record is said who withdrew it, and when.
    fn not_withdrawn(&self, table: &RegisterTable, stored: StoredRecord) -> Result<StoredRecord, Refusal> {
        match stored.meta.is_withdrawn {
            true => {
                Err(self.with_last_hand(table, &stored, refusal!("record_withdrawn_already", RefusalKind::NotFound))?)
            }
            false => Ok(stored),
        }
    }

    /// As [`UnitOfWork::record_for_change`]; it must stand as it was when it was looked at. That it does not is what is said, whatever
    /// else stands in the way.
    pub(super) fn record_as_seen(
        &self,
        table: &RegisterTable,
        id: &str,
        version: Version,
    ) -> Result<StoredRecord, Refusal> {
        let stored = self.record_held(table, id)?;
        match stored.meta.version == version {
            true => self.not_withdrawn(table, stored),
            false => Err(self.overtaken(table, &stored, version)?),
        }
    }

    /// The place of a draft: its own field, its household's place, or the place of those who keep it.
    pub(super) fn place_of(&self, table: &RegisterTable, draft: &Draft) -> Result<Option<RegionCode>, StoreError> {
        match (table.region, table.household) {
            (Some(index), _) => Ok(draft.fields[index].as_text().and_then(|text| text.parse().ok())),
            (None, Some(index)) => match crate::stored::values::household_no(&draft.fields[index]) {
                Some(number) => self.region_of_household(number.0),
                None => Ok(None),
            },
            (None, None) => Ok(self.own_place(table)),
        }
    }

    /// Asks the lifecycle whether the command may be carried out on the record as the draft would have it, its calculated
    /// fields filled. `given`: names of the fields that come with the command.
    pub(super) fn decide(
        &mut self,
        table: &RegisterTable,
        command: Command<'_>,
        stored: Option<&StoredRecord>,
        place: Option<RegionCode>,
        draft: &mut Draft,
        given: &[&str],
    ) -> Result<lifecycle::Transition, Refusal> {
        let state = stored.and_then(|stored| stored.meta.state.as_deref());
        self.fill_derived(table, draft, place, state);
        self.log.flush(self.transaction)?;
        let children = draft.children_or_none();
        let (actor, today) = (self.actor, self.now.day);
        let subject = Subject { stored, place, fields: &draft.fields, children: &children, given, actor, today };
        let decided = self.inner.weigh(self.transaction, table, &subject, |asked, course| {
            lifecycle::decide_with(&table.register, command, asked, course)
        })?;
        Ok(decided?)
    }
}

/// Records that a screening raises are entered, corrected and withdrawn by nobody, whatever the door.
pub(super) fn by_hand(table: &RegisterTable) -> Result<(), Refusal> {
    match table.register.is_raised() {
        true => Err(refusal!("raised_by_screening", RefusalKind::NotAllowed, register = table.label())),
        false => Ok(()),
    }
}

impl<'a> UnitOfWork<'a> {
    /// The register, if people enter its records and the role may. That nobody does is said before that the role may not.
    fn table_by_hand(&self, register: &str, what: impl Fn(Wording) -> Wording) -> Result<&'a RegisterTable, Refusal> {
        by_hand(self.table_for(register, |register| &register.may_see, &what)?)?;
        let table = self.table_for(register, |register| &register.may_enter, what)?;
        self.names_deputies(table)?;
        Ok(table)
    }

    /// The register, if the role is among those named and keeps it.
    pub(super) fn table_for(
        &self,
        register: &str,
        roles: impl Fn(&Register) -> &Vec<String>,
        what: impl Fn(Wording) -> Wording,
    ) -> Result<&'a RegisterTable, Refusal> {
        let missing = || Refusal::not_found(wording!("thing_register"));
        let table = self.inner.tables.get(register).ok_or_else(missing)?;
        let declared = &table.register;
        let sees = self.inner.declarations.sees(self.actor, declared);
        if !self.is_system() && !sees {
            return Err(missing());
        }
        if !self.is_system() && !roles(declared).contains(&self.actor.role) {
            return Err(Refusal::not_allowed(what(table.label())));
        }
        Ok(table)
    }
}

/// True where nothing but the objections to the notice of the record's state is changed.
fn only_objects(table: &RegisterTable, stored: &StoredRecord, draft: &Draft) -> bool {
    let Some(kind) = table.objections_in(stored.meta.state.as_deref()) else { return false };
    let is_same = |at: usize| stored.children.get(at) == draft.children.as_ref().and_then(|children| children.get(at));
    let mut others = (0..table.children.len()).filter(|at| *at != kind);
    draft.fields == stored.fields && !is_same(kind) && others.all(is_same)
}

fn outside(table: &RegisterTable) -> Refusal {
    Refusal::not_allowed(wording!("act_enter_elsewhere", register = table.label()))
}

/// The key names a record outside of the actor's place: nothing is told of it but that the key is taken.
fn taken_elsewhere(table: &RegisterTable) -> Refusal {
    refusal!("key_taken_elsewhere", RefusalKind::Conflict, register = table.label())
}
