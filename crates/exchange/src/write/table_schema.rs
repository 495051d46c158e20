//! Table Schema (Frictionless Data): what the columns of templates and exports hold, for programs.

use crate::write::shown::{Labels, truth_shown};
use crate::{MoneyUnit, Part};
use model::{Decimal, Kind};
use policy::declare::{CodeList, Column, Register};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use words::{Language, Wording, wording};

/// The Table Schema of a part, as its template and its export in this language hold it: codes by label, money in yuan.
///
/// `parent`: name of the register that a child's rows belong to. `registers`: those that references may lead to, by name. Calculated
/// columns are not required, because files without them are taken.
///
/// Source: Table Schema, Frictionless Data specifications, version 1.
pub fn table_schema(
    part: &Part,
    parent: Option<&str>,
    codes: &BTreeMap<String, CodeList>,
    registers: &BTreeMap<String, Register>,
    language: Language,
) -> Value {
    let fields: Vec<Value> = part.columns.iter().map(|column| field(column, part, codes, language)).collect();
    let mut schema = Map::new();
    schema.insert("fields".to_owned(), Value::Array(fields));
    schema.insert("missingValues".to_owned(), json!([""]));
    if !part.key.is_empty() {
        schema.insert("primaryKey".to_owned(), json!(part.key));
    }
    let foreign = foreign_keys(part, parent, registers);
    if !foreign.is_empty() {
        schema.insert("foreignKeys".to_owned(), Value::Array(foreign));
    }
    Value::Object(schema)
}

fn field(column: &Column, part: &Part, codes: &BTreeMap<String, CodeList>, language: Language) -> Value {
    let mut field = Map::new();
    let mut put = |name: &str, value: Value| field.insert(name.to_owned(), value);
    put("name", json!(column.name));
    put("title", json!(language.pick(&column.label, &column.label_en)));
    let (of_type, format) = type_of(column.kind);
    put("type", json!(of_type));
    put("format", json!(format));
    let description = description(column, language);
    if !description.is_empty() {
        put("description", json!(description));
    }
    if column.kind == Kind::Bool {
        put("trueValues", json!([truth_shown(true, language)]));
        put("falseValues", json!([truth_shown(false, language)]));
    }
    let constraints = constraints(column, part, codes, language);
    if !constraints.is_empty() {
        put("constraints", Value::Object(constraints));
    }
    Value::Object(field)
}

fn type_of(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Int => ("integer", "default"),
        Kind::Decimal | Kind::Fen => ("number", "default"),
        Kind::Day => ("date", "default"),
        Kind::Month => ("yearmonth", "default"),
        Kind::Bool => ("boolean", "default"),
        Kind::Text
        | Kind::Name
        | Kind::Code
        | Kind::Identity
        | Kind::Phone
        | Kind::Account
        | Kind::Region
        | Kind::Reference
        | Kind::File => ("string", "default"),
    }
}

fn description(column: &Column, language: Language) -> String {
    let unit = match column.kind {
        Kind::Fen => Some(wording!("column_unit", unit = MoneyUnit::Yuan)),
        _ => Some(column.unit.as_str()).filter(|unit| !unit.is_empty()).map(|unit| wording!("column_unit", unit)),
    };
    let note = Some(Wording::pair(column.note.as_str(), column.note_en.as_str())).filter(|note| !note.is_empty());
    let calculated = (!column.is_entered()).then(|| wording!("column_calculated"));
    words::clauses([note, unit, calculated].into_iter().flatten()).of(language).to_owned()
}

fn constraints(
    column: &Column,
    part: &Part,
    codes: &BTreeMap<String, CodeList>,
    language: Language,
) -> Map<String, Value> {
    let mut constraints = Map::new();
    let mut put = |name: &str, value: Value| constraints.insert(name.to_owned(), value);
    let is_key = part.key.contains(&column.name) || part.parent_key.contains(&column.name);
    if column.is_entered() && (column.required || is_key) {
        put("required", json!(true));
    }
    if part.key.len() == 1 && part.key[0] == column.name {
        put("unique", json!(true));
    }
    for (name, bound) in [("minimum", column.min), ("maximum", column.max)] {
        if let Some(number) = bound.and_then(number) {
            put(name, number);
        }
    }
    if column.kind == Kind::Region {
        put("pattern", json!("[0-9]{12}"));
    }
    if let Some(labels) = Labels::of_column(column, codes, language) {
        let all: Vec<String> = labels.all.into_iter().map(|(_, label)| label).collect();
        if column.many {
            let one = format!("({})", all.iter().map(|label| escaped(label)).collect::<Vec<_>>().join("|"));
            put("pattern", json!(format!("{one}({}{one})*", labels.between)));
        } else {
            put("enum", json!(all));
        }
    }
    constraints
}

fn number(bound: Decimal) -> Option<Value> {
    serde_json::from_str(&bound.normalize().to_string()).ok()
}

/// A text as a regular expression that finds it alone.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if r"\.+*?()|[]{}^$#&-~/".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

fn foreign_keys(part: &Part, parent: Option<&str>, registers: &BTreeMap<String, Register>) -> Vec<Value> {
    let key = |fields: Value, resource: &str, names: Value| json!({ "fields": fields, "reference": { "resource": resource, "fields": names } });
    let mut keys = Vec::new();
    if let Some(parent) = parent.filter(|_| !part.parent_key.is_empty()) {
        keys.push(key(json!(part.parent_key), parent, json!(part.parent_key)));
    }
    for column in part.columns.iter().filter(|column| column.kind == Kind::Reference) {
        let Some(to) = &column.to else { continue };
        if let Some([name]) = registers.get(to).map(|register| register.key.as_slice()) {
            keys.push(key(json!([column.name]), to, json!([name])));
        }
    }
    keys
}
