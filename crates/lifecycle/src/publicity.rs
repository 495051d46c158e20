//! Publicity: a notice hangs for its days, an objection stops it, and nothing goes on before its end.

use crate::asked::StepContext;
use crate::course::Course;
use crate::refusal::{Refusal, RefusalKind, refused};
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
    Err(refused(
        RefusalKind::TooEarly(free_on),
        [
            format!("公示自{}起、到{last_day}24时止,期限未满,不能办理“{}”", notice.on, step.label),
            format!("The notice of {} hangs until the end of {last_day}; “{}” must wait", notice.on, step.label_en),
        ],
        [format!("{free_on}起可以办理"), format!("It may be taken from {free_on} on.")],
    ))
}

fn not_public(step: &Step) -> Refusal {
    refused(
        RefusalKind::NotPublic,
        [
            format!("本记录没有公示的留痕,不能办理“{}”", step.label),
            format!("No notice of this record was put up, so “{}” may not be taken", step.label_en),
        ],
        [
            "请退回到公示以前的步骤,重新公示".to_owned(),
            "Send it back to before the notice and put it up again.".to_owned(),
        ],
    )
}

fn objected(step: &Step) -> Refusal {
    refused(
        RefusalKind::Objected,
        [
            format!("公示期内有异议尚未处理,不能办理“{}”", step.label),
            format!("There is an objection that is not settled, so “{}” may not be taken", step.label_en),
        ],
        [
            "请先核实异议并登记处理结果;异议成立的,退回后重新公示".to_owned(),
            "Look into the objection and enter the outcome; if it holds, send the record back.".to_owned(),
        ],
    )
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
        None => Err(["", "公示天数", "days of publicity"]),
        Some(form) => course.days(form, asked.today),
    };
    let days = days.map_err(|[name, label, label_en]| unset(step, [name, label, label_en]))?;
    let counting = Counting::of(publicity.in_working_days, asked.calendar);
    let term = term(asked.today, days, counting, &course.halts());
    term.map(|term| Some((days, term))).ok_or_else(|| unset(step, ["", "公示天数", "days of publicity"]))
}

fn unset(step: &Step, [name, label, label_en]: [&str; 3]) -> Refusal {
    refused(
        RefusalKind::Unset(name.to_owned()),
        [
            format!("《{label}》在本地尚未设定,不能办理“{}”", step.label),
            format!("“{label_en}” is not set at this place, so “{}” may not be taken", step.label_en),
        ],
        [
            format!("请县级管理人员先在参数 {name} 里设定(写明文件依据)"),
            format!("Have the parameter {name} set first, with its document."),
        ],
    )
}
