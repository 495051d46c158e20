//! Which days follow from a step, said before it is taken.

use crate::asked::StepContext;
use crate::course::Course;
use crate::publicity::put_up;
use crate::refusal::Refusal;
use crate::register::{counting, step_label};
use crate::step::find_step;
use crate::wait::{Term, term};
use policy::declare::{Register, Step};
use words::{Wording, wording};

/// The days that a step would begin, and the sentence about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    pub term: Term,
    pub sentence: Wording,
}

/// The days that follow if the step is taken today: those of its notice, or else the shortest wait of the steps behind it.
/// `None` where nothing has to be waited for.
///
/// # Errors
/// Where the register has no such step, or the length of the notice is unset.
pub fn preview(
    register: &Register,
    step: &str,
    asked: &StepContext<'_>,
    course: &Course<'_>,
) -> Result<Option<Preview>, Refusal> {
    let (at, step) = find_step(register, step)?;
    if let Some((days, term)) = put_up(step, at, asked, course)? {
        let in_working_days = step.publicity.as_ref().is_some_and(|publicity| publicity.in_working_days);
        return Ok(Some(Preview { term, sentence: of_notice(days, in_working_days, term) }));
    }
    let behind = register.step.iter().filter(|next| next.from.contains(&step.to) && next.wait_days > 0);
    let term_of = |next: &Step| term(asked.today, next.wait_days, counting(next, asked.calendar), &course.halts());
    let waits = behind.filter_map(|next| Some((next, term_of(next)?)));
    let first = waits.min_by_key(|(_, term)| term.free_on);
    Ok(first.map(|(next, term)| Preview { term, sentence: of_wait(next, term) }))
}

fn length(days: u16, in_working_days: bool) -> Wording {
    if in_working_days { wording!("length_working_days", days) } else { wording!("length_days", days) }
}

fn of_notice(days: u16, in_working_days: bool, Term { from, last_day, free_on }: Term) -> Wording {
    wording!("preview_notice", from, length = length(days, in_working_days), last_day, free_on)
}

fn of_wait(next: &Step, Term { from, last_day, free_on }: Term) -> Wording {
    let length = length(next.wait_days, next.in_working_days);
    wording!("preview_wait", from, length, last_day, free_on, next = step_label(next))
}
