//! Checks rules and settles their expressions.

use super::facts::{report, settle_truth};
use super::found::{Findings, text_of};
use crate::declare::{Grain, Rule, RuleKind};
use crate::expression::{
    Expr, ExpressionError, Scope, Typed, instead_of, name_of, nearest, parse_spanned, settle_spanned,
};
use crate::forms::{Origin, RuleForm};
use crate::order;
use crate::package::{Package, Thing};
use crate::sentence::placeholders;
use crate::text::FileText;
use model::Type;
use words::{Advice, advice, wording};

/// Checks all rules; fills `rule_forms`.
pub(super) fn check(package: &mut Package, found: &mut Findings) {
    let names: Vec<String> = package.rules.keys().cloned().collect();
    for name in names {
        let rule = &package.rules[&name];
        let file = text_of(package, Thing::Rule, &name);
        head(package, found, &file, rule);
        sentences(package, found, &file, rule);
        evidence(package, found, &file, rule);
        if let Some(form) = settle(package, found, &file, rule) {
            package.rule_forms.insert(name, form);
        }
    }
}

fn head(package: &Package, found: &mut Findings, file: &FileText, rule: &Rule) {
    found.articles(package, file, &rule.article);
    for (key, text) in [("label", &rule.label), ("label_en", &rule.label_en), ("source", &rule.source)] {
        found.filled(file, key, text);
    }
    if rule.over == Grain::Village {
        found.add(file.problem("over", advice!("rule_over_villages")));
    }
    match (&rule.risk, rule.kind) {
        (Some(risk), _) => found.code(package, file, "risk", "risk_type", risk),
        (None, RuleKind::Screening) => found.add(file.problem("", advice!("rule_without_risk"))),
        (None, _) => {}
    }
    match (&rule.owner, rule.kind) {
        (Some(owner), _) => found.code(package, file, "owner", "department", owner),
        (None, RuleKind::Quality) => found.add(file.problem("", advice!("rule_without_owner"))),
        (None, _) => {}
    }
    if rule.kind == RuleKind::Screening {
        if !(1..=100).contains(&rule.points) {
            found.add(file.problem("points", advice!("rule_points_range")));
        }
        if rule.value.is_none() {
            found.add(file.problem("", advice!("rule_without_value")));
        }
    }
    let is_sorted = rule.bands.is_sorted_by(|a, b| a < b) || rule.bands.is_sorted_by(|a, b| a > b);
    if !is_sorted {
        found.add(file.problem("bands", advice!("rule_bands_unsorted")));
    }
}

fn settle(package: &Package, found: &mut Findings, file: &FileText, rule: &Rule) -> Option<RuleForm> {
    let scope = package.scope(rule.over);
    let when = settle_truth(found, file, "when", &rule.when, scope);
    let value = optional(found, file, "value", rule.value.as_deref(), scope);
    let line = optional(found, file, "line", rule.line.as_deref(), scope);
    let (when, value, line) = (when?, value?, line?);
    if let (Some((_, value)), Some((_, line))) = (&value, &line)
        && (!is_number(value) || !is_number(line) || value.is_money != line.is_money)
    {
        found.add(file.problem("line", advice!("rule_line_unit", value = name_of(value), line = name_of(line))));
    }
    if let Some((_, value)) = value.as_ref().filter(|(_, value)| !rule.bands.is_empty() && !is_number(value)) {
        found.add(file.problem("bands", advice!("rule_bands_unit", value = name_of(value))));
    }
    Some(RuleForm { when, value, line })
}

fn optional(
    found: &mut Findings,
    file: &FileText,
    key: &str,
    text: Option<&str>,
    scope: &Scope,
) -> Option<Option<(Expr, Typed)>> {
    let Some(text) = text else { return Some(None) };
    let settled = parse_spanned(text).and_then(|parsed| settle_spanned(&parsed, scope));
    report(found, file, key, text, settled).map(Some)
}

fn is_number(typed: &Typed) -> bool {
    matches!(typed.ty, Type::Int | Type::Decimal | Type::Fen)
}

/// Every placeholder must be a name of the grain, a parameter, or the rule's own value or line.
fn sentences(package: &Package, found: &mut Findings, file: &FileText, rule: &Rule) {
    let scope = package.scope(rule.over);
    for (key, template) in [("because", &rule.because), ("because_en", &rule.because_en)] {
        found.filled(file, key, template);
        if template.matches('{').count() != template.matches('}').count() {
            found.add(file.problem(key, advice!("rule_braces_unpaired", open = '{', close = '}')));
            continue;
        }
        for (name, offset) in placeholders(template) {
            let advice = match name.strip_prefix("p.") {
                Some(parameter) if scope.parameters.contains_key(parameter) => continue,
                Some(parameter) => Advice {
                    what: wording!("unknown_parameter", name = parameter),
                    hint: nearest(parameter, scope.parameters.keys(), "p."),
                },
                None if scope.typed(&name).is_some() => continue,
                None if name == "value" && rule.value.is_some() => continue,
                None if name == "line" && rule.line.is_some() => continue,
                None => Advice { what: wording!("unknown_name", name), hint: instead_of(&name, scope) },
            };
            let error = ExpressionError::new(advice, offset, name.len() + 2);
            found.add(file.in_expression(key, template, &error));
        }
    }
}

/// Evidence must be aggregates, or lead to some.
fn evidence(package: &Package, found: &mut Findings, file: &FileText, rule: &Rule) {
    if rule.kind == RuleKind::Screening && rule.evidence.is_empty() {
        found.add(file.problem("", advice!("rule_without_evidence")));
    }
    for (at, name) in rule.evidence.iter().enumerate() {
        let key = format!("evidence.{at}");
        let Some(fact) = package.facts.get(name) else {
            let advice = Advice { what: wording!("unknown_fact", name), hint: nearest(name, package.facts.keys(), "") };
            found.add(file.problem(&key, advice));
            continue;
        };
        let fits = fact.over == rule.over || (rule.over == Grain::Resident && fact.over == Grain::Household);
        if !fits {
            found.add(file.problem(&key, advice!("rule_evidence_grain", name)));
        } else if package.fact_forms.contains_key(name) && !leads_to_rows(package, name, 0) {
            found.add(file.problem(&key, advice!("rule_evidence_rows", name)));
        }
    }
}

fn leads_to_rows(package: &Package, fact: &str, depth: usize) -> bool {
    match package.fact_forms.get(fact) {
        _ if depth > 64 => false,
        None => false,
        Some(form) => match &form.origin {
            Origin::Aggregate(_) => true,
            Origin::Derived(expr) => {
                let read = crate::expression::names_of(expr);
                read.iter()
                    .filter_map(|name| order::fact_of(&package.facts, name))
                    .any(|name| leads_to_rows(package, &name, depth + 1))
            }
        },
    }
}
