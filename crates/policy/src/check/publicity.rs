//! Checks publicity: nothing gets round the days of a public notice.

use super::calculated::FieldPlace;
use super::columns::{known, refers};
use super::facts::settle_truth;
use super::found::Findings;
use super::steps::{days_form, working_days};
use crate::declare::{Publicity, Register};
use crate::expression::Expr;
use crate::forms::DaysForm;
use crate::scope;
use model::Kind;

/// True when a step puts up a notice as it leads to the state.
pub(super) fn puts_up(register: &Register, state: &str) -> bool {
    register.step.iter().any(|step| step.publicity.is_some() && step.to == state)
}

/// The length of a step's publicity, and the condition under which an objection is settled.
pub(super) fn form_of(place: &FieldPlace<'_>, found: &mut Findings, at: usize) -> (Option<DaysForm>, Option<Expr>) {
    let (package, file, register) = (place.package, place.file, place.register);
    let step = &register.step[at];
    let key = |name: &str| format!("step.{at}.publicity.{name}");
    let Some(publicity) = &step.publicity else {
        no_way_round(place, found, at);
        return (None, None);
    };
    if register.state_named(&step.to).is_some_and(|state| state.initial) {
        let message = format!("记录一开始就在 `{}`,没有经过公示", step.to);
        found.add(file.at(&format!("step.{at}.to"), message, "公示另设一个状态"));
    }
    working_days(package, found, file, &key("in_working_days"), publicity.in_working_days);
    refers(found, file, &key("photo"), publicity.photo.as_ref(), &register.field, &[Kind::File]);
    let settled = objections(place, found, at, publicity);
    (days_form(package, found, file, &key("days"), &publicity.days), settled)
}

/// A state that is entered with a notice is entered with none but a notice.
fn no_way_round(place: &FieldPlace<'_>, found: &mut Findings, at: usize) {
    let (file, register) = (place.file, place.register);
    let step = &register.step[at];
    if puts_up(register, &step.to) {
        let message = format!("`{}` 是公示中的状态,这个步骤不公示就到了那里", step.to);
        found.add(file.at(&format!("step.{at}.to"), message, "给它写 publicity,或另设一个状态"));
    }
    for (index, to) in step.returns_to.iter().enumerate().filter(|(_, to)| puts_up(register, to)) {
        let message = format!("不能退回到公示中的 `{to}`:没有新的公示");
        found.add(file.at(&format!("step.{at}.returns_to.{index}"), message, "退回到公示以前,重新公示"));
    }
}

fn objections(place: &FieldPlace<'_>, found: &mut Findings, at: usize, publicity: &Publicity) -> Option<Expr> {
    let (file, register) = (place.file, place.register);
    let key = |name: &str| format!("step.{at}.publicity.{name}");
    let Some(kind) = &publicity.objections else {
        if publicity.settled.is_some() {
            found.add(file.at(&key("settled"), "没有写异议登记在哪里", "objections = \"子记录名\",或删去 settled"));
        }
        return None;
    };
    let Some(child) = register.child_named(kind) else {
        let names: Vec<String> = register.child.iter().map(|child| child.name.clone()).collect();
        known(found, file, &key("objections"), "子记录", kind, &names);
        return None;
    };
    let to = &register.step[at].to;
    let mut leaving = register.step.iter().filter(|step| step.from.contains(to));
    if publicity.settled.is_none() && leaving.all(|step| step.returns_to.is_empty()) {
        let hint = "在公示以后的步骤里写 returns_to,或用 settled 写明异议怎样算处理完";
        found.add(file.at(&key("objections"), "有异议以后,记录既不能往下走,也退不回去", hint));
    }
    let scope = scope::of_open_columns(place.package, &child.field);
    settle_truth(found, file, &key("settled"), publicity.settled.as_deref()?, &scope)
}
