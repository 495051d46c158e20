//! What the pages ask of the analysis: the facts of one household.

use crate::installation::Installation;
use model::{Day, HouseholdNo, RegionCode};
use std::sync::Arc;
use web::{Desk, FactLine};

/// The desk over an installation's lake.
pub struct AnalysisDesk {
    installation: Arc<Installation>,
}

impl AnalysisDesk {
    pub fn new(installation: Arc<Installation>) -> AnalysisDesk {
        AnalysisDesk { installation }
    }
}

impl Desk for AnalysisDesk {
    fn facts_of(&self, household: HouseholdNo, _region: RegionCode, day: Day) -> Result<Vec<FactLine>, String> {
        let Installation { lake, package, .. } = self.installation.as_ref();
        let facts = analysis::household_facts(lake, package, household, day, day)
            .map_err(|error| format!("facts of a household cannot be read: {error:#}"))?;
        Ok(facts
            .into_iter()
            .map(|line| FactLine {
                fact: line.fact,
                resident_key: line.resident_key,
                value: line.value,
                evidence: line.evidence,
            })
            .collect())
    }
}
