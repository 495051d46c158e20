//! Which facts and parameters stand behind what.

use crate::declare::Rule;
use crate::expression::{Expr, names_of, parameters_of, parse};
use crate::forms::{FactForm, Origin, RuleForm};
use crate::package::Package;
use crate::sentence::placeholders;
use std::collections::{BTreeMap, BTreeSet};

impl Package {
    /// Facts that the rule reads, directly or through others, so that each stands behind those it reads.
    pub fn facts_behind(&self, rule: &str) -> Vec<String> {
        facts_behind(self, rule)
    }

    /// Parameters that the rule reads: in its own expressions and sentences, in the facts behind it, and in formulas.
    pub fn parameters_behind(&self, rule: &str) -> BTreeSet<String> {
        parameters_behind(self, rule)
    }

    /// The aggregate facts whose rows prove the rule, down to those over sources: `evidence`, and what climbs into it.
    pub fn evidence_behind(&self, rule: &str) -> Vec<String> {
        evidence_behind(self, rule)
    }

    /// Facts that an indicator over households stands on, directly or through others; none for one over records.
    pub fn facts_behind_indicator(&self, indicator: &str) -> BTreeSet<String> {
        facts_behind_indicator(self, indicator)
    }

    /// Sources whose rows an indicator over households stands on, through all facts behind it; none for one over records.
    pub fn sources_behind_indicator(&self, indicator: &str) -> BTreeSet<String> {
        sources_behind_indicator(self, indicator)
    }
}

/// Expressions of a fact.
pub(crate) fn expressions(form: &FactForm) -> Vec<&Expr> {
    match &form.origin {
        Origin::Derived(expr) => vec![expr],
        Origin::Aggregate(aggregate) => aggregate.call.argument.iter().chain(&aggregate.filter).collect(),
    }
}

/// Facts that a fact reads directly.
fn direct(package: &Package, form: &FactForm) -> BTreeSet<String> {
    if matches!(&form.origin, Origin::Aggregate(aggregate) if package.sources.contains_key(&aggregate.from)) {
        return BTreeSet::new();
    }
    expressions(form).into_iter().flat_map(names_of).filter_map(|name| fact_of(&package.facts, &name)).collect()
}

/// The fact that a name means: `household.<fact>` is the household's.
pub(crate) fn fact_of<F>(facts: &BTreeMap<String, F>, name: &str) -> Option<String> {
    let bare = name.strip_prefix("household.").unwrap_or(name);
    facts.contains_key(bare).then(|| bare.to_owned())
}

/// Orders names so that each stands behind those it reads; the rest, if any, are in or behind a cycle.
pub(crate) fn sorted(reads: &BTreeMap<String, BTreeSet<String>>) -> (Vec<String>, Vec<String>) {
    let mut done: Vec<String> = Vec::with_capacity(reads.len());
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<&String> = reads.keys().collect();
    loop {
        let is_ready =
            |name: &&String| reads[*name].iter().all(|read| known.contains(read.as_str()) || !reads.contains_key(read));
        let (ready, rest) = waiting.into_iter().partition::<Vec<_>, _>(is_ready);
        if ready.is_empty() {
            return (done, rest.into_iter().cloned().collect());
        }
        for name in ready {
            known.insert(name);
            done.push(name.clone());
        }
        waiting = rest;
    }
}

/// True when what the name reads leads back to it.
pub(crate) fn reaches_itself(reads: &BTreeMap<String, BTreeSet<String>>, name: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&String> = reads[name].iter().collect();
    while let Some(next) = open.pop() {
        if next == name {
            return true;
        }
        if seen.insert(next) {
            open.extend(reads.get(next).into_iter().flatten());
        }
    }
    false
}

fn rule_expressions(form: &RuleForm) -> Vec<&Expr> {
    let stated = form.value.iter().chain(&form.line).map(|(expr, _)| expr);
    std::iter::once(&form.when).chain(stated).collect()
}

