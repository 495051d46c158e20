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
use words::{advice, wording};

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
        found.add(file.problem(&format!("step.{at}.to"), advice!("package_publicity_at_start", state = step.to)));
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
        found.add(file.problem(&format!("step.{at}.to"), advice!("package_publicity_passed", state = step.to)));
    }
    for (index, to) in step.returns_to.iter().enumerate().filter(|(_, to)| puts_up(register, to)) {
        found.add(file.problem(&format!("step.{at}.returns_to.{index}"), advice!("package_back_to_publicity", to)));
    }
}

fn objections(place: &FieldPlace<'_>, found: &mut Findings, at: usize, publicity: &Publicity) -> Option<Expr> {
    let (file, register) = (place.file, place.register);
    let key = |name: &str| format!("step.{at}.publicity.{name}");
    let Some(kind) = &publicity.objections else {
        if publicity.settled.is_some() {
            found.add(file.problem(&key("settled"), advice!("package_settled_of_nothing")));
        }
        return None;
    };
    let Some(child) = register.child_named(kind) else {
        let names: Vec<String> = register.child.iter().map(|child| child.name.clone()).collect();
        known(found, file, &key("objections"), wording!("package_word_child"), kind, &names);
        return None;
    };
    let to = &register.step[at].to;
    let mut leaving = register.step.iter().filter(|step| step.from.contains(to));
    if publicity.settled.is_none() && leaving.all(|step| step.returns_to.is_empty()) {
        found.add(file.problem(&key("objections"), advice!("package_objection_without_way")));
    }
    let scope = scope::of_open_columns(place.package, &child.field);
    settle_truth(found, file, &key("settled"), publicity.settled.as_deref()?, &scope)
}
