//! The offices that an account holds as a deputy.

use crate::log::offices::Office;
use crate::{Store, StoreError};
use model::{Actor, Day};

impl Store {
    /// The offices that the account holds on that day besides its own, in the order in which they were given. `own`: the account
    /// in its own role at its own place. A view or a change in an office's name is that of [`Office::actor`].
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn offices(&self, own: &Actor, today: Day) -> Result<Vec<Office>, StoreError> {
        // What is shown while records are brought up is nothing of an office either.
        if self.inner.must_be_complete().is_err() {
            return Ok(Vec::new());
        }
        self.inner.database.read(|transaction| self.inner.in_offices(transaction, own, today))
    }
}
