//! Registers of which a screening raises the records: what it fills in is there, whether the package declares it or not.

use crate::declare::{Child, Code, CodeList, Column, List, Permission, RaisedBy, Register, Role, Rule, State};
use model::Kind;
use serde::Deserialize;
use std::collections::BTreeMap;
use words::wording;

/// What packages called the register that a screening raised records of before they could say so.
const BEFORE: &str = "lead";
/// The field that names a raised record.
const KEY: &str = "lead_no";
/// The code list of the package's rules, which every package has.
pub const RULES: &str = "rule";
/// The field with the place.
const REGION: &str = "region_code";

/// What a screening fills in, as it is declared where a package does not.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filled {
    pub(crate) field: Vec<Column>,
    pub(crate) child: Vec<ChildFilled>,
    pub(crate) state: Vec<State>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChildFilled {
    pub(crate) name: String,
    label: String,
    label_en: String,
    pub(crate) field: Vec<Column>,
}

/// The declaration of what a screening fills in.
pub(crate) fn filled() -> Filled {
    // The file is part of the program, and a test reads it.
    toml::from_str(include_str!("declare/raised_by_screening.toml")).unwrap_or_default()
}

/// Completes the registers that a screening raises records of: fields, kinds of child record and the state of what has lapsed
/// that are not declared. A package of before, which does not say what its register of leads is raised by, goes on as it
/// was: those who see leads see the register, and its last steps are for those who may close leads.
pub fn complete_raised(registers: &mut BTreeMap<String, Register>, roles: &BTreeMap<String, Role>) {
    let may = |name: &String, permission| roles.get(name).is_some_and(|role| role.may.contains(&permission));
    if !registers.values().any(Register::is_raised)
        && let Some(register) = registers.get_mut(BEFORE)
    {
        register.raised_by = Some(RaisedBy::Screening);
        // Those who saw leads took their list away.
        if register.may_export.is_empty() {
            let sees = |name: &&String| may(name, Permission::SeeLeads);
            let seen_by = roles.keys().filter(|name| register.may_see.is_empty() || register.may_see.contains(name));
            register.may_export = seen_by.filter(sees).cloned().collect();
        }
        let is_final = |name: &str| register.state.iter().any(|state| state.name == name && state.is_final);
        for step in register.step.iter_mut().filter(|step| is_final(&step.to)) {
            step.roles.retain(|role| may(role, Permission::CloseLeads));
        }
        // Whatever text of its own it had could be given with a step.
        let of_screening: Vec<String> = filled().field.into_iter().map(|column| column.name).collect();
        let is_remark = |field: &&Column| field.kind == Kind::Text && !of_screening.contains(&field.name);
        let remarks: Vec<String> = register.field.iter().filter(is_remark).map(|field| field.name.clone()).collect();
        for step in register.step.iter_mut().filter(|step| !step.required.is_empty()) {
            step.asks.extend(remarks.iter().filter(|name| !step.required.contains(name)).cloned());
        }
    }
    for register in registers.values_mut().filter(|register| register.is_raised()) {
        if register.may_see.is_empty() {
            register.may_see = roles.keys().filter(|name| may(name, Permission::SeeLeads)).cloned().collect();
        }
        let filled = filled();
        add(&mut register.field, filled.field);
        for child in filled.child {
            let ChildFilled { name, label, label_en, field } = child;
            match register.child.iter_mut().find(|declared| declared.name == name) {
                Some(declared) => add(&mut declared.field, field),
                None => register.child.push(Child { name, label, label_en, field }),
            }
        }
        if !register.state.iter().any(|state| state.is_lapsed) {
            register.state.extend(filled.state);
        }
        register.key = vec![KEY.to_owned()];
        let List { sort, sortable, filter, .. } = &mut register.list;
        if sort.is_empty() {
            sort.push("rank".to_owned());
        }
        for (list, names) in [(sortable, ["rank", "raised_on"]), (filter, ["risk_code", "reason.rule"])] {
            for name in names {
                if !list.iter().any(|known| known == name) {
                    list.push(name.to_owned());
                }
            }
        }
        register.region.get_or_insert_with(|| REGION.to_owned());
    }
}

fn add(declared: &mut Vec<Column>, filled: Vec<Column>) {
    for column in filled {
        match declared.iter_mut().find(|known| known.name == column.name) {
            // A package of before declares as a text what names a thing of the package.
            Some(known) if known.kind == Kind::Text && column.codes.as_deref() == Some(RULES) => {
                (known.kind, known.codes) = (column.kind, column.codes);
            }
            Some(_) => {}
            None => declared.push(column),
        }
    }
}

/// Adds the rules of a package to its code lists, so that a field that names one is shown by its label wherever records are.
pub(crate) fn list_rules(codes: &mut BTreeMap<String, CodeList>, rules: &BTreeMap<String, Rule>) {
    let code = |(name, rule): (&String, &Rule)| Code {
        code: name.clone(),
        label: rule.label.clone(),
        label_en: rule.label_en.clone(),
        aliases: Vec::new(),
        confirms: false,
    };
    let label = wording!("package_rules_listed");
    codes.entry(RULES.to_owned()).or_insert_with(|| CodeList {
        label: label.chinese().to_owned(),
        label_en: label.english().to_owned(),
        source: "rules/".to_owned(),
        code: rules.iter().map(code).collect(),
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_screening_fills_in_is_declared() {
        let filled: Filled = toml::from_str(include_str!("declare/raised_by_screening.toml")).expect("readable");
        assert!(filled.field.iter().any(|column| column.name == KEY));
        assert!(filled.field.iter().any(|column| column.name == REGION));
        assert_eq!(filled.state.iter().filter(|state| state.is_lapsed && state.is_final).count(), 1);
    }
}
