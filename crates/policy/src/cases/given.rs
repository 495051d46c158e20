//! Given and expected values of cases, typed by what their names mean.

use super::failure::{Failure, failure};
use crate::expression::{ScopeEntry, Typed, name_of, nearest};
use model::{Decimal, Fen, Type, Value};
use std::collections::BTreeMap;
use toml::Value as Written;
use words::{Advice, Wording, advice, wording};

/// The text that stands for null in `expect`.
const UNKNOWN: &str = "unknown";

/// Values by name.
pub(super) type Given = BTreeMap<String, Value>;

/// The values of a table whose names a scope knows.
pub(super) fn values(table: &toml::Table, key: &str, known: &BTreeMap<String, ScopeEntry>) -> Result<Given, Failure> {
    let typed = |name: &String| known.get(name).map(|entry| entry.typed.clone());
    convert(table, key, &typed, &|name| nearest(name, known.keys(), ""))
}

/// The values of a table of parameters.
pub(super) fn parameters(table: &toml::Table, known: &BTreeMap<String, Typed>) -> Result<Given, Failure> {
    let typed = |name: &String| known.get(name).cloned();
    convert(table, "parameters", &typed, &|name| nearest(name, known.keys(), ""))
}

fn convert(
    table: &toml::Table,
    key: &str,
    typed: &dyn Fn(&String) -> Option<Typed>,
    near: &dyn Fn(&str) -> Wording,
) -> Result<Given, Failure> {
    let mut values = Given::new();
    for (name, written) in table {
        let key = format!("{key}.{name}");
        let Some(typed) = typed(name) else {
            return Err(failure(key, Advice { what: wording!("unknown_name", name), hint: near(name) }));
        };
        let is_unknown = typed.ty != Type::Text && written.as_str() == Some(UNKNOWN);
        let value = if is_unknown { Some(Value::Null) } else { value_of(written, typed.ty) };
        match value {
            Some(value) => drop(values.insert(name.clone(), value)),
            None => return Err(mistyped(key, written, &typed)),
        }
    }
    Ok(values)
}

/// The expected value; `Null` for `"unknown"`.
pub(super) fn expected(written: &Written, typed: &Typed) -> Result<Value, Failure> {
    expected_at("expect", written, typed)
}

/// As `expected`, at a key within.
pub(super) fn expected_at(key: &str, written: &Written, typed: &Typed) -> Result<Value, Failure> {
    if written.as_str() == Some(UNKNOWN) {
        return Ok(Value::Null);
    }
    value_of(written, typed.ty).ok_or_else(|| mistyped(key.to_owned(), written, typed))
}

fn mistyped(key: String, written: &Written, typed: &Typed) -> Failure {
    failure(key, advice!("case_value_mistyped", written, wanted = name_of(typed)))
}

fn value_of(written: &Written, ty: Type) -> Option<Value> {
    Some(match (ty, written) {
        (Type::Bool, Written::Boolean(truth)) => Value::Bool(*truth),
        (Type::Int, Written::Integer(number)) => Value::Int(*number),
        (Type::Fen, Written::Integer(fen)) => Value::Fen(Fen(*fen)),
        (Type::Decimal, Written::Integer(number)) => Value::Decimal(Decimal::from(*number)),
        (Type::Decimal, Written::String(text)) => Value::Decimal(Decimal::from_str_exact(text).ok()?),
        (Type::Decimal, Written::Float(number)) => Value::Decimal(Decimal::from_str_exact(&number.to_string()).ok()?),
        (Type::Day, Written::Datetime(day)) => Value::Day(day.to_string().parse().ok()?),
        (Type::Day, Written::String(text)) => Value::Day(text.parse().ok()?),
        (Type::Text, Written::String(text)) => Value::Text(text.clone()),
        _ => return None,
    })
}
