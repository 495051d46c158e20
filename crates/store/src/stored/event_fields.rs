//! How events tell of a record: plain JSON, in which sensitive values stand sealed. Fields and child records go by their kept
//! names, so that whoever has the earlier package reads the log as well as whoever has the later one.
//!
//! Nothing is lost by a correction: what a field held before can be read again from the event by whoever may see the field.

use super::field_column::FieldColumn;
use super::record::{Children, Contents};
use super::tables::{ChildTable, RegisterTable};
use super::values::{from_text, to_text};
use crate::StoreError;
use crate::cipher::Cipher;
use crate::database::Storage;
use model::Value;
use serde_json::{Map, Value as Json};

/// What stands before a sealed value.
const SEALED: &str = "$";

/// Fields and child records, as an event tells of them.
#[derive(Default)]
pub(crate) struct EventFields(Map<String, Json>);

/// What an event says of a record: as it was, and as it is now.
#[derive(Default)]
pub(crate) struct EventPayload {
    pub(crate) before: EventFields,
    pub(crate) after: EventFields,
}

impl EventPayload {
    /// Of something that had no before.
    pub(crate) fn after(after: EventFields) -> EventPayload {
        EventPayload { before: EventFields::default(), after }
    }
}

/// What an event says was before, or is after: an object, or an empty text where there is nothing.
pub(crate) fn said(text: &str) -> Result<Map<String, Json>, StoreError> {
    if text.is_empty() { Ok(Map::new()) } else { Ok(serde_json::from_str(text)?) }
}

impl EventFields {
    /// Adds a field.
    pub(crate) fn field(&mut self, cipher: &Cipher, column: &FieldColumn, value: &Value) -> Result<(), StoreError> {
        self.0.insert(column.name.clone(), event_value(cipher, column, value)?);
        Ok(())
    }

    /// Adds the rows of a kind of child record.
    pub(crate) fn child(&mut self, cipher: &Cipher, child: &ChildTable, rows: &[Vec<Value>]) -> Result<(), StoreError> {
        let mut list = Vec::with_capacity(rows.len());
        for row in rows {
            let mut object = Map::new();
            for (column, value) in child.columns.iter().zip(row).filter(|(_, value)| !value.is_null()) {
                object.insert(column.name.clone(), event_value(cipher, column, value)?);
            }
            list.push(Json::Object(object));
        }
        self.0.insert(child.kept.clone(), Json::Array(list));
        Ok(())
    }

    /// Adds something that is no field, e.g. the state or the file; such names begin with `_`.
    pub(crate) fn note(&mut self, name: &str, value: impl Into<Json>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// What it tells of.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(crate) fn text(self) -> String {
        Json::Object(self.0).to_string()
    }
}

/// A value as it stands in an event: sealed where its column is.
fn event_value(cipher: &Cipher, column: &FieldColumn, value: &Value) -> Result<Json, StoreError> {
    if column.storage == Storage::Sealed && !value.is_null() {
        let text = to_text(column, value).ok().flatten().unwrap_or_default();
        let sealed = cipher.seal(&column.place, &text)?;
        return Ok(Json::String(format!("{SEALED}{}", model::to_hex(sealed))));
    }
    Ok(plain(value))
}

/// A value as plain JSON: numbers as numbers, money in fen, days and decimals as text.
pub(crate) fn plain(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Int(number) => Json::from(*number),
        Value::Fen(fen) => Json::from(fen.0),
        Value::Decimal(number) => Json::String(number.normalize().to_string()),
        Value::Day(day) => Json::String(day.to_string()),
        Value::Text(text) => Json::String(text.clone()),
    }
}

/// Reads a field back from what an event tells of it.
pub(crate) fn from_event(cipher: &Cipher, column: &FieldColumn, value: &Json) -> Result<Value, StoreError> {
    let text = match value {
        Json::Null => return Ok(Value::Null),
        Json::Bool(truth) => i64::from(*truth).to_string(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    match text.strip_prefix(SEALED).filter(|_| column.storage == Storage::Sealed) {
        Some(digits) => from_text(column, cipher.open(&column.place, &model::from_hex(digits).unwrap_or_default())?),
        None => from_text(column, text),
    }
}

impl RegisterTable {
    /// Fields and child records that differ, before and after.
    pub(crate) fn differences(
        &self,
        cipher: &Cipher,
        old: Contents<'_>,
        new: Contents<'_>,
    ) -> Result<EventPayload, StoreError> {
        let mut payload = EventPayload::default();
        for (column, (old, new)) in self.columns.iter().zip(old.fields.iter().zip(new.fields)) {
            if old != new {
                payload.before.field(cipher, column, old)?;
                payload.after.field(cipher, column, new)?;
            }
        }
        for (index, child) in self.children.iter().enumerate() {
            let none = Vec::new();
            let (old, new) = (old.children.get(index).unwrap_or(&none), new.children.get(index).unwrap_or(&none));
            if old != new {
                payload.before.child(cipher, child, old)?;
                payload.after.child(cipher, child, new)?;
            }
        }
        Ok(payload)
    }

    /// All known fields and child records.
    pub(crate) fn whole(&self, cipher: &Cipher, contents: Contents<'_>) -> Result<EventFields, StoreError> {
        let fields = vec![Value::Null; contents.fields.len()];
        let nothing = Contents { fields: &fields, children: &Children::new() };
        Ok(self.differences(cipher, nothing, contents)?.after)
    }

    /// Puts what an event says was before back into a record.
    pub(crate) fn put_back(
        &self,
        cipher: &Cipher,
        before: &Map<String, Json>,
        fields: &mut [Value],
        children: &mut Children,
    ) -> Result<(), StoreError> {
        for (column, field) in self.columns.iter().zip(fields) {
            if let Some(value) = before.get(&column.name) {
                *field = from_event(cipher, column, value)?;
            }
        }
        children.resize(self.children.len(), Vec::new());
        for (index, child) in self.children.iter().enumerate() {
            let Some(Json::Array(list)) = before.get(&child.kept) else { continue };
            let row = |object: &Json| -> Result<Vec<Value>, StoreError> {
                let value = |column: &FieldColumn| object.get(&column.name).unwrap_or(&Json::Null).clone();
                child.columns.iter().map(|column| from_event(cipher, column, &value(column))).collect()
            };
            children[index] = list.iter().map(row).collect::<Result<_, _>>()?;
        }
        Ok(())
    }
}
