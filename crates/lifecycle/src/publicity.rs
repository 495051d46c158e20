//! Publicity: a notice hangs for its days, an objection stops it, and nothing goes on before its end.

use crate::asked::StepContext;
use crate::course::{Course, UnsetParameter};
use crate::refusal::{Refusal, RefusalKind, refusal};
use crate::register::step_label;
use crate::wait::{Counting, Term, term};
use policy::declare::{Register, Step};

/// The state of the record is left only after the days of the notice with which it was entered.
pub(crate) fn is_over(
    register: &Register,
    step: &Step,
    asked: &StepContext<'_>,
    course: &Course<'_>,
) -> Result<(), Refusal> {
    let is_public = register.step.iter().any(|one| one.publicity.is_some() && one.to == asked.state);
    let Some(notice) = course.position.notice.as_ref().filter(|_| course.position.state == asked.state) else {
        return if is_public { Err(not_public(step)) } else { Ok(()) };
    };
    let Some(Term { last_day, free_on, .. }) = notice.term(asked.calendar, &course.halts()) else {
        return Err(objected(step));
    };
    if free_on <= asked.today {
        return Ok(());
    }
    let (kind, step) = (RefusalKind::TooEarly(free_on), step_label(step));
    Err(refusal!("notice_hangs", kind, step, from = notice.on, last_day, free_on))
}

/// The days of the notice with which the record entered its state; `None` where there is none, it is down, or an objection stands.
pub fn notice_term(asked: &StepContext<'_>, course: &Course<'_>) -> Option<Term> {
    let notice = course.position.notice.as_ref().filter(|notice| !notice.is_down)?;
    notice.term(asked.calendar, &course.halts())
}

fn not_public(step: &Step) -> Refusal {
    refusal!("notice_missing", RefusalKind::NotPublic, step = step_label(step))
}

fn objected(step: &Step) -> Refusal {
    refusal!("objection_open", RefusalKind::Objected, step = step_label(step))
}

/// The days of the notice that the step puts up today; `None` where it puts up none.
///
/// # Errors
/// Where the parameter of its length is unset.
pub(crate) fn put_up(
    step: &Step,
    at: usize,
    asked: &StepContext<'_>,
    course: &Course<'_>,
) -> Result<Option<(u16, Term)>, Refusal> {
    let Some(publicity) = &step.publicity else { return Ok(None) };
    let form = course.form.steps.get(at).and_then(|form| form.publicity_days.as_ref());
    let days = match form {
        None => Err(no_length(step)),
        Some(form) => course.days(form, asked.today).map_err(|unset| parameter_unset(step, unset)),
    }?;
    let counting = Counting::of(publicity.in_working_days, asked.calendar);
    let term = term(asked.today, days, counting, &course.halts());
    term.map(|term| Some((days, term))).ok_or_else(|| no_length(step))
}

fn no_length(step: &Step) -> Refusal {
    refusal!("notice_days_unset", RefusalKind::Unset(String::new()), step = step_label(step))
}

fn parameter_unset(step: &Step, UnsetParameter { name, label }: UnsetParameter) -> Refusal {
    refusal!("step_parameter_unset", RefusalKind::Unset(name.clone()), step = step_label(step), label, name)
}
