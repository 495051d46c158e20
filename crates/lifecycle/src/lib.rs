//! May this be done with this record, by whom and when, and what follows?
//!
//! Everything here is decided from arguments: no file, no network, no clock. The steps come from a register's declaration, the
//! working days from the package's calendar.
//!
//! - [`decide_with`] answers for one command (enter, change, withdraw, a step, sending back): a [`Transition`] with what follows
//!   and what happened, or a [`Refusal`] that says what would make it pass. [`decide`] does so where only the state is known.
//! - [`offers_with`] answers for all steps that leave a state, for the buttons of a page, and [`preview`] says before a step is
//!   taken which days follow from it.
//! - [`automatic`] is the step that goes on by itself when its wait is over, and [`take_down_is_due`] its sibling for notices.
//! - [`replay`] tells where a record stands after its events: state, approvals, notice and clocks; [`clocks`] by when it is due.
//! - [`due_on`] is the day by which a state should have been left.
//! - [`run_cases`] runs the cases of a package, those about steps among them.

mod approval;
mod asked;
mod automatic;
mod cases;
mod condition;
mod course;
mod decide;
mod due;
mod effect;
mod filled;
mod follow;
mod history;
mod offer;
mod preview;
mod publicity;
mod refusal;
mod register;
mod step;
mod take;
mod transition;
mod wait;

pub use approval::{still_needed, tally};
pub use asked::{Command, StepContext};
pub use automatic::{Objections, automatic, objection, objections, take_down_is_due};
pub use cases::run_cases;
pub use course::{Course, Deputy, Suspension};
pub use decide::{decide, decide_with};
pub use due::{ClockState, clocks};
pub use effect::{Effect, RecordNamed};
pub use history::{Approval, Clock, Event, Notice, Position, replay};
pub use offer::{Offer, offers, offers_with};
pub use preview::{Preview, preview};
pub use publicity::notice_term;
pub use refusal::{Refusal, RefusalKind};
pub use register::{due_on, initial_state};
pub use transition::{Tally, Transition};
pub use wait::{Counting, Halt, Term, first_day_after_wait, last_day_of, term, wait_is_over};
