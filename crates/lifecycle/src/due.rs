//! By when a record is due: its deadlines, worked out from what happened to it.

use crate::course::Course;
use crate::history::Clock;
use model::Day;
use policy::Calendar;
use policy::declare::Register;

/// How a deadline of a record stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockState {
    /// It runs, through this day.
    Due(Day),
    /// It was stopped.
    Stopped,
    /// The parameter of its length, by name, is unset on the day on which it began.
    Unset(String),
    /// It was kept on this day, or missed: the second is its last day, where it was not stopped before.
    Ended(Day, Option<Day>),
}

/// Every run of every deadline of the record, by the deadline's name, in the order in which they began. Its length is that of
/// the day on which it began, at the record's place.
pub fn clocks(register: &Register, calendar: &Calendar, course: &Course<'_>) -> Vec<(String, ClockState)> {
    let runs = course.position.clocks.iter();
    runs.filter_map(|clock| Some((clock.deadline.clone(), state_of(register, clock, calendar, course)?))).collect()
}

fn state_of(register: &Register, clock: &Clock, calendar: &Calendar, course: &Course<'_>) -> Option<ClockState> {
    let at = register.deadline.iter().position(|deadline| deadline.name == clock.deadline)?;
    let days = match course.days(course.form.deadlines.get(at)?, clock.started_on) {
        Ok(days) => days,
        Err(unset) => return Some(ClockState::Unset(unset.name)),
    };
    let last_day = clock.due_on(&register.deadline[at], days, calendar, &course.halts());
    Some(match (clock.ended_on, last_day) {
        (Some(ended_on), last_day) => ClockState::Ended(ended_on, last_day),
        (None, Some(last_day)) => ClockState::Due(last_day),
        (None, None) => ClockState::Stopped,
    })
}
