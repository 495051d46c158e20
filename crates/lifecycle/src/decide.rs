//! The decision on one step.

use crate::{Refusal, RefusalKind, first_day_after_wait, wait_is_over};
use model::Day;
use policy::declare::{Register, State, Step};

/// What is known about the record and about who asks.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// State of the record now.
    pub state: &'a str,
    /// The day on which the record entered that state.
    pub entered_state_on: Day,
    /// Account that entered the record; `None` where the system did.
    pub entered_by: Option<&'a str>,
    /// Account that asks.
    pub account: &'a str,
    /// Role of that account.
    pub role: &'a str,
    /// Names of fields that are filled, those given with the step included.
    pub filled: &'a [&'a str],
    pub today: Day,
}

/// A step that may be taken, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transition {
    pub step: String,
    pub from: String,
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
    /// What stands in the way besides fields still to be filled; `None` when the step may be taken.
    pub refusal: Option<Refusal>,
}

/// Decides whether the record may take `step` now.
///
/// The order of the questions is fixed: does the step exist, does it start here, may the role, may this person,
/// is the wait over, is everything filled. The first no is the answer.
///
/// # Errors
/// [`Refusal`], with what would make the step pass.
pub fn decide(register: &Register, step: &str, asked: &Asked<'_>) -> Result<Transition, Refusal> {
    let declared = find_step(register, step)?;
    starts_here(register, declared, asked)?;
    role_may(declared, asked)?;
    person_may(declared, asked)?;
    time_has_come(declared, asked)?;
    everything_is_filled(register, declared, asked)?;
    Ok(Transition {
        step: declared.name.clone(),
        from: asked.state.to_owned(),
        to: declared.to.clone(),
        is_final: find_state(register, &declared.to).is_some_and(|state| state.is_final),
        entered_state_on: asked.today,
    })
}

/// All steps that leave the record's state and that the role may ever take, in declared order.
pub fn offers(register: &Register, asked: &Asked<'_>) -> Vec<Offer> {
    let leaving = register.step.iter().filter(|step| starts_here(register, step, asked).is_ok());
    leaving
        .filter(|step| role_may(step, asked).is_ok())
        .map(|step| Offer {
            step: step.name.clone(),
            label: step.label.clone(),
            label_en: step.label_en.clone(),
            required: step.required.clone(),
            refusal: person_may(step, asked).and_then(|()| time_has_come(step, asked)).err(),
        })
        .collect()
}

/// The day by which the state should have been left: the earliest deadline of the steps that leave it.
/// `None` where no step from this state has a deadline.
pub fn due_on(register: &Register, state: &str, entered_state_on: Day) -> Option<Day> {
    let leaving = register.step.iter().filter(|step| step.from.iter().any(|from| from == state));
    leaving.filter_map(|step| step.due_days).min().map(|days| entered_state_on.plus_days(i64::from(days)))
}

/// The state in which records of this register start; `None` for registers without a lifecycle.
pub fn initial_state(register: &Register) -> Option<&State> {
    register.state.iter().find(|state| state.initial).or(register.state.first())
}

fn find_state<'a>(register: &'a Register, name: &str) -> Option<&'a State> {
    register.state.iter().find(|state| state.name == name)
}

fn find_step<'a>(register: &'a Register, name: &str) -> Result<&'a Step, Refusal> {
    register.step.iter().find(|step| step.name == name).ok_or_else(|| Refusal {
        kind: RefusalKind::NoSuchStep,
        why: format!("《{}》没有“{name}”这一步骤", register.label),
        why_en: format!("{} has no step `{name}`", register.label_en),
        hint: "请刷新页面后重新选择步骤".to_owned(),
        hint_en: "Reload the page and choose again.".to_owned(),
    })
}

/// The label of a state in both languages; its name where the register does not declare it.
fn state_label(register: &Register, name: &str) -> (String, String) {
    find_state(register, name)
        .map_or_else(|| (name.to_owned(), name.to_owned()), |state| (state.label.clone(), state.label_en.clone()))
}

