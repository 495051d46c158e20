//! What the record itself and its place say to a step: its condition, suspension, and the reason that it asks for.

use crate::asked::StepContext;
use crate::course::{Course, Suspension};
use crate::refusal::{Refusal, RefusalKind, refusal};
use crate::register::{field_label, step_label};
use model::Value;
use policy::declare::{Register, Step};
use policy::expression::{evaluate, names_of};
use words::Wording;

/// The value of a field here, or of `state`.
pub(crate) fn value_of(register: &Register, name: &str, asked: &StepContext<'_>, course: &Course<'_>) -> Value {
    if name == "state" {
        return Value::Text(asked.state.to_owned());
    }
    let at = register.field.iter().position(|field| field.name == name);
    at.and_then(|at| course.fields.get(at)).cloned().unwrap_or_default()
}

/// The value of an expression over the record on the day of the command.
pub(crate) fn value(
    register: &Register,
    expr: &policy::expression::Expr,
    asked: &StepContext<'_>,
    course: &Course<'_>,
) -> Value {
    let names = |name: &str| value_of(register, name, asked, course);
    let parameters = |name: &str| (course.parameters)(name, asked.today);
    evaluate(expr, &names, &parameters, asked.today)
}

/// The step's condition is true. One that cannot be answered, because what it reads is unknown, is not.
pub(crate) fn is_met(
    register: &Register,
    step: &Step,
    at: usize,
    asked: &StepContext<'_>,
    course: &Course<'_>,
) -> Result<(), Refusal> {
    if step.when.is_none() {
        return Ok(());
    }
    let form = course.form.steps.get(at).and_then(|form| form.when.as_ref());
    if form.is_some_and(|when| value(register, when, asked, course) == Value::Bool(true)) {
        return Ok(());
    }
    let read = form.map(names_of).unwrap_or_default();
    let is_empty = |name: &&String| value_of(register, name, asked, course).is_null() && *name != "day";
    let fields = words::list(read.iter().filter(is_empty).map(|name| field_label(register, name)));
    let (kind, step, why) = (RefusalKind::NotMet, step_label(step), Wording::pair(&step.when_why, &step.when_why_en));
    Err(match fields.is_empty() {
        true => refusal!("condition_not_met", kind, step, why),
        false => refusal!("condition_unanswered", kind, step, why, fields),
    })
}

/// Nothing is done at a place while it is suspended.
pub(crate) fn is_not_suspended(step: &Step, asked: &StepContext<'_>, course: &Course<'_>) -> Result<(), Refusal> {
    let Some(suspension) = course.suspended_on(asked.today) else { return Ok(()) };
    let Suspension { from, until, reason, .. } = suspension;
    let (step, free_on) = (step_label(step), until.plus_days(1));
    Err(refusal!("place_suspended", RefusalKind::Suspended(*until), step, from, until, reason, free_on))
}

/// The reason is given with this command: one that was given before is not this one's.
pub(crate) fn reason_is_given(
    register: &Register,
    step: &Step,
    what: &Wording,
    course: &Course<'_>,
) -> Result<(), Refusal> {
    let Some(field) = &step.reason else { return Ok(()) };
    if course.given.contains(&field.as_str()) {
        return Ok(());
    }
    let (kind, field) = (RefusalKind::Missing(vec![field.clone()]), field_label(register, field));
    Err(refusal!("reason_missing", kind, step = *what, field))
}
