//! A record in the form in which it is kept, and in the form in which events tell of it.

use crate::cipher::Cipher;
use crate::database::Sql;
use crate::record::{Misfit, household_no, tail, to_sql, to_text};
use crate::tables::{FieldColumn, RegisterTable, Storage};
use crate::{Record, Refusal, RefusalKind, StoreError};
use model::{Class, Value};

/// A record in the form in which it is kept.
pub(super) struct Prepared {
    pub(super) key: Vec<Sql>,
    /// One value per physical column, in their order.
    pub(super) values: Vec<Sql>,
    /// Find hash of each sealed field that is known, by field.
    hashes: Vec<Option<i64>>,
    pub(super) content: i64,
    /// Key for events: household number, resident key and open key fields.
    pub(super) name: String,
    pub(super) household_no: Option<i64>,
}

impl Prepared {
    pub(super) fn new(
        cipher: &Cipher,
        table: &RegisterTable,
        record: &Record,
        file: &str,
    ) -> Result<Prepared, Refusal> {
        if record.fields.len() != table.columns.len() {
            return Err(misfit(table, record, None));
        }
        let mut named: Vec<(&str, Sql)> = Vec::with_capacity(table.columns.len() + 8);
        let mut plain: Vec<u8> = Vec::with_capacity(512);
        if table.of_resident {
            let resident = record.resident_key.ok_or_else(|| misfit(table, record, None))?;
            plain.extend(resident.0.to_le_bytes());
            named.push(("resident_key", Sql::Whole(resident.0)));
        }
        let mut hashes = Vec::with_capacity(table.columns.len());
        for (column, value) in table.columns.iter().zip(&record.fields) {
            let placed = place_field(cipher, column, value, &mut named, &mut plain).map_err(|fault| match fault {
                Unplaceable::Misfit => misfit(table, record, Some(column)),
                Unplaceable::Store(error) => error.into(),
            })?;
            hashes.push(placed);
        }
        let content = cipher.content(&plain);
        named.push(("origin_file", Sql::Text(file.to_owned())));
        named.push(("origin_row", Sql::Whole(i64::from(record.row))));
        named.push(("content", Sql::Whole(content)));
        let mut key = Vec::with_capacity(table.key.len());
        for name in &table.key {
            match named.iter().find(|(column, _)| column == name) {
                Some((_, value)) if *value != Sql::Null => key.push(value.clone()),
                _ => return Err(misfit(table, record, table.columns.iter().find(|column| column.field.name == *name))),
            }
        }
        let household = table.household.and_then(|index| household_no(&record.fields[index])).map(|number| number.0);
        let name = event_name(&key);
        Ok(Prepared {
            key,
            hashes,
            content,
            name,
            household_no: household,
            values: named.into_iter().map(|(_, value)| value).collect(),
        })
    }

    /// JSON of all known fields.
    pub(super) fn json(&self, table: &RegisterTable, record: &Record) -> String {
        let mut json = Json::new();
        for ((column, value), hash) in table.columns.iter().zip(&record.fields).zip(&self.hashes) {
            match hash {
                Some(hash) => json.text(&column.field.name, &hash_shown(*hash)),
                None if value.is_null() || column.storage == Storage::Sealed => {}
                None => json.open_field(column, value),
            }
        }
        json.close()
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
/// Returns the find hash of a sealed field that is known.
fn place_field<'t>(
    cipher: &Cipher,
    column: &'t FieldColumn,
    value: &Value,
    named: &mut Vec<(&'t str, Sql)>,
    plain: &mut Vec<u8>,
) -> Result<Option<i64>, Unplaceable> {
    if column.storage == Storage::Sealed {
        let text = to_text(column, value)?;
        cover(plain, text.as_deref().map(str::as_bytes));
        let sealed =
            text.as_ref().map(|text| cipher.seal(&column.place, text)).transpose().map_err(Unplaceable::Store)?;
        named.push((&column.field.name, sealed.map_or(Sql::Null, Sql::Bytes)));
        let whole = text.as_ref().map(|text| cipher.find("whole", text));
        if let Some(find) = &column.find {
            named.push((find, whole.map_or(Sql::Null, Sql::Whole)));
        }
        if let Some(last) = &column.tail {
            let hash = text.map(|text| cipher.find("tail", &tail(&text)));
            named.push((last, hash.map_or(Sql::Null, Sql::Whole)));
        }
        return Ok(whole);
    }
    let kept = to_sql(column, value)?;
    match &kept {
        Sql::Whole(number) => cover(plain, Some(&number.to_le_bytes())),
        Sql::Text(text) => cover(plain, Some(text.as_bytes())),
        _ => cover(plain, None),
    }
    named.push((&column.field.name, kept));
    Ok(None)
}

fn cover(plain: &mut Vec<u8>, bytes: Option<&[u8]>) {
    let length = bytes.map_or(u32::MAX, |bytes| bytes.len() as u32);
    plain.extend(length.to_le_bytes());
    plain.extend(bytes.unwrap_or_default());
}

/// `5134371002010001/-77123`: the parts of the key as they stand; they hold no identity number.
fn event_name(key: &[Sql]) -> String {
    let parts: Vec<String> = key
        .iter()
        .map(|part| match part {
            Sql::Whole(number) => number.to_string(),
            Sql::Text(text) => text.clone(),
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

/// A JSON object for an event, written field by field.
pub(super) struct Json(String);

impl Json {
    pub(super) fn new() -> Json {
        Json(String::with_capacity(256))
    }

    /// Adds a field; a sensitive value is replaced by its hash.
    pub(super) fn field(&mut self, cipher: &Cipher, column: &FieldColumn, value: &Value) {
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

    pub(super) fn close(mut self) -> String {
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
