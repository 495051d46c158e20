//! Taking a step, and sending back.

use crate::approval;
use crate::asked::{Command, StepContext};
use crate::condition::{is_met, is_not_suspended, reason_is_given};
use crate::course::Course;
use crate::effect::Effect;
use crate::filled;
use crate::follow::{effects, events, taken_down};
use crate::history::{Approval, Event};
use crate::publicity;
use crate::refusal::{Refusal, RefusalKind, refusal};
use crate::register::{state_label, step_label};
use crate::step::{find_step, not_before_entry, person_may, role_may, starts_here, time_has_come};
use crate::transition::{Tally, Transition};
use policy::declare::{Register, Step};

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taker {
    Person,
    /// Nobody: its wait is over.
    ItsWait,
    /// Nobody: the step of another record takes it along.
    OtherRecord,
}

/// A step, by a person, by itself or along with another record's.
pub(crate) fn take(
    register: &Register,
    name: &str,
    taker: Taker,
    asked: &StepContext<'_>,
    course: &Course<'_>,
) -> Result<Transition, Refusal> {
    let (at, step) = find_step(register, name)?;
    starts_here(register, step, asked)?;
    let acted_for = match taker {
        Taker::Person => person(step, asked, course)?,
        Taker::ItsWait | Taker::OtherRecord => nobody(step, taker).map(|()| None)?,
    };
    stands_open(register, at, asked, course)?;
    is_met(register, step, at, asked, course)?;
    let what = &step_label(step);
    let photo = step.publicity.as_ref().and_then(|publicity| publicity.photo.as_ref());
    filled::fields(register, what, &step.required.iter().chain(photo).collect::<Vec<_>>(), asked)?;
    if !step.stops_clock.is_empty() || !step.resumes_clock.is_empty() {
        reason_is_given(register, step, what, course)?;
    }
    filled::children(register, what, &step.required_child, asked)?;
    let put_up = publicity::put_up(step, at, asked, course)?;
    let effects = effects(register, step, at, put_up.map(|(_, term)| term), asked, course)?;
    let role = acted_for.as_deref().unwrap_or(asked.role);
    let before = approval::so_far(step, course);
    let tally = before.map(|tally| Tally { given: tally.given.saturating_add(1), needed: tally.needed });
    let approved = tally.map(|_| {
        let (step, account, role) = (step.name.clone(), asked.account.to_owned(), role.to_owned());
        Event::Approved(Approval { step, account, role, on: asked.today })
    });
    if tally.is_some_and(|tally| !tally.is_full()) {
        let events = approved.into_iter().collect();
        return Ok(Transition { acted_for, tally, events, ..led(register, name, [asked.state; 2], asked, false) });
    }
    let events = approved.into_iter().chain(events(step, &effects, put_up.map(|(days, _)| days), asked)).collect();
    Ok(Transition { acted_for, tally, effects, events, ..led(register, name, [asked.state, &step.to], asked, true) })
}

/// The role, or an office that the person acts for; not who entered the record; not twice.
fn person(step: &Step, asked: &StepContext<'_>, course: &Course<'_>) -> Result<Option<String>, Refusal> {
    let acted_for = role_may(step, asked, course)?;
    person_may(step, asked)?;
    approval::may_agree(step, acted_for.as_deref().unwrap_or(asked.role), asked, course)?;
    Ok(acted_for)
}

/// What nobody takes is no agreement, and goes on by itself only where that is declared.
fn nobody(step: &Step, taker: Taker) -> Result<(), Refusal> {
    let approves = step.approvals.is_some() || step.not_by_who_entered;
    if !approves && (step.after_wait || taker == Taker::OtherRecord) {
        return Ok(());
    }
    Err(refusal!("step_by_person_only", RefusalKind::NotByItself, step = step_label(step)))
}

/// The place, the days of the state and those of its notice.
pub(crate) fn stands_open(
    register: &Register,
    at: usize,
    asked: &StepContext<'_>,
    course: &Course<'_>,
) -> Result<(), Refusal> {
    let step = &register.step[at];
    is_not_suspended(step, asked, course)?;
    time_has_come(step, asked, course)?;
    publicity::is_over(register, step, asked, course)
}

/// Back to a state before this one, with the reason: whoever may take the step may do so, at any time.
pub(crate) fn send_back(
    register: &Register,
    name: &str,
    to: &str,
    asked: &StepContext<'_>,
    course: &Course<'_>,
) -> Result<Transition, Refusal> {
    let command = Command::SendBack { step: name, to };
    let (_, step) = find_step(register, name)?;
    starts_here(register, step, asked)?;
    let acted_for = role_may(step, asked, course)?;
    person_may(step, asked)?;
    is_not_suspended(step, asked, course)?;
    not_before_entry(asked)?;
    if !step.returns_to.iter().any(|one| one == to) {
        return Err(no_such_return(register, step, to));
    }
    reason_is_given(register, step, &command.label(), course)?;
    let effects: Vec<Effect> = taken_down(register, course).into_iter().collect();
    let down = effects.iter().map(|_| Event::TakenDown { on: asked.today });
    let reached = Event::Reached { state: to.to_owned(), on: asked.today };
    let events = down.chain([reached]).collect();
    Ok(Transition { acted_for, effects, events, ..led(register, command.name(), [asked.state, to], asked, true) })
}

fn no_such_return(register: &Register, step: &Step, to: &str) -> Refusal {
    let states = words::list(step.returns_to.iter().map(|name| state_label(register, name)));
    let (kind, step, to) = (RefusalKind::NoSuchReturn, step_label(step), state_label(register, to));
    match states.is_empty() {
        true => refusal!("step_without_return", kind, step, to),
        false => refusal!("return_to_other_state", kind, step, to, states),
    }
}

fn led(register: &Register, step: &str, [from, to]: [&str; 2], asked: &StepContext<'_>, has_moved: bool) -> Transition {
    Transition {
        step: step.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        is_final: has_moved && register.state_named(to).is_some_and(|state| state.is_final),
        entered_state_on: if has_moved { asked.today } else { asked.entered_state_on },
        acted_for: None,
        tally: None,
        effects: Vec::new(),
        events: Vec::new(),
    }
}