/// Names and parameters (as `p.name`) that the sentences of a rule show.
fn shown(rule: &Rule) -> impl Iterator<Item = String> {
    placeholders(&rule.because).into_iter().chain(placeholders(&rule.because_en)).map(|(name, _)| name)
}

pub(crate) fn facts_behind(package: &Package, rule: &str) -> Vec<String> {
    let (Some(declared), Some(form)) = (package.rules.get(rule), package.rule_forms.get(rule)) else {
        return Vec::new();
    };
    let named = rule_expressions(form).into_iter().flat_map(names_of).chain(shown(declared));
    let mut open: Vec<String> = named.filter_map(|name| fact_of(&package.facts, &name)).collect();
    open.extend(declared.evidence.iter().cloned());
    let behind = closure(package, open);
    package.fact_order.iter().filter(|fact| behind.contains(*fact)).cloned().collect()
}

fn closure(package: &Package, mut open: Vec<String>) -> BTreeSet<String> {
    let mut behind = BTreeSet::new();
    while let Some(fact) = open.pop() {
        if let Some(form) = package.fact_forms.get(&fact)
            && behind.insert(fact)
        {
            open.extend(direct(package, form));
        }
    }
    behind
}

pub(crate) fn parameters_behind(package: &Package, rule: &str) -> BTreeSet<String> {
    let (Some(declared), Some(form)) = (package.rules.get(rule), package.rule_forms.get(rule)) else {
        return BTreeSet::new();
    };
    let mut open: Vec<String> = rule_expressions(form).into_iter().flat_map(parameters_of).collect();
    open.extend(shown(declared).filter_map(|name| name.strip_prefix("p.").map(str::to_owned)));
    for fact in facts_behind(package, rule) {
        open.extend(package.fact_forms.get(&fact).into_iter().flat_map(expressions).flat_map(parameters_of));
    }
    let mut behind = BTreeSet::new();
    while let Some(parameter) = open.pop() {
        let formulas = package.parameters.get(&parameter).into_iter().flat_map(|declared| &declared.value);
        let read = formulas.filter_map(|value| value.formula.as_deref()).filter_map(|text| parse(text).ok());
        let read: Vec<String> = read.flat_map(|expr| parameters_of(&expr)).collect();
        if behind.insert(parameter) {
            open.extend(read);
        }
    }
    behind
}

pub(crate) fn evidence_behind(package: &Package, rule: &str) -> Vec<String> {
    let Some(declared) = package.rules.get(rule) else { return Vec::new() };
    let behind = closure(package, declared.evidence.clone());
    let is_over_source = |fact: &&String| match package.fact_forms.get(*fact).map(|form| &form.origin) {
        Some(Origin::Aggregate(aggregate)) => package.sources.contains_key(&aggregate.from),
        _ => false,
    };
    package.fact_order.iter().filter(|fact| behind.contains(*fact)).filter(is_over_source).cloned().collect()
}

fn facts_behind_indicator(package: &Package, indicator: &str) -> BTreeSet<String> {
    let declared = package.indicators.get(indicator).filter(|declared| declared.from.is_none());
    let (Some(_), Some(form)) = (declared, package.indicator_forms.get(indicator)) else { return BTreeSet::new() };
    let calls = std::iter::once(&form.numerator).chain(form.denominator.iter().map(|(call, _)| call));
    let read = calls.filter_map(|call| call.argument.as_ref()).chain(&form.filter).flat_map(names_of);
    let named = read.chain(form.groups.iter().map(|group| group.name.clone()));
    closure(package, named.filter_map(|name| fact_of(&package.facts, &name)).collect())
}

fn sources_behind_indicator(package: &Package, indicator: &str) -> BTreeSet<String> {
    let behind = facts_behind_indicator(package, indicator);
    let forms = behind.iter().filter_map(|fact| package.fact_forms.get(fact));
    let sources = forms.filter_map(|form| match &form.origin {
        Origin::Aggregate(aggregate) if package.sources.contains_key(&aggregate.from) => Some(aggregate.from.clone()),
        _ => None,
    });
    sources.collect()
}
