//! A rule as it is run.

use super::builder::Builder;
use super::compile::Planned;
use super::evidence::{Proofs, Reading};
use crate::error::{AnalysisError, Result};
use model::Severity;
use policy::declare::{Grain, Rule, RuleKind};
use policy::expression::{Expr, parameters_of};
use policy::{Origin, Package, RuleForm, Thing};
use std::collections::BTreeSet;

/// A planned rule.
#[derive(Debug)]
pub(crate) struct RulePlan {
    pub rule: String,
    pub kind: RuleKind,
    pub over: Grain,
    pub risk: String,
    pub severity: Severity,
    pub points: i64,
    pub when: Planned,
    pub value: Option<Planned>,
    pub line: Option<Planned>,
    /// Names that the sentences show and `value`/`line` read, with their places.
    pub shown: Vec<(String, usize)>,
    /// Parameters that the rule and the facts behind it read.
    pub parameters: Vec<String>,
    /// How the reason's value, its line and the amounts of its sentences are proven.
    pub proofs: Proofs,
    /// The name that the stated value has, or the rule's own.
    pub stated: String,
    pub version: String,
}

impl RulePlan {
    pub(crate) fn build(builder: &mut Builder<'_>, rule: &str) -> Result<RulePlan> {
        let package = builder.package;
        let missing = || AnalysisError::plan(rule, "there is no such rule");
        let (declared, form) = package.rules.get(rule).zip(package.rule_forms.get(rule)).ok_or_else(missing)?;
        let over = declared.over;
        let when = builder.expression(over, rule, &form.when)?;
        let mut stated = |expression: &Option<(Expr, _)>| match expression {
            Some((expression, _)) => builder.expression(over, rule, expression).map(Some),
            None => Ok(None),
        };
        let (value, line) = (stated(&form.value)?, stated(&form.line)?);
        let mut shown = Vec::new();
        for name in shown_names(declared) {
            if package.scope(over).names.contains_key(&name) {
                let place = builder.name(over, rule, &name)?;
                shown.push((name, place));
            }
        }
        for fact in &declared.evidence {
            builder.fact(fact)?;
        }
        Ok(RulePlan {
            rule: rule.to_owned(),
            kind: declared.kind,
            over,
            risk: declared.risk.clone().unwrap_or_default(),
            severity: declared.severity,
            points: declared.points,
            when,
            value,
            line,
            shown,
            parameters: parameters_read(package, rule, true).into_iter().collect(),
            proofs: proofs(package, declared, form),
            stated: match &form.value {
                Some((Expr::Name(name), _)) => name.clone(),
                _ => rule.to_owned(),
            },
            version: package.version(Thing::Rule, rule),
        })
    }
}

/// What proves a rule: its declared evidence, then all that its value, its line and its sentences read; where nothing of
/// this has rows, what its condition reads.
fn proofs(package: &Package, declared: &Rule, form: &RuleForm) -> Proofs {
    let mut reading = Reading::new(package);
    for fact in &declared.evidence {
        reading.name(package.facts.get(fact).map_or(declared.over, |fact| fact.over), fact);
    }
    for (expression, _) in form.value.iter().chain(&form.line) {
        reading.expression(declared.over, expression);
    }
    for name in shown_names(declared) {
        reading.name(declared.over, &name);
    }
    if reading.is_empty() {
        reading.expression(declared.over, &form.when);
    }
    reading.proofs
}

/// Names between braces in the rule's sentences, each once, in order.
fn shown_names(rule: &Rule) -> BTreeSet<String> {
    let names = std::cell::RefCell::new(BTreeSet::new());
    for template in [&rule.because, &rule.because_en] {
        policy::sentence(template, &|name| {
            names.borrow_mut().insert(name.to_owned());
            String::new()
        });
    }
    names.into_inner()
}

/// Parameters that a rule and the facts behind it read, without those that only stand in formulas of other parameters;
/// with those of its sentences where `with_sentences`.
pub(crate) fn parameters_read(package: &Package, rule: &str, with_sentences: bool) -> BTreeSet<String> {
    let mut parameters = BTreeSet::new();
    let Some(form) = package.rule_forms.get(rule) else { return parameters };
    let stated = form.value.iter().chain(&form.line).map(|(expression, _)| expression);
    for expression in std::iter::once(&form.when).chain(stated) {
        parameters.extend(parameters_of(expression));
    }
    for fact in package.facts_behind(rule) {
        match package.fact_forms.get(&fact).map(|form| &form.origin) {
            Some(Origin::Derived(expression)) => parameters.extend(parameters_of(expression)),
            Some(Origin::Aggregate(form)) => {
                parameters.extend(form.call.argument.iter().chain(&form.filter).flat_map(parameters_of));
            }
            None => {}
        }
    }
    if with_sentences && let Some(declared) = package.rules.get(rule) {
        parameters.extend(shown_names(declared).iter().filter_map(|name| name.strip_prefix("p.")).map(str::to_owned));
    }
    parameters
}

/// Parameters that expressions over households and the facts behind them read.
pub(crate) fn parameters_behind(package: &Package, expressions: &[&Expr]) -> BTreeSet<String> {
    let mut parameters = BTreeSet::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut open: Vec<&Expr> = expressions.to_vec();
    while let Some(expression) = open.pop() {
        parameters.extend(parameters_of(expression));
        for name in policy::expression::names_of(expression) {
            let fact = name.strip_prefix("household.").unwrap_or(&name);
            match package.fact_forms.get(fact).map(|form| &form.origin) {
                Some(origin) if seen.insert(fact.to_owned()) => match origin {
                    Origin::Derived(expression) => open.push(expression),
                    Origin::Aggregate(form) => open.extend(form.call.argument.iter().chain(&form.filter)),
                },
                _ => {}
            }
        }
    }
    parameters
}
