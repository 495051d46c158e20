//! Checks states and steps of registers.

use super::columns::{known, listed, roles};
use super::found::Findings;
use crate::declare::{Register, State};
use crate::package::Package;
use crate::text::FileText;

/// What is done with every record, with or without steps.
const COMMANDS: &[&str] = &["enter", "change", "withdraw", "sent_back"];

/// Checks the lifecycle of a register.
pub(super) fn lifecycle(package: &Package, found: &mut Findings, file: &FileText, register: &Register) {
    found.names(file, register.state.iter().map(|state| &state.name), |at| format!("state.{at}.name"));
    found.names(file, register.step.iter().map(|step| &step.name), |at| format!("step.{at}.name"));
    let initial = register.state.iter().filter(|state| state.initial).count();
    if !register.state.is_empty() && initial != 1 {
        found.add(file.at(
            "state",
            format!("起始状态要有且只有一个,现在有 {initial} 个"),
            "在一个 [[state]] 里写 initial = true",
        ));
    }
    let states: Vec<String> = register.state.iter().map(|state| state.name.clone()).collect();
    for (at, step) in register.step.iter().enumerate() {
        let key = |name: &str| format!("step.{at}.{name}");
        for (index, from) in step.from.iter().enumerate() {
            known(found, file, &key(&format!("from.{index}")), "状态", from, &states);
            if register.state.iter().any(|state| state.name == *from && state.is_final) {
                found.add(file.at(
                    &key(&format!("from.{index}")),
                    format!("`{from}` 是终止状态,不能再走"),
                    "删去它,或去掉 is_final",
                ));
            }
        }
        known(found, file, &key("to"), "状态", &step.to, &states);
        asked(package, found, file, at, register);
        if step.from.is_empty() {
            found.add(file.at(&key("from"), "这个步骤没有起点", "写出从哪些状态可以办"));
        }
        if COMMANDS.contains(&step.name.as_str()) {
            let hint = "录入、更正和撤回由系统处理;给步骤另取一个名称";
            found.add(file.at(&key("name"), format!("`{}` 是系统自用的名称", step.name), hint));
        }
        if step.in_working_days && package.calendar.is_empty() {
            let hint = "在政策包里写 calendar.toml(各年的放假和调休),或删去它";
            found.add(file.at(&key("in_working_days"), "按工作日计算要有工作日历", hint));
        }
        if step.due_days.is_some_and(|due| due < step.wait_days) {
            found.add(file.at(&key("due_days"), "期限比等待的天数还短", "due_days 不小于 wait_days"));
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
                let message = format!("`{name}` 是算出来的,步骤不能要人填写");
                found.add(file.at(&key(&format!("{list}.{index}")), message, "写它所依据的字段"));
            }
        }
    }
    let children: Vec<String> = register.child.iter().map(|child| child.name.clone()).collect();
    for (index, name) in step.required_child.iter().enumerate() {
        known(found, file, &key(&format!("required_child.{index}")), "子记录", name, &children);
    }
    roles(package, found, file, &key("roles"), &step.roles);
    roles(package, found, file, &key("notifies"), &step.notifies);
    if step.roles.is_empty() && !step.after_wait {
        found.add(file.at(&key("roles"), "没有角色能办这个步骤", "写出 roles").as_warning());
    }
    for (index, role) in step.roles.iter().enumerate() {
        if !register.may_see.is_empty() && !register.may_see.contains(role) {
            let message = format!("角色 `{role}` 看不到这个台账,办不了这个步骤");
            found.add(file.at(&key(&format!("roles.{index}")), message, "先把它写进 may_see"));
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
        let message = format!("没有步骤能走到状态 `{}`", state.name);
        found.add(file.at(&format!("state.{at}.name"), message, "加一个 to 为它的步骤,或删去它").as_warning());
    }
}
