//! In which stage a fact is known: stage 0 needs registers and sources, and a fact that residents read from their household
//! comes a stage after it.

use policy::declare::Grain;
use policy::expression::{Expr, names_of};
use policy::{Origin, Package};
use std::collections::{BTreeMap, BTreeSet};

use crate::plan::RESIDENT;

/// Stages by fact.
pub(super) struct Stages(BTreeMap<String, usize>);

impl Stages {
    pub(super) fn of(package: &Package) -> Stages {
        let mut stages: BTreeMap<String, usize> = BTreeMap::new();
        for fact in &package.fact_order {
            let reads = match package.fact_forms.get(fact).map(|form| &form.origin) {
                Some(Origin::Derived(expression)) => vec![expression],
                Some(Origin::Aggregate(form)) if form.from == RESIDENT => {
                    form.call.argument.iter().chain(&form.filter).collect()
                }
                _ => Vec::new(),
            };
            let stage = reads
                .into_iter()
                .flat_map(names_of)
                .map(|name| match name.strip_prefix("household.") {
                    Some(above) => stages.get(above).map_or(0, |stage| stage + 1),
                    None => stages.get(&name).copied().unwrap_or(0),
                })
                .max();
            stages.insert(fact.clone(), stage.unwrap_or(0));
        }
        Stages(stages)
    }

    pub(super) fn of_fact(&self, fact: &str) -> usize {
        self.0.get(fact).copied().unwrap_or(0)
    }

    /// The last stage of any of the facts.
    pub(super) fn last(&self, facts: &BTreeSet<String>) -> usize {
        facts.iter().map(|fact| self.of_fact(fact)).max().unwrap_or(0)
    }

    /// Expressions over residents among the facts and all rules over residents.
    pub(super) fn expressions<'a>(&self, package: &'a Package, facts: &BTreeSet<String>) -> Vec<&'a Expr> {
        let mut expressions = Vec::new();
        for fact in facts {
            match package.fact_forms.get(fact).map(|form| &form.origin) {
                Some(Origin::Derived(expression)) => expressions.push(expression),
                Some(Origin::Aggregate(form)) if form.from == RESIDENT => {
                    expressions.extend(form.call.argument.iter().chain(&form.filter));
                }
                _ => {}
            }
        }
        let over_residents = |rule: &&String| package.rules.get(*rule).is_some_and(|rule| rule.over == Grain::Resident);
        expressions.extend(package.rule_forms.keys().filter(over_residents).map(|rule| &package.rule_forms[rule].when));
        expressions
    }
}
