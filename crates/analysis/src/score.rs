//! How well leads find what is known to be true: recall and precision by cause.

use model::{HouseholdNo, Lead};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A household that is known to be in need.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Truth {
    pub household_no: HouseholdNo,
    /// Risk type, as leads name it.
    pub cause: String,
    /// True when some source shows it; false when no data can.
    pub visible: bool,
}

/// How leads compare with the truth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    pub households: u64,
    pub leads: u64,
    /// All leads together, whatever their cause.
    pub overall: Measure,
    /// By cause: leads with a reason of that risk against households in need of that cause.
    pub causes: BTreeMap<String, Measure>,
    /// When only the most urgent leads are visited.
    pub visits: Vec<Visits>,
}

/// Counts from which recall and precision follow.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Measure {
    /// Households in need.
    pub in_need: u64,
    /// Of these, those that some source shows.
    pub visible: u64,
    /// Households raised.
    pub raised: u64,
    /// Households raised and in need.
    pub found: u64,
    /// Households raised, in need and visible.
    pub found_visible: u64,
}

/// The most urgent leads, as many as so many visits per hundred households allow.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Visits {
    pub per_hundred: u64,
    pub visits: u64,
    pub measure: Measure,
}

impl Measure {
    /// Found among those in need, in hundredths of a percent; `None` when nobody is in need.
    pub fn recall_basis_points(&self) -> Option<u64> {
        (self.found * 10_000).checked_div(self.in_need)
    }

    /// Found among those that some source shows, in hundredths of a percent.
    pub fn recall_of_visible_basis_points(&self) -> Option<u64> {
        (self.found_visible * 10_000).checked_div(self.visible)
    }

    /// In need among those raised, in hundredths of a percent; `None` when nobody was raised.
    pub fn precision_basis_points(&self) -> Option<u64> {
        (self.found * 10_000).checked_div(self.raised)
    }
}

/// Scores `leads` (most urgent first) against `truth`, for `households` households in all.
///
/// A household counts once, whatever its number of reasons or causes. Visits per hundred households are rounded up.
pub fn score(leads: &[Lead], truth: &[Truth], households: u64) -> Score {
    let raised: Vec<HouseholdNo> = leads.iter().map(|lead| lead.household_no).collect();
    let visits = [1, 2, 5].map(|per_hundred| {
        let visits = (households * per_hundred).div_ceil(100).min(raised.len() as u64);
        let visited = &raised[..usize::try_from(visits).unwrap_or(raised.len())];
        Visits { per_hundred, visits, measure: measure(visited.iter().copied(), truth.iter()) }
    });
    let risks = leads.iter().flat_map(|lead| lead.reasons.iter().map(|reason| reason.risk.as_str()));
    let causes: BTreeSet<&str> = risks.chain(truth.iter().map(|truth| truth.cause.as_str())).collect();
    let causes = causes.into_iter().map(|cause| {
        let with_reason = leads.iter().filter(|lead| lead.reasons.iter().any(|reason| reason.risk == cause));
        let in_need = truth.iter().filter(|truth| truth.cause == cause);
        (cause.to_owned(), measure(with_reason.map(|lead| lead.household_no), in_need))
    });
    Score {
        households,
        leads: raised.len() as u64,
        overall: measure(raised.iter().copied(), truth.iter()),
        causes: causes.collect(),
        visits: visits.to_vec(),
    }
}

fn measure<'a>(raised: impl Iterator<Item = HouseholdNo>, truth: impl Iterator<Item = &'a Truth>) -> Measure {
    let raised: BTreeSet<HouseholdNo> = raised.collect();
    let mut in_need: BTreeMap<HouseholdNo, bool> = BTreeMap::new();
    for household in truth {
        *in_need.entry(household.household_no).or_default() |= household.visible;
    }
    let found = in_need.iter().filter(|(household, _)| raised.contains(household));
    Measure {
        in_need: in_need.len() as u64,
        visible: in_need.values().filter(|visible| **visible).count() as u64,
        raised: raised.len() as u64,
        found: found.clone().count() as u64,
        found_visible: found.filter(|(_, visible)| **visible).count() as u64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Day, Reason, Severity, Value};

    fn lead(household: i64, risks: &[&str]) -> Lead {
        let reason = |risk: &&str| Reason {
            rule: format!("rule_{risk}"),
            rule_version: String::new(),
            risk: (*risk).to_owned(),
            severity: Severity::High,
            points: 1,
            resident_key: None,
            value: Value::Bool(true),
            line: None,
            band: 0,
            because: String::new(),
            because_en: String::new(),
            articles: Vec::new(),
            parameters: Vec::new(),
            evidence: Vec::new(),
        };
        let day = Day::new(2024, 6, 30).expect("the calendar has it");
        Lead {
            household_no: HouseholdNo(household),
            region: "513437".parse().expect("a code"),
            day,
            known: day,
            urgency: 1,
            risk: risks[0].to_owned(),
            reasons: risks.iter().map(reason).collect(),
            flags: Vec::new(),
        }
    }

    fn truth(household: i64, cause: &str, visible: bool) -> Truth {
        Truth { household_no: HouseholdNo(household), cause: cause.to_owned(), visible }
    }

    #[test]
    fn a_household_counts_once_and_each_cause_by_itself() {
        let leads = [lead(1, &["ill", "school"]), lead(2, &["ill"]), lead(3, &["water"])];
        let known =
            [truth(1, "ill", true), truth(1, "school", false), truth(2, "school", true), truth(4, "ill", false)];
        let score = score(&leads, &known, 100);
        let overall = Measure { in_need: 3, visible: 2, raised: 3, found: 2, found_visible: 2 };
        assert_eq!(score.overall, overall);
        assert_eq!(score.causes["ill"], Measure { in_need: 2, visible: 1, raised: 2, found: 1, found_visible: 1 });
        assert_eq!(score.causes["school"], Measure { in_need: 2, visible: 1, raised: 1, found: 1, found_visible: 0 });
        assert_eq!(score.causes["water"].precision_basis_points(), Some(0));
        assert_eq!(score.causes["water"].recall_basis_points(), None);
        assert_eq!(score.overall.recall_basis_points(), Some(6_666));
    }

    #[test]
    fn visits_take_the_most_urgent_and_round_up() {
        let leads: Vec<Lead> = (1..=10).map(|household| lead(household, &["ill"])).collect();
        let known = [truth(1, "ill", true), truth(3, "ill", true), truth(9, "ill", true)];
        let visits: Vec<(u64, u64)> =
            score(&leads, &known, 101).visits.iter().map(|visits| (visits.visits, visits.measure.found)).collect();
        assert_eq!(visits, [(2, 1), (3, 2), (6, 2)]);
    }
}
