//! The handle.

use crate::{Command, Declarations, Receipt, Refusal, StoreError, StoreKey, VerifiedBand, View};
use model::{Actor, Day, LakeRow, RegionCode};
use std::path::Path;
use std::sync::Arc;

/// Role of changes that no person makes: the command line of the machine's owner, and nightly work. No package declares it.
pub const SYSTEM_ROLE: &str = "system";

/// The actor for changes that no person makes, at this place.
pub fn system_actor(region: RegionCode) -> Actor {
    Actor {
        account: SYSTEM_ROLE.to_owned(),
        shown_name: "系统".to_owned(),
        role: SYSTEM_ROLE.to_owned(),
        region,
        department: None,
    }
}

/// An open database. Clones share it; it is safe to use from many threads.
#[derive(Clone, Debug)]
pub struct Store {
    _inner: Arc<()>,
}

/// What was checked by [`Store::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainReport {
    pub events: u64,
    /// Chains: one per county, and one for the installation.
    pub chains: u64,
    pub checkpoints: u64,
}

/// The first place where the log does not hold.
#[derive(Debug, thiserror::Error)]
pub enum ChainBreak {
    #[error("event {seq}, position {position} of chain {chain}: {what}")]
    Broken { chain: String, position: i64, seq: i64, what: String },
    #[error("the log cannot be read")]
    Unreadable(#[from] StoreError),
}

impl Store {
    /// Makes a new database with tables for every register of the package.
    ///
    /// `package`: `&policy::Package`, or [`Declarations`].
    ///
    /// # Errors
    /// `Exists` where the file is there already; `Declaration` where a register cannot become a table.
    pub fn create(path: &Path, package: impl Into<Declarations>, key: &StoreKey) -> Result<Store, StoreError> {
        let _ = (path, package.into(), key);
        Err(StoreError::WrongKey)
    }
    /// Opens a database; adds tables and columns that a newer package declares; puts interrupted jobs back in the queue.
    ///
    /// # Errors
    /// `NoDatabase`, `WrongKey`, `NewerForm`, `Declaration`.
    pub fn open(path: &Path, package: impl Into<Declarations>, key: &StoreKey) -> Result<Store, StoreError> {
        let _ = (path, package.into(), key);
        Err(StoreError::WrongKey)
    }
    /// The one door: makes the change whole or not at all, leaves an event for every record that changed.
    ///
    /// `today` is the day the change counts from, `at_ms` the instant (milliseconds since 1970).
    ///
    /// # Errors
    /// [`Refusal`] with the reason for people; nothing was changed then.
    pub fn apply(&self, actor: &Actor, today: Day, at_ms: i64, command: Command) -> Result<Receipt, Refusal> {
        let _ = (actor, today, at_ms, command);
        Err(StoreError::WrongKey.into())
    }
    /// The store as this actor sees it.
    pub fn view(&self, actor: &Actor) -> View {
        View { store: self.clone(), actor: actor.clone() }
    }
    /// Checks every event of every chain, and every checkpoint.
    ///
    /// # Errors
    /// [`ChainBreak`] with the first event that was altered, removed, inserted or moved.
    pub fn verify(&self) -> Result<ChainReport, ChainBreak> {
        Err(StoreError::WrongKey.into())
    }
    /// Bands in which reasons were verified by closing their lead, for the next screening; ordered.
    pub fn verified(&self) -> Result<Vec<VerifiedBand>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Gives every record of a register about households or residents inside `region`, ordered by household number and
    /// resident key, as rows for the lake: the values of the fields that may enter it, in declared order.
    ///
    /// # Errors
    /// `Stopped` with the text that `each` gave.
    pub fn snapshot(
        &self,
        register: &str,
        region: RegionCode,
        each: &mut dyn FnMut(LakeRow) -> Result<(), String>,
    ) -> Result<u64, StoreError> {
        let _ = (register, region, each);
        Err(StoreError::WrongKey)
    }
    /// Number of the last event that changed a record of the register in that county; 0 where there is none.
    pub fn register_version(&self, register: &str, county: RegionCode) -> Result<i64, StoreError> {
        let _ = (register, county);
        Err(StoreError::WrongKey)
    }
    /// A value of the installation that was set by `SetSetting`, as JSON text.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        let _ = name;
        Err(StoreError::WrongKey)
    }
    /// Copies the database to a new file while it is in use.
    pub fn back_up(&self, to: &Path) -> Result<(), StoreError> {
        let _ = to;
        Err(StoreError::WrongKey)
    }
}
