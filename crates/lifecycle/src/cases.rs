//! Runs the cases of a package, with those that ask whether a step may be taken.

use crate::asked::{Command, StepContext};
use crate::course::Course;
use crate::decide::decide_with;
use crate::history::{Approval, Event, Position, replay};
use crate::register::initial_state;
use model::Day;
use policy::declare::Register;
use policy::{CaseReport, DaysForm, Package, RegisterForm, StepCase, StepTaken, run_cases_with};
use words::{Wording, wording};

/// Runs all cases of the package: values, checks and constraints as `policy` does, steps by [`decide_with`].
pub fn run_cases(package: &Package) -> CaseReport {
    run_cases_with(package, &taken)
}

/// Accounts that stand for who entered the record of a case and for somebody else.
const WHO_ENTERED: &str = "who entered";
const SOMEBODY: &str = "somebody else";

fn taken(package: &Package, case: &StepCase<'_>) -> Result<StepTaken, Wording> {
    let unknown = || wording!("case_without_register", register = case.register);
    let register = package.registers.get(case.register).ok_or_else(unknown)?;
    let form = package.register_forms.get(case.register).ok_or_else(unknown)?;
    let position = position_of(register, form, case);
    let name = case.asked.name.as_str();
    let command = match &case.asked.returns_to {
        Some(to) => Command::SendBack { step: name, to },
        None if case.asked.by_itself => Command::ByItself(name),
        None => Command::Step(name),
    };
    let asked = StepContext {
        state: case.state,
        entered_state_on: case.since,
        entered_by: Some(WHO_ENTERED),
        changed_by: &[],
        account: if case.asked.is_own { WHO_ENTERED } else { SOMEBODY },
        role: &case.asked.role,
        filled: &case.filled,
        children: &case.children,
        calendar: &package.calendar,
        today: case.day,
    };
    let course = Course {
        form,
        fields: case.fields,
        given: &case.given,
        parameters: case.parameters,
        position: &position,
        region: Some(case.region),
        deputies: &[],
        suspensions: &[],
    };
    let transition = decide_with(register, command, &asked, &course)
        .map_err(|refusal| words::clauses([refusal.what, refusal.hint]))?;
    let effects = transition.effects.iter().map(ToString::to_string).collect();
    Ok(StepTaken { to: transition.to, effects })
}

/// What happened to the record before, as far as the case says: it came from where records start, and what stops a deadline on
/// the way to its state has stopped it.
fn position_of(register: &Register, form: &RegisterForm, case: &StepCase<'_>) -> Position {
    let on = case.since;
    let reached = |state: &str| Event::Reached { state: state.to_owned(), on };
    let stopped = register.step.iter().filter(|step| step.to == case.state).flat_map(|step| &step.stops_clock);
    let stopped = stopped.map(|name| Event::ClockStopped { deadline: name.clone(), on, reason: String::new() });
    let start = initial_state(register).map(|state| reached(&state.name));
    let mut events: Vec<Event> = start.into_iter().chain(stopped).chain([reached(case.state)]).collect();
    events.extend(notice_of(register, form, case));
    events.extend(case.asked.objected_on.map(|on| Event::Objected { on: on.0 }));
    events.extend(case.asked.settled_on.map(|on| Event::Settled { on: on.0 }));
    events.extend(case.asked.approved_by.iter().enumerate().map(|(at, role)| {
        let account = format!("person {}", at + 1);
        Event::Approved(Approval { step: case.asked.name.clone(), account, role: role.clone(), on: case.since })
    }));
    replay(register, &events).unwrap_or_else(|| Position::at(case.state, case.since))
}

/// A record in a state of publicity came there with its notice.
fn notice_of(register: &Register, form: &RegisterForm, case: &StepCase<'_>) -> Option<Event> {
    let at = register.step.iter().position(|step| step.publicity.is_some() && step.to == case.state)?;
    let days = match form.steps.get(at)?.publicity_days.as_ref()? {
        DaysForm::Count(count) => *count,
        DaysForm::Parameter { name, .. } => length(case, name, case.since)?,
    };
    let (step, publicity) = (&register.step[at], register.step[at].publicity.as_ref()?);
    let in_working_days = publicity.in_working_days;
    Some(Event::PutUp { step: step.name.clone(), on: case.since, days, in_working_days })
}

fn length(case: &StepCase<'_>, parameter: &str, on: Day) -> Option<u16> {
    u16::try_from((case.parameters)(parameter, on).as_i64()?).ok()
}
