//! The decision on one command.

use crate::asked::{Command, StepContext};
use crate::course::Course;
use crate::filled;
use crate::history::{Event, Position};
use crate::refusal::{Refusal, RefusalKind, refusal};
use crate::register::{field_label, initial_state, state_label};
use crate::step::not_before_entry;
use crate::take::{Taker, send_back, take};
use crate::transition::Transition;
use model::{Day, Value};
use policy::RegisterForm;
use policy::declare::Register;
use words::Wording;

/// Decides on a command about a record of which no more is known than its state. A step that depends on more (a condition,
/// publicity, an effect with fields) is refused; see [`decide_with`].
///
/// # Errors
/// As [`decide_with`].
pub fn decide(register: &Register, command: Command<'_>, asked: &StepContext<'_>) -> Result<Transition, Refusal> {
    with_nothing_known(asked, |course| decide_with(register, command, asked, course))
}

/// Calls with a course in which nothing beyond the record's state is known.
pub(crate) fn with_nothing_known<T>(asked: &StepContext<'_>, call: impl FnOnce(&Course<'_>) -> T) -> T {
    let (form, position) = (RegisterForm::default(), Position::at(asked.state, asked.entered_state_on));
    let unset = |_: &str, _: Day| Value::Null;
    call(&Course {
        form: &form,
        fields: &[],
        given: asked.filled,
        parameters: &unset,
        position: &position,
        region: None,
        deputies: &[],
        suspensions: &[],
    })
}

/// Decides whether the command may be carried out now.
///
/// The order of the questions is fixed. A step: does it exist, does it start here, may the role, may this person, has he or she
/// agreed before, is the place open, is the wait over, is the publicity over, is its condition true, is everything filled, are
/// the child records there, can all that follows from it be made. The others: may the role, is the record open, is everything
/// filled. The first no is the answer.
///
/// # Errors
/// [`Refusal`], with what would make it pass.
pub fn decide_with(
    register: &Register,
    command: Command<'_>,
    asked: &StepContext<'_>,
    course: &Course<'_>,
) -> Result<Transition, Refusal> {
    match command {
        Command::Step(name) => take(register, name, Taker::Person, asked, course),
        Command::ByItself(name) => take(register, name, Taker::ItsWait, asked, course),
        Command::Advanced(name) => take(register, name, Taker::OtherRecord, asked, course),
        Command::SendBack { step, to } => send_back(register, step, to, asked, course),
        Command::Enter | Command::Opened => {
            if command == Command::Enter {
                may_enter(register, command, asked)?;
            }
            entered_fields(register, command, asked)?;
            let initial = initial_state(register).map_or("", |state| state.name.as_str());
            let entered = transition(register, command, ["", initial], asked.today);
            let events = vec![Event::Reached { state: initial.to_owned(), on: asked.today }];
            Ok(Transition { events, ..entered })
        }
        Command::Change(fields) => {
            may_enter(register, command, asked)?;
            is_open(register, command, asked)?;
            are_entered(register, fields)?;
            entered_fields(register, command, asked)?;
            Ok(transition(register, command, [asked.state; 2], asked.entered_state_on))
        }
        // A notice hangs in a state that may be locked, and people object to it all the same.
        Command::Object => {
            may_enter(register, command, asked)?;
            if course.position.notice.is_none() {
                is_open(register, command, asked)?;
            }
            not_before_entry(asked)?;
            Ok(transition(register, command, [asked.state; 2], asked.entered_state_on))
        }
        Command::Withdraw => {
            may_enter(register, command, asked)?;
            is_open(register, command, asked)?;
            Ok(transition(register, command, [asked.state; 2], asked.entered_state_on))
        }
    }
}

fn transition(register: &Register, command: Command<'_>, [from, to]: [&str; 2], entered_state_on: Day) -> Transition {
    Transition {
        step: command.name().to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        is_final: register.state_named(to).is_some_and(|state| state.is_final),
        entered_state_on,
        acted_for: None,
        tally: None,
        effects: Vec::new(),
        events: Vec::new(),
    }
}

fn may_enter(register: &Register, command: Command<'_>, asked: &StepContext<'_>) -> Result<(), Refusal> {
    if register.may_enter.iter().any(|role| role == asked.role) {
        return Ok(());
    }
    let (command, register) = (command.label(), Wording::pair(&register.label, &register.label_en));
    Err(refusal!("command_of_other_role", RefusalKind::WrongRole, command, register))
}

/// Final and locked states are closed to corrections and withdrawal.
fn is_open(register: &Register, command: Command<'_>, asked: &StepContext<'_>) -> Result<(), Refusal> {
    let state = register.state_named(asked.state);
    if state.is_none_or(|state| !state.is_final && !state.is_locked) {
        return not_before_entry(asked);
    }
    let (command, state) = (command.label(), state_label(register, asked.state));
    Err(refusal!("record_closed", RefusalKind::Closed, command, state))
}

fn are_entered(register: &Register, fields: &[&str]) -> Result<(), Refusal> {
    let is_calculated = |name: &&&str| register.field_named(name).is_some_and(|field| !field.is_entered());
    let calculated: Vec<&str> = fields.iter().filter(is_calculated).copied().collect();
    if calculated.is_empty() {
        return Ok(());
    }
    let fields = words::list(calculated.iter().map(|name| field_label(register, name)));
    let kind = RefusalKind::Calculated(calculated.into_iter().map(str::to_owned).collect());
    Err(refusal!("fields_calculated", kind, fields))
}

/// The fields that every record must have.
fn entered_fields(register: &Register, command: Command<'_>, asked: &StepContext<'_>) -> Result<(), Refusal> {
    let required = register.field.iter().filter(|field| field.required && field.is_entered());
    filled::fields(register, &command.label(), &required.map(|field| &field.name).collect::<Vec<_>>(), asked)
}
