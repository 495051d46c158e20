//! May this record take this step, by whom and when, and what follows?
//!
//! Everything here is decided from arguments: no file, no network, no clock. The steps come from a register's declaration.
//!
//! - [`decide`] answers for one step: a [`Transition`] or a [`Refusal`] that says what would make it pass.
//! - [`offers`] answers for all steps that leave a state, for the buttons of a page.
//! - [`due_on`] is the day by which a state should have been left.

mod decide;
mod refusal;
mod wait;

pub use decide::{Asked, Offer, Transition, decide, due_on, initial_state, offers};
pub use refusal::{Refusal, RefusalKind};
pub use wait::{first_day_after_wait, wait_is_over};
