//! Records of registers come in, in bulk. What is the same already is left alone and leaves no event.

use super::Change;
use crate::cipher::Cipher;
use crate::log::Event;
use crate::record::{Misfit, household_no, tail, to_sql, to_text};
use crate::tables::{FieldColumn, RegisterTable, Storage};
use crate::{Receipt, Record, Refusal, RefusalKind, StoreError};
use model::{Class, RegionCode, Value};
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
            if !self.is_system() && region.is_none_or(|region| !self.reaches(region)) {
                receipt.outside += 1;
                continue;
            }
            let known: Option<i64> = find.query_row(params_from_iter(&prepared.key), |row| row.get(0)).optional()?;
            match known {
                Some(content) if content == prepared.content => {
                    receipt.unchanged += 1;
                    continue;
                }
                Some(_) => receipt.changed += 1,
                None => receipt.added += 1,
            }
            let (before, after) = match known {
                Some(_) => self.difference(table, &prepared.key, record)?,
                None => (String::new(), prepared.json(table, record)),
            };
            save.execute(params_from_iter(&prepared.values))?;
            self.log.write(
                transaction,
                &Event {
                    region,
                    register: &table.name,
                    record: &prepared.name,
                    household_no: prepared.household_no,
                    action: if known.is_some() { "changed" } else { "added" },
                    before: &before,
                    after: &after,
                },
            )?;
        }
        Ok(receipt)
    }

    /// JSON before and after of the fields that differ from the record held.
    fn difference(
        &self,
        table: &RegisterTable,
        key: &[SqlValue],
        record: &Record,
    ) -> Result<(String, String), StoreError> {
        let held = self.held_fields(table, key)?.unwrap_or_default();
        let (mut before, mut after) = (Json::new(), Json::new());
        let cipher = &self.inner.cipher;
        for (column, (old, new)) in table.columns.iter().zip(held.iter().zip(&record.fields)) {
            if old != new {
                before.field(cipher, column, old);
                after.field(cipher, column, new);
            }
        }
        Ok((before.close(), after.close()))
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

/// A record in the form in which it is kept.
struct Prepared {
    key: Vec<SqlValue>,
    values: Vec<SqlValue>,
    content: i64,
    /// Key for events: household number, resident key and open key fields.
    name: String,
    household_no: Option<i64>,
}

impl Prepared {
    fn new(cipher: &Cipher, table: &RegisterTable, record: &Record, file: &str) -> Result<Prepared, Refusal> {
        if record.fields.len() != table.columns.len() {
            return Err(misfit(table, record, None));
        }
        let mut named: Vec<(&str, SqlValue)> = Vec::with_capacity(table.columns.len() + 8);
        let mut plain: Vec<u8> = Vec::with_capacity(512);
        if table.of_resident {
            let resident = record.resident_key.ok_or_else(|| misfit(table, record, None))?;
            plain.extend(resident.0.to_le_bytes());
            named.push(("resident_key", SqlValue::Integer(resident.0)));
        }
        for (column, value) in table.columns.iter().zip(&record.fields) {
            place_field(cipher, column, value, &mut named, &mut plain).map_err(|fault| match fault {
                Unplaceable::Misfit => misfit(table, record, Some(column)),
                Unplaceable::Store(error) => error.into(),
            })?;
        }
        let content = cipher.content(&plain);
        named.push(("origin_file", SqlValue::Text(file.to_owned())));
        named.push(("origin_row", SqlValue::Integer(i64::from(record.row))));
        named.push(("content", SqlValue::Integer(content)));
        let mut key = Vec::with_capacity(table.key.len());
        for name in &table.key {
            match named.iter().find(|(column, _)| column == name) {
                Some((_, value)) if *value != SqlValue::Null => key.push(value.clone()),
                _ => return Err(misfit(table, record, table.columns.iter().find(|column| column.field.name == *name))),
            }
        }
        let household = table.household.and_then(|index| household_no(&record.fields[index])).map(|number| number.0);
        let name = event_name(&key);
        Ok(Prepared {
            key,
            content,
            name,
            household_no: household,
            values: named.into_iter().map(|(_, value)| value).collect(),
        })
    }

    /// JSON of all known fields.
    fn json(&self, table: &RegisterTable, record: &Record) -> String {
        let mut json = Json::new();
        for (column, value) in table.columns.iter().zip(&record.fields) {
            if !value.is_null() {
                match column.find.as_ref().and_then(|find| self.value_of(table, find)) {
                    Some(SqlValue::Integer(hash)) => json.text(&column.field.name, &hash_shown(*hash)),
                    _ => json.open_field(column, value),
                }
            }
        }
        json.close()
    }

    fn value_of(&self, table: &RegisterTable, name: &str) -> Option<&SqlValue> {
        let position = table.physical().iter().position(|(column, _)| column == name)?;
        self.values.get(position)
    }
}

enum Unplaceable {
    Misfit,
    Store(StoreError),
}

impl From<Misfit> for Unplaceable {
    fn from(_: Misfit) -> Unplaceable {
        Unplaceable::Misfit
    }
}

/// Adds a field and its hashes to the columns, and its plain bytes to what the content hash covers.
fn place_field<'t>(
    cipher: &Cipher,
    column: &'t FieldColumn,
    value: &Value,
    named: &mut Vec<(&'t str, SqlValue)>,
    plain: &mut Vec<u8>,
) -> Result<(), Unplaceable> {
    if column.storage == Storage::Sealed {
        let text = to_text(column, value)?;
        cover(plain, text.as_deref().map(str::as_bytes));
        let sealed =
            text.as_ref().map(|text| cipher.seal(&column.place, text)).transpose().map_err(Unplaceable::Store)?;
        named.push((&column.field.name, sealed.map_or(SqlValue::Null, SqlValue::Blob)));
        let hash = |text: String, purpose: &str| SqlValue::Integer(cipher.find(purpose, &text));
        if let Some(find) = &column.find {
            named.push((find, text.clone().map_or(SqlValue::Null, |text| hash(text, "whole"))));
        }
        if let Some(last) = &column.tail {
            named.push((last, text.map_or(SqlValue::Null, |text| hash(tail(&text), "tail"))));
        }
        return Ok(());
    }
    let kept = to_sql(column, value)?;
    match &kept {
        SqlValue::Integer(number) => cover(plain, Some(&number.to_le_bytes())),
        SqlValue::Text(text) => cover(plain, Some(text.as_bytes())),
        _ => cover(plain, None),
    }
    named.push((&column.field.name, kept));
    Ok(())
}

fn cover(plain: &mut Vec<u8>, bytes: Option<&[u8]>) {
    let length = bytes.map_or(u32::MAX, |bytes| bytes.len() as u32);
    plain.extend(length.to_le_bytes());
    plain.extend(bytes.unwrap_or_default());
}

/// `5134371002010001/-77123`: the parts of the key as they stand; they hold no identity number.
fn event_name(key: &[SqlValue]) -> String {
    let parts: Vec<String> = key
        .iter()
        .map(|part| match part {
            SqlValue::Integer(number) => number.to_string(),
            SqlValue::Text(text) => text.clone(),
            _ => String::new(),
        })
        .collect();
    parts.join("/")
}

fn misfit(table: &RegisterTable, record: &Record, column: Option<&FieldColumn>) -> Refusal {
    let (label, label_en) = column.map_or(("记录", "record"), |column| (&column.field.label, &column.field.label_en));
    Refusal::new(
        RefusalKind::Invalid,
        [
            &format!("《{}》第{}行的“{label}”不能保存:类型不符或必填内容为空", table.register.label, record.row),
            "请先通过导入检查,再保存",
        ],
        [
            &format!("{}, row {}: “{label_en}” does not fit or is missing", table.register.label_en, record.row),
            "Check the file first, then save.",
        ],
    )
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

/// A JSON object for an event, written field by field.
struct Json(String);

impl Json {
    fn new() -> Json {
        Json(String::with_capacity(256))
    }

    /// Adds a field; a sensitive value is replaced by its hash.
    fn field(&mut self, cipher: &Cipher, column: &FieldColumn, value: &Value) {
        if column.field.effective_class() == Class::Sensitive && !value.is_null() {
            let text = to_text(column, value).ok().flatten().unwrap_or_default();
            self.text(&column.field.name, &hash_shown(cipher.find("whole", &text)));
        } else {
            self.open_field(column, value);
        }
    }

    fn open_field(&mut self, column: &FieldColumn, value: &Value) {
        self.name(&column.field.name);
        self.0.push_str(&value_json(value));
    }

    fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        self.0.push_str(&serde_json::Value::from(text).to_string());
    }

    fn name(&mut self, name: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }

    fn close(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }
}

/// `#0123456789abcdef`: how a sensitive value stands in an event.
fn hash_shown(hash: i64) -> String {
    format!("#{:016x}", hash as u64)
}

/// A value as plain JSON: numbers as numbers, money in fen, days and decimals as text.
pub(crate) fn value_json(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Fen(fen) => fen.0.to_string(),
        Value::Decimal(number) => format!("\"{}\"", number.normalize()),
        Value::Day(day) => format!("\"{day}\""),
        Value::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
    }
}
