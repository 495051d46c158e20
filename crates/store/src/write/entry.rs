//! One record at a time: entered, corrected, moved a step on, withdrawn.

use super::act::Act;
use super::change::Change;
use super::draft::{Draft, draft_of};
use super::folded::unknown_letters;
use super::given::fill;
use super::lookups::Lookups;
use super::naming::take_key;
use super::prepared::Prepared;
use crate::command::Entry;
use crate::log::course::Subject;
use crate::stored::event_fields::Told;
use crate::stored::keys::{record_id, record_name};
use crate::stored::record::{Held, Standing};
use crate::stored::tables::RegisterTable;
use crate::{Receipt, Refusal, RefusalKind, RefusedRow, StoreError};
use lifecycle::Command;
use model::{RegionCode, Value};
use policy::declare::Register;

impl Change<'_> {
    /// Enters a new record.
    pub(super) fn enter_record(&mut self, entry: &Entry) -> Result<Receipt, Refusal> {
        let table = self.table_for(&entry.register, |register| &register.may_enter, ("录入", "enter records of"))?;
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
        let held = table.held_by_id(self.transaction, &self.inner.cipher, id)?;
        if held.as_ref().is_some_and(|held| !self.reaches_record(held.standing.place)) {
            return Err(taken_elsewhere(table));
        }
        if let Some(held) = held.as_ref().filter(|held| !held.standing.is_withdrawn) {
            return Err(self.known_already(table, held)?);
        }
        let given: Vec<&str> = entry.fields.iter().map(|(name, _)| name.as_str()).collect();
        let transition = self.decide(table, Command::Enter, (None, place), (&mut draft, &given))?;
        let standing = self.first_standing(table, place)?;
        let remarks = self.prove(table, &mut draft, id, &standing)?;
        let version = match held {
            Some(held) => {
                let standing = Standing { version: held.standing.version, ..standing };
                self.change_record(
                    table,
                    &held,
                    &draft,
                    &standing,
                    Act { course: &transition.events, ..Act::of("entered_again") },
                )?
                .version
            }
            None => {
                self.add_record(table, &draft, &standing, Act::of("added"))?;
                standing.version
            }
        };
        Ok(Receipt { id: Some(record_name(id)), version: Some(version), added: 1, remarks, ..Receipt::default() })
    }

    /// Corrects a record. `version` is the one that the correction was made from.
    pub(super) fn correct_record(&mut self, id: &str, version: i64, entry: &Entry) -> Result<Receipt, Refusal> {
        let table = self.table_for(&entry.register, |register| &register.may_enter, ("更正", "correct records of"))?;
        let held = self.held_for_change(table, id)?;
        if held.standing.version != version {
            return Err(self.overtaken(table, &held, version)?);
        }
        let mut draft = draft_of(&held);
        if entry.resident_key.is_some() {
            draft.resident_key = entry.resident_key;
        }
        fill(table, &mut draft, &entry.fields, &entry.children)?;
        let given: Vec<&str> = entry.fields.iter().map(|(name, _)| name.as_str()).collect();
        let command = if only_objects(table, &held, &draft) { Command::Object } else { Command::Change(&given) };
        self.decide(table, command, (Some(&held), held.standing.place), (&mut draft, &given))?;
        self.replace(table, &held, draft, held.standing.clone(), Act::of("changed"))
    }

    /// Hides a record that should not have been entered. Nothing is lost: its history stays.
    pub(super) fn withdraw_record(
        &mut self,
        (register, id): (&str, &str),
        version: i64,
        why: &str,
    ) -> Result<Receipt, Refusal> {
        let table = self.table_for(register, |register| &register.may_enter, ("撤回", "withdraw records of"))?;
        let held = self.held_for_change(table, id)?;
        if held.standing.version != version {
            return Err(self.overtaken(table, &held, version)?);
        }
        if model::written::is_blank(why) {
            return Err(Refusal::new(
                RefusalKind::Invalid,
                ["撤回须写明原因", "请填写原因后重新提交"],
                ["A withdrawal needs its reason", "Say why and submit again."],
            ));
        }
        let place = held.standing.place;
        self.decide(table, Command::Withdraw, (Some(&held), place), (&mut draft_of(&held), &[]))?;
        self.withdraw(table, &held, Act { why: Some(why), ..Act::of("withdrawn") })?;
        let version = Some(held.standing.version + 1);
        Ok(Receipt { id: Some(id.to_owned()), version, changed: 1, ..Receipt::default() })
    }

    /// Hides a held record and leaves the event.
    pub(super) fn withdraw(&mut self, table: &RegisterTable, held: &Held, act: Act<'_>) -> Result<(), StoreError> {
        let sql = format!("update {} set is_withdrawn = 1, version = version + 1 where id = ?1", table.table);
        self.transaction.execute(&sql, &[held.id.into()])?;
        self.tally.note(table, Some(&held.standing), None, 1);
        let (mut before, mut after) = (Told::default(), Told::default());
        before.note("_withdrawn", false);
        after.note("_withdrawn", true);
        act.note(&table.register, &mut after);
        self.standing_event(table, held, (act.action, before, after))
    }

    /// Completes, proves and writes a record in the place of the one held.
    pub(super) fn replace(
        &mut self,
        table: &RegisterTable,
        held: &Held,
        mut draft: Draft,
        standing: Standing,
        act: Act<'_>,
    ) -> Result<Receipt, Refusal> {
        let place = self.place_of(table, &draft)?.or(held.standing.place);
        // What the step of another record brings is done by the right of that step.
        if act.cause.is_none() && !self.reaches_record(place) {
            return Err(outside(table));
        }
        if !take_key(&self.inner.cipher, table, &mut draft, held)? {
            return Err(Refusal::new(
                RefusalKind::Invalid,
                ["确定这条记录的字段不能更改", "请撤回本记录,另录一条"],
                ["The fields that name the record cannot be changed", "Withdraw it and enter another."],
            ));
        }
        let standing = Standing { place, ..standing };
        let remarks = self.prove(table, &mut draft, held.id, &standing)?;
        let version = Some(self.change_record(table, held, &draft, &standing, act)?.version);
        Ok(Receipt { id: Some(record_name(held.id)), version, changed: 1, remarks, ..Receipt::default() })
    }

    /// Completes a draft and holds it against checks and constraints; gives the remarks.
    pub(super) fn prove(
        &self,
        table: &RegisterTable,
        draft: &mut Draft,
        id: i64,
        standing: &Standing,
    ) -> Result<Vec<RefusedRow>, Refusal> {
        self.complete(table, draft, (standing.place, standing.state.as_deref()));
        let lookups = Lookups::fetch(self, table, std::slice::from_ref(draft))?;
        let verdict = self.judge(table, draft, (id, standing.place, standing.state.as_deref()), &lookups);
        match verdict.refused {
            None => Ok(verdict.remarks.into_iter().chain(unknown_letters(table, draft)).collect()),
            Some(refused) => {
                Err(Refusal::new(RefusalKind::Invalid, [&refused.what, &refused.hint], [&refused.what, &refused.hint])
                    .about(refused.columns))
            }
        }
    }

    /// Roles of a department keep the registers of their own only.
    pub(super) fn keeps(&self, register: &Register) -> bool {
        self.inner.declarations.keeps(self.actor, register)
    }

    /// The record with that name, or with that text in its one key field, if it exists, is not withdrawn and lies in the actor's place.
    pub(super) fn held_for_change(&self, table: &RegisterTable, id: &str) -> Result<Held, Refusal> {
        let missing = || Refusal::not_found("该记录", "record");
        let named = match record_id(id) {
            Some(id) => Some(id),
            None => table.id_by_key(self.transaction, &self.inner.cipher, id)?,
        };
        let id = named.ok_or_else(missing)?;
        let held = table.held_by_id(self.transaction, &self.inner.cipher, id)?.ok_or_else(missing)?;
        if held.standing.is_withdrawn || !self.reaches_record(held.standing.place) {
            return Err(missing());
        }
        Ok(held)
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
        (held, place): (Option<&Held>, Option<RegionCode>),
        (draft, given): (&mut Draft, &[&str]),
    ) -> Result<lifecycle::Transition, Refusal> {
        let state = held.and_then(|held| held.standing.state.as_deref());
        self.complete(table, draft, (place, state));
        self.log.flush(self.transaction)?;
        let children = draft.children_or_none();
        let (actor, today) = (self.actor, self.today);
        let subject = Subject { held, place, fields: &draft.fields, children: &children, given, actor, today };
        let decided = self.inner.weigh(self.transaction, table, &subject, |asked, course| {
            lifecycle::decide_with(&table.register, command, asked, course)
        })?;
        Ok(decided?)
    }
}

