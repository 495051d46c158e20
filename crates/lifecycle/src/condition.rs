//! What the record itself and its place say to a step: its condition, suspension, and the reason that it asks for.

use crate::asked::StepContext;
use crate::course::Course;
use crate::filled;
use crate::refusal::{Refusal, RefusalKind, refused};
use crate::register::field_label;
use model::{Day, Value};
use policy::declare::{Register, Step};
use policy::expression::{evaluate, names_of};

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
    let (empty, empty_en) = filled::labels(read.iter().filter(is_empty).map(|name| field_label(register, name)));
    let (hint, hint_en) = match empty.is_empty() {
        true => ("请核对记录的内容".to_owned(), "Check what the record says.".to_owned()),
        false => (format!("还没有填写:{empty}"), format!("Not filled yet: {empty_en}")),
    };
    Err(refused(
        RefusalKind::NotMet,
        [format!("不能办理“{}”:{}", step.label, step.when_why), format!("“{}”: {}", step.label_en, step.when_why_en)],
        [hint, hint_en],
    ))
}

/// Nothing is done at a place while it is suspended.
pub(crate) fn is_not_suspended(step: &Step, asked: &StepContext<'_>, course: &Course<'_>) -> Result<(), Refusal> {
    let Some(suspension) = course.suspended_on(asked.today) else { return Ok(()) };
    let (until, next): (Day, Day) = (suspension.until, suspension.until.plus_days(1));
    Err(refused(
        RefusalKind::Suspended(until),
        [
            format!("本地自{}至{until}暂停办理({}),不能办理“{}”", suspension.from, suspension.reason, step.label),
            format!("Nothing is done at this place through {until}, so “{}” may not be taken", step.label_en),
        ],
        [
            format!("{next}起可以办理;期间各项期限不计"),
            format!("It may be taken from {next} on; deadlines stand still."),
        ],
    ))
}

/// The reason is given with this command: one that was given before is not this one's.
pub(crate) fn reason_is_given(
    register: &Register,
    step: &Step,
    what: [&str; 2],
    course: &Course<'_>,
) -> Result<(), Refusal> {
    let Some(field) = &step.reason else { return Ok(()) };
    if course.given.contains(&field.as_str()) {
        return Ok(());
    }
    let (label, label_en) = field_label(register, field);
    Err(refused(
        RefusalKind::Missing(vec![field.clone()]),
        [format!("“{}”须写明原因:{label}", what[0]), format!("“{}” needs its reason: {label_en}", what[1])],
        ["填写后再次提交即可".to_owned(), "Fill it in and submit again.".to_owned()],
    ))
}
