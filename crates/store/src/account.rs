//! Accounts, sign-in with delay and lock, and sessions.
//!
//! Password hashes are opaque here; whoever checks passwords reports the outcome, and the store counts.

use crate::{Store, StoreError};
use model::{Actor, RegionCode};

/// An account as sign-in needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub shown_name: String,
    pub role: String,
    pub region: RegionCode,
    pub department: Option<String>,
    pub password_hash: String,
    /// Failed sign-ins since the last one that worked.
    pub failures: u32,
    /// Sign-in is refused before this instant (milliseconds since 1970), even with the right password.
    pub locked_until_ms: i64,
}

impl Account {
    /// The account as an actor.
    pub fn actor(&self) -> Actor {
        Actor {
            account: self.name.clone(),
            shown_name: self.shown_name.clone(),
            role: self.role.clone(),
            region: self.region,
            department: self.department.clone(),
        }
    }
}

/// How long sessions last.
#[derive(Clone, Copy, Debug)]
pub struct SessionTimes {
    /// Ends after so long without a request.
    pub idle_ms: i64,
    /// Ends so long after sign-in in any case.
    pub longest_ms: i64,
}

impl Default for SessionTimes {
    /// Half an hour idle, twelve hours at most.
    fn default() -> SessionTimes {
        SessionTimes { idle_ms: 30 * 60_000, longest_ms: 12 * 3_600_000 }
    }
}

impl Store {
    /// The account with that name, if there is one.
    pub fn find_account(&self, _name: &str) -> Result<Option<Account>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// All accounts, ordered by name.
    pub fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Notes a failed sign-in. The first two cost nothing, each further one doubles a delay that starts at two seconds,
    /// the tenth locks for fifteen minutes. Returns the instant before which sign-in is refused.
    pub fn note_failed_sign_in(&self, _account: &str, _at_ms: i64) -> Result<i64, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Starts a session after a sign-in that worked, sets the failures to zero. `token` is secret and random (32 bytes or
    /// more as text); only its hash is kept. `None` where the account does not exist or is locked at `at_ms`.
    pub fn begin_session(
        &self,
        _account: &str,
        _token: &str,
        _at_ms: i64,
        _times: SessionTimes,
    ) -> Result<Option<Actor>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Who the token belongs to, if the session is alive at `at_ms`; moves its idle end forward.
    pub fn session(&self, _token: &str, _at_ms: i64) -> Result<Option<Actor>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Ends a session; an unknown token is no error.
    pub fn end_session(&self, _token: &str, _at_ms: i64) -> Result<(), StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Ends all sessions of an account, e.g. after its password was set.
    pub fn end_sessions_of(&self, _account: &str) -> Result<(), StoreError> {
        Err(StoreError::WrongKey)
    }
}