impl<'a> Change<'a> {
    /// The register, if the role is among those named and keeps it.
    pub(super) fn table_for(
        &self,
        register: &str,
        roles: impl Fn(&Register) -> &Vec<String>,
        (what, what_en): (&str, &str),
    ) -> Result<&'a RegisterTable, Refusal> {
        let missing = || Refusal::not_found("该台账", "register");
        let table = self.inner.tables.get(register).ok_or_else(missing)?;
        let declared = &table.register;
        let sees = declared.may_see.contains(&self.actor.role) && self.keeps(declared);
        if !self.is_system() && !sees {
            return Err(missing());
        }
        if !self.is_system() && !roles(declared).contains(&self.actor.role) {
            return Err(Refusal::not_allowed(
                &format!("{what}《{}》", declared.label),
                &format!("{what_en} {}", declared.label_en),
            ));
        }
        Ok(table)
    }
}

/// True where nothing but the objections to the notice of the record's state is changed.
fn only_objects(table: &RegisterTable, held: &Held, draft: &Draft) -> bool {
    let Some(kind) = table.objections_in(held.standing.state.as_deref()) else { return false };
    let is_same = |at: usize| held.children.get(at) == draft.children.as_ref().and_then(|children| children.get(at));
    let mut others = (0..table.children.len()).filter(|at| *at != kind);
    draft.fields == held.fields && !is_same(kind) && others.all(is_same)
}

fn outside(table: &RegisterTable) -> Refusal {
    Refusal::not_allowed(
        &format!("登记辖区以外的《{}》", table.register.label),
        &format!("keep {} outside your place", table.register.label_en),
    )
}

/// The key names a record outside of the actor's place: nothing is told of it but that the key is taken.
fn taken_elsewhere(table: &RegisterTable) -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        [&format!("《{}》的这个编号已被使用,不能再登记", table.register.label), "请核对编号;确实无误的,请联系上级核对"],
        [
            &format!("This number is taken in {}", table.register.label_en),
            "Check the number; if it is right, ask the office above you.",
        ],
    )
}
