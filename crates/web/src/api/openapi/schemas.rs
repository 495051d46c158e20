//! What a register's records look like: to be entered, to be read, in lists.

use super::rights::TokenRights;
use super::texts::text_of;
use crate::api::registers::limit_of;
use crate::api::value;
use model::Kind;
use policy::Package;
use policy::declare::{Child, Column, Register};
use serde_json::{Map, Value, json};
use store::STORED_ROW;

/// Parts of the document by name.
pub type Members = Map<String, Value>;

/// A reference to a part of the document: `schemas/Problem`.
pub fn part(name: &str) -> Value {
    json!({ "$ref": format!("#/components/{name}") })
}

/// The schemas of one register: `<name>.New`, `.Correction` for those who enter, `.Fields`, `.Record`, `.Row`, `.Page` for those who
/// read.
pub fn of_register(rights: &TokenRights, register: &Register, package: &Package) -> Members {
    let name = &rights.register;
    let entered = |with_required: bool| {
        let columns = register.field.iter().filter(|column| column.is_entered());
        let children = register.child.iter().map(|child| (child.name.clone(), rows(child, package, true)));
        let properties: Members = columns
            .map(|column| (column.name.clone(), written(column, package, with_required)))
            .chain(children)
            .collect();
        let required = register.field.iter().filter(|column| with_required && column.required && column.is_entered());
        body(object(properties, &required.map(|column| column.name.as_str()).collect::<Vec<_>>()))
    };
    let children = register.child.iter().map(|child| (child.name.clone(), rows(child, package, false)));
    let fields: Members =
        register.field.iter().map(|column| (column.name.clone(), given(column, package))).chain(children).collect();
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    let whole = object(fields.clone(), &names);
    let some: Members = register.field.iter().map(|column| (column.name.clone(), given(column, package))).collect();
    let own = |end: &str| format!("schemas/{name}.{end}");
    let schemas = [
        ("New", entered(true)),
        ("Correction", entered(false)),
        ("Fields", whole),
        ("Record", record(register, part(&own("Fields")))),
        ("Row", row(register, object(some, &[]))),
        ("Page", page(part(&own("Row")))),
    ];
    let is_for_entry = |end: &str| matches!(end, "New" | "Correction");
    let used = schemas.into_iter().filter(|(end, _)| if is_for_entry(end) { rights.enters } else { rights.reads });
    used.map(|(end, schema)| (format!("{name}.{end}"), schema)).collect()
}

/// An object with these members and no others.
pub fn object(properties: Members, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// A body with the fields of a record.
pub fn body(fields: Value) -> Value {
    let properties = [("fields".to_owned(), fields)].into_iter().collect();
    object(properties, &["fields"])
}

/// A value as it is sent; required ones are not null.
pub fn written(column: &Column, package: &Package, with_required: bool) -> Value {
    let mut schema = plain(column, package);
    limits(column, &mut schema);
    if !(column.required && with_required) {
        or_null(&mut schema);
    }
    described(column, schema)
}

/// A value as it is given: null where it is unknown; a masked one is a text with stars, or null.
fn given(column: &Column, package: &Package) -> Value {
    let mut schema = plain(column, package);
    let holds_person = matches!(column.kind, Kind::Text | Kind::Name | Kind::Identity | Kind::Phone | Kind::Account);
    if holds_person && let Some(schema) = schema.as_object_mut() {
        schema.retain(|key, _| key == "type");
    }
    or_null(&mut schema);
    described(column, schema)
}

fn plain(column: &Column, package: &Package) -> Value {
    let (pattern, most) = value::form(column);
    match column.kind {
        Kind::Int => json!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX }),
        Kind::Fen => json!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX }),
        Kind::Bool => json!({ "type": "boolean" }),
        Kind::Code if column.many => json!({ "type": "array", "items": code(column, package) }),
        Kind::Code => code(column, package),
        Kind::File => part("schemas/Files"),
        Kind::Day => json!({ "type": "string", "format": "date" }),
        _ => json!({ "type": "string", "pattern": pattern, "maxLength": most }),
    }
}

fn code(column: &Column, package: &Package) -> Value {
    let list = column.codes.as_ref().and_then(|list| package.codes.get(list));
    // Rules come and go; records keep the name of one that is gone.
    match list.filter(|list| !list.code.is_empty() && column.codes.as_deref() != Some(policy::RULES)) {
        Some(list) => {
            let codes: Vec<&str> = list.code.iter().map(|one| one.code.as_str()).collect();
            json!({ "type": "string", "enum": codes })
        }
        None => json!({ "type": "string", "minLength": 1, "maxLength": value::KEY_MAX }),
    }
}

