//! Checks what a step waits for besides its days, and the deadlines of a register; settles both into its form.

use super::calculated::FieldPlace;
use super::columns::known;
use super::facts::settle_truth;
use super::found::Findings;
use super::{effects, publicity};
use crate::declare::{Approvals, Days, Deadline, ParameterUnit, Register, Step};
use crate::forms::{DaysForm, StepForm};
use crate::order;
use crate::package::Package;
use crate::scope;
use crate::text::FileText;
use model::Kind;
use std::collections::{BTreeMap, BTreeSet};
use words::{advice, wording};

/// Settles steps and deadlines. What cannot be settled is a problem and left out.
pub(super) fn forms_of(
    package: &Package,
    found: &mut Findings,
    file: &FileText,
    name: &str,
    register: &Register,
) -> (Vec<StepForm>, Vec<DaysForm>) {
    let place = FieldPlace { package, file, register };
    let on_record = scope::of_record(package, register);
    let mut steps = Vec::with_capacity(register.step.len());
    for (at, step) in register.step.iter().enumerate() {
        let key = |name: &str| format!("step.{at}.{name}");
        agreement(found, file, &key, register, step);
        by_itself(found, file, &key, register, step);
        clocks(found, file, &key, register, step);
        said(found, file, &key, step);
        let when = step.when.as_deref();
        let when = when.and_then(|when| settle_truth(found, file, &key("when"), when, &on_record));
        let (publicity_days, settled) = publicity::form_of(&place, found, at);
        let opens = step.opens.iter().enumerate().map(|(open, _)| effects::opens(&place, found, at, open)).collect();
        let advances =
            step.advances.iter().enumerate().map(|(led, _)| effects::advances(&place, found, at, led)).collect();
        effects::document(found, file, &key("document"), step);
        steps.push(StepForm { when, publicity_days, settled, opens, advances });
    }
    circles(found, file, register);
    effects::circles(package, found, file, name, register);
    let deadlines = register.deadline.iter().enumerate();
    let deadlines = deadlines.filter_map(|(at, one)| deadline(package, found, file, at, one, register)).collect();
    found.names(file, register.deadline.iter().map(|one| &one.name), |at| format!("deadline.{at}.name"));
    (steps, deadlines)
}

/// A condition says why not; nothing says why not without a condition.
fn said(found: &mut Findings, file: &FileText, key: &dyn Fn(&str) -> String, step: &Step) {
    if step.when.is_some() {
        found.filled(file, &key("when_why"), &step.when_why);
        found.filled(file, &key("when_why_en"), &step.when_why_en);
    } else if !step.when_why.is_empty() || !step.when_why_en.is_empty() {
        found.add(file.problem(&key("when_why"), advice!("package_why_of_nothing")));
    }
}

/// Several persons, sending back, and the reason for it.
fn agreement(found: &mut Findings, file: &FileText, key: &dyn Fn(&str) -> String, register: &Register, step: &Step) {
    match step.approvals {
        Some(Approvals::AtLeast(count)) if count < 2 => {
            found.add(file.problem(&key("approvals"), advice!("package_approvals_few")));
        }
        Some(Approvals::Every(_)) if step.roles.len() < 2 => {
            found.add(file.problem(&key("approvals"), advice!("package_approvals_of_one")));
        }
        _ => {}
    }
    let states: Vec<String> = register.state.iter().map(|state| state.name.clone()).collect();
    for (at, to) in step.returns_to.iter().enumerate() {
        let key = key(&format!("returns_to.{at}"));
        known(found, file, &key, wording!("package_word_state"), to, &states);
        if register.state_named(to).is_some_and(|state| state.is_final) {
            found.add(file.problem(&key, advice!("package_back_to_final", to)));
        }
        if step.from.contains(to) {
            found.add(file.problem(&key, advice!("package_back_to_itself", to)));
        }
    }
    let needs_reason = !step.returns_to.is_empty() || !step.stops_clock.is_empty() || !step.resumes_clock.is_empty();
    match &step.reason {
        None if needs_reason => {
            found.add(file.problem(&key(""), advice!("package_reason_missing", step = step.name)));
        }
        Some(_) if !needs_reason => {
            found.add(file.problem(&key("reason"), advice!("package_reason_of_nothing")));
        }
        Some(field) => {
            let names: Vec<String> = register.field.iter().map(|field| field.name.clone()).collect();
            known(found, file, &key("reason"), wording!("package_word_field"), field, &names);
            let column = register.field_named(field);
            if column.is_some_and(|one| !one.is_entered() || !matches!(one.kind, Kind::Text | Kind::Code)) {
                found.add(file.problem(&key("reason"), advice!("package_reason_unfit", field)));
            }
        }
        None => {}
    }
}

/// A step that goes on by itself has something to wait for, asks nobody for anything and approves nothing.
fn by_itself(found: &mut Findings, file: &FileText, key: &dyn Fn(&str) -> String, register: &Register, step: &Step) {
    if !step.after_wait {
        return;
    }
    let is_public = |state: &String| publicity::puts_up(register, state);
    if step.wait_days == 0 && !step.from.iter().all(is_public) {
        found.add(file.problem(&key("after_wait"), advice!("package_wait_missing")));
    }
    if step.approvals.is_some() || step.not_by_who_entered {
        found.add(file.problem(&key("after_wait"), advice!("package_approval_by_itself")));
    }
    let asks = [
        ("required", !step.required.is_empty()),
        ("asks", !step.asks.is_empty()),
        ("returns_to", !step.returns_to.is_empty()),
        ("reason", step.reason.is_some()),
    ];
    for (name, _) in asks.iter().filter(|(_, is_said)| *is_said) {
        found.add(file.problem(&key(name), advice!("package_asked_by_itself", name)));
    }
    if step.publicity.as_ref().is_some_and(|publicity| publicity.photo.is_some()) {
        found.add(file.problem(&key("publicity.photo"), advice!("package_photo_by_itself")));
    }
}

