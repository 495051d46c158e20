//! What a register says about its states.

use crate::wait::{Counting, last_day_of};
use model::Day;
use policy::Calendar;
use policy::declare::{Register, State, Step};

/// The day by which the state should have been left: the earliest deadline of the steps that leave it.
/// `None` where no step from this state has a deadline.
pub fn due_on(register: &Register, state: &str, entered_state_on: Day, calendar: &Calendar) -> Option<Day> {
    let leaving = register.step.iter().filter(|step| step.from.iter().any(|from| from == state));
    let deadline = |step: &Step| Some(last_day_of(entered_state_on, step.due_days?, counting(step, calendar)));
    leaving.filter_map(deadline).min()
}

/// The state in which records of this register start; `None` for registers without a lifecycle.
pub fn initial_state(register: &Register) -> Option<&State> {
    register.state.iter().find(|state| state.initial).or(register.state.first())
}

/// How the days of a step are counted.
pub(crate) fn counting<'a>(step: &Step, calendar: &'a Calendar) -> Counting<'a> {
    Counting::of(step.in_working_days, calendar)
}

/// The label of a state in both languages; its name where the register does not declare it.
pub(crate) fn state_label(register: &Register, name: &str) -> (String, String) {
    register
        .state_named(name)
        .map_or_else(|| (name.to_owned(), name.to_owned()), |state| (state.label.clone(), state.label_en.clone()))
}

/// The label of a field in both languages; its name where the register does not declare it.
pub(crate) fn field_label<'a>(register: &'a Register, name: &'a str) -> (&'a str, &'a str) {
    register.field_named(name).map_or((name, name), |field| (field.label.as_str(), field.label_en.as_str()))
}

/// The label of a kind of child record in both languages; its name where the register does not declare it.
pub(crate) fn child_label<'a>(register: &'a Register, name: &'a str) -> (&'a str, &'a str) {
    register.child_named(name).map_or((name, name), |child| (child.label.as_str(), child.label_en.as_str()))
}
