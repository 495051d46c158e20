//! What the pages stand on: the package, the gateway, the folders and today; and the store, which only `http` reaches.

use crate::http::in_flight::InFlight;
use crate::http::rate::Rate;
use crate::http::throttle::Throttle;
use governor::clock::MonotonicClock;
use model::{Day, Evidence, HouseholdNo, RegionCode, ResidentKey, Value};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::{Counts, Store, StoreError, View};
use tokio::sync::Semaphore;
use words::Language;

/// Everything that the pages need beside the store; `router` takes both.
pub struct Site {
    /// The declarations that everything is shown by.
    pub package: Arc<policy::Package>,
    /// Answers what only the analysis knows.
    pub gateway: Arc<dyn Gateway>,
    /// Files that were handed in wait here for their import job, named by their hash.
    pub inbox: PathBuf,
    /// Files for download: `<out>/<job id>/<name>`.
    pub out: PathBuf,
    /// The day today; a function, so that tests may choose it.
    pub today: fn() -> Day,
    /// Milliseconds since 1970; a function likewise.
    pub now_ms: fn() -> i64,
    /// Hours for which a form is kept that could not be taken when it was sent.
    pub unsent_hours: u32,
    /// Cookies are sent over HTTPS only. Switch on behind a TLS proxy; off on a plain local address.
    pub secure_cookies: bool,
}

impl Site {
    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> i64 {
        (self.now_ms)()
    }

    /// Milliseconds for which a form is kept that could not be taken.
    pub(crate) fn unsent_ms(&self) -> i64 {
        i64::from(self.unsent_hours) * 3_600_000
    }
}

/// What pages ask of the program, because the pages know neither lake nor spreadsheets.
pub trait Gateway: Send + Sync {
    /// The facts of one household and of its members on `day`, each with the rows it stands on; in the package's order.
    /// Called on a blocking thread, after the caller has checked that the household is in the actor's scope.
    ///
    /// # Errors
    /// A sentence for the log (no personal data in it); the page then says that the facts cannot be shown now.
    fn facts_of(&self, household: HouseholdNo, region: RegionCode, day: Day) -> Result<Vec<FactLine>, String>;

    /// What the departments' extracts in force say: the newest value of each column asked for, in that order; columns of which
    /// nothing is known are left out. Called as `facts_of` is.
    ///
    /// # Errors
    /// A sentence for the log; a form then asks for the fields.
    fn known(&self, asked: &KnownAsked) -> Result<Vec<Known>, String>;

    /// The key of the person with this identity number; `None` where the number is none.
    fn resident_key(&self, identity: &str) -> Option<ResidentKey>;

    /// The workbook (XLSX) that people of a place fill in for a register, in their language. Called on a blocking thread.
    ///
    /// # Errors
    /// A sentence for the log.
    fn template(&self, register: &str, place: RegionCode, language: Language) -> Result<Vec<u8>, String>;

    /// What the files of a register hold, for programs: a data package of table schemas. Called on a blocking thread.
    ///
    /// # Errors
    /// A sentence for the log.
    fn schema(&self, register: &str) -> Result<serde_json::Value, String>;

    /// The workers that do the jobs.
    fn workers(&self) -> WorkersShown;

    /// What `schema` says; `None` where it says nothing.
    fn table_schema(&self, register: &str) -> Option<serde_json::Value> {
        self.schema(register).ok()
    }
}

/// The workers that do jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkersShown {
    /// Workers that are there now, busy or not.
    pub running: u32,
    /// Workers that there should be.
    pub of: u32,
    /// How often one was started again since the program began.
    pub restarts: u32,
}

/// Columns of extracts that a form would rather not ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAsked {
    pub household: HouseholdNo,
    /// The household's place.
    pub region: RegionCode,
    /// Only rows of this member, from extracts about residents; without one, extracts about residents say nothing.
    pub resident: Option<ResidentKey>,
    /// Source and column.
    pub columns: Vec<(String, String)>,
}

/// A value that an extract says.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    pub source: String,
    pub column: String,
    pub value: Value,
    /// Day of the row, or of the last delivery where rows have none.
    pub day: Option<Day>,
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

/// The site with its store, and what lives only while the program runs.
pub(crate) struct Running {
    /// Pages read it through the view of their visit and change it through `apply`; nothing outside of `http` names it.
    pub(in crate::http) store: Store,
    pub site: Site,
    pub(in crate::http) throttle: Throttle,
    /// Requests of the API by token.
    pub(in crate::http) rate: Rate,
    /// Password checks at one time; each takes some 20 MiB.
    pub(in crate::http) password_checks: Semaphore,
    /// Pictures decoded at one time; each may take some hundred MiB.
    pub(in crate::http) pictures: Semaphore,
    /// Bytes that requests hold in memory.
    pub(crate) in_flight: InFlight,
    /// Visits that hold one state of the database at one time. Each may ask for a second connection, of which there are more.
    pub(in crate::http) transactions: Semaphore,
    /// Figures of the workbench by account and office, for the badges of the menu.
    counts: Mutex<HashMap<ActorKey, (Instant, Counts)>>,
}

/// An account, its role and its place.
type ActorKey = (String, String, RegionCode);

/// Badges may be this old; the workbench itself is always fresh.
const BADGES_KEEP: Duration = Duration::from_secs(10);
/// Fewer than the connections of the store.
const TRANSACTIONS_MAX: usize = 12;

/// The state that every handler shares.
pub(crate) type Shared = Arc<Running>;

impl Running {
    /// A site that begins to run: nobody has been counted or kept waiting yet.
    pub fn new(store: Store, site: Site) -> Running {
        Running {
            store,
            site,
            throttle: Throttle::default(),
            rate: Rate::by(MonotonicClock),
            password_checks: Semaphore::new(4),
            pictures: Semaphore::new(2),
            in_flight: InFlight::default(),
            transactions: Semaphore::new(TRANSACTIONS_MAX),
            counts: Mutex::default(),
        }
    }

    /// The figures of the view's actor; at most some seconds old unless `fresh`. Blocks on the store.
    ///
    /// # Errors
    /// What the store says.
    pub(in crate::http) fn counts(&self, view: &View, fresh: bool) -> Result<Counts, StoreError> {
        let actor = view.actor();
        let key = (actor.account.clone(), actor.role.clone(), actor.region);
        let kept = self.counts.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some((_, counts)) = kept.filter(|(at, _)| !fresh && at.elapsed() < BADGES_KEEP) {
            return Ok(counts);
        }
        let counts = view.counts((self.site.today)())?;
        let mut all = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, (at, _)| at.elapsed() < BADGES_KEEP);
        all.insert(key, (Instant::now(), counts.clone()));
        Ok(counts)
    }

    /// After a change, badges are counted anew.
    pub(in crate::http) fn forget_counts(&self) {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
