//! Aggregates: `sum(expr)`, `count()`, `min`, `max`, `any`, `all`.

use super::evaluate::{Context, add, compare};
use super::parse::{Spans, parse_spanned};
use super::{AggregateCall, AggregateFunction, Expr, ExpressionError, Parsed};
use model::{Day, Decimal, Fen, Type, Value};
use std::borrow::Cow;
use std::cmp::Ordering;
use words::{Advice, Wording, wording};

/// Parses `sum(expr)`, `count()`, `min(expr)`, `max(expr)`, `any(expr)` or `all(expr)`.
///
/// # Errors
/// When the text is none of them, or its inner expression does not parse.
pub fn parse_aggregate(text: &str) -> Result<AggregateCall, ExpressionError> {
    parse_aggregate_spanned(text).map(|(call, _)| call)
}

/// As `parse_aggregate`, with the places of the inner expression's parts.
pub(crate) fn parse_aggregate_spanned(text: &str) -> Result<(AggregateCall, Spans), ExpressionError> {
    let wrong = |what: Wording| {
        let advice = Advice { what, hint: wording!("aggregate_usage") };
        ExpressionError::new(advice, text.len() - text.trim_start().len(), text.trim().len())
    };
    let trimmed = text.trim_end();
    let (Some(open), true) = (trimmed.find('('), trimmed.ends_with(')')) else {
        return Err(wrong(wording!("aggregate_missing")));
    };
    let name = trimmed[..open].trim();
    let Some(function) = AggregateFunction::ALL.into_iter().find(|function| function.name() == name) else {
        return Err(wrong(wording!("unknown_aggregate", aggregate = name)));
    };
    let inner = &trimmed[open + 1..trimmed.len() - 1];
    let is_count = function == AggregateFunction::Count;
    match (is_count, inner.trim().is_empty()) {
        (true, true) => return Ok((AggregateCall { function, argument: None }, Spans::default())),
        (true, false) => return Err(wrong(wording!("count_of_something"))),
        (false, true) => return Err(wrong(wording!("aggregate_of_nothing", aggregate = name))),
        (false, false) => {}
    }
    let parsed = parse_spanned(inner).map_err(|mut error| {
        error.offset += open + 1;
        error
    })?;
    let Parsed { expr, mut spans } = parsed;
    shift(&mut spans, open + 1);
    Ok((AggregateCall { function, argument: Some(expr) }, spans))
}

fn shift(spans: &mut Spans, by: usize) {
    spans.offset += by;
    spans.parts.iter_mut().for_each(|part| shift(part, by));
}

/// The aggregate of `row_count` rows whose cells `cell(row, name)` gives; only rows for which `filter` is true count.
///
/// Unknown values are left out. Over no value: sum and count are 0 of type `ty`, any is false, all is true, min and max are
/// unknown. A sum that does not fit is unknown. The window is the caller's work.
pub fn evaluate_aggregate(
    call: &AggregateCall,
    filter: Option<&Expr>,
    ty: Type,
    row_count: usize,
    cell: &dyn Fn(usize, &str) -> Value,
    parameters: &dyn Fn(&str) -> Value,
    day: Day,
) -> Value {
    let mut state = start(call.function, ty);
    for row in 0..row_count {
        let names = |name: &str| Cow::Owned(cell(row, name));
        let context = Context { names: &names, parameters, day };
        if filter.is_some_and(|filter| *context.value(filter) != Value::Bool(true)) {
            continue;
        }
        let value = match &call.argument {
            Some(argument) => context.value(argument).into_owned(),
            None => Value::Int(1),
        };
        if value.is_null() {
            continue;
        }
        state = match step(call.function, state, value) {
            Some(state) => state,
            None => return Value::Null,
        };
    }
    state
}

fn start(function: AggregateFunction, ty: Type) -> Value {
    match (function, ty) {
        (AggregateFunction::Count, _) => Value::Int(0),
        (AggregateFunction::Sum, Type::Fen) => Value::Fen(Fen(0)),
        (AggregateFunction::Sum, Type::Decimal) => Value::Decimal(Decimal::ZERO),
        (AggregateFunction::Sum, _) => Value::Int(0),
        (AggregateFunction::Any, _) => Value::Bool(false),
        (AggregateFunction::All, _) => Value::Bool(true),
        (AggregateFunction::Min | AggregateFunction::Max, _) => Value::Null,
    }
}

/// `None` when a sum does not fit.
fn step(function: AggregateFunction, state: Value, value: Value) -> Option<Value> {
    Some(match function {
        AggregateFunction::Sum | AggregateFunction::Count => match add(&state, &value) {
            Value::Null => return None,
            sum => sum,
        },
        AggregateFunction::Any => Value::Bool(state == Value::Bool(true) || value == Value::Bool(true)),
        AggregateFunction::All => Value::Bool(state == Value::Bool(true) && value == Value::Bool(true)),
        AggregateFunction::Min if compare(&state, &value) == Some(Ordering::Less) => state,
        AggregateFunction::Max if compare(&state, &value) == Some(Ordering::Greater) => state,
        AggregateFunction::Min | AggregateFunction::Max => value,
    })
}
