//! Which rows prove a stated value: the way from an expression down to the fields of the registers and to the sources.

use policy::declare::Grain;
use policy::expression::{Expr, names_of};
use policy::{AggregateForm, Origin, Package};
use std::collections::BTreeSet;

use super::table::{HOUSEHOLD, RESIDENT};

/// Everything that proves a rule's stated values: fields of the registers' own records, and rows that add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Proofs {
    /// Fields of the household's record.
    pub household: BTreeSet<String>,
    /// Fields of the record of the resident that the value is about.
    pub resident: BTreeSet<String>,
    /// Aggregates, each once, in the order in which they are first read.
    pub rows: Vec<Proof>,
}

/// How an aggregate is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Rows of a source.
    Source { fact: String, over: Grain },
    /// Residents of the household that count, and below them the rows of sources.
    Climb { fact: String, below: Vec<Proof> },
}

/// The proof of an aggregate fact; empty for derived facts, whose parts are facts of their own.
pub(crate) fn proofs_of(package: &Package, fact: &str) -> Proofs {
    let mut reading = Reading::new(package);
    if let (Some(declared), Some(Origin::Aggregate(_))) = (package.facts.get(fact), origin(package, fact)) {
        reading.name(declared.over, fact);
    }
    reading.proofs
}

/// The fields of a resident's own record behind expressions over residents, followed down through derived facts.
pub(crate) fn resident_fields<'e>(package: &Package, expressions: impl Iterator<Item = &'e Expr>) -> BTreeSet<String> {
    let mut reading = Reading::new(package);
    expressions.for_each(|expression| reading.expression(Grain::Resident, expression));
    reading.proofs.resident
}

fn origin<'a>(package: &'a Package, fact: &str) -> Option<&'a Origin> {
    package.fact_forms.get(fact).map(|form| &form.origin)
}

/// Follows names down to what they are made from; every fact is followed once.
pub(crate) struct Reading<'a> {
    package: &'a Package,
    seen: BTreeSet<String>,
    pub proofs: Proofs,
}

impl<'a> Reading<'a> {
    pub(crate) fn new(package: &'a Package) -> Reading<'a> {
        Reading { package, seen: BTreeSet::new(), proofs: Proofs::default() }
    }

    /// True when nothing was read that a row could prove.
    pub(crate) fn is_empty(&self) -> bool {
        self.proofs == Proofs::default()
    }

    /// Reads everything that an expression of a grain names.
    pub(crate) fn expression(&mut self, over: Grain, expression: &Expr) {
        for name in names_of(expression) {
            self.name(over, &name);
        }
    }

    /// Reads a fact or field of a grain; of a resident's household where the name says so.
    pub(crate) fn name(&mut self, over: Grain, name: &str) {
        if let (Grain::Resident, Some(of_household)) = (over, name.strip_prefix("household.")) {
            return self.name(Grain::Household, of_household);
        }
        let package = self.package;
        let Some(declared) = package.facts.get(name) else { return self.field(over, name) };
        if !self.seen.insert(name.to_owned()) {
            return;
        }
        match origin(package, name) {
            Some(Origin::Derived(expression)) => self.expression(declared.over, expression),
            Some(Origin::Aggregate(form)) if form.from == RESIDENT => self.climb(name, form),
            Some(Origin::Aggregate(_)) => {
                self.proofs.rows.push(Proof::Source { fact: name.to_owned(), over: declared.over });
            }
            None => {}
        }
    }

    fn field(&mut self, over: Grain, name: &str) {
        let (register, fields) = match over {
            Grain::Resident => (RESIDENT, &mut self.proofs.resident),
            _ => (HOUSEHOLD, &mut self.proofs.household),
        };
        let declared = self.package.registers.get(register).map(|register| register.field.as_slice());
        if declared.unwrap_or_default().iter().any(|field| field.name == name && field.stands_in_lake()) {
            fields.insert(name.to_owned());
        }
    }

    /// The residents that count prove a climb; what they read of their household proves it too.
    fn climb(&mut self, fact: &str, form: &AggregateForm) {
        let mut of_residents = Reading::new(self.package);
        for expression in form.call.argument.iter().chain(&form.filter) {
            of_residents.expression(Grain::Resident, expression);
        }
        let Proofs { household, rows, .. } = of_residents.proofs;
        let is_below = |proof: &Proof| matches!(proof, Proof::Source { over: Grain::Resident, .. });
        let (below, beside) = rows.into_iter().partition::<Vec<Proof>, _>(is_below);
        self.proofs.rows.push(Proof::Climb { fact: fact.to_owned(), below });
        self.proofs.household.extend(household);
        for proof in beside {
            let (Proof::Source { fact, .. } | Proof::Climb { fact, .. }) = &proof;
            if self.seen.insert(fact.clone()) {
                self.proofs.rows.push(proof);
            }
        }
    }
}
