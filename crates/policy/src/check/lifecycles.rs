//! Checks states and steps of registers.

use super::columns::{known, listed, roles};
use super::found::Findings;
use crate::declare::{Register, State};
use crate::package::Package;
use crate::text::FileText;
use words::{advice, wording};

/// What is done with every record, with or without steps.
const COMMANDS: &[&str] = &["enter", "change", "withdraw", "sent_back"];

/// Checks the lifecycle of a register.
pub(super) fn lifecycle(package: &Package, found: &mut Findings, file: &FileText, register: &Register) {
    found.names(file, register.state.iter().map(|state| &state.name), |at| format!("state.{at}.name"));
    found.names(file, register.step.iter().map(|step| &step.name), |at| format!("step.{at}.name"));
    let initial = register.state.iter().filter(|state| state.initial).count();
    if !register.state.is_empty() && initial != 1 {
        found.add(file.problem("state", advice!("package_initial_states", initial)));
    }
    let states: Vec<String> = register.state.iter().map(|state| state.name.clone()).collect();
    for (at, step) in register.step.iter().enumerate() {
        let key = |name: &str| format!("step.{at}.{name}");
        for (index, from) in step.from.iter().enumerate() {
            known(found, file, &key(&format!("from.{index}")), wording!("package_word_state"), from, &states);
            if register.state.iter().any(|state| state.name == *from && state.is_final) {
                found.add(file.problem(&key(&format!("from.{index}")), advice!("package_from_final", from)));
            }
        }
        known(found, file, &key("to"), wording!("package_word_state"), &step.to, &states);
        asked(package, found, file, at, register);
        if step.from.is_empty() {
            found.add(file.problem(&key("from"), advice!("package_step_from_nowhere")));
        }
        if COMMANDS.contains(&step.name.as_str()) {
            found.add(file.problem(&key("name"), advice!("package_step_of_engine", name = step.name)));
        }
        if step.in_working_days && package.calendar.is_empty() {
            found.add(file.problem(&key("in_working_days"), advice!("package_no_calendar")));
        }
        if step.due_days.is_some_and(|due| due < step.wait_days) {
            found.add(file.problem(&key("due_days"), advice!("package_due_before_wait")));
        }
    }
    reached(found, file, register);
}

/// Who may take a step, and what it asks for.
fn asked(package: &Package, found: &mut Findings, file: &FileText, at: usize, register: &Register) {
    let step = &register.step[at];
    let key = |name: &str| format!("step.{at}.{name}");
    for (list, names) in [("required", &step.required), ("asks", &step.asks)] {
        listed(found, file, &key(list), names, &register.field);
        for (index, name) in names.iter().enumerate() {
            if register.field_named(name).is_some_and(|field| !field.is_entered()) {
                found
                    .add(file.problem(&key(&format!("{list}.{index}")), advice!("package_step_asks_calculated", name)));
            }
        }
    }
    let children: Vec<String> = register.child.iter().map(|child| child.name.clone()).collect();
    for (index, name) in step.required_child.iter().enumerate() {
        known(found, file, &key(&format!("required_child.{index}")), wording!("package_word_child"), name, &children);
    }
    roles(package, found, file, &key("roles"), &step.roles);
    roles(package, found, file, &key("notifies"), &step.notifies);
    if step.roles.is_empty() && !step.after_wait {
        found.add(file.problem(&key("roles"), advice!("package_step_of_nobody")).as_warning());
    }
    for (index, role) in step.roles.iter().enumerate() {
        if !register.may_see.is_empty() && !register.may_see.contains(role) {
            found.add(file.problem(&key(&format!("roles.{index}")), advice!("package_role_blind_to_step", role)));
        }
    }
}

/// A problem for each state that no way leads to from where records start.
fn reached(found: &mut Findings, file: &FileText, register: &Register) {
    // What has lapsed is put there by what raised it.
    let begins = |state: &&State| state.initial || state.is_lapsed;
    let mut reached: Vec<&str> = register.state.iter().filter(begins).map(|state| state.name.as_str()).collect();
    let mut at = 0;
    while at < reached.len() {
        let from = reached[at];
        at += 1;
        for step in register.step.iter().filter(|step| step.from.iter().any(|state| state == from)) {
            for to in std::iter::once(&step.to).chain(&step.returns_to) {
                if !reached.contains(&to.as_str()) {
                    reached.push(to);
                }
            }
        }
    }
    for (at, state) in register.state.iter().enumerate().filter(|(_, state)| !reached.contains(&state.name.as_str())) {
        found.add(
            file.problem(&format!("state.{at}.name"), advice!("package_state_unreached", state = state.name))
                .as_warning(),
        );
    }
}
