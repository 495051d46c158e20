//! Records of registers come in, in bulk. What is the same already is left alone and leaves no event.

use super::Change;
use super::prepared::{Json, Prepared};
use crate::database::Sql;
use crate::log::Event;
use crate::record::household_no;
use crate::tables::RegisterTable;
use crate::{Receipt, Record, Refusal, StoreError};
use model::{Level, RegionCode, Value};
use std::collections::{BTreeSet, HashMap};

/// Records looked up and added together.
const SAVED_TOGETHER: usize = 1000;

impl Change<'_> {
    pub(super) fn import_records(
        &mut self,
        register: &str,
        file: &str,
        records: &[Record],
    ) -> Result<Receipt, Refusal> {
        let Some(table) = self.inner.tables.get(register) else {
            return Err(Refusal::not_found("该台账", "register"));
        };
        let may_import = &table.register.may_import;
        if !self.is_system() && !may_import.contains(&self.actor.role) {
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
        records: &[Record],
    ) -> Result<Receipt, Refusal> {
        let mut receipt = Receipt::default();
        let statements = Statements::of(table);
        let mut places = Places::default();
        for records in records.chunks(SAVED_TOGETHER) {
            self.save_chunk(table, &statements, &mut places, (file, records), &mut receipt)?;
        }
        Ok(receipt)
    }

    /// Saves some records: those held are looked up with one question, those that are new are added together.
    fn save_chunk(
        &mut self,
        table: &RegisterTable,
        statements: &Statements,
        places: &mut Places,
        (file, records): (&str, &[Record]),
        receipt: &mut Receipt,
    ) -> Result<(), Refusal> {
        let prepare = |record| Prepared::new(&self.inner.cipher, table, record, file);
        let prepared: Vec<Prepared> = records.iter().map(prepare).collect::<Result<_, _>>()?;
        places.look_up(self, table, records)?;
        let keys: Vec<&[Sql]> = prepared.iter().map(|prepared| prepared.key.as_slice()).collect();
        let key: Vec<&str> = table.key.iter().map(String::as_str).collect();
        let held = self.transaction.look_up((&table.table, &key, "content"), &keys)?;
        let mut added = Added::default();
        for ((record, prepared), held) in records.iter().zip(&prepared).zip(held) {
            let region = places.of(table, record);
            let content = Sql::Whole(prepared.content);
            let known = added.contents.get(prepared.key.as_slice()).copied().map(Sql::Whole).or(held);
            if !self.reaches_record(region) {
                receipt.outside += 1;
            } else if known.as_ref() == Some(&content) {
                receipt.unchanged += 1;
            } else if known.is_none() {
                added.rows.push(prepared.values.clone());
                added.contents.insert(&prepared.key, prepared.content);
                let after = prepared.json(table, record);
                self.record_event(table, prepared, region, "added", "", &after)?;
                receipt.added += 1;
            } else {
                if added.contents.contains_key(prepared.key.as_slice()) {
                    self.add(statements, &mut added)?;
                }
                if self.change_record(table, prepared, record, region)? {
                    self.transaction.execute(&statements.save, &prepared.values)?;
                    added.contents.insert(&prepared.key, prepared.content);
                    receipt.changed += 1;
                } else {
                    receipt.outside += 1;
                }
            }
        }
        Ok(self.add(statements, &mut added)?)
    }

    /// Adds the rows that wait.
    fn add(&self, statements: &Statements, added: &mut Added<'_>) -> Result<(), StoreError> {
        let columns: Vec<&str> = statements.columns.iter().map(String::as_str).collect();
        self.transaction.bulk(&statements.table, &columns, added.rows.drain(..))?;
        Ok(())
    }

    fn reaches_record(&self, region: Option<RegionCode>) -> bool {
        self.is_system() || region.is_some_and(|region| self.reaches(region))
    }

    /// Leaves the events of a record that differs from the one held; `false` where the one held lies outside the actor's
    /// place. A record that moves to another county leaves an event in both.
    fn change_record(
        &mut self,
        table: &RegisterTable,
        prepared: &Prepared,
        record: &Record,
        region: Option<RegionCode>,
    ) -> Result<bool, StoreError> {
        let held = self.held_fields(table, &prepared.key)?.unwrap_or_default();
        let held_region = match table.region {
            Some(index) => held.get(index).and_then(Value::as_text).and_then(|text| text.parse().ok()),
            None => region,
        };
        if !self.reaches_record(held_region) {
            return Ok(false);
        }
        let (mut before, mut after) = (Json::new(), Json::new());
        let cipher = &self.inner.cipher;
        for (column, (old, new)) in table.columns.iter().zip(held.iter().zip(&record.fields)) {
            if old != new {
                before.field(cipher, column, old);
                after.field(cipher, column, new);
            }
        }
        let (before, after) = (before.close(), after.close());
        let county = |region: Option<RegionCode>| region.map(|region| region.at(Level::County));
        if county(held_region) != county(region) {
            self.record_event(table, prepared, held_region, "moved_away", &before, "")?;
        }
        self.record_event(table, prepared, region, "changed", &before, &after)?;
        Ok(true)
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
            register: &table.name,
            record: &prepared.name,
            household_no: prepared.household_no,
            action,
            before,
            after,
        })
    }

    /// The fields of the record with that key.
    pub(super) fn held_fields(&self, table: &RegisterTable, key: &[Sql]) -> Result<Option<Vec<Value>>, StoreError> {
        let by_key: Vec<String> = table.key.iter().map(|name| format!("t.\"{name}\" = ?")).collect();
        let sql = format!("select {} from {} t where {}", table.selected("t"), table.table, by_key.join(" and "));
        self.transaction.first(&sql, key, |row| table.fields_from(&self.inner.cipher, row, 0))
    }
}

