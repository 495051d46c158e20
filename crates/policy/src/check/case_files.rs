//! Checks that cases can be read and that every rule, fact and parameter has some.

use super::found::{Findings, text_of};
use crate::cases::has_cases;
use crate::declare::{Cases, Register};
use crate::package::{Package, Thing};
use std::collections::BTreeSet;
use words::advice;

pub(super) fn check(package: &Package, found: &mut Findings) {
    let mut covered: BTreeSet<(Thing, &str)> = BTreeSet::new();
    for ((thing, name), file) in &package.case_texts {
        if !has_cases(*thing) {
            found.add(file.problem("", advice!("package_cases_of_nothing", folder = thing.folder())));
            continue;
        }
        if !package.texts.contains_key(&(*thing, name.clone())) {
            found.add(file.problem("", advice!("package_cases_alone", name)));
            continue;
        }
        match file.declared::<Cases>() {
            Ok(cases) if cases.case.is_empty() => {
                covered.insert((*thing, name));
                found.add(file.problem("", advice!("package_cases_empty")).as_warning());
            }
            Ok(_) => drop(covered.insert((*thing, name))),
            Err(problem) => {
                covered.insert((*thing, name));
                found.add(*problem);
            }
        }
    }
    let rules = package.rules.keys().map(|name| (Thing::Rule, name));
    let facts = package.facts.keys().map(|name| (Thing::Fact, name));
    let indicators = package.indicators.keys().map(|name| (Thing::Indicator, name));
    let registers = package.registers.iter().filter(|(_, register)| says_something(register));
    let registers = registers.map(|(name, _)| (Thing::Register, name));
    for (thing, name) in rules.chain(facts).chain(indicators).chain(registers) {
        if !covered.contains(&(thing, name.as_str())) {
            found.add(text_of(package, thing, name).problem("", advice!("package_cases_missing", name)).as_warning());
        }
    }
}

/// True when a register calculates or demands something that cases can show.
fn says_something(register: &Register) -> bool {
    let calculates = register.field.iter().any(|field| !field.is_entered());
    calculates || !register.check.is_empty() || !register.constraint.is_empty()
}
