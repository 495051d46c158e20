//! What stands in the way of a step.

use crate::asked::StepContext;
use crate::course::Course;
use crate::refusal::{Refusal, RefusalKind};
use crate::register::{counting, state_label};
use crate::wait::{first_day_after_wait, term};
use policy::declare::{Register, Step};

/// The step of that name, and its place among the declared ones.
pub(crate) fn find_step<'a>(register: &'a Register, name: &str) -> Result<(usize, &'a Step), Refusal> {
    register.step.iter().enumerate().find(|(_, step)| step.name == name).ok_or_else(|| Refusal {
        kind: RefusalKind::NoSuchStep,
        why: format!("《{}》没有“{name}”这一步骤", register.label),
        why_en: format!("{} has no step `{name}`", register.label_en),
        hint: "请刷新页面后重新选择步骤".to_owned(),
        hint_en: "Reload the page and choose again.".to_owned(),
    })
}

pub(crate) fn starts_here(register: &Register, step: &Step, asked: &StepContext<'_>) -> Result<(), Refusal> {
    let ended = register.state_named(asked.state).is_some_and(|state| state.is_final);
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

/// The role takes the step, or the account acts for an office that does: then that office.
pub(crate) fn role_may(step: &Step, asked: &StepContext<'_>, course: &Course<'_>) -> Result<Option<String>, Refusal> {
    if step.roles.iter().any(|role| role == asked.role) {
        return Ok(None);
    }
    if let Some(deputy) = course.acts_for(asked.account, &step.roles, asked.today) {
        return Ok(Some(deputy.role.clone()));
    }
    Err(Refusal {
        kind: RefusalKind::WrongRole,
        why: format!("您的岗位不能办理“{}”", step.label),
        why_en: format!("Your role may not take “{}”", step.label_en),
        hint: "请转交有该权限的岗位办理".to_owned(),
        hint_en: "Hand it to a role that may.".to_owned(),
    })
}

/// Who entered or changed the record may not take a step that is kept from them.
pub(crate) fn person_may(step: &Step, asked: &StepContext<'_>) -> Result<(), Refusal> {
    let has_a_hand = asked.entered_by == Some(asked.account) || asked.changed_by.contains(&asked.account);
    if !step.not_by_who_entered || !has_a_hand {
        return Ok(());
    }
    Err(Refusal {
        kind: RefusalKind::OwnEntry,
        why: format!("本记录由您录入或更正过,不能由您办理“{}”", step.label),
        why_en: format!("You entered or changed this record, so you may not take “{}”", step.label_en),
        hint: "请由同岗位的另一人办理".to_owned(),
        hint_en: "Ask a colleague in the same role.".to_owned(),
    })
}

pub(crate) fn time_has_come(step: &Step, asked: &StepContext<'_>, course: &Course<'_>) -> Result<(), Refusal> {
    let entered_on = asked.entered_state_on;
    not_before_entry(asked)?;
    let counting = counting(step, asked.calendar);
    // Suspensions end, so there is always a first day.
    let free_on = term(entered_on, step.wait_days, counting, &course.halts()).map(|term| term.free_on);
    let first_day = free_on.unwrap_or_else(|| first_day_after_wait(entered_on, step.wait_days, counting));
    if first_day <= asked.today {
        return Ok(());
    }
    let (days, days_en) = if step.in_working_days { ("工作日", "working days") } else { ("整日", "whole days") };
    Err(Refusal {
        kind: RefusalKind::TooEarly(first_day),
        why: format!("“{}”须满{}个{days},自{entered_on}起算,期限未到", step.label, step.wait_days),
        why_en: format!("“{}” must wait {} {days_en} from {entered_on}", step.label_en, step.wait_days),
        hint: format!("{first_day}起可以办理"),
        hint_en: format!("It may be taken from {first_day} on."),
    })
}

/// Nothing is done on a day before the record entered its state.
pub(crate) fn not_before_entry(asked: &StepContext<'_>) -> Result<(), Refusal> {
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
    Ok(())
}
