//! Checks that cases can be read and that every rule, fact and parameter has some.

use super::found::{Findings, text_of};
use crate::cases::has_cases;
use crate::declare::{Cases, Register};
use crate::package::{Package, Thing};
use std::collections::BTreeSet;

pub(super) fn check(package: &Package, found: &mut Findings) {
    let mut covered: BTreeSet<(Thing, &str)> = BTreeSet::new();
    for ((thing, name), file) in &package.case_texts {
        if !has_cases(*thing) {
            found.add(file.at(
                "",
                format!("{} 没有用例", thing.folder()),
                "用例只写在规则、事实、参数、指标和台账旁边",
            ));
            continue;
        }
        if !package.texts.contains_key(&(*thing, name.clone())) {
            found.add(file.at("", format!("旁边没有 {name}.toml"), "改正文件名,或删去这个文件"));
            continue;
        }
        match toml::from_str::<Cases>(&file.text) {
            Ok(cases) if cases.case.is_empty() => {
                covered.insert((*thing, name));
                found.add(file.at("", "没有任何用例", "写 [[case]]").as_warning());
            }
            Ok(_) => drop(covered.insert((*thing, name))),
            Err(error) => {
                covered.insert((*thing, name));
                found.add(file.of_toml(&error));
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
            let message = format!("没有用例({name}.cases.toml)");
            found.add(text_of(package, thing, name).at("", message, "在每条界线的两边各写一个用例").as_warning());
        }
    }
}

/// True when a register calculates or demands something that cases can show.
fn says_something(register: &Register) -> bool {
    let calculates = register.field.iter().any(|field| !field.is_entered());
    calculates || !register.check.is_empty() || !register.constraint.is_empty()
}
