//! What happened to a record, and where it stands after it: states, approvals, notices and clocks are replayed, never stored.

use crate::wait::{Counting, Halt, Term, term};
use model::Day;
use policy::Calendar;
use policy::declare::{Deadline, Register};

/// Something that happened to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The record entered a state.
    Reached { state: String, on: Day },
    /// A person took a step that more than one must take.
    Approved(Approval),
    /// What had been agreed to was changed: who had agreed may agree again.
    Voided { on: Day },
    /// A notice was put up for so many days.
    PutUp { step: String, on: Day, days: u16, in_working_days: bool },
    /// The notice was taken down.
    TakenDown { on: Day },
    /// An objection to the notice was raised, none standing before.
    Objected { on: Day },
    /// No objection to the notice stands any more.
    Settled { on: Day },
    /// A deadline was stopped, with the reason given.
    ClockStopped { deadline: String, on: Day, reason: String },
    /// A deadline runs again, with the reason given.
    ClockResumed { deadline: String, on: Day, reason: String },
}

/// One person's taking of a step that more than one must take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    pub step: String,
    /// The person; whoever acts for an office is counted as the person that he or she is.
    pub account: String,
    /// The office, also where somebody acted for it.
    pub role: String,
    pub on: Day,
}

/// Where a record stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// Empty in registers without a lifecycle.
    pub state: String,
    pub entered_on: Day,
    /// Since the state was entered, and since the record was last changed.
    pub approvals: Vec<Approval>,
    /// The notice with which the state was entered.
    pub notice: Option<Notice>,
    /// Every run of every deadline, in the order in which they began.
    pub clocks: Vec<Clock>,
}

/// A notice that was put up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub step: String,
    pub on: Day,
    pub days: u16,
    pub in_working_days: bool,
    /// Objections, each from its day to the day on which it was settled.
    pub objections: Vec<Halt>,
    pub is_down: bool,
}

/// One run of a deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    pub deadline: String,
    pub started_on: Day,
    pub halts: Vec<Halt>,
    /// The day on which the record reached a state that keeps the deadline.
    pub ended_on: Option<Day>,
}

impl Position {
    /// A record that entered its state on that day, of which nothing else is known.
    pub fn at(state: &str, entered_on: Day) -> Position {
        Position { state: state.to_owned(), entered_on, approvals: Vec::new(), notice: None, clocks: Vec::new() }
    }

    /// The deadline's run that has not ended.
    pub fn running(&self, deadline: &str) -> Option<&Clock> {
        self.clocks.iter().find(|clock| clock.deadline == deadline && clock.ended_on.is_none())
    }
}

impl Notice {
    /// Its days; `None` while an objection stands. An objection after its last day comes too late to stop it.
    pub fn term(&self, calendar: &Calendar, suspended: &[Halt]) -> Option<Term> {
        let counting = Counting::of(self.in_working_days, calendar);
        let mut halts = suspended.to_vec();
        for objection in &self.objections {
            if term(self.on, self.days, counting, &halts).is_some_and(|so_far| objection.from <= so_far.last_day) {
                halts.push(*objection);
            }
        }
        term(self.on, self.days, counting, &halts)
    }
}

impl Clock {
    /// True while the clock is stopped.
    pub fn is_stopped(&self) -> bool {
        self.halts.last().is_some_and(|halt| halt.until.is_none())
    }

    /// The last day of the deadline, if it is `days` long; `None` while it is stopped before its end.
    pub fn due_on(&self, declared: &Deadline, days: u16, calendar: &Calendar, suspended: &[Halt]) -> Option<Day> {
        let halts: Vec<Halt> = self.halts.iter().chain(suspended).copied().collect();
        let counting = Counting::of(declared.in_working_days, calendar);
        term(self.started_on, days, counting, &halts).map(|term| term.last_day)
    }
}

/// Where a record stands after these events, in their order; `None` before it has reached a state.
pub fn replay(register: &Register, events: &[Event]) -> Option<Position> {
    let mut position: Option<Position> = None;
    for event in events {
        match (event, &mut position) {
            (Event::Reached { state, on }, _) => {
                let mut next = Position::at(state, *on);
                next.clocks = position.take().map(|before| before.clocks).unwrap_or_default();
                turn(register, &mut next);
                position = Some(next);
            }
            (_, Some(position)) => happened(position, event),
            (_, None) => {}
        }
    }
    position
}

/// Ends and starts deadlines as the record enters a state.
fn turn(register: &Register, position: &mut Position) {
    let (state, on) = (&position.state, position.entered_on);
    for deadline in &register.deadline {
        let running =
            position.clocks.iter_mut().find(|clock| clock.deadline == deadline.name && clock.ended_on.is_none());
        match running {
            Some(clock) if deadline.until_states.contains(state) => clock.ended_on = Some(on),
            None if deadline.from_states.contains(state) => position.clocks.push(Clock {
                deadline: deadline.name.clone(),
                started_on: on,
                halts: Vec::new(),
                ended_on: None,
            }),
            _ => {}
        }
    }
}

fn happened(position: &mut Position, event: &Event) {
    match event {
        Event::Reached { .. } => {}
        Event::Approved(approval) => position.approvals.push(approval.clone()),
        Event::Voided { .. } => position.approvals.clear(),
        Event::PutUp { step, on, days, in_working_days } => {
            position.notice = Some(Notice {
                step: step.clone(),
                on: *on,
                days: *days,
                in_working_days: *in_working_days,
                objections: Vec::new(),
                is_down: false,
            });
        }
        Event::TakenDown { .. } => position.notice.iter_mut().for_each(|notice| notice.is_down = true),
        Event::Objected { on } => position.notice.iter_mut().for_each(|notice| halt(&mut notice.objections, *on)),
        Event::Settled { on } => position.notice.iter_mut().for_each(|notice| resume(&mut notice.objections, *on)),
        Event::ClockStopped { deadline, on, .. } => clock(position, deadline, |halts| halt(halts, *on)),
        Event::ClockResumed { deadline, on, .. } => clock(position, deadline, |halts| resume(halts, *on)),
    }
}

fn clock(position: &mut Position, deadline: &str, change: impl Fn(&mut Vec<Halt>)) {
    let running = position.clocks.iter_mut().filter(|clock| clock.deadline == deadline && clock.ended_on.is_none());
    running.for_each(|clock| change(&mut clock.halts));
}

/// Stands still from the day on, unless it does already.
fn halt(halts: &mut Vec<Halt>, on: Day) {
    if halts.last().is_none_or(|halt| halt.until.is_some()) {
        halts.push(Halt { from: on, until: None });
    }
}

fn resume(halts: &mut [Halt], on: Day) {
    if let Some(halt) = halts.last_mut().filter(|halt| halt.until.is_none()) {
        halt.until = Some(on);
    }
}