fn starts_here(register: &Register, step: &Step, asked: &Asked<'_>) -> Result<(), Refusal> {
    let ended = find_state(register, asked.state).is_some_and(|state| state.is_final);
    if !ended && step.from.iter().any(|from| from == asked.state) {
        return Ok(());
    }
    let (label, label_en) = state_label(register, asked.state);
    let labels: Vec<(String, String)> = step.from.iter().map(|name| state_label(register, name)).collect();
    let starts: Vec<&str> = labels.iter().map(|(label, _)| label.as_str()).collect();
    let starts_en: Vec<&str> = labels.iter().map(|(_, label_en)| label_en.as_str()).collect();
    Err(Refusal {
        kind: RefusalKind::WrongState,
        why: format!("当前状态为“{label}”,不能办理“{}”", step.label),
        why_en: format!("The record is “{label_en}”; “{}” cannot be taken from there", step.label_en),
        hint: format!("该步骤只能从以下状态办理:{};记录可能已由他人办理,请刷新后查看", starts.join("、")),
        hint_en: format!("It starts from: {}. Someone else may have acted; reload.", starts_en.join(", ")),
    })
}

fn role_may(step: &Step, asked: &Asked<'_>) -> Result<(), Refusal> {
    if step.roles.iter().any(|role| role == asked.role) {
        return Ok(());
    }
    Err(Refusal {
        kind: RefusalKind::WrongRole,
        why: format!("您的岗位不能办理“{}”", step.label),
        why_en: format!("Your role may not take “{}”", step.label_en),
        hint: "请转交有该权限的岗位办理".to_owned(),
        hint_en: "Hand it to a role that may.".to_owned(),
    })
}

fn person_may(step: &Step, asked: &Asked<'_>) -> Result<(), Refusal> {
    if !step.not_by_who_entered || asked.entered_by != Some(asked.account) {
        return Ok(());
    }
    Err(Refusal {
        kind: RefusalKind::OwnEntry,
        why: format!("本记录由您录入,不能由您办理“{}”", step.label),
        why_en: format!("You entered this record, so you may not take “{}”", step.label_en),
        hint: "请由同岗位的另一人办理".to_owned(),
        hint_en: "Ask a colleague in the same role.".to_owned(),
    })
}

fn time_has_come(step: &Step, asked: &Asked<'_>) -> Result<(), Refusal> {
    let entered_on = asked.entered_state_on;
    if asked.today < entered_on {
        return Err(Refusal {
            kind: RefusalKind::BeforeEntry,
            why: format!("办理日期{}早于进入当前状态的日期{entered_on}", asked.today),
            why_en: format!("{} is before the record entered its state on {entered_on}", asked.today),
            hint: "请核对日期".to_owned(),
            hint_en: "Check the day.".to_owned(),
        });
    }
    if wait_is_over(entered_on, step.wait_days, asked.today) {
        return Ok(());
    }
    let first_day = first_day_after_wait(entered_on, step.wait_days);
    Err(Refusal {
        kind: RefusalKind::TooEarly(first_day),
        why: format!("“{}”须满{}个整日,自{entered_on}起算,期限未到", step.label, step.wait_days),
        why_en: format!("“{}” must wait {} whole days from {entered_on}", step.label_en, step.wait_days),
        hint: format!("{first_day}起可以办理"),
        hint_en: format!("It may be taken from {first_day} on."),
    })
}

fn everything_is_filled(register: &Register, step: &Step, asked: &Asked<'_>) -> Result<(), Refusal> {
    let missing: Vec<&String> = step.required.iter().filter(|field| !asked.filled.contains(&field.as_str())).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let labels: Vec<(&str, &str)> = missing.iter().map(|name| field_label(register, name)).collect();
    let chinese: Vec<&str> = labels.iter().map(|(label, _)| *label).collect();
    let english: Vec<&str> = labels.iter().map(|(_, label_en)| *label_en).collect();
    Err(Refusal {
        kind: RefusalKind::Missing(missing.into_iter().cloned().collect()),
        why: format!("办理“{}”前须填写:{}", step.label, chinese.join("、")),
        why_en: format!("“{}” needs: {}", step.label_en, english.join(", ")),
        hint: "填写后再次提交即可".to_owned(),
        hint_en: "Fill them in and submit again.".to_owned(),
    })
}

fn field_label<'a>(register: &'a Register, name: &'a str) -> (&'a str, &'a str) {
    let field = register.field.iter().find(|field| field.name == name);
    field.map_or((name, name), |field| (field.label.as_str(), field.label_en.as_str()))
}
