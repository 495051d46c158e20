//! What happens without anybody asking: steps whose wait is over, notices whose days are over, objections that stop them.

use crate::asked::{Command, StepContext};
use crate::course::Course;
use crate::decide::decide_with;
use crate::history::{Event, Position};
use crate::transition::Transition;
use model::{Day, Value};
use policy::RegisterForm;
use policy::declare::{Publicity, Register};
use policy::expression::evaluate;

/// The step that goes on by itself today, if one does: the first in declared order whose wait is over and whose condition is
/// true. Account and role of `asked` are not read. Never a step that approves.
pub fn automatic(register: &Register, asked: &StepContext<'_>, course: &Course<'_>) -> Option<Transition> {
    let waiting = register.step.iter().filter(|step| step.after_wait);
    let decided = waiting.map(|step| decide_with(register, Command::ByItself(&step.name), asked, course));
    decided.filter_map(Result::ok).next()
}

/// True when the record's notice is to be taken down today: its days are over, it hangs still, and it does not stay. What
/// happened then is [`Event::TakenDown`].
pub fn take_down_is_due(register: &Register, asked: &StepContext<'_>, course: &Course<'_>) -> bool {
    let Some(notice) = course.position.notice.as_ref().filter(|notice| !notice.is_down) else { return false };
    let comes_down = publicity(register, course.position).is_some_and(|publicity| publicity.takes_down);
    let term = notice.term(asked.calendar, &course.halts());
    comes_down && term.is_some_and(|term| term.free_on <= asked.today)
}

fn publicity<'r>(register: &'r Register, position: &Position) -> Option<&'r Publicity> {
    let notice = position.notice.as_ref()?;
    register.step.iter().find(|step| step.name == notice.step)?.publicity.as_ref()
}

/// Objections to a notice, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Objections {
    /// Those that stand.
    pub open: usize,
    /// Those that have their outcome.
    pub settled: usize,
}

/// How many of these child records are objections to the record's notice that stand, and how many are settled.
///
/// `rows`: child records of the kind that the notice's step names as `objections`, entered since it was put up, each with one
/// value per declared field. One that cannot be said to be settled is not.
pub fn objections(
    register: &Register,
    form: &RegisterForm,
    position: &Position,
    rows: &[Vec<Value>],
    today: Day,
) -> Objections {
    let Some(notice) = &position.notice else { return Objections::default() };
    let Some(at) = register.step.iter().position(|step| step.name == notice.step) else { return Objections::default() };
    let kind = register.step[at].publicity.as_ref().and_then(|publicity| publicity.objections.as_deref());
    let Some(child) = kind.and_then(|kind| register.child_named(kind)) else { return Objections::default() };
    let settled = form.steps.get(at).and_then(|form| form.settled.as_ref());
    let is_settled = |row: &&Vec<Value>| {
        let names = |name: &str| {
            let at = child.field.iter().position(|field| field.name == name);
            at.and_then(|at| row.get(at)).cloned().unwrap_or_default()
        };
        settled.is_some_and(|settled| evaluate(settled, &names, &|_| Value::Null, today) == Value::Bool(true))
    };
    let settled = rows.iter().filter(is_settled).count();
    Objections { open: rows.len() - settled, settled }
}

/// What happened to the notice when its objections changed. One that comes together with its outcome stops the day on which it
/// comes, as if the outcome had been entered right behind it.
pub fn objection(before: Objections, after: Objections, on: Day) -> Vec<Event> {
    match (before.open, after.open) {
        (0, 1..) => vec![Event::Objected { on }],
        (1.., 0) => vec![Event::Settled { on }],
        (0, 0) if before.settled < after.settled => vec![Event::Objected { on }, Event::Settled { on }],
        _ => Vec::new(),
    }
}
