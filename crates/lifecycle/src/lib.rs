//! May this be done with this record, by whom and when, and what follows?
//!
//! Everything here is decided from arguments: no file, no network, no clock. The steps come from a register's declaration, the
//! working days from the package's calendar.
//!
//! - [`decide`] answers for one command (enter, change, withdraw, a step): a [`Transition`] or a [`Refusal`] that says what
//!   would make it pass.
//! - [`offers`] answers for all steps that leave a state, for the buttons of a page.
//! - [`due_on`] is the day by which a state should have been left.
//! - [`run_cases`] runs the cases of a package, those about steps among them.

mod asked;
mod cases;
mod decide;
mod filled;
mod refusal;
mod register;
mod step;
mod wait;

pub use asked::{Asked, Command};
pub use cases::run_cases;
pub use decide::{Offer, Transition, decide, offers};
pub use refusal::{Refusal, RefusalKind};
pub use register::{due_on, initial_state};
pub use wait::{Counting, first_day_after_wait, last_day_of, wait_is_over};
