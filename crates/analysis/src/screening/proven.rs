//! Rows that prove, and what each of them adds.

use model::{Evidence, Value};
use policy::expression::AggregateFunction;
use std::collections::HashMap;

/// Rows that were found: of sources by fact and position, of registers by position (file and row number).
#[derive(Debug, Default)]
pub(crate) struct Proven {
    pub(super) sources: HashMap<String, HashMap<usize, Vec<Evidence>>>,
    pub(super) residents: HashMap<usize, (String, u32)>,
    pub(super) households: HashMap<usize, (String, u32)>,
}

/// What a row that counts adds; `None` when it adds nothing and proves nothing.
pub(super) fn contribution(function: AggregateFunction, argument: Option<Value>) -> Option<Value> {
    match (function, argument) {
        (AggregateFunction::Count, _) => Some(Value::Int(1)),
        (AggregateFunction::Any, Some(Value::Bool(false))) => None,
        (AggregateFunction::Sum, Some(Value::Int(0) | Value::Fen(model::Fen(0)))) => None,
        (_, argument) => argument.filter(|value| !value.is_null()),
    }
}
