//! Scoped reads: what an actor may see, and nothing else.
//!
//! Every query of a [`View`] carries the row policy inside: the span of the actor's place and the permissions of the role.
//! What lies outside is `None` or missing, exactly as if it did not exist.

mod shown;

pub use shown::*;

use crate::{Region, Store, StoreError};
use model::{Actor, Day, HouseholdNo, RegionCode};
use policy::declare::Permission;

/// The store as one actor sees it.
#[derive(Clone, Debug)]
pub struct View {
    pub(crate) store: Store,
    pub(crate) actor: Actor,
}

impl View {
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
    /// True when the actor's role has the permission. The system may everything; an unknown role nothing.
    pub fn may(&self, _permission: Permission) -> bool {
        false
    }
    /// Figures for the workbench on `today`.
    pub fn counts(&self, _today: Day) -> Result<Counts, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Leads, most urgent first, then by id; `limit` at most 500. `after`: `next` of the page before.
    pub fn leads(&self, _filter: &LeadFilter, _after: Option<&str>, _limit: u32) -> Result<Page<LeadRow>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// A lead with everything behind it; `today` decides on the steps offered.
    pub fn lead(&self, _lead_id: &str, _today: Day) -> Result<Option<LeadFile>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Households found by beginning of a member's name, household number, last four characters of an identity number,
    /// or beginning of the village's name; all households for an empty text. Ordered by household number.
    pub fn households(
        &self,
        _text: &str,
        _region: Option<RegionCode>,
        _after: Option<&str>,
        _limit: u32,
    ) -> Result<Page<HouseholdRow>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// The file of a household.
    pub fn household(&self, _household_no: HouseholdNo) -> Result<Option<HouseholdFile>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Imports, newest first. Officers of a department see those of their department's sources only.
    pub fn imports(&self, _after: Option<&str>, _limit: u32) -> Result<Page<ImportRow>, StoreError> {
        Err(StoreError::WrongKey)
    }
    pub fn import(&self, _import_id: &str) -> Result<Option<ImportRow>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Faults of an import in the order of the file.
    pub fn faults(
        &self,
        _import_id: &str,
        _after: Option<&str>,
        _limit: u32,
    ) -> Result<Option<Page<FaultRow>>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Number of faults of an import by kind, most first.
    pub fn fault_counts(&self, _import_id: &str) -> Result<Option<Vec<(model::FaultKind, u64)>>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Number of unmatched rows of an import by reason (name, text), most first.
    pub fn unmatched_counts(&self, _import_id: &str) -> Result<Option<Vec<(String, String, u64)>>, StoreError> {
        Err(StoreError::WrongKey)
    }
    pub fn unmatched(
        &self,
        _import_id: &str,
        _after: Option<&str>,
        _limit: u32,
    ) -> Result<Option<Page<UnmatchedShown>>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Figures of every rule that ever ran or raised a lead, ordered by name.
    pub fn rules(&self) -> Result<Vec<RuleFigures>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// Findings of quality rules, of one rule or of all.
    pub fn quality(
        &self,
        _rule: Option<&str>,
        _after: Option<&str>,
        _limit: u32,
    ) -> Result<Page<QualityRow>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// The latest publication whose place holds, or lies inside, the actor's.
    pub fn last_screening(&self) -> Result<Option<ScreeningRow>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// The places one level below, ordered by code; the actor's own place and below only.
    pub fn regions(&self, _inside: RegionCode) -> Result<Vec<Region>, StoreError> {
        Err(StoreError::WrongKey)
    }
    /// From the province down to the place itself, names for a breadcrumb. Names of places are no secret.
    pub fn region_path(&self, _region: RegionCode) -> Result<Vec<Region>, StoreError> {
        Err(StoreError::WrongKey)
    }
}
