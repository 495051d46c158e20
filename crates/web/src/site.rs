//! What the pages stand on: the store, the package, the desk, the folders and today.

use crate::session::Sessions;
use crate::throttle::Throttle;
use model::{Day, Evidence, HouseholdNo, RegionCode, ResidentKey, Value};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Everything that the pages need; `router` takes it.
pub struct Site {
    pub store: store::Store,
    pub package: Arc<policy::Package>,
    /// Answers what only the analysis knows.
    pub desk: Arc<dyn Desk>,
    /// Files that were handed in wait here for their import job, named by their hash.
    pub inbox: PathBuf,
    /// Files for download: `<out>/<job id>/<name>`.
    pub out: PathBuf,
    /// The day today; a function, so that tests may choose it.
    pub today: fn() -> Day,
    /// Cookies are sent over HTTPS only. Switch on behind a TLS proxy; off on a plain local address.
    pub secure_cookies: bool,
}

/// What pages ask of the program, because only the analysis can answer.
pub trait Desk: Send + Sync {
    /// The facts of one household and of its members on `day`, each with the rows it stands on; in the package's order.
    /// Called on a blocking thread, after the caller has checked that the household is in the actor's scope.
    ///
    /// # Errors
    /// A sentence for the log (no personal data in it); the page then says that the facts cannot be shown now.
    fn facts_of(&self, household: HouseholdNo, region: RegionCode, day: Day) -> Result<Vec<FactLine>, String>;
}

/// One fact of a household or a member. Its label and unit come from the package.
#[derive(Clone, Debug, PartialEq)]
pub struct FactLine {
    /// Name of the fact in the package.
    pub fact: String,
    /// The member, for facts over residents.
    pub resident_key: Option<ResidentKey>,
    pub value: Value,
    /// The rows the value stands on; empty for derived facts.
    pub evidence: Vec<Evidence>,
}

/// The site with what lives only while the program runs.
pub(crate) struct Running {
    pub site: Site,
    pub sessions: Sessions,
    pub throttle: Throttle,
    /// Password checks at one time; each takes some 20 MiB.
    pub password_checks: Semaphore,
}

/// The state that every handler shares.
pub(crate) type Shared = Arc<Running>;

impl Running {
    pub fn new(site: Site) -> Running {
        Running {
            site,
            sessions: Sessions::default(),
            throttle: Throttle::default(),
            password_checks: Semaphore::new(4),
        }
    }
}
