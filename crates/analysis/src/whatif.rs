//! What if a parameter were another: who comes in, who goes out. Writes nothing.

use crate::error::Result;
use crate::screening::{ScreeningRequest, screen};
use lake::RowSource;
use model::{HouseholdNo, Lead, Level, RegionCode};
use policy::{Overrides, Package};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The difference that other parameter values make.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WhatIf {
    /// Leads with the values in force, and with the other values.
    pub before: u64,
    pub after: u64,
    pub came_in: Vec<HouseholdNo>,
    pub went_out: Vec<HouseholdNo>,
    /// Households by risk; a household counts for each of its risks.
    pub by_risk: BTreeMap<String, Change>,
    /// Households by rule.
    pub by_rule: BTreeMap<String, Change>,
    /// Households by township.
    pub by_township: BTreeMap<RegionCode, Change>,
}

/// Households before, after, and how many came in and went out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Change {
    pub before: u64,
    pub after: u64,
    pub came_in: u64,
    pub went_out: u64,
}

/// Screens with `overrides` in place of the package's values and compares with the leads in `base` (calculated here where
/// they are not given). Verified leads are not left out, so that both sides count alike.
///
/// # Errors
/// As `screen`.
pub fn what_if(
    rows: &dyn RowSource,
    package: &Package,
    request: &ScreeningRequest,
    overrides: &Overrides,
    base: Option<&[Lead]>,
) -> Result<WhatIf> {
    let plain = ScreeningRequest {
        with_evidence: false,
        with_findings: false,
        verified: Vec::new(),
        overrides: Overrides::new(),
        ..request.clone()
    };
    let changed = ScreeningRequest { overrides: overrides.clone(), ..plain.clone() };
    let after = screen(rows, package, &changed)?.leads;
    match base {
        Some(before) => Ok(compare(before, &after)),
        None => Ok(compare(&screen(rows, package, &plain)?.leads, &after)),
    }
}

/// The difference between two lists of leads.
pub fn compare(before: &[Lead], after: &[Lead]) -> WhatIf {
    let all = |leads: &[Lead]| leads.iter().map(|lead| lead.household_no).collect::<BTreeSet<_>>();
    let (old, new) = (all(before), all(after));
    WhatIf {
        before: old.len() as u64,
        after: new.len() as u64,
        came_in: new.difference(&old).copied().collect(),
        went_out: old.difference(&new).copied().collect(),
        by_risk: changes(before, after, |lead| lead.reasons.iter().map(|reason| reason.risk.clone()).collect()),
        by_rule: changes(before, after, |lead| lead.reasons.iter().map(|reason| reason.rule.clone()).collect()),
        by_township: changes(before, after, |lead| vec![lead.region.at(Level::Township)]),
    }
}

fn changes<K: Ord + Clone>(before: &[Lead], after: &[Lead], keys: impl Fn(&Lead) -> Vec<K>) -> BTreeMap<K, Change> {
    let group = |leads: &[Lead]| {
        let mut groups: BTreeMap<K, BTreeSet<HouseholdNo>> = BTreeMap::new();
        for lead in leads {
            for key in keys(lead) {
                groups.entry(key).or_default().insert(lead.household_no);
            }
        }
        groups
    };
    let (old, new) = (group(before), group(after));
    let names: BTreeSet<K> = old.keys().chain(new.keys()).cloned().collect();
    let nobody = BTreeSet::new();
    names
        .into_iter()
        .map(|key| {
            let (old, new) = (old.get(&key).unwrap_or(&nobody), new.get(&key).unwrap_or(&nobody));
            let change = Change {
                before: old.len() as u64,
                after: new.len() as u64,
                came_in: new.difference(old).count() as u64,
                went_out: old.difference(new).count() as u64,
            };
            (key, change)
        })
        .collect()
}
