//! Records of registers come in, in bulk. What is the same already is left alone and leaves no event.

use super::Change;
use super::prepared::{Json, Prepared};
use crate::log::Event;
use crate::record::household_no;
use crate::tables::RegisterTable;
use crate::{Receipt, Record, Refusal, StoreError};
use model::{Level, RegionCode, Value};
use rusqlite::types::Value as SqlValue;
use rusqlite::{CachedStatement, OptionalExtension, params_from_iter};
use sea_query::{Expr, ExprTrait, OnConflict, Query, SqliteQueryBuilder};
use std::collections::HashMap;

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
        let transaction = self.transaction;
        let mut find = transaction.prepare_cached(&statements.find)?;
        let mut save = transaction.prepare_cached(&statements.save)?;
        let mut places = Places::default();
        for record in records {
            let prepared = Prepared::new(&self.inner.cipher, table, record, file)?;
            let region = places.of(self, table, record)?;
            let known: Option<i64> = find.query_row(params_from_iter(&prepared.key), |row| row.get(0)).optional()?;
            if !self.reaches_record(region) {
                receipt.outside += 1;
            } else if known == Some(prepared.content) {
                receipt.unchanged += 1;
            } else if known.is_none() {
                save.execute(params_from_iter(&prepared.values))?;
                let after = prepared.json(table, record);
                self.record_event(table, &prepared, region, "added", "", &after)?;
                receipt.added += 1;
            } else if self.change_record(table, &prepared, record, region)? {
                save.execute(params_from_iter(&prepared.values))?;
                receipt.changed += 1;
            } else {
                receipt.outside += 1;
            }
        }
        Ok(receipt)
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
    pub(super) fn held_fields(
        &self,
        table: &RegisterTable,
        key: &[SqlValue],
    ) -> Result<Option<Vec<Value>>, StoreError> {
        let by_key: Vec<String> = table.key.iter().map(|name| format!("t.\"{name}\" = ?")).collect();
        let sql = format!("select {} from {} t where {}", table.selected("t"), table.table, by_key.join(" and "));
        let mut statement: CachedStatement<'_> = self.transaction.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(key))?;
        match rows.next()? {
            Some(row) => Ok(Some(table.fields_from(&self.inner.cipher, row, 0)?)),
            None => Ok(None),
        }
    }
}

/// The two statements of a bulk import.
struct Statements {
    find: String,
    save: String,
}

impl Statements {
    fn of(table: &RegisterTable) -> Statements {
        let names: Vec<String> = table.physical().into_iter().map(|(name, _)| name).collect();
        let mut find = Query::select();
        find.column("content").from(table.table.clone());
        for name in &table.key {
            find.and_where(Expr::col(name.clone()).eq(0));
        }
        let others = names.iter().filter(|name| !table.key.contains(name)).cloned();
        let mut save = Query::insert();
        save.into_table(table.table.clone())
            .columns(names.clone())
            .values_panic(names.iter().map(|_| Expr::val(0)))
            .on_conflict(OnConflict::columns(table.key.clone()).update_columns(others).to_owned());
        Statements { find: find.build(SqliteQueryBuilder).0, save: save.build(SqliteQueryBuilder).0 }
    }
}

/// Counties of records: from their own field, or from their household.
#[derive(Default)]
struct Places {
    of_household: HashMap<i64, Option<RegionCode>>,
}

impl Places {
    fn of(
        &mut self,
        change: &Change<'_>,
        table: &RegisterTable,
        record: &Record,
    ) -> Result<Option<RegionCode>, StoreError> {
        if let Some(index) = table.region {
            return Ok(record.fields[index].as_text().and_then(|text| text.parse().ok()));
        }
        let Some(household) = table.household.and_then(|index| household_no(&record.fields[index])) else {
            return Ok(None);
        };
        if let Some(known) = self.of_household.get(&household.0) {
            return Ok(*known);
        }
        let found = change.region_of_household(household.0)?;
        self.of_household.insert(household.0, found);
        Ok(found)
    }
}

impl Change<'_> {
    /// The village of a household, if the household is known.
    pub(super) fn region_of_household(&self, household_no: i64) -> Result<Option<RegionCode>, StoreError> {
        let households = &self.inner.tables["household"];
        let Some(region) = households.region else { return Ok(None) };
        let column = &households.columns[region].field.name;
        let sql = format!("select \"{column}\" from r_household where household_no = ?1");
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let text: Option<Option<String>> = statement.query_row([household_no], |row| row.get(0)).optional()?;
        Ok(text.flatten().and_then(|text| text.parse().ok()))
    }
}
