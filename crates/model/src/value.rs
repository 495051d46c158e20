//! One value of a cell, a field, a fact or an expression.

use crate::{Day, Decimal, Fen, Type};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A value. `Null` means unknown: comparisons with it are unknown too (three-valued logic, as in SQL).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Decimal(Decimal),
    Fen(Fen),
    Day(Day),
    Text(String),
}

impl Value {
    /// The value's type; `None` for `Null`.
    pub fn type_of(&self) -> Option<Type> {
        Some(match self {
            Value::Null => return None,
            Value::Bool(_) => Type::Bool,
            Value::Int(_) => Type::Int,
            Value::Decimal(_) => Type::Decimal,
            Value::Fen(_) => Type::Fen,
            Value::Day(_) => Type::Day,
            Value::Text(_) => Type::Text,
        })
    }

    /// True for the unknown value.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The text of a `Text`.
    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The day of a `Day`.
    pub fn as_day(&self) -> Option<Day> {
        if let Value::Day(day) = self { Some(*day) } else { None }
    }

    /// The money of a `Fen`.
    pub fn as_fen(&self) -> Option<Fen> {
        if let Value::Fen(fen) = self { Some(*fen) } else { None }
    }

    /// The whole number of an `Int`, the fen of a `Fen`.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Value::Int(number) => Some(*number),
            Value::Fen(fen) => Some(fen.0),
            _ => None,
        }
    }

    /// The truth of a `Bool`.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(truth) = self { Some(*truth) } else { None }
    }
}

impl fmt::Display for Value {
    /// Plain text without unit: money in yuan, truth as 是/否, unknown as an empty text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => Ok(()),
            Value::Bool(true) => f.write_str("是"),
            Value::Bool(false) => f.write_str("否"),
            Value::Int(number) => write!(f, "{number}"),
            Value::Decimal(number) => write!(f, "{}", number.normalize()),
            Value::Fen(fen) => write!(f, "{fen}"),
            Value::Day(day) => write!(f, "{day}"),
            Value::Text(text) => f.write_str(text),
        }
    }
}
