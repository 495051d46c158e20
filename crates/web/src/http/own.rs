//! What a visit keeps for its own account and is no record: preferences, searches, what was read.

use crate::http::trouble::PageError;
use crate::http::visit::Visit;
use store::Job;

impl Visit<'_> {
    /// Keeps a preference in the place of the earlier one.
    ///
    /// # Errors
    /// What the store says.
    pub fn keep_preference(&self, name: &str, value: &str) -> Result<(), PageError> {
        Ok(self.running.store.keep_preference(self.actor, name, value)?)
    }

    /// Keeps a search, sealed, and gives the token by which the same account finds it again.
    ///
    /// # Errors
    /// What the store says.
    pub fn keep_search(&self, search: &str) -> Result<String, PageError> {
        Ok(self.running.store.keep_search(self.actor, search)?)
    }

    /// Marks one notice as read, or all where none is named.
    ///
    /// # Errors
    /// What the store says.
    pub fn mark_notices_read(&self, notice: Option<&str>) -> Result<(), PageError> {
        self.running.store.read_notices(self.actor, notice)?;
        self.running.forget_counts();
        Ok(())
    }

    /// Forgets a form of the account that was kept.
    ///
    /// # Errors
    /// What the store says.
    pub fn forget_unsent(&self, id: &str) -> Result<(), PageError> {
        Ok(self.running.store.forget_unsent(self.actor, id)?)
    }

    /// Ends the session of this visit.
    ///
    /// # Errors
    /// What the store says.
    pub fn end_session(&self) -> Result<(), PageError> {
        Ok(self.running.store.end_session(self.session_token(), self.site.now_ms())?)
    }

    /// A job of the account.
    ///
    /// # Errors
    /// `NotFound` for jobs of others and those that do not exist; what the store says.
    pub fn job(&self, id: i64) -> Result<Job, PageError> {
        self.view().job(id)?.ok_or(PageError::NotFound)
    }

    /// The latest jobs of all accounts, to be looked through for what the actor may have of them.
    ///
    /// # Errors
    /// What the store says.
    pub fn jobs_of_all(&self, limit: u32) -> Result<Vec<Job>, PageError> {
        let all = store::system_actor(self.site.package.head.region);
        Ok(self.running.store.jobs_of(&all, limit)?)
    }
}
