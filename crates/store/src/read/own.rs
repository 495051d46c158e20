//! What belongs to the actor's account and is no record: preferences, searches, forms that were kept, tokens, jobs.
//!
//! These rows stand outside the wall of places, so each is read in a transaction of its own, also where the view holds one.

use crate::read::View;
use crate::{Job, StoreError, TokenShown, UnsentForm};

impl View<'_> {
    /// A preference of the actor's account, as it was kept.
    ///
    /// # Errors
    /// When the database fails.
    pub fn preference(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.store.preference(&self.actor, name)
    }

    /// The search that the actor's account keeps under a token.
    ///
    /// # Errors
    /// When the database fails.
    pub fn search(&self, token: &str) -> Result<Option<String>, StoreError> {
        self.store.search(&self.actor, token)
    }

    /// The forms that are kept for the actor's account at `at_ms` (milliseconds since 1970), the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn unsent_forms(&self, at_ms: i64) -> Result<Vec<UnsentForm>, StoreError> {
        self.store.unsent_forms(&self.actor, at_ms)
    }

    /// The actor's own tokens, newest first; revoked ones too.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tokens(&self) -> Result<Vec<TokenShown>, StoreError> {
        self.store.tokens(&self.actor)
    }

    /// The latest jobs of the actor's account (of all accounts for the system), newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn jobs(&self, limit: u32) -> Result<Vec<Job>, StoreError> {
        self.store.jobs_of(&self.actor, limit)
    }

    /// A job, if it belongs to the actor's account (or the actor is the system).
    ///
    /// # Errors
    /// When the database fails.
    pub fn job(&self, id: i64) -> Result<Option<Job>, StoreError> {
        self.store.job(&self.actor, id)
    }
}
