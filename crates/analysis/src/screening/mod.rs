//! Screening: from the lake and the package to leads.

mod evidence;
mod find;
mod parameters;
mod places;
mod proven;
mod rows;
mod run;
mod task;
mod threads;

pub(crate) use evidence::{Prover, TableRow, Wanted};
pub(crate) use parameters::ParameterSet;
pub(crate) use proven::Proven;
pub use run::{plan_text, put_together, screen};
pub use task::{Found, Screener, Task};

use model::{Day, HouseholdNo, Lead, QualityFinding, RegionCode, ResidentKey, RuleRun, Value};
use policy::{FigureRow, Overrides};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What to screen, on which day, with what is known on which day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScreeningRequest {
    /// The day the screening is about; all windows end on it.
    pub day: Day,
    /// Only values published until this day are known.
    pub known: Day,
    /// Only households of this place; all where it is not said.
    pub region: Option<RegionCode>,
    /// Parameter values in place of the package's (what-if).
    pub overrides: Overrides,
    /// Findings that people have looked at: not raised again until their band is exceeded.
    pub verified: Vec<Verified>,
    /// Threads to use, at least 1. The result does not depend on it.
    pub threads: usize,
    /// Whether leads carry what people read: rows, sentences, parameters and flags. Without (what-if), who is raised, by
    /// which rules, with which values and in which order is the same.
    pub with_evidence: bool,
    /// Whether every quality finding is given, with its sentence; the counts are given in any case.
    pub with_findings: bool,
}

impl ScreeningRequest {
    /// A full screening on a day, knowing what was published until then, on all processors.
    pub fn on(day: Day) -> ScreeningRequest {
        ScreeningRequest {
            day,
            known: day,
            region: None,
            overrides: Overrides::new(),
            verified: Vec::new(),
            threads: std::thread::available_parallelism().map_or(1, usize::from),
            with_evidence: true,
            with_findings: true,
        }
    }
}

/// A reason that was verified on the spot, up to a band.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    pub household_no: HouseholdNo,
    pub rule: String,
    pub resident_key: Option<ResidentKey>,
    pub band: u32,
}

/// Rows of the lake that a screening read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Input {
    pub dataset: String,
    /// Six digits.
    pub county: u32,
    /// What they are called: first 16 hexadecimal digits of a hash.
    pub hash: String,
}

/// What a screening found.
#[derive(Clone, Debug)]
pub struct ScreeningOutcome {
    /// Most urgent first; then by household.
    pub leads: Vec<Lead>,
    /// Every rule of the package, by name.
    pub rules: Vec<RuleRun>,
    /// By rule, household and resident.
    pub quality: Vec<QualityFinding>,
    /// Findings of each quality rule that ran.
    pub quality_counts: BTreeMap<String, u64>,
    /// Households looked at.
    pub households: u64,
    /// The rows that were read.
    pub inputs: Vec<Input>,
    /// Indicators over households, by place of their level and group. Where a parameter that one needs is not set, or a source
    /// was never handed in, its households are counted as unknown.
    pub indicators: BTreeMap<String, Vec<FigureRow>>,
    /// Facts over villages, by village.
    pub villages: BTreeMap<RegionCode, BTreeMap<String, Value>>,
}