/// Records of a chunk that were written: rows that wait, and the content of each by key.
#[derive(Default)]
struct Added<'a> {
    rows: Vec<Vec<Sql>>,
    contents: HashMap<&'a [Sql], i64>,
}

/// How records of a register are written.
struct Statements {
    table: String,
    columns: Vec<String>,
    /// Writes one record in place of the one held.
    save: String,
}

impl Statements {
    fn of(table: &RegisterTable) -> Statements {
        let columns: Vec<String> = table.physical().into_iter().map(|(name, _)| name).collect();
        let quoted = |names: &[String]| names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        let others = columns.iter().filter(|name| !table.key.contains(name));
        let save = format!(
            "insert into {} ({}) values ({}) on conflict ({}) do update set {}",
            table.table,
            quoted(&columns),
            vec!["?"; columns.len()].join(", "),
            quoted(&table.key),
            others.map(|name| format!("\"{name}\" = excluded.\"{name}\"")).collect::<Vec<_>>().join(", ")
        );
        Statements { table: table.table.clone(), columns, save }
    }
}

/// Counties of records: from their own field, or from their household.
#[derive(Default)]
struct Places {
    of_household: HashMap<i64, Option<RegionCode>>,
}

impl Places {
    /// Finds the places of households that were not asked for before.
    fn look_up(&mut self, change: &Change<'_>, table: &RegisterTable, records: &[Record]) -> Result<(), StoreError> {
        let Some(index) = table.household.filter(|_| table.region.is_none()) else { return Ok(()) };
        let numbers: BTreeSet<i64> = records
            .iter()
            .filter_map(|record| household_no(&record.fields[index]).map(|number| number.0))
            .filter(|number| !self.of_household.contains_key(number))
            .collect();
        let numbers: Vec<i64> = numbers.into_iter().collect();
        let regions = change.regions_of_households(&numbers)?;
        self.of_household.extend(numbers.into_iter().zip(regions));
        Ok(())
    }

    fn of(&self, table: &RegisterTable, record: &Record) -> Option<RegionCode> {
        match table.region {
            Some(index) => record.fields[index].as_text().and_then(|text| text.parse().ok()),
            None => {
                let household = table.household.and_then(|index| household_no(&record.fields[index]))?;
                self.of_household.get(&household.0).copied().flatten()
            }
        }
    }
}

impl Change<'_> {
    /// The villages of households, where they are known.
    fn regions_of_households(&self, numbers: &[i64]) -> Result<Vec<Option<RegionCode>>, StoreError> {
        let households = &self.inner.tables["household"];
        let Some(region) = households.region else { return Ok(vec![None; numbers.len()]) };
        let column = households.columns[region].field.name.as_str();
        let keys: Vec<[Sql; 1]> = numbers.iter().map(|number| [Sql::Whole(*number)]).collect();
        let keys: Vec<&[Sql]> = keys.iter().map(|key| key.as_slice()).collect();
        let found = self.transaction.look_up(("r_household", &["household_no"], column), &keys)?;
        let region = |found: Option<Sql>| match found {
            Some(Sql::Text(text)) => text.parse().ok(),
            _ => None,
        };
        Ok(found.into_iter().map(region).collect())
    }
}
