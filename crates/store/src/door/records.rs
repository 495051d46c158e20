//! Records of registers come in, in bulk. What is the same already is left alone and leaves no event.

use super::Change;
use super::draft::Draft;
use super::lookups::{IN_LIST, Lookups, county_of, filled_up, places};
use super::masked::Incoming;
use super::prepared::{Prepared, record_name};
use crate::database::Sql;
use crate::held::{Held, Standing};
use crate::log::Event;
use crate::record::household_no;
use crate::tables::RegisterTable;
use crate::told::Told;
use crate::{Receipt, Record, Refusal, StoreError};
use model::{Level, RegionCode, Value};
use std::collections::{BTreeMap, HashMap};

/// Changed records that a receipt names at most.
const CHANGED_TOLD: usize = 20;

/// New records of a chunk, to be written together.
#[derive(Default)]
struct Fresh {
    rows: Vec<Vec<Sql>>,
    /// Per kind of child record.
    children: Vec<Vec<Vec<Sql>>>,
    /// Per county: how many, first and last row, and what goes into the digest.
    counties: BTreeMap<Option<RegionCode>, Batch>,
}

#[derive(Default)]
struct Batch {
    records: u64,
    rows: (u32, u32),
    digest: Vec<u8>,
}

impl Change<'_> {
    pub(super) fn import_records(
        &mut self,
        register: &str,
        file: &str,
        records: Vec<Record>,
    ) -> Result<Receipt, Refusal> {
        let Some(table) = self.inner.tables.get(register) else {
            return Err(Refusal::not_found("该台账", "register"));
        };
        let may_import = &table.register.may_import;
        let may = may_import.contains(&self.actor.role) && self.keeps(&table.register);
        if !self.is_system() && !may {
            let label = &table.register.label;
            return Err(Refusal::not_allowed(
                &format!("导入《{label}》"),
                &format!("import {}", table.register.label_en),
            ));
        }
        self.save_records(table, file, records)
    }

    /// Saves records without asking for the permission to import.
    pub(super) fn save_records(
        &mut self,
        table: &RegisterTable,
        file: &str,
        records: Vec<Record>,
    ) -> Result<Receipt, Refusal> {
        let mut receipt = Receipt::default();
        let Incoming { mut drafts, ids, mut held } = self.incoming(table, records, &mut receipt)?;
        let mut places = Places::default();
        places.fetch(self, table, &drafts)?;
        let mut lookups = Lookups::fetch(self, table, &drafts)?;
        let mut fresh = Fresh { children: vec![Vec::new(); table.children.len()], ..Fresh::default() };
        let mut taken: HashMap<i64, ()> = HashMap::with_capacity(drafts.len());
        for (draft, id) in drafts.iter_mut().zip(&ids) {
            let region = places.of(table, draft).or_else(|| self.own_place(table));
            if !self.reaches_record(region) {
                receipt.outside += 1;
                continue;
            }
            let is_again = taken.insert(*id, ()).is_some();
            if is_again {
                // The same record twice in one chunk: the first one is written before the second is compared with it.
                self.write_fresh(table, file, &mut fresh)?;
                held.extend(self.held_of(table, &[*id])?);
            }
            let known = held.get(id);
            if draft.children.is_none() {
                draft.children = known.map(|known| known.children.clone());
            }
            let standing = match known {
                Some(known) => Standing { place: region, ..known.standing.clone() },
                None => self.first_standing(table, region),
            };
            self.complete(table, draft, (region, standing.state.as_deref()));
            let verdict = self.judge(table, draft, (*id, region, standing.state.as_deref()), &lookups);
            receipt.remarks.extend(verdict.remarks);
            if let Some(refused) = verdict.refused {
                receipt.refused.push(refused);
                continue;
            }
            let prepared = Prepared::new(&self.inner.cipher, table, draft, &standing, file)?;
            lookups.note(table, *id, &draft.fields, standing.state.as_deref());
            match known {
                None => {
                    fresh.add(prepared, draft.row, region);
                    receipt.added += 1;
                }
                Some(known) if known.content == prepared.content && !known.standing.is_withdrawn => {
                    receipt.unchanged += 1;
                }
                Some(known) if !self.reaches_record(known.standing.place) => receipt.outside += 1,
                Some(known) => {
                    let known = known.clone();
                    self.change_record(table, &known, draft, &standing, ("changed", file))?;
                    receipt.changed += 1;
                    if receipt.changed_records.len() < CHANGED_TOLD {
                        receipt.changed_records.push((draft.row, record_name(*id)));
                    }
                }
            }
        }
        self.write_fresh(table, file, &mut fresh)?;
        Ok(receipt)
    }

    pub(super) fn reaches_record(&self, region: Option<RegionCode>) -> bool {
        self.is_system() || region.is_some_and(|region| self.reaches(region))
    }

    /// Records of things that lie nowhere belong to the place of those who keep them.
    pub(super) fn own_place(&self, table: &RegisterTable) -> Option<RegionCode> {
        (table.region.is_none() && table.household.is_none()).then_some(self.actor.region)
    }

    /// Where a new record starts.
    pub(super) fn first_standing(&self, table: &RegisterTable, place: Option<RegionCode>) -> Standing {
        let state = lifecycle::initial_state(&table.register).map(|state| state.name.clone());
        let due_on = state.as_ref().and_then(|state| self.due_on(&table.register, state));
        Standing {
            place,
            state_on: state.as_ref().map(|_| self.today),
            state,
            due_on,
            entered_by: Some(self.actor.account.clone()),
            entered_on: Some(self.today),
            version: 1,
            is_withdrawn: false,
        }
    }

    /// The records with these ids that are held, with their child records. One question tells which there are.
    pub(super) fn held_of(&self, table: &RegisterTable, ids: &[i64]) -> Result<HashMap<i64, Held>, StoreError> {
        let keys: Vec<[Sql; 1]> = ids.iter().map(|id| [Sql::Whole(*id)]).collect();
        let keys: Vec<&[Sql]> = keys.iter().map(|key| key.as_slice()).collect();
        let there = self.transaction.look_up((&table.table, &["id"], "id"), &keys)?;
        let there: Vec<Sql> = there.into_iter().flatten().collect();
        let sql = format!("select {} from {} t where t.id in ({})", table.held_columns(), table.table, places(IN_LIST));
        let mut found = HashMap::new();
        for chunk in there.chunks(IN_LIST) {
            let held = self.transaction.all(&sql, filled_up(chunk), |row| table.held(&self.inner.cipher, row))?;
            found.extend(held.into_iter().map(|held| (held.id, held)));
        }
        if !table.children.is_empty() {
            for held in found.values_mut() {
                held.children = table.children_of(self.transaction, &self.inner.cipher, held.id)?;
            }
        }
        Ok(found)
    }

    /// Writes the new records, with one event for each county.
    fn write_fresh(&mut self, table: &RegisterTable, file: &str, fresh: &mut Fresh) -> Result<(), StoreError> {
        if fresh.rows.is_empty() {
            return Ok(());
        }
        let Fresh { rows, children, counties } =
            std::mem::replace(fresh, Fresh { children: vec![Vec::new(); table.children.len()], ..Fresh::default() });
        let physical = table.physical();
        let columns: Vec<&str> = physical.iter().map(|(name, _)| name.as_str()).collect();
        self.transaction.bulk(&table.table, &columns, rows)?;
        for (child, rows) in table.children.iter().zip(children) {
            if !rows.is_empty() {
                self.transaction.bulk(&child.table, &child_columns(child), rows)?;
            }
        }
        for (county, batch) in counties {
            let mut after = Told::default();
            after.note("_file", file);
            after.note("_records", batch.records);
            after.note("_rows", format!("{}-{}", batch.rows.0, batch.rows.1));
            after.note("_digest", format!("{:016x}", self.inner.cipher.content(&batch.digest) as u64));
            self.event(&Event {
                region: county,
                register: &table.kept,
                record: file,
                household_no: None,
                action: "added",
                before: "",
                after: &after.text(),
            })?;
        }
        Ok(())
    }

    /// Puts a record in the place of the one held, and leaves the events of the difference. A record that moves to another
    /// county leaves an event in both.
    pub(super) fn change_record(
        &mut self,
        table: &RegisterTable,
        held: &Held,
        draft: &Draft,
        standing: &Standing,
        (action, file): (&str, &str),
    ) -> Result<Standing, Refusal> {
        let standing = Standing { version: held.standing.version + 1, is_withdrawn: false, ..standing.clone() };
        let origin = if file.is_empty() { held.origin.0.as_str() } else { file };
        let row = if file.is_empty() { held.origin.1 } else { draft.row };
        let draft = Draft { row, ..draft.clone() };
        let prepared = Prepared::new(&self.inner.cipher, table, &draft, &standing, origin)?;
        let children = draft.children_or_none();
        let cipher = &self.inner.cipher;
        let (mut before, mut after) =
            table.differences(cipher, (&held.fields, &held.children), (&draft.fields, &children))?;
        if held.standing.state != standing.state {
            before.note("_state", held.standing.state.clone());
            before.note("_state_on", held.standing.state_on.map(|day| day.to_string()));
            after.note("_state", standing.state.clone());
        }
        if held.standing.is_withdrawn {
            before.note("_withdrawn", true);
            after.note("_withdrawn", false);
        }
        if !file.is_empty() {
            before.note("_file", held.origin.0.clone());
            before.note("_row", held.origin.1);
            after.note("_file", file);
        }
        self.overwrite(table, &prepared)?;
        if held.children != children {
            self.overwrite_children(table, &prepared)?;
        }
        if table.name == "household" && held.standing.place != standing.place {
            self.move_dependants(prepared.household_no, standing.place)?;
        }
        let (before, after) = (before.text(), after.text());
        if county_of(held.standing.place) != county_of(standing.place) {
            self.record_event(table, &prepared, held.standing.place, "moved_away", &before, "")?;
        }
        self.record_event(table, &prepared, standing.place, action, &before, &after)?;
        Ok(standing)
    }

    fn overwrite(&self, table: &RegisterTable, prepared: &Prepared) -> Result<(), StoreError> {
        let names: Vec<String> = table.physical().into_iter().map(|(name, _)| name).collect();
        let sets = names.iter().enumerate().map(|(index, name)| format!("\"{name}\" = ?{}", index + 1));
        let sets: Vec<String> = sets.collect();
        let sql = format!("update {} set {} where id = ?{}", table.table, sets.join(", "), names.len() + 1);
        let mut values = prepared.values.clone();
        values.push(Sql::Whole(prepared.id));
        self.transaction.execute(&sql, &values)?;
        Ok(())
    }

    fn overwrite_children(&self, table: &RegisterTable, prepared: &Prepared) -> Result<(), StoreError> {
        for (child, rows) in table.children.iter().zip(&prepared.children) {
            let delete = format!("delete from {} where record_id = ?1", child.table);
            self.transaction.execute(&delete, &[Sql::Whole(prepared.id)])?;
            if !rows.is_empty() {
                self.transaction.bulk(&child.table, &child_columns(child), numbered(prepared.id, rows))?;
            }
        }
        Ok(())
    }

    /// Writes one new record and leaves its event.
    pub(super) fn add_record(
        &mut self,
        table: &RegisterTable,
        draft: &Draft,
        standing: &Standing,
    ) -> Result<i64, Refusal> {
        let prepared = Prepared::new(&self.inner.cipher, table, draft, standing, "")?;
        let physical = table.physical();
        let columns: Vec<&str> = physical.iter().map(|(name, _)| name.as_str()).collect();
        self.transaction.bulk(&table.table, &columns, [prepared.values.clone()])?;
        self.overwrite_children(table, &prepared)?;
        let after = table.whole(&self.inner.cipher, &draft.fields, &draft.children_or_none())?.text();
        self.record_event(table, &prepared, standing.place, "added", "", &after)?;
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
    pub(super) fn standing_event(
        &mut self,
        table: &RegisterTable,
        held: &Held,
        (action, before, after): (&str, Told, Told),
    ) -> Result<(), StoreError> {
        let household = table.household.and_then(|index| household_no(&held.fields[index])).map(|number| number.0);
        self.event(&Event {
            region: held.standing.place,
            register: &table.kept,
            record: &record_name(held.id),
            household_no: household,
            action,
            before: &before.text(),
            after: &after.text(),
        })
    }

    /// Records that lie where their household lies move with it.
    fn move_dependants(&self, household: Option<i64>, place: Option<RegionCode>) -> Result<(), StoreError> {
        let Some((household, place)) = household.zip(place) else { return Ok(()) };
        let dependants = self.inner.tables.values().filter(|table| table.region.is_none() && table.household.is_some());
        for table in dependants {
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

fn child_columns(child: &crate::tables::ChildTable) -> Vec<&str> {
    let own = child.columns.iter().map(|column| column.name.as_str());
    ["record_id", "position"].into_iter().chain(own).collect()
}

fn numbered(id: i64, rows: &[Vec<Sql>]) -> Vec<Vec<Sql>> {
    let row = |(position, row): (i64, &Vec<Sql>)| {
        [Sql::Whole(id), Sql::Whole(position)].into_iter().chain(row.iter().cloned()).collect()
    };
    (1..).zip(rows).map(row).collect()
}

impl Fresh {
    fn add(&mut self, prepared: Prepared, row: u32, region: Option<RegionCode>) {
        let batch = self.counties.entry(county_of(region)).or_default();
        batch.records += 1;
        batch.rows = if batch.records == 1 { (row, row) } else { (batch.rows.0.min(row), batch.rows.1.max(row)) };
        batch.digest.extend(prepared.id.to_le_bytes());
        batch.digest.extend(prepared.content.to_le_bytes());
        for (all, rows) in self.children.iter_mut().zip(&prepared.children) {
            all.extend(numbered(prepared.id, rows));
        }
        self.rows.push(prepared.values);
    }
}

/// Places of records: from their own field, or from their household.
#[derive(Default)]
struct Places {
    of_household: HashMap<i64, RegionCode>,
}

impl Places {
    /// Fetches the places of the households that these records belong to.
    fn fetch(&mut self, change: &Change<'_>, table: &RegisterTable, drafts: &[Draft]) -> Result<(), StoreError> {
        let Some(index) = table.household.filter(|_| table.region.is_none()) else { return Ok(()) };
        let mut wanted: Vec<i64> =
            drafts.iter().filter_map(|draft| household_no(draft.fields.get(index)?)).map(|number| number.0).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let sql = format!("select household_no, place from r_household where household_no in ({})", places(IN_LIST));
        for chunk in wanted.chunks(IN_LIST) {
            let values: Vec<Sql> = chunk.iter().map(|number| Sql::Whole(*number)).collect();
            let rows = change
                .transaction
                .all(&sql, filled_up(&values), |row| Ok((row.get::<i64>(0)?, row.get::<Option<String>>(1)?)))?;
            let known = rows.into_iter().filter_map(|(number, place)| Some((number, place?.parse().ok()?)));
            self.of_household.extend(known);
        }
        Ok(())
    }

    fn of(&self, table: &RegisterTable, draft: &Draft) -> Option<RegionCode> {
        let field = |index: usize| -> &Value { draft.fields.get(index).unwrap_or(&Value::Null) };
        match (table.region, table.household) {
            (Some(index), _) => field(index).as_text().and_then(|text| text.parse().ok()),
            (None, Some(index)) => self.of_household.get(&household_no(field(index))?.0).copied(),
            (None, None) => None,
        }
    }
}