/// Least and greatest values of numbers; those of decimals are told, because decimals are texts.
fn limits(column: &Column, schema: &mut Value) {
    if !matches!(column.kind, Kind::Int | Kind::Fen) {
        return;
    }
    for (key, limit) in [("minimum", column.min), ("maximum", column.max)] {
        if let Some(limit) = limit.map(|limit| limit_of(column, limit)).filter(|limit| !limit.is_null()) {
            schema[key] = limit;
        }
    }
}

fn or_null(schema: &mut Value) {
    if schema.get("$ref").is_some() {
        *schema = json!({ "anyOf": [schema.clone(), { "type": "null" }] });
        return;
    }
    if let Some(kind) = schema.get("type").cloned() {
        schema["type"] = json!([kind, "null"]);
    }
    if let Some(codes) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        codes.push(Value::Null);
    }
}

/// Label, unit, range and note, as people read them.
fn described(column: &Column, mut schema: Value) -> Value {
    let mut parts = vec![column.label.clone(), column.label_en.clone()];
    parts.extend([&column.unit, &column.note, &column.note_en].into_iter().filter(|text| !text.is_empty()).cloned());
    if column.kind == Kind::Decimal {
        parts.extend(column.min.map(|limit| format!("≥ {}", limit.normalize())));
        parts.extend(column.max.map(|limit| format!("≤ {}", limit.normalize())));
    }
    if let Some(register) = &column.to {
        parts.push(format!("→ {register}"));
    }
    schema["description"] = parts.join(" · ").into();
    if !column.is_entered() {
        schema["readOnly"] = true.into();
    }
    schema
}

fn rows(child: &Child, package: &Package, entered: bool) -> Value {
    let columns = child.field.iter().filter(|column| !entered || column.is_entered());
    let value = |column: &Column| if entered { written(column, package, true) } else { given(column, package) };
    let mut properties: Members = columns.map(|column| (column.name.clone(), value(column))).collect();
    let about = text_of("api_row_number");
    properties.insert(STORED_ROW.to_owned(), json!({ "type": "integer", "minimum": 0, "description": about }));
    let needed = child.field.iter().filter(|column| !entered || (column.required && column.is_entered()));
    let own = if entered { None } else { Some(STORED_ROW) };
    let needed: Vec<&str> = needed.map(|column| column.name.as_str()).chain(own).collect();
    let kind = if entered { json!(["array", "null"]) } else { json!("array") };
    json!({ "type": kind, "items": object(properties, &needed), "description": format!("{} · {}", child.label, child.label_en) })
}

fn record(register: &Register, fields: Value) -> Value {
    let mut properties = record_meta(register);
    let day = json!({ "type": ["string", "null"], "format": "date" });
    properties.extend([
        ("state_on".to_owned(), day.clone()),
        ("entered_on".to_owned(), day),
        ("entered_by".to_owned(), json!({ "type": ["string", "null"] })),
        ("is_withdrawn".to_owned(), json!({ "type": "boolean" })),
        ("fields".to_owned(), fields),
        ("steps".to_owned(), json!({ "type": "array", "items": part("schemas/Offer") })),
        ("may_correct".to_owned(), json!({ "type": "boolean" })),
        ("may_unmask".to_owned(), json!({ "type": "boolean" })),
    ]);
    let names: Vec<String> = properties.keys().cloned().collect();
    object(properties, &names.iter().map(String::as_str).collect::<Vec<_>>())
}

fn row(register: &Register, fields: Value) -> Value {
    let mut properties = record_meta(register);
    properties.insert("fields".to_owned(), fields);
    let names: Vec<String> = properties.keys().cloned().collect();
    object(properties, &names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// What every record and row says beside its fields.
fn record_meta(register: &Register) -> Members {
    let mut states: Vec<Value> = register.state.iter().map(|state| state.name.as_str().into()).collect();
    states.push(Value::Null);
    let members = [
        ("id", part("schemas/Id")),
        ("version", json!({ "type": "integer", "minimum": 1 })),
        ("place", json!({ "type": ["string", "null"], "pattern": "^[0-9]{12}$" })),
        ("place_name", json!({ "type": "string" })),
        ("state", json!({ "type": ["string", "null"], "enum": states })),
        ("due_on", json!({ "type": ["string", "null"], "format": "date" })),
        ("masked", json!({ "type": "array", "items": { "type": "string" } })),
    ];
    members.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()
}

fn page(row: Value) -> Value {
    let properties = [
        ("records".to_owned(), json!({ "type": "array", "items": row })),
        ("total".to_owned(), part("schemas/Total")),
        ("next".to_owned(), json!({ "type": ["string", "null"] })),
    ];
    object(properties.into_iter().collect(), &["records", "total", "next"])
}
