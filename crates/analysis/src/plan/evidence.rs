//! Which rows prove a fact: the way from a fact down to the sources it stands on.

use policy::declare::Grain;
use policy::expression::{Expr, names_of};
use policy::{Origin, Package};
use std::collections::BTreeSet;

use super::program::RESIDENT;

/// How a fact is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Rows of a source.
    Source { fact: String, over: Grain },
    /// Residents of the household that count, and below them the rows of sources.
    Climb { fact: String, below: Vec<Proof> },
}

/// The proofs of facts, in their order; a derived fact is proven by the aggregates it stands on.
pub(crate) fn proofs(package: &Package, facts: &[String]) -> Vec<Proof> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for fact in facts {
        prove(package, fact, &mut seen, &mut found);
    }
    found
}

/// The proof of an aggregate fact; empty for derived facts, whose parts are facts of their own.
pub(crate) fn proofs_of(package: &Package, fact: &str) -> Vec<Proof> {
    match package.fact_forms.get(fact).map(|form| &form.origin) {
        Some(Origin::Aggregate(_)) => proofs(package, &[fact.to_owned()]),
        _ => Vec::new(),
    }
}

fn prove(package: &Package, fact: &str, seen: &mut BTreeSet<String>, found: &mut Vec<Proof>) {
    let (Some(declared), Some(form)) = (package.facts.get(fact), package.fact_forms.get(fact)) else { return };
    if !seen.insert(fact.to_owned()) {
        return;
    }
    match &form.origin {
        Origin::Derived(expression) => prove_names(package, expression, seen, found),
        Origin::Aggregate(aggregate) if aggregate.from == RESIDENT => {
            let mut below = Vec::new();
            let mut seen_below = BTreeSet::new();
            for expression in aggregate.call.argument.iter().chain(&aggregate.filter) {
                prove_names(package, expression, &mut seen_below, &mut below);
            }
            below.retain(|proof| matches!(proof, Proof::Source { over: Grain::Resident, .. }));
            found.push(Proof::Climb { fact: fact.to_owned(), below });
        }
        Origin::Aggregate(_) => found.push(Proof::Source { fact: fact.to_owned(), over: declared.over }),
    }
}

fn prove_names(package: &Package, expression: &Expr, seen: &mut BTreeSet<String>, found: &mut Vec<Proof>) {
    for name in names_of(expression) {
        prove(package, name.strip_prefix("household.").unwrap_or(&name), seen, found);
    }
}
