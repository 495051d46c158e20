//! Checks indicators: sums and counts over households with their facts, or over the records of a register.

use super::facts::{settle_call, settle_filter};
use super::found::{Findings, text_of};
use crate::declare::{Indicator, Register};
use crate::expression::{AggregateCall, AggregateFunction, BinaryOp, Expr, Scope, Typed, instead_of, nearest};
use crate::forms::{GroupForm, IndicatorForm};
use crate::package::{Package, Thing};
use crate::scope::STATE_ON;
use crate::text::FileText;
use model::{Kind, PeriodKind, Type};
use words::{Advice, advice, wording};

/// Codes of one group at most: each is a figure of its own for every place.
const CODES_MAX: usize = 60;

/// Checks all indicators; fills `indicator_forms`.
pub(super) fn check(package: &mut Package, found: &mut Findings) {
    let names: Vec<String> = package.indicators.keys().cloned().collect();
    for name in names {
        let indicator = &package.indicators[&name];
        let file = text_of(package, Thing::Indicator, &name);
        found.articles(package, &file, &indicator.article);
        found.filled(&file, "label", &indicator.label);
        found.filled(&file, "label_en", &indicator.label_en);
        if let Some(form) = form_of(package, found, &file, indicator) {
            package.indicator_forms.insert(name, form);
        }
    }
}

fn form_of(package: &Package, found: &mut Findings, file: &FileText, indicator: &Indicator) -> Option<IndicatorForm> {
    let register = match &indicator.from {
        None => None,
        Some(from) => Some(register_of(package, found, file, from)?),
    };
    placed(found, file, indicator, register)?;
    let scope = package.figure_scope(indicator);
    let numerator = additive(found, file, "numerator", &indicator.numerator, &scope);
    let filter = settle_filter(found, file, "where", indicator.filter.as_deref(), &scope);
    let denominator = match &indicator.denominator {
        Some(text) => additive(found, file, "denominator", text, &scope).map(Some),
        None => Some(None),
    };
    let groups: Vec<Option<GroupForm>> =
        indicator.groups.iter().enumerate().map(|(at, name)| group(found, file, at, name, &scope)).collect();
    let ((numerator, numerator_type), filter, denominator) = (numerator?, filter?, denominator?);
    let unknown = unknown(filter.as_ref(), &numerator, denominator.as_ref().map(|(call, _)| call));
    let groups = groups.into_iter().collect::<Option<Vec<_>>>()?;
    Some(IndicatorForm { numerator, numerator_type, filter, denominator, unknown, groups })
}

fn register_of<'p>(package: &'p Package, found: &mut Findings, file: &FileText, from: &str) -> Option<&'p Register> {
    let Some(register) = package.registers.get(from) else {
        let hint = wording!("indicator_without_from", near = nearest(from, package.registers.keys(), ""));
        found.add(file.problem("from", Advice { what: wording!("unknown_register", name = from), hint }));
        return None;
    };
    if register.region.is_none() && register.field_named("household_no").is_none() {
        found.add(file.problem("from", advice!("indicator_without_place", register = from)));
        return None;
    }
    Some(register)
}

/// A day goes with a register and a period; `None` after an error was reported.
fn placed(found: &mut Findings, file: &FileText, indicator: &Indicator, register: Option<&Register>) -> Option<()> {
    let Some(day) = &indicator.day else { return Some(()) };
    let Some(register) = register else {
        found.add(file.problem("day", advice!("indicator_day_of_facts")));
        return None;
    };
    if indicator.period == PeriodKind::Day {
        found.add(file.problem("day", advice!("indicator_day_without_period")));
        return None;
    }
    let is_day = |field: &&crate::declare::Column| matches!(field.kind, Kind::Day | Kind::Month);
    let is_of_state = day == STATE_ON && register.has_lifecycle();
    if !is_of_state && register.field_named(day).filter(is_day).is_none() {
        let days = register.field.iter().filter(is_day).map(|field| &field.name);
        found.add(file.problem("day", Advice { what: wording!("indicator_day", day), hint: nearest(day, days, "") }));
        return None;
    }
    Some(())
}

/// A sum or a count: only those add up from place to place.
fn additive(
    found: &mut Findings,
    file: &FileText,
    key: &str,
    text: &str,
    scope: &Scope,
) -> Option<(AggregateCall, Typed)> {
    let (call, typed) = settle_call(found, file, key, text, scope)?;
    if !matches!(call.function, AggregateFunction::Sum | AggregateFunction::Count) {
        found.add(file.problem(key, advice!("indicator_aggregate", aggregate = call.function.name())));
        return None;
    }
    Some((call, typed))
}

/// A coded name, or yes and no; `None` after an error was reported.
fn group(found: &mut Findings, file: &FileText, at: usize, name: &str, scope: &Scope) -> Option<GroupForm> {
    let key = format!("groups.{at}");
    let Some(entry) = scope.names.get(name) else {
        let advice = Advice { what: wording!("unknown_group", name), hint: instead_of(name, scope) };
        found.add(file.problem(&key, advice));
        return None;
    };
    let codes = match (&entry.typed.codes, entry.typed.ty) {
        (Some(list), _) => {
            let listed = scope.codes.get(list).map(|list| list.code.as_slice()).unwrap_or_default();
            listed.iter().map(|code| code.code.clone()).collect()
        }
        (None, Type::Bool) => vec![GroupForm::YES.to_owned(), GroupForm::NO.to_owned()],
        (None, _) => Vec::new(),
    };
    if codes.is_empty() || codes.len() > CODES_MAX {
        found.add(file.problem(&key, advice!("indicator_group", name, most = CODES_MAX)));
        return None;
    }
    Some(GroupForm { name: name.to_owned(), is_truth: entry.typed.ty == Type::Bool, codes })
}

/// True for rows that cannot be counted, because the condition or a value is unknown; never unknown itself. `None` where
/// nothing can be unknown.
fn unknown(filter: Option<&Expr>, numerator: &AggregateCall, denominator: Option<&AggregateCall>) -> Option<Expr> {
    let is_null = |of: &Expr| Expr::IsNull { of: Box::new(of.clone()), negated: false };
    let both = |op, left, right| Expr::Binary { op, left: Box::new(left), right: Box::new(right) };
    let of_part = numerator.argument.as_ref().map(|argument| match filter {
        Some(filter) => both(BinaryOp::And, filter.clone(), is_null(argument)),
        None => is_null(argument),
    });
    let of_whole = denominator.and_then(|call| call.argument.as_ref()).map(is_null);
    let parts = filter.map(is_null).into_iter().chain(of_part).chain(of_whole);
    parts.reduce(|one, other| both(BinaryOp::Or, one, other))
}
