//! A field as people read it.

use crate::parts::catalog::Catalog;
use crate::parts::show;
use model::{Day, Decimal, Fen, Kind, Value};
use policy::declare::Column;
use store::View;

/// A field with its label, ready for a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShownField {
    pub name: String,
    pub label: String,
    /// A word for it where the value is unknown.
    pub text: String,
    pub is_known: bool,
    pub masked: bool,
    pub is_calculated: bool,
    /// Numbers and money stand on the right in tables.
    pub is_number: bool,
    /// Page of the record that a reference names, where the reader may open it.
    pub link: Option<String>,
    pub files: Vec<ShownFile>,
}

/// A file kept with a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownFile {
    pub name: String,
    pub address: String,
    pub is_picture: bool,
}

/// Shows fields to one reader.
#[derive(Clone, Copy)]
pub struct Showing<'a> {
    pub catalog: Catalog<'a>,
    pub view: &'a View<'a>,
    /// Address of the record's page, for its files.
    pub record: &'a str,
}

impl Showing<'_> {
    /// Prepares a field; `masked`: the value is a masked text and is shown as it stands.
    pub fn field(&self, column: &Column, value: &Value, masked: bool) -> ShownField {
        let text = if masked { value.to_string() } else { text_of(column, value, &self.catalog) };
        ShownField {
            name: column.name.clone(),
            label: self.catalog.column_label(column),
            is_known: !value.is_null(),
            masked,
            is_calculated: !column.is_entered(),
            is_number: matches!(column.kind, Kind::Int | Kind::Decimal | Kind::Fen),
            link: if masked { None } else { self.link(column, value) },
            files: if masked { Vec::new() } else { self.files(column, value) },
            text,
        }
    }

    fn link(&self, column: &Column, value: &Value) -> Option<String> {
        let (register, key) = (column.to.as_ref()?, value.as_text()?);
        let id = self.view.record_by_key(register, key).ok()??;
        Some(format!("/registers/{register}/records/{id}"))
    }

    fn files(&self, column: &Column, value: &Value) -> Vec<ShownFile> {
        if column.kind != Kind::File {
            return Vec::new();
        }
        let shown = |hash: &str, name: &str| ShownFile {
            name: name.to_owned(),
            address: format!("{}/files/{hash}", self.record),
            is_picture: name.ends_with(".jpg"),
        };
        file_lines(value.as_text().unwrap_or_default()).map(|(hash, name)| shown(hash, name)).collect()
    }
}

/// Hash and name of each file of a field of files.
pub fn file_lines(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_hash = |hash: &str| hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.lines().filter_map(|line| line.split_once(':')).filter(move |(hash, _)| is_hash(hash))
}

/// A value as people read it: codes by label, places by name, money and numbers with their unit, months without a day,
/// files by name. Unknown values are said to be so.
pub fn text_of(column: &Column, value: &Value, catalog: &Catalog<'_>) -> String {
    match (column.kind, value) {
        (_, Value::Null) => catalog.language.say("value_unknown").to_owned(),
        (Kind::Code, Value::Text(codes)) if column.many => {
            let list = column.codes.as_deref().unwrap_or_default();
            let labels: Vec<String> = codes.split(',').map(|code| catalog.code(list, code)).collect();
            labels.join(catalog.language.say("list_comma"))
        }
        (Kind::File, Value::Text(lines)) => {
            let names: Vec<&str> = file_lines(lines).map(|(_, name)| name).collect();
            names.join(catalog.language.say("list_comma"))
        }
        (Kind::Int | Kind::Decimal, value) if !column.unit.is_empty() => {
            let number = if let Value::Int(number) = value { show::grouped(*number) } else { value.to_string() };
            format!("{number} {}", column.unit)
        }
        _ => catalog.column_value(column, value),
    }
}

/// What an event tells of a field, as people read it: events hold money in fen, days and truths as plain text.
pub fn event_value_text(column: &Column, payload: &str, catalog: &Catalog<'_>) -> String {
    if payload.is_empty() {
        return "–".to_owned();
    }
    text_of(column, &event_value(column, payload), catalog)
}

fn event_value(column: &Column, payload: &str) -> Value {
    let value = match column.kind {
        Kind::Int => payload.parse().ok().map(Value::Int),
        Kind::Decimal => payload.parse::<Decimal>().ok().map(Value::Decimal),
        Kind::Fen => payload.parse().ok().map(|fen| Value::Fen(Fen(fen))),
        Kind::Bool => payload.parse().ok().map(Value::Bool),
        Kind::Day | Kind::Month => payload.parse::<Day>().ok().map(Value::Day),
        _ => None,
    };
    value.unwrap_or_else(|| Value::Text(payload.to_owned()))
}
