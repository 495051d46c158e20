//! The decision on one command.

use crate::asked::{Asked, Command};
use crate::register::{initial_state, state_label};
use crate::step::{find_step, not_before_entry, person_may, role_may, starts_here, time_has_come};
use crate::{Refusal, RefusalKind, filled};
use model::Day;
use policy::declare::{Register, Step};

/// A command that may be carried out, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    /// The step, or `enter`, `change`, `withdraw`.
    pub step: String,
    pub from: String,
    /// The state afterwards: that of before for a change or withdrawal, the initial one for a new record.
    pub to: String,
    /// Nothing follows the new state.
    pub is_final: bool,
    /// The day from which the new state counts.
    pub entered_state_on: Day,
}

/// A step that leaves the record's state, as a page offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub step: String,
    pub label: String,
    pub label_en: String,
    /// Fields to ask for.
    pub required: Vec<String>,
    /// Fields that are asked for besides, without need.
    pub asks: Vec<String>,
    /// What stands in the way besides fields still to be filled; `None` when the step may be taken.
    pub refusal: Option<Refusal>,
}

/// Decides whether the command may be carried out now.
///
/// The order of the questions is fixed. A step: does it exist, does it start here, may the role, may this person, is the wait
/// over, is everything filled, are the child records there. The others: may the role, is the record open, is everything
/// filled. The first no is the answer.
///
/// # Errors
/// [`Refusal`], with what would make it pass.
pub fn decide(register: &Register, command: Command<'_>, asked: &Asked<'_>) -> Result<Transition, Refusal> {
    match command {
        Command::Step(name) => step(register, name, asked),
        Command::Enter => {
            may_enter(register, command, asked)?;
            entered_fields(register, command, asked)?;
            let initial = initial_state(register).map_or("", |state| state.name.as_str());
            Ok(transition(register, command, ["", initial], asked.today))
        }
        Command::Change(fields) => {
            may_enter(register, command, asked)?;
            is_open(register, command, asked)?;
            are_entered(register, fields)?;
            entered_fields(register, command, asked)?;
            Ok(transition(register, command, [asked.state; 2], asked.entered_state_on))
        }
        Command::Withdraw => {
            may_enter(register, command, asked)?;
            is_open(register, command, asked)?;
            Ok(transition(register, command, [asked.state; 2], asked.entered_state_on))
        }
    }
}

fn step(register: &Register, name: &str, asked: &Asked<'_>) -> Result<Transition, Refusal> {
    let declared = find_step(register, name)?;
    starts_here(register, declared, asked)?;
    role_may(declared, asked)?;
    person_may(declared, asked)?;
    time_has_come(declared, asked)?;
    let what = [declared.label.as_str(), declared.label_en.as_str()];
    filled::fields(register, what, &declared.required.iter().collect::<Vec<_>>(), asked)?;
    filled::children(register, what, &declared.required_child, asked)?;
    Ok(transition(register, Command::Step(name), [asked.state, &declared.to], asked.today))
}

fn transition(register: &Register, command: Command<'_>, [from, to]: [&str; 2], entered_state_on: Day) -> Transition {
    Transition {
        step: command.name().to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        is_final: register.state_named(to).is_some_and(|state| state.is_final),
        entered_state_on,
    }
}

/// All steps that leave the record's state and that the role may ever take, in declared order.
pub fn offers(register: &Register, asked: &Asked<'_>) -> Vec<Offer> {
    let leaving = register.step.iter().filter(|step| starts_here(register, step, asked).is_ok());
    let stands_in_the_way = |step: &Step| {
        person_may(step, asked)?;
        time_has_come(step, asked)?;
        filled::children(register, [&step.label, &step.label_en], &step.required_child, asked)
    };
    leaving
        .filter(|step| role_may(step, asked).is_ok())
        .map(|step| Offer {
            step: step.name.clone(),
            label: step.label.clone(),
            label_en: step.label_en.clone(),
            required: step.required.clone(),
            asks: step.asks.clone(),
            refusal: stands_in_the_way(step).err(),
        })
        .collect()
}

fn may_enter(register: &Register, command: Command<'_>, asked: &Asked<'_>) -> Result<(), Refusal> {
    if register.may_enter.iter().any(|role| role == asked.role) {
        return Ok(());
    }
    let [label, label_en] = command.labels();
    Err(Refusal {
        kind: RefusalKind::WrongRole,
        why: format!("您的岗位不能{label}《{}》的记录", register.label),
        why_en: format!("{label_en}: your role may not do this in {}", register.label_en),
        hint: "请转交有该权限的岗位办理".to_owned(),
        hint_en: "Hand it to a role that may.".to_owned(),
    })
}

/// Final and locked states are closed to corrections and withdrawal.
fn is_open(register: &Register, command: Command<'_>, asked: &Asked<'_>) -> Result<(), Refusal> {
    let state = register.state_named(asked.state);
    if state.is_none_or(|state| !state.is_final && !state.is_locked) {
        return not_before_entry(asked);
    }
    let ([label, label_en], (state, state_en)) = (command.labels(), state_label(register, asked.state));
    Err(Refusal {
        kind: RefusalKind::Closed,
        why: format!("当前状态为“{state}”,记录已锁定,不能{label}"),
        why_en: format!("{label_en}: the record is “{state_en}” and closed"),
        hint: "如确有错误,请先由有权限的岗位办理退回".to_owned(),
        hint_en: "If it is wrong, have it sent back first by a role that may.".to_owned(),
    })
}

fn are_entered(register: &Register, fields: &[&str]) -> Result<(), Refusal> {
    let is_calculated = |name: &&&str| register.field_named(name).is_some_and(|field| !field.is_entered());
    let calculated: Vec<&str> = fields.iter().filter(is_calculated).copied().collect();
    if calculated.is_empty() {
        return Ok(());
    }
    let (chinese, english) = filled::labels(calculated.iter().map(|name| crate::register::field_label(register, name)));
    Err(Refusal {
        kind: RefusalKind::Calculated(calculated.into_iter().map(str::to_owned).collect()),
        why: format!("由系统算出,不能填写:{chinese}"),
        why_en: format!("Calculated, not entered: {english}"),
        hint: "请更正所依据的字段".to_owned(),
        hint_en: "Correct the fields that they stand on.".to_owned(),
    })
}

/// The fields that every record must have.
fn entered_fields(register: &Register, command: Command<'_>, asked: &Asked<'_>) -> Result<(), Refusal> {
    let required = register.field.iter().filter(|field| field.required && field.is_entered());
    filled::fields(register, command.labels(), &required.map(|field| &field.name).collect::<Vec<_>>(), asked)
}
