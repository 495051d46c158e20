//! Checks parameters: one value kind each, formulas without cycles.

use super::found::{Findings, text_of};
use crate::declare::{ParameterUnit, ParameterValue};
use crate::expression::{Scope, Typed, name_of, parameters_of, parse_spanned, settle_spanned};
use crate::order;
use crate::package::{Package, Thing};
use crate::problem::Problem;
use crate::text::FileText;
use model::{Decimal, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use words::{advice, list};

/// The type of a parameter's value.
pub(crate) fn type_of(unit: ParameterUnit) -> Type {
    match unit {
        ParameterUnit::Fen => Type::Fen,
        ParameterUnit::Rate => Type::Decimal,
        ParameterUnit::Int | ParameterUnit::Days | ParameterUnit::Months => Type::Int,
        ParameterUnit::Bool => Type::Bool,
    }
}

/// Makes the types of all parameters known to all scopes.
pub(super) fn types(package: &mut Package) {
    let types =
        package.parameters.iter().map(|(name, declared)| (name.clone(), Typed::of(type_of(declared.unit)))).collect();
    package.resident_scope.parameters = Arc::new(types);
}

/// Problems of one value: exactly one kind, the kind that the unit asks for, a source, a grade.
pub(crate) fn shape(
    file: &FileText,
    key: &str,
    value: &ParameterValue,
    unit: ParameterUnit,
    is_overlay: bool,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let said = [
        ("amount", value.amount.is_some()),
        ("rate", value.rate.is_some()),
        ("truth", value.truth.is_some()),
        ("formula", value.formula.is_some()),
        ("unset", value.unset),
    ];
    let kinds: Vec<&str> = said.iter().filter(|(_, is_said)| *is_said).map(|(kind, _)| *kind).collect();
    let wanted = match unit {
        ParameterUnit::Rate => "rate",
        ParameterUnit::Bool => "truth",
        _ => "amount",
    };
    match kinds.as_slice() {
        [] => problems.push(file.problem(key, advice!("package_value_missing", wanted))),
        [kind] if ["formula", "unset", wanted].contains(kind) => {}
        [kind] => problems.push(file.problem(
            &format!("{key}.{kind}"),
            advice!("package_value_of_other_unit", unit = format!("{unit:?}"), kind, wanted),
        )),
        [_, second, ..] => {
            problems
                .push(file.problem(&format!("{key}.{second}"), advice!("package_values_several", kinds = list(kinds))));
        }
    }
    let is_negative =
        value.amount.is_some_and(|amount| amount < 0) || value.rate.is_some_and(|rate| rate < Decimal::ZERO);
    if is_negative {
        problems.push(file.problem(key, advice!("package_value_negative")));
    }
    let grades: &[&str] = if is_overlay { &["A", "B", "example"] } else { &["A", "B"] };
    if !grades.contains(&value.grade.as_str()) && !value.unset {
        problems.push(file.problem(
            &format!("{key}.grade"),
            advice!("package_grade_unknown", grade = value.grade, grades = list(grades)),
        ));
    }
    if value.source.trim().is_empty() {
        problems.push(file.problem(&format!("{key}.source"), advice!("package_source_missing")));
    }
    problems
}

/// Checks all parameters and settles their formulas.
pub(super) fn check(package: &mut Package, found: &mut Findings) {
    let mut formulas = BTreeMap::new();
    let mut reads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let scope =
        Scope { parameters: package.resident_scope.parameters.clone(), only_parameters: true, ..Scope::default() };
    for (name, declared) in &package.parameters {
        let file = text_of(package, Thing::Parameter, name);
        found.articles(package, &file, &declared.article);
        found.filled(&file, "label", &declared.label);
        found.filled(&file, "label_en", &declared.label_en);
        if declared.value.is_empty() {
            found.add(file.problem("", advice!("package_parameter_without_value")));
        }
        let wanted = type_of(declared.unit);
        if declared.at_least.is_some() && wanted == Type::Bool {
            found.add(file.problem("at_least", advice!("package_truth_without_least")));
        }
        places(package, found, &file, &declared.value);
        let mut settled = Vec::with_capacity(declared.value.len());
        for (at, value) in declared.value.iter().enumerate() {
            let Some(text) = &value.formula else {
                settled.push(None);
                continue;
            };
            let key = format!("value.{at}.formula");
            match parse_spanned(text).and_then(|parsed| settle_spanned(&parsed, &scope)) {
                Ok((expr, typed)) if typed.ty == wanted => {
                    reads.entry(name.clone()).or_default().extend(parameters_of(&expr));
                    settled.push(Some(expr));
                }
                Ok((_, typed)) => {
                    found.add(file.problem(
                        &key,
                        advice!(
                            "package_formula_of_other_unit",
                            result = name_of(&typed),
                            wanted = name_of(&Typed::of(wanted))
                        ),
                    ));
                    settled.push(None);
                }
                Err(error) => {
                    found.add(file.in_expression(&key, text, &error));
                    settled.push(None);
                }
            }
        }
        formulas.insert(name.clone(), settled);
    }
    let (_, circular) = order::sorted(&reads);
    for name in circular {
        let file = text_of(package, Thing::Parameter, &name);
        let at = package
            .parameters
            .get(&name)
            .and_then(|declared| declared.value.iter().position(|value| value.formula.is_some()));
        found.add(
            file.problem(&format!("value.{}.formula", at.unwrap_or(0)), advice!("package_parameter_leads_round", name)),
        );
    }
    package.formulas = formulas;
}

/// Places must exist; no two values for the same place and days.
fn places(package: &Package, found: &mut Findings, file: &FileText, values: &[ParameterValue]) {
    let mut seen = BTreeSet::new();
    for (at, value) in values.iter().enumerate() {
        let place = value.region.unwrap_or(package.head.region);
        let is_known = package.divisions.all().is_empty() || package.divisions.get(place).is_some();
        if !is_known {
            found.add(file.problem(&format!("value.{at}.region"), advice!("package_region_unknown", region = place)));
        }
        if !seen.insert((place, value.from, value.published.unwrap_or(value.from))) {
            found.add(file.problem(&format!("value.{at}.from"), advice!("package_values_of_one_day")));
        }
    }
}
