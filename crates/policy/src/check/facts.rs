//! Checks facts and settles their expressions, in the order in which they read one another.

use super::found::{Findings, text_of};
use crate::declare::{Aggregate, Fact, Grain};
use crate::expression::{
    AggregateCall, AggregateFunction, Expr, ExpressionError, Parsed, Scope, Spans, Typed, Window, name_of, names_of,
    nearest, parse_aggregate_spanned, parse_spanned, settle_spanned,
};
use crate::forms::{AggregateForm, FactForm, Origin};
use crate::order;
use crate::package::{Package, Thing};
use crate::scope;
use crate::text::FileText;
use model::Type;
use std::collections::{BTreeMap, BTreeSet};
use words::{Advice, Wording, advice, wording};

/// Checks all facts; fills `fact_forms`, `fact_order` and the scopes.
pub(super) fn check(package: &mut Package, found: &mut Findings) {
    let reads: BTreeMap<String, BTreeSet<String>> =
        package.facts.iter().map(|(name, fact)| (name.clone(), facts_read(package, fact))).collect();
    let (ordered, circular) = order::sorted(&reads);
    let names: Vec<String> = package.facts.keys().cloned().collect();
    for name in &names {
        head(package, found, name);
    }
    for name in &circular {
        if !order::reaches_itself(&reads, name) {
            continue;
        }
        let around: Vec<&str> = reads[name].iter().filter(|read| circular.contains(read)).map(String::as_str).collect();
        let file = text_of(package, Thing::Fact, name);
        let is_derived = package.facts[name].derived.is_some();
        let key = if is_derived { "derived.value" } else { "aggregate.value" };
        found.add(file.problem(key, advice!("fact_circle", name, around = words::list(around))));
    }
    for name in ordered {
        let Some(form) = settle(package, found, &name) else { continue };
        scope::register_fact(package, &name, &form.typed);
        package.fact_forms.insert(name.clone(), form);
        package.fact_order.push(name);
    }
}

/// Facts that the texts name; texts that do not parse name none.
fn facts_read(package: &Package, fact: &Fact) -> BTreeSet<String> {
    let mut texts: Vec<Expr> = Vec::new();
    if let Some(derived) = &fact.derived {
        texts.extend(parse_spanned(&derived.value).map(|parsed| parsed.expr));
    }
    if let Some(aggregate) = fact.aggregate.as_ref().filter(|aggregate| climbs_from(&aggregate.from).is_some()) {
        texts.extend(parse_aggregate_spanned(&aggregate.value).ok().and_then(|(call, _)| call.argument));
        texts.extend(
            aggregate.filter.as_deref().and_then(|filter| parse_spanned(filter).ok()).map(|parsed| parsed.expr),
        );
    }
    texts.iter().flat_map(names_of).filter_map(|name| order::fact_of(&package.facts, &name)).collect()
}

/// The grain whose records a climbing aggregate is over.
fn climbs_from(from: &str) -> Option<Grain> {
    match from {
        "resident" => Some(Grain::Resident),
        "household" => Some(Grain::Household),
        _ => None,
    }
}

fn head(package: &Package, found: &mut Findings, name: &str) {
    let fact = &package.facts[name];
    let file = text_of(package, Thing::Fact, name);
    found.articles(package, &file, &fact.article);
    found.filled(&file, "label", &fact.label);
    found.filled(&file, "label_en", &fact.label_en);
    let field_of = |register: &str| {
        package.registers.get(register).is_some_and(|declared| declared.field.iter().any(|field| field.name == name))
    };
    let is_taken = match fact.over {
        Grain::Resident => field_of("resident"),
        Grain::Household => field_of("household"),
        Grain::Village => false,
    };
    if is_taken {
        found.add(file.problem("", advice!("fact_name_taken", name)));
    }
    match (&fact.aggregate, &fact.derived) {
        (Some(_), Some(_)) => found.add(file.problem("derived", advice!("fact_in_two_ways"))),
        (None, None) => found.add(file.problem("", advice!("fact_in_no_way"))),
        _ => {}
    }
}

fn settle(package: &Package, found: &mut Findings, name: &str) -> Option<FactForm> {
    let fact = &package.facts[name];
    let file = text_of(package, Thing::Fact, name);
    let form = match (&fact.aggregate, &fact.derived) {
        (Some(aggregate), None) => settle_aggregate(package, found, &file, fact.over, aggregate)?,
        (None, Some(derived)) => {
            let settled =
                parse_spanned(&derived.value).and_then(|parsed| settle_spanned(&parsed, package.scope(fact.over)));
            let (expr, typed) = report(found, &file, "derived.value", &derived.value, settled)?;
            FactForm { typed, origin: Origin::Derived(expr) }
        }
        _ => return None,
    };
    if form.typed.ty == Type::Decimal && form.typed.is_money {
        let key = if fact.derived.is_some() { "derived.value" } else { "aggregate.value" };
        found.add(file.problem(key, advice!("fact_with_fractions")));
        return None;
    }
    Some(form)
}

/// The result, or `None` after its error was reported at the key.
pub(super) fn report<T>(
    found: &mut Findings,
    file: &FileText,
    key: &str,
    text: &str,
    result: Result<T, ExpressionError>,
) -> Option<T> {
    match result {
        Ok(result) => Some(result),
        Err(error) => {
            found.add(file.in_expression(key, text, &error));
            None
        }
    }
}

