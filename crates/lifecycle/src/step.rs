//! What stands in the way of a step.

use crate::asked::StepContext;
use crate::course::Course;
use crate::refusal::{Refusal, RefusalKind, refusal};
use crate::register::{counting, state_label, step_label};
use crate::wait::{first_day_after_wait, term};
use policy::declare::{Register, Step};
use words::{Wording, wording};

/// The step of that name, and its place among the declared ones.
pub(crate) fn find_step<'a>(register: &'a Register, name: &str) -> Result<(usize, &'a Step), Refusal> {
    register.step.iter().enumerate().find(|(_, step)| step.name == name).ok_or_else(|| {
        let register = Wording::pair(&register.label, &register.label_en);
        refusal!("step_unknown", RefusalKind::NoSuchStep, register, name)
    })
}

pub(crate) fn starts_here(register: &Register, step: &Step, asked: &StepContext<'_>) -> Result<(), Refusal> {
    let ended = register.state_named(asked.state).is_some_and(|state| state.is_final);
    if !ended && step.from.iter().any(|from| from == asked.state) {
        return Ok(());
    }
    let (label, state) = (step_label(step), state_label(register, asked.state));
    let starts = words::list(step.from.iter().map(|name| state_label(register, name)));
    Err(refusal!("step_from_other_state", RefusalKind::WrongState, step = label, state, starts))
}

/// The role takes the step, or the account acts for an office that does: then that office.
pub(crate) fn role_may(step: &Step, asked: &StepContext<'_>, course: &Course<'_>) -> Result<Option<String>, Refusal> {
    if step.roles.iter().any(|role| role == asked.role) {
        return Ok(None);
    }
    if let Some(deputy) = course.acts_for(asked.account, &step.roles, asked.today) {
        return Ok(Some(deputy.role.clone()));
    }
    Err(refusal!("step_of_other_role", RefusalKind::WrongRole, step = step_label(step)))
}

/// Who entered or changed the record may not take a step that is kept from them.
pub(crate) fn person_may(step: &Step, asked: &StepContext<'_>) -> Result<(), Refusal> {
    let has_a_hand = asked.entered_by == Some(asked.account) || asked.changed_by.contains(&asked.account);
    if !step.not_by_who_entered || !has_a_hand {
        return Ok(());
    }
    Err(refusal!("step_own_entry", RefusalKind::OwnEntry, step = step_label(step)))
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
    let days = step.wait_days;
    let wait = match step.in_working_days {
        true => wording!("length_working_days", days),
        false => wording!("length_whole_days", days),
    };
    let (kind, step) = (RefusalKind::TooEarly(first_day), step_label(step));
    Err(refusal!("step_too_early", kind, step, wait, entered_on, first_day))
}

/// Nothing is done on a day before the record entered its state.
pub(crate) fn not_before_entry(asked: &StepContext<'_>) -> Result<(), Refusal> {
    let entered_on = asked.entered_state_on;
    if asked.today < entered_on {
        return Err(refusal!("day_before_state", RefusalKind::BeforeEntry, day = asked.today, entered_on));
    }
    Ok(())
}
