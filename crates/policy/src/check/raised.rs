//! Checks a register of which a screening raises the records: what it fills in is of the right kind, and nobody else enters.

use super::found::Findings;
use crate::declare::{Column, Register};
use crate::raised;
use crate::text::FileText;
use model::Kind;

pub(super) fn check(found: &mut Findings, file: &FileText, register: &Register) {
    let filled = raised::filled();
    kinds(found, file, "field", &register.field, &filled.field);
    for (at, child) in register.child.iter().enumerate() {
        if let Some(of_screening) = filled.child.iter().find(|one| one.name == child.name) {
            kinds(found, file, &format!("child.{at}.field"), &child.field, &of_screening.field);
        }
    }
    for (key, roles) in [("may_enter", &register.may_enter), ("may_import", &register.may_import)] {
        if !roles.is_empty() {
            found.add(file.at(key, "这个台账由筛查生成,不能手工录入或导入", "删去它;要人登记的另立台账"));
        }
    }
    for (at, state) in register.state.iter().enumerate() {
        if state.is_lapsed && !state.is_final {
            found.add(file.at(&format!("state.{at}.is_lapsed"), "失效的状态要是终止状态", "加上 is_final = true"));
        }
        if state.is_watched && (state.is_final || state.initial) {
            let message = "关注的状态不能是起始或终止状态";
            found.add(file.at(&format!("state.{at}.is_watched"), message, "另写一个 [[state]]"));
        }
    }
    if register.state.iter().filter(|state| state.is_lapsed).count() > 1 {
        found.add(file.at("state", "失效的状态只能有一个", "只在一个 [[state]] 里写 is_lapsed = true"));
    }
}

/// Codes may stand where a screening fills in a text.
fn kinds(found: &mut Findings, file: &FileText, list: &str, declared: &[Column], filled: &[Column]) {
    for (at, column) in declared.iter().enumerate() {
        let Some(wanted) = filled.iter().find(|one| one.name == column.name) else { continue };
        let is_text = |kind: Kind| matches!(kind, Kind::Text | Kind::Code);
        let fits = column.kind == wanted.kind || (is_text(wanted.kind) && column.kind == Kind::Code);
        if !fits || !column.is_entered() || column.many {
            let message = format!("`{}` 由筛查填写,类型不符", column.name);
            let kind = format!("{:?}", wanted.kind).to_lowercase();
            found.add(file.at(&format!("{list}.{at}.kind"), message, format!("写 kind = \"{kind}\"")));
        }
    }
}