fn settle_aggregate(
    package: &Package,
    found: &mut Findings,
    file: &FileText,
    over: Grain,
    aggregate: &Aggregate,
) -> Option<FactForm> {
    let source = package.sources.get(&aggregate.from);
    let scope = match (climbs_from(&aggregate.from), source) {
        (Some(below), _) => {
            let above = if below == Grain::Resident { Grain::Household } else { Grain::Village };
            if over != above {
                let advice = advice!("fact_grain_above", from = aggregate.from, over = grain_word(above));
                found.add(file.problem("aggregate.from", advice));
                return None;
            }
            package.scope(below).clone()
        }
        (None, Some(source)) => {
            let fits = over == source.of || (source.of, over) == (Grain::Resident, Grain::Household);
            if !fits {
                found.add(file.problem("over", advice!("fact_grain_of_source", grain = grain_word(source.of))));
                return None;
            }
            scope::of_columns(package, &source.column, true)
        }
        (None, None) => {
            let broken = package.texts.contains_key(&(Thing::Source, aggregate.from.clone()));
            let hint = if broken {
                wording!("source_is_broken")
            } else {
                nearest(&aggregate.from, package.sources.keys(), "")
            };
            let what = wording!("unknown_source", name = aggregate.from);
            found.add(file.problem("aggregate.from", Advice { what, hint }));
            return None;
        }
    };
    let window = settle_window(found, file, aggregate, source.and_then(|source| source.day.as_ref()).is_some());
    let (call, typed) = settle_call(found, file, "aggregate.value", &aggregate.value, &scope)?;
    let filter = settle_filter(found, file, "aggregate.where", aggregate.filter.as_deref(), &scope)?;
    let form = AggregateForm { from: aggregate.from.clone(), call, filter, window: window? };
    Some(FactForm { typed, origin: Origin::Aggregate(form) })
}

fn settle_window(found: &mut Findings, file: &FileText, aggregate: &Aggregate, has_day: bool) -> Option<Window> {
    let Some(text) = &aggregate.window else { return Some(Window::All) };
    let window = report(found, file, "aggregate.window", text, Window::parse(text))?;
    if window != Window::All && !has_day {
        found.add(file.problem("aggregate.window", advice!("window_without_day")));
        return None;
    }
    Some(window)
}

/// A condition that may be missing; `None` after an error was reported.
pub(super) fn settle_filter(
    found: &mut Findings,
    file: &FileText,
    key: &str,
    text: Option<&str>,
    scope: &Scope,
) -> Option<Option<Expr>> {
    let Some(text) = text else { return Some(None) };
    settle_truth(found, file, key, text, scope).map(Some)
}

/// A condition; `None` after an error was reported.
pub(super) fn settle_truth(
    found: &mut Findings,
    file: &FileText,
    key: &str,
    text: &str,
    scope: &Scope,
) -> Option<Expr> {
    let settled = parse_spanned(text).and_then(|parsed| settle_spanned(&parsed, scope));
    let (expr, typed) = report(found, file, key, text, settled)?;
    if typed.ty != Type::Bool {
        found.add(file.problem(key, advice!("condition_wanted", found = name_of(&typed))));
        return None;
    }
    Some(expr)
}

/// An aggregate and the type of its result; `None` after an error was reported.
pub(super) fn settle_call(
    found: &mut Findings,
    file: &FileText,
    key: &str,
    text: &str,
    scope: &Scope,
) -> Option<(AggregateCall, Typed)> {
    let (call, spans) = report(found, file, key, text, parse_aggregate_spanned(text))?;
    let settled = typed_call(call, spans, scope);
    report(found, file, key, text, settled)
}

fn typed_call(call: AggregateCall, spans: Spans, scope: &Scope) -> Result<(AggregateCall, Typed), ExpressionError> {
    let function = call.function;
    let Some(expr) = call.argument else { return Ok((call, Typed::of(Type::Int))) };
    let (offset, length) = (spans.offset, spans.length);
    let (argument, typed) = settle_spanned(&Parsed { expr, spans }, scope)?;
    let is_number = matches!(typed.ty, Type::Int | Type::Decimal | Type::Fen);
    let fits = match function {
        AggregateFunction::Sum => is_number,
        AggregateFunction::Any | AggregateFunction::All => typed.ty == Type::Bool,
        _ => is_number || typed.ty == Type::Day,
    };
    if !fits {
        let (aggregate, wanted, found) = (function.name(), wanted_by(function), name_of(&typed));
        let what = wording!("aggregate_type", aggregate, wanted, found);
        return Err(ExpressionError::new(Advice { what, hint: wording!("count_with_where") }, offset, length));
    }
    Ok((AggregateCall { function, argument: Some(argument) }, typed))
}

/// What an aggregate is made of, in words.
fn wanted_by(function: AggregateFunction) -> Wording {
    match function {
        AggregateFunction::Sum => wording!("wanted_number"),
        AggregateFunction::Any | AggregateFunction::All => wording!("wanted_condition"),
        _ => wording!("wanted_number_or_day"),
    }
}

/// The word for a grain as declarations write it.
pub(crate) fn grain_word(grain: Grain) -> &'static str {
    match grain {
        Grain::Resident => "resident",
        Grain::Household => "household",
        Grain::Village => "village",
    }
}
