//! The registers that the account sees, and the declaration of each: what a program needs to know before it writes.

use crate::api::call::Call;
use crate::api::fault::{Fault, Problem};
use crate::api::list_query;
use axum::Json;
use axum::response::{IntoResponse, Response};
use model::{Class, Decimal, Kind};
use policy::Package;
use policy::declare::{Column, Register, Step};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use store::{Scope, View};

/// `GET /api/v1/registers`
pub fn list(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    let (view, package) = (call.visit.view(), &call.visit.site.package);
    let seen = view.registers().into_iter().filter(|name| call.bearer.reaches(name));
    let seen = seen.filter_map(|name| Some((package.registers.get(&name)?, name)));
    let registers: Vec<Value> = seen.map(|(register, name)| head(&name, register, view)).collect();
    Ok(Json(json!({ "registers": registers })).into_response())
}

/// `GET /api/v1/registers/{name}`
pub fn show(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    let (register, visit) = (call.register(Scope::Read)?, call.visit);
    Ok(Json(declaration(call.named("name"), register, visit.view(), &visit.site.package)).into_response())
}

/// `GET /api/v1/registers/{name}/schema`: the register as a Table Schema, which the program gives.
pub fn schema(call: &Call<'_>) -> Result<Response, Fault> {
    call.only_parameters(&[])?;
    call.register(Scope::Read)?;
    let schema = call.visit.site.gateway.table_schema(call.named("name"));
    Ok(Json(schema.ok_or_else(|| Fault::new(Problem::Missing))?).into_response())
}

fn head(name: &str, register: &Register, view: &View) -> Value {
    json!({
        "name": name,
        "label": register.label,
        "label_en": register.label_en,
        "purpose": register.purpose,
        "purpose_en": register.purpose_en,
        "articles": register.article,
        "rights": rights(register, view),
    })
}

fn rights(register: &Register, view: &View) -> Value {
    json!({
        "enter": view.has_right(register, &register.may_enter),
        "import": view.has_right(register, &register.may_import),
        "export": view.has_right(register, &register.may_export),
        "unmask": view.has_right(register, &register.may_unmask),
    })
}

fn declaration(name: &str, register: &Register, view: &View, package: &Package) -> Value {
    let children = register.child.iter().map(|child| {
        let fields: Vec<Value> = child.field.iter().map(field).collect();
        json!({ "name": child.name, "label": child.label, "label_en": child.label_en, "fields": fields })
    });
    let states = register.state.iter().map(|state| {
        json!({
            "name": state.name, "label": state.label, "label_en": state.label_en,
            "is_initial": state.initial, "is_final": state.is_final, "is_locked": state.is_locked,
        })
    });
    let mut members = head(name, register, view).as_object().cloned().unwrap_or_default();
    let more = json!({
        "key": register.key,
        "fields": register.field.iter().map(field).collect::<Vec<_>>(),
        "children": children.collect::<Vec<_>>(),
        "codes": codes(register, package),
        "states": states.collect::<Vec<_>>(),
        "steps": register.step.iter().map(|step| declared_step(step, register, view)).collect::<Vec<_>>(),
        "list": {
            "columns": register.list.columns,
            "sort": list_query::sorts(register).map(|column| column.name.as_str()).collect::<Vec<_>>(),
            "filter": list_query::filters(register, true).map(|(path, _)| path).collect::<Vec<_>>(),
            "search": list_query::filters(register, false).map(|(path, _)| path).collect::<Vec<_>>(),
        },
    });
    members.extend(more.as_object().cloned().unwrap_or_default());
    Value::Object(members)
}

fn declared_step(step: &Step, register: &Register, view: &View) -> Value {
    json!({
        "name": step.name, "label": step.label, "label_en": step.label_en,
        "from": step.from, "to": step.to,
        "required": step.required, "required_child": step.required_child, "asks": step.asks,
        "wait_days": step.wait_days, "due_days": step.due_days, "in_working_days": step.in_working_days,
        "is_for_caller": view.has_right(register, &step.roles),
    })
}

fn field(column: &Column) -> Value {
    let is_masked = column.effective_class() == Class::Sensitive || column.kind == Kind::Name;
    json!({
        "name": column.name,
        "label": column.label,
        "label_en": column.label_en,
        "kind": column.kind,
        "codes": column.codes,
        "many": column.many,
        "to": column.to,
        "unit": column.unit,
        "note": column.note,
        "note_en": column.note_en,
        "section": column.section,
        "is_required": column.required,
        "is_calculated": !column.is_entered(),
        "may_be_masked": is_masked,
        "min": column.min.map(|limit| limit_of(column, limit)),
        "max": column.max.map(|limit| limit_of(column, limit)),
    })
}

/// A limit as values of the field are written: fen for money, a text for decimals.
pub fn limit_of(column: &Column, limit: Decimal) -> Value {
    let whole = |number: Decimal| number.to_string().parse::<i64>().map_or(Value::Null, Value::from);
    match column.kind {
        Kind::Fen => limit.checked_mul(Decimal::ONE_HUNDRED).map_or(Value::Null, |fen| whole(fen.normalize())),
        Kind::Int => whole(limit.normalize()),
        _ => limit.normalize().to_string().into(),
    }
}

/// The code lists that the register's fields name.
fn codes(register: &Register, package: &Package) -> Value {
    let columns = register.field.iter().chain(register.child.iter().flat_map(|child| &child.field));
    let names: BTreeSet<&String> = columns.filter_map(|column| column.codes.as_ref()).collect();
    let lists = names.into_iter().filter_map(|name| Some((name.clone(), package.codes.get(name)?)));
    let lists = lists.map(|(name, list)| {
        let codes =
            list.code.iter().map(|one| json!({ "code": one.code, "label": one.label, "label_en": one.label_en }));
        (name, codes.collect::<Value>())
    });
    Value::Object(lists.collect::<Map<String, Value>>())
}
