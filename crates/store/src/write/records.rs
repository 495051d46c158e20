//! Records as they are written: new ones, those that take the place of stored ones, and the events that they leave.

use super::act::Act;
use super::change::UnitOfWork;
use super::draft::Draft;
use super::prepared::Prepared;
use crate::database::{Lookup, Sql, statement};
use crate::log::course::{life_of, notes};
use crate::log::write::Event;
use crate::stored::event_fields::{EventFields, EventPayload};
use crate::stored::keys::county_of;
use crate::stored::record::{Children, Contents, RecordMeta, StoredRecord};
use crate::stored::tables::RegisterTable;
use crate::stored::values::household_no;
use crate::{Refusal, StoreError};
use model::{Day, Level, RecordId, RegionCode, Version};
use std::collections::HashMap;

/// Action of the event that a record leaves in the county from which it goes.
pub(super) const MOVED_AWAY: &str = "moved_away";

impl UnitOfWork<'_> {
    pub(super) fn reaches_record(&self, region: Option<RegionCode>) -> bool {
        self.is_system() || region.is_some_and(|region| self.reaches(region))
    }

    /// Records of things that lie nowhere belong to the place of those who keep them.
    pub(super) fn own_place(&self, table: &RegisterTable) -> Option<RegionCode> {
        (table.region.is_none() && table.household.is_none()).then_some(self.actor.region)
    }

    /// Where a new record starts, today.
    pub(super) fn first_meta(
        &self,
        table: &RegisterTable,
        place: Option<RegionCode>,
    ) -> Result<RecordMeta, StoreError> {
        self.first_meta_on(table, place, self.now.day)
    }

    /// Where a new record starts whose days run from `on`.
    pub(super) fn first_meta_on(
        &self,
        table: &RegisterTable,
        place: Option<RegionCode>,
        on: Day,
    ) -> Result<RecordMeta, StoreError> {
        let state = lifecycle::initial_state(&table.register).map(|state| state.name.clone());
        let begun = state.clone().map(|state| lifecycle::Event::Reached { state, on });
        let due_on = self.inner.due_after(self.transaction, table, None, place, begun.as_slice())?;
        Ok(RecordMeta {
            place,
            state_on: state.as_ref().map(|_| on),
            state,
            due_on,
            entered_by: Some(self.actor.account.clone()),
            entered_on: Some(self.now.day),
            version: Version::FIRST,
            is_withdrawn: false,
        })
    }

    /// The stored records with these ids, with their child records. One question tells which there are.
    pub(super) fn stored_of(
        &self,
        table: &RegisterTable,
        ids: &[RecordId],
    ) -> Result<HashMap<RecordId, StoredRecord>, StoreError> {
        let keys: Vec<[Sql; 1]> = ids.iter().map(|id| [(*id).into()]).collect();
        let keys: Vec<&[Sql]> = keys.iter().map(|key| key.as_slice()).collect();
        let there = self.transaction.look_up(&Lookup { table: &table.table, key: &["id"], wanted: "id" }, &keys)?;
        let there: Vec<Sql> = there.into_iter().flatten().collect();
        let sql = format!("select {} from {} t where t.id in (:list)", table.stored_columns(), table.table);
        let stored = statement::all_of(self.transaction, &sql, &there, |row| table.stored(&self.inner.cipher, row))?;
        let mut found: HashMap<RecordId, StoredRecord> = stored.into_iter().map(|stored| (stored.id, stored)).collect();
        table.give_children(self.transaction, &self.inner.cipher, found.values_mut())?;
        Ok(found)
    }

    /// Puts a record in the place of the stored one, and leaves the events of the difference. A record that moves to another
    /// county leaves an event in both.
    pub(super) fn change_record(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        draft: &Draft,
        meta: &RecordMeta,
        act: Act<'_>,
    ) -> Result<RecordMeta, Refusal> {
        let file = act.file;
        let meta = RecordMeta { version: stored.meta.version.next(), is_withdrawn: false, ..meta.clone() };
        let origin = if file.is_empty() { stored.origin.file.as_str() } else { file };
        let row = if file.is_empty() { stored.origin.row } else { draft.row };
        let draft = Draft { row, ..draft.clone() };
        let prepared = Prepared::new(&self.inner.cipher, table, &draft, &meta, origin)?;
        let children = draft.children_or_none();
        let cipher = &self.inner.cipher;
        let contents = Contents { fields: &draft.fields, children: &children };
        let EventPayload { mut before, mut after } = table.differences(cipher, stored.contents(), contents)?;
        let has_moved = (&stored.meta.state, stored.meta.state_on) != (&meta.state, meta.state_on);
        if has_moved || act.reaches_a_state() {
            before.note("_state", stored.meta.state.clone());
            before.note("_state_on", stored.meta.state_on.map(|day| day.to_string()));
            before.note("_due_on", stored.meta.due_on.map(|day| day.to_string()));
            after.note("_state", meta.state.clone());
            if meta.state_on != Some(self.now.day) {
                after.note("_state_on", meta.state_on.map(|day| day.to_string()));
            }
        }
        act.note(&table.register, &mut after);
        if stored.children != children && act.undoes.is_none() {
            self.note_objection(table, stored, &children, &mut after)?;
        }
        if stored.meta.is_withdrawn {
            before.note("_withdrawn", true);
            after.note("_withdrawn", false);
        }
        // A record that begins anew was there before: whoever looks back asks since when.
        if stored.meta.entered_on != meta.entered_on {
            before.note("_entered_on", stored.meta.entered_on.map(|day| day.to_string()));
            before.note("_entered_by", stored.meta.entered_by.clone());
        }
        if !file.is_empty() {
            before.note("_file", stored.origin.file.clone());
            before.note("_row", stored.origin.row);
            after.note("_file", file);
        }
        self.overwrite(table, &prepared)?;
        self.tally.note(table, Some(&stored.meta), Some(&meta), 1);
        if stored.children != children {
            self.overwrite_children(table, &prepared)?;
        }
        if table.name == "household" && stored.meta.place != meta.place {
            self.move_dependants(prepared.household_no, meta.place)?;
        }
        let (before, after) = (before.text(), after.text());
        if county_of(stored.meta.place) != county_of(meta.place) {
            self.record_event(table, &prepared, stored.meta.place, MOVED_AWAY, &before, "")?;
        }
        self.record_event(table, &prepared, meta.place, act.action, &before, &after)?;
        Ok(meta)
    }

    /// A change of the objections to a notice that hangs stops its days, or lets them run on.
    fn note_objection(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        children: &Children,
        after: &mut EventFields,
    ) -> Result<(), StoreError> {
        if table.objections_in(stored.meta.state.as_deref()).is_none() {
            return Ok(());
        }
        self.log.flush(self.transaction)?;
        let life = life_of(self.transaction, table, stored)?;
        let events = life.objection(self.inner, table, stored, children, self.now.day)?;
        for (name, value) in notes(&table.register, &events) {
            after.note(name, value);
        }
        Ok(())
    }

    fn overwrite(&self, table: &RegisterTable, prepared: &Prepared) -> Result<(), StoreError> {
        let names: Vec<String> = table.physical().into_iter().map(|(name, _)| name).collect();
        let sets = names.iter().enumerate().map(|(index, name)| format!("\"{name}\" = ?{}", index + 1));
        let sets: Vec<String> = sets.collect();
        let sql = format!("update {} set {} where id = ?{}", table.table, sets.join(", "), names.len() + 1);
        let mut values = prepared.values.clone();
        values.push(prepared.id.into());
        self.transaction.execute(&sql, &values)?;
        Ok(())
    }

    fn overwrite_children(&self, table: &RegisterTable, prepared: &Prepared) -> Result<(), StoreError> {
        for (child, rows) in table.children.iter().zip(&prepared.children) {
            let delete = format!("delete from {} where record_id = ?1", child.table);
            self.transaction.execute(&delete, &[prepared.id.into()])?;
            if !rows.is_empty() {
                self.transaction.bulk(&child.table, &child_columns(child), numbered(prepared.id, rows.clone()))?;
            }
        }
        Ok(())
    }

    /// Writes one new record and leaves its event under this action.
    pub(super) fn add_record(
        &mut self,
        table: &RegisterTable,
        draft: &Draft,
        meta: &RecordMeta,
        act: Act<'_>,
    ) -> Result<RecordId, Refusal> {
        let prepared = Prepared::new(&self.inner.cipher, table, draft, meta, "")?;
        let physical = table.physical();
        let columns: Vec<&str> = physical.iter().map(|(name, _)| name.as_str()).collect();
        self.transaction.bulk(&table.table, &columns, [prepared.values.clone()])?;
        self.overwrite_children(table, &prepared)?;
        self.tally.note(table, None, Some(meta), 1);
        let mut after =
            table.whole(&self.inner.cipher, Contents { fields: &draft.fields, children: &draft.children_or_none() })?;
        act.note(&table.register, &mut after);
        self.record_event(table, &prepared, meta.place, act.action, "", &after.text())?;
        Ok(prepared.id)
    }

    fn record_event(
        &mut self,
        table: &RegisterTable,
        prepared: &Prepared,
        region: Option<RegionCode>,
        action: &str,
        before: &str,
        after: &str,
    ) -> Result<(), StoreError> {
        self.note_suspension(table, region);
        self.event(&Event {
            region,
            register: &table.kept,
            record: &prepared.name(),
            household_no: prepared.household_no,
            action,
            before,
            after,
        })
    }

    /// Leaves an event of a record that carries no fields of its own.
    pub(super) fn meta_event(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        action: &str,
        payload: EventPayload,
    ) -> Result<(), StoreError> {
        let household = table.household.and_then(|index| household_no(&stored.fields[index])).map(|number| number.0);
        self.note_suspension(table, stored.meta.place);
        self.event(&Event {
            region: stored.meta.place,
            register: &table.kept,
            record: &stored.id.to_string(),
            household_no: household,
            action,
            before: &payload.before.text(),
            after: &payload.after.text(),
        })
    }

    /// Records that lie where their household lies move with it.
    fn move_dependants(&mut self, household: Option<i64>, place: Option<RegionCode>) -> Result<(), StoreError> {
        let Some((household, place)) = household.zip(place) else { return Ok(()) };
        let dependants = self.inner.tables.values().filter(|table| table.region.is_none() && table.household.is_some());
        for table in dependants {
            let stored = format!(
                "select t.place, t.state, t.due_on, t.is_withdrawn from {} t where t.household_no = ?1",
                table.table
            );
            for before in self.transaction.all(&stored, [household.into()], RecordMeta::counted)? {
                let after = RecordMeta { place: Some(place), ..before.clone() };
                self.tally.note(table, Some(&before), Some(&after), 1);
            }
            let sql = format!("update {} set place = ?1, county = ?2 where household_no = ?3", table.table);
            let county = place.at(Level::County).to_string();
            self.transaction.execute(&sql, &[place.to_string().into(), county.into(), household.into()])?;
        }
        Ok(())
    }

    /// The village of a household, if the household is known.
    pub(super) fn region_of_household(&self, household_no: i64) -> Result<Option<RegionCode>, StoreError> {
        let sql = "select place from r_household where household_no = ?1";
        let text = self.transaction.first(sql, &[household_no.into()], |row| row.get::<Option<String>>(0))?;
        Ok(text.flatten().and_then(|text| text.parse().ok()))
    }
}

pub(crate) fn child_columns(child: &crate::stored::tables::ChildTable) -> Vec<&str> {
    let own = child.columns.iter().map(|column| column.name.as_str());
    ["record_id", "position"].into_iter().chain(own).collect()
}

/// Rows of child records with their record's id and their position.
pub(crate) fn numbered(id: RecordId, rows: Vec<Vec<Sql>>) -> impl Iterator<Item = Vec<Sql>> {
    (1..).zip(rows).map(move |(position, mut row): (i64, _)| {
        row.splice(0..0, [id.into(), Sql::Whole(position)]);
        row
    })
}
