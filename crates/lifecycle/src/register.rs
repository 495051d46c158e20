//! What a register says about its states.

use crate::wait::{Counting, Halt, term};
use model::Day;
use policy::Calendar;
use policy::declare::{Register, State, Step};
use words::Wording;

/// The day by which the state should have been left: the earliest deadline of the steps that leave it, `halts` left out.
/// `None` where no step from this state has a deadline.
pub fn due_on(
    register: &Register,
    state: &str,
    entered_state_on: Day,
    calendar: &Calendar,
    halts: &[Halt],
) -> Option<Day> {
    let leaving = register.step.iter().filter(|step| step.from.iter().any(|from| from == state));
    let deadline = |step: &Step| term(entered_state_on, step.due_days?, counting(step, calendar), halts);
    leaving.filter_map(deadline).map(|term| term.last_day).min()
}

/// The state in which records of this register start; `None` for registers without a lifecycle.
pub fn initial_state(register: &Register) -> Option<&State> {
    register.state.iter().find(|state| state.initial).or(register.state.first())
}

/// How the days of a step are counted.
pub(crate) fn counting<'a>(step: &Step, calendar: &'a Calendar) -> Counting<'a> {
    Counting::of(step.in_working_days, calendar)
}

/// The label of a step.
pub(crate) fn step_label(step: &Step) -> Wording {
    Wording::pair(&step.label, &step.label_en)
}

/// The label of a state; its name where the register does not declare it.
pub(crate) fn state_label(register: &Register, name: &str) -> Wording {
    let declared = register.state_named(name);
    declared.map_or_else(|| Wording::same(name), |state| Wording::pair(&state.label, &state.label_en))
}

/// The label of a field; its name where the register does not declare it.
pub(crate) fn field_label(register: &Register, name: &str) -> Wording {
    let declared = register.field_named(name);
    declared.map_or_else(|| Wording::same(name), |field| Wording::pair(&field.label, &field.label_en))
}

/// The label of a kind of child record; its name where the register does not declare it.
pub(crate) fn child_label(register: &Register, name: &str) -> Wording {
    let declared = register.child_named(name);
    declared.map_or_else(|| Wording::same(name), |child| Wording::pair(&child.label, &child.label_en))
}
