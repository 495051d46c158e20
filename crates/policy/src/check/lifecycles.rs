//! Checks states and steps of registers.

use super::Found;
use super::columns::{known, listed, roles};
use crate::declare::Register;
use crate::package::Package;
use crate::text::FileText;

/// Checks the lifecycle of a register.
pub(super) fn lifecycle(package: &Package, found: &mut Found, file: &FileText, register: &Register) {
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
        listed(found, file, &key("required"), &step.required, &register.field);
        roles(package, found, file, &key("roles"), &step.roles);
        if step.due_days.is_some_and(|due| due < step.wait_days) {
            found.add(file.at(&key("due_days"), "期限比等待的天数还短", "due_days 不小于 wait_days"));
        }
    }
}