/// A problem for each step that goes on by itself in a circle.
fn circles(found: &mut Findings, file: &FileText, register: &Register) {
    let mut reads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for step in register.step.iter().filter(|step| step.after_wait) {
        for from in &step.from {
            reads.entry(from.clone()).or_default().insert(step.to.clone());
        }
    }
    let goes_round = |state: &String| reads.contains_key(state) && order::reaches_itself(&reads, state);
    for (at, step) in register.step.iter().enumerate().filter(|(_, step)| step.after_wait) {
        if step.from.iter().any(goes_round) && goes_round(&step.to) {
            found.add(
                file.problem(&format!("step.{at}.after_wait"), advice!("package_step_goes_round", step = step.name)),
            );
        }
    }
}

/// Deadlines that the step stops or resumes.
fn clocks(found: &mut Findings, file: &FileText, key: &dyn Fn(&str) -> String, register: &Register, step: &Step) {
    let names: Vec<String> = register.deadline.iter().map(|deadline| deadline.name.clone()).collect();
    let all = |list: fn(&Step) -> &Vec<String>| register.step.iter().flat_map(list).collect::<BTreeSet<_>>();
    let (stopped, resumed) = (all(|step| &step.stops_clock), all(|step| &step.resumes_clock));
    for (at, name) in step.stops_clock.iter().enumerate() {
        let key = key(&format!("stops_clock.{at}"));
        known(found, file, &key, wording!("package_word_deadline"), name, &names);
        if step.resumes_clock.contains(name) {
            found.add(file.problem(&key, advice!("package_clock_both", name)));
        }
        if !resumed.contains(name) {
            found.add(file.problem(&key, advice!("package_clock_never_resumed", name)).as_warning());
        }
    }
    for (at, name) in step.resumes_clock.iter().enumerate() {
        let key = key(&format!("resumes_clock.{at}"));
        known(found, file, &key, wording!("package_word_deadline"), name, &names);
        if !stopped.contains(name) {
            found.add(file.problem(&key, advice!("package_clock_never_stopped", name)));
        }
    }
}

fn deadline(
    package: &Package,
    found: &mut Findings,
    file: &FileText,
    at: usize,
    declared: &Deadline,
    register: &Register,
) -> Option<DaysForm> {
    let key = |name: &str| format!("deadline.{at}.{name}");
    found.filled(file, &key("label"), &declared.label);
    found.filled(file, &key("label_en"), &declared.label_en);
    let states: Vec<String> = register.state.iter().map(|state| state.name.clone()).collect();
    for (list, named) in [("from_states", &declared.from_states), ("until_states", &declared.until_states)] {
        if named.is_empty() {
            found.add(file.problem(&key(list), advice!("package_states_not_filled", list)));
        }
        for (index, state) in named.iter().enumerate() {
            known(found, file, &key(&format!("{list}.{index}")), wording!("package_word_state"), state, &states);
        }
    }
    for (index, state) in declared.until_states.iter().enumerate() {
        if declared.from_states.contains(state) {
            found.add(file.problem(&key(&format!("until_states.{index}")), advice!("package_deadline_turned", state)));
        }
    }
    working_days(package, found, file, &key("in_working_days"), declared.in_working_days);
    days_form(package, found, file, &key("days"), &declared.days)
}

/// Working days need a calendar.
pub(super) fn working_days(package: &Package, found: &mut Findings, file: &FileText, key: &str, is_said: bool) {
    if is_said && package.calendar.is_empty() {
        found.add(file.problem(key, advice!("package_no_calendar")));
    }
}

/// A length: at least one day, or a parameter in days.
pub(super) fn days_form(
    package: &Package,
    found: &mut Findings,
    file: &FileText,
    key: &str,
    days: &Days,
) -> Option<DaysForm> {
    let name = match days {
        Days::Count(0) => {
            found.add(file.problem(key, advice!("package_days_none")));
            return None;
        }
        Days::Count(count) => return Some(DaysForm::Count(*count)),
        Days::Parameter(name) => name,
    };
    let Some(parameter) = package.parameters.get(name) else {
        if package.resident_scope.unread.contains(name) {
            found.add(file.problem(key, advice!("parameter_unread", name)));
            return None;
        }
        found.unknown(file, key, wording!("package_word_parameter"), name, package.parameters.keys());
        return None;
    };
    if parameter.unit != ParameterUnit::Days {
        found.add(file.problem(key, advice!("package_parameter_no_days", name)));
        return None;
    }
    // Values of overlays stand among them: the mistake is told where the length is asked for, and names the value.
    for value in parameter.value.iter().filter(|value| value.amount == Some(0)) {
        let place = value.region.unwrap_or(package.head.region);
        let from = value.from.0;
        found.add(file.problem(key, advice!("package_parameter_of_no_days", name, from, place)));
    }
    let (label, label_en) = (parameter.label.clone(), parameter.label_en.clone());
    Some(DaysForm::Parameter { name: name.clone(), label, label_en })
}
