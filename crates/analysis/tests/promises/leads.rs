//! Leads are the same every time, and say everything that makes them.

use crate::support::{Folder, lake, package, request};
use analysis::{ScreeningOutcome, ScreeningRequest, Verified, household_facts, screen, what_if};
use model::{Fen, RegionCode, Value};
use std::collections::BTreeMap;

fn screened(households: i64, request: &ScreeningRequest) -> ScreeningOutcome {
    let (package, folder) = (package(), Folder::new());
    let lake = lake(folder.path(), &package, households);
    screen(&lake, &package, request).expect("the screening runs")
}

#[test]
fn threads_change_nothing() {
    let one = screened(20_000, &request(1));
    assert!(one.leads.len() > 1_000, "{} leads", one.leads.len());
    let bytes = serde_json::to_vec(&one.leads).expect("leads can be written");
    for threads in [2, 8] {
        let many = screened(20_000, &request(threads));
        assert!(serde_json::to_vec(&many.leads).expect("leads can be written") == bytes, "{threads} threads");
        assert_eq!(many.rules, one.rules);
        assert_eq!(many.quality, one.quality);
        assert_eq!(many.inputs, one.inputs);
    }
}

#[test]
fn every_reason_holds_under_the_evaluator_for_single_records() {
    let (package, folder) = (package(), Folder::new());
    let lake = lake(folder.path(), &package, 400);
    let outcome = screen(&lake, &package, &request(2)).expect("the screening runs");
    let mut checked = 0;
    for lead in &outcome.leads {
        let facts =
            household_facts(&lake, &package, lead.household_no, lead.day, lead.known).expect("the household is there");
        for reason in lead.reasons.iter().filter(|reason| reason.resident_key.is_none()) {
            let form = &package.rule_forms[&reason.rule];
            let parameter = |name: &str| package.parameter(name, lead.region, lead.day, lead.known).value;
            let name = |name: &str| {
                let of_household = facts.iter().find(|line| line.fact == name && line.resident_key.is_none());
                of_household.map_or(Value::Null, |line| line.value.clone())
            };
            if reason.rule == "low_income" {
                let holds = policy::expression::evaluate(&form.when, &name, &parameter, lead.day);
                assert_eq!(holds, Value::Bool(true), "{} {}", lead.household_no, reason.rule);
                checked += 1;
            }
            let (value, _) = form.value.as_ref().expect("screening rules state a value");
            assert_eq!(policy::expression::evaluate(value, &name, &parameter, lead.day), reason.value);
        }
    }
    assert!(checked > 10, "{checked}");
}

#[test]
fn reasons_are_ranked_and_urgency_is_their_halving_sum() {
    let outcome = screened(2_000, &request(2));
    for lead in &outcome.leads {
        let points: Vec<i64> = lead.reasons.iter().map(|reason| reason.points).collect();
        assert!(points.is_sorted_by(|a, b| a >= b));
        assert_eq!(lead.urgency, points.iter().enumerate().map(|(at, points)| points >> at).sum::<i64>());
        assert_eq!(lead.risk, lead.reasons[0].risk);
    }
    let order: Vec<_> = outcome.leads.iter().map(|lead| (-lead.urgency, lead.household_no)).collect();
    assert!(order.is_sorted());
    let several = outcome.leads.iter().filter(|lead| lead.reasons.len() > 1).count();
    assert!(several > 5, "{several}");
}

#[test]
fn a_verified_reason_stays_away_until_its_band_is_exceeded() {
    let before = screened(1_000, &request(2));
    let lead = before.leads.iter().find(|lead| lead.reasons.len() == 1 && lead.reasons[0].band == 1).expect("a lead");
    let verified = |band: u32| Verified {
        household_no: lead.household_no,
        rule: lead.reasons[0].rule.clone(),
        resident_key: lead.reasons[0].resident_key,
        band,
    };
    for (band, is_raised) in [(0, true), (1, false), (2, false)] {
        let outcome = screened(1_000, &ScreeningRequest { verified: vec![verified(band)], ..request(2) });
        let raised = outcome.leads.iter().any(|other| other.household_no == lead.household_no);
        assert_eq!(raised, is_raised, "band {band}");
        assert_eq!(outcome.rules, before.rules, "what held is counted all the same");
    }
}

#[test]
fn a_rule_without_its_parameter_is_not_run_and_says_so() {
    let outcome = screened(50, &request(1));
    let run = |rule: &str| outcome.rules.iter().find(|run| run.rule == rule).expect("every rule is listed").clone();
    assert_eq!(run("needs_unset").not_run.chinese(), "参数“待定的线”待设定");
    assert_eq!(run("spending_high").not_run.chinese(), "");
}

#[test]
fn only_the_place_asked_for_is_screened() {
    let all = screened(500, &request(2));
    let village: RegionCode = "990101100201".parse().expect("a village");
    let part = screened(500, &ScreeningRequest { region: Some(village), ..request(2) });
    let expected: Vec<_> = all.leads.iter().filter(|lead| lead.region == village).cloned().collect();
    assert!(!expected.is_empty());
    assert_eq!(part.leads, expected);
    assert!(part.households < all.households);
}

#[test]
fn quality_findings_are_counted_and_listed() {
    let outcome = screened(500, &request(2));
    let listed = outcome.quality.iter().filter(|finding| finding.rule == "birth_unknown").count() as u64;
    assert!(listed > 10);
    assert_eq!(outcome.quality_counts, BTreeMap::from([("birth_unknown".to_owned(), listed)]));
    let quiet = screened(500, &ScreeningRequest { with_findings: false, ..request(2) });
    assert_eq!((quiet.quality.len(), &quiet.quality_counts), (0, &outcome.quality_counts));
}

#[test]
fn what_if_says_who_comes_in_and_who_goes_out() {
    let (package, folder) = (package(), Folder::new());
    let lake = lake(folder.path(), &package, 1_000);
    let base = screen(&lake, &package, &request(2)).expect("the screening runs");
    let higher = BTreeMap::from([("spending_line".to_owned(), Value::Fen(Fen(1_000_000)))]);
    let change = what_if(&lake, &package, &request(2), &higher, Some(&base.leads)).expect("what-if runs");
    assert_eq!(change, what_if(&lake, &package, &request(2), &higher, None).expect("what-if runs"));
    assert_eq!(change.before, base.leads.len() as u64);
    assert_eq!(change.after, change.before + change.came_in.len() as u64 - change.went_out.len() as u64);
    assert!(!change.came_in.is_empty() && !change.went_out.is_empty());
    let by_township: u64 = change.by_township.values().map(|change| change.came_in).sum();
    assert_eq!(by_township, change.came_in.len() as u64);
    let nothing = what_if(&lake, &package, &request(2), &BTreeMap::new(), None).expect("what-if runs");
    assert!(nothing.came_in.is_empty() && nothing.went_out.is_empty());
}

#[test]
fn leads_without_evidence_are_the_same_leads() {
    let full = screened(800, &request(2));
    let bare = screened(800, &ScreeningRequest { with_evidence: false, ..request(2) });
    let core = |outcome: &ScreeningOutcome| -> Vec<_> {
        let reasons = |lead: &model::Lead| -> Vec<_> {
            lead.reasons
                .iter()
                .map(|reason| (reason.rule.clone(), reason.resident_key, reason.value.clone(), reason.band))
                .collect()
        };
        outcome.leads.iter().map(|lead| (lead.household_no, lead.region, lead.urgency, reasons(lead))).collect()
    };
    assert_eq!(core(&bare), core(&full));
    assert!(bare.leads.iter().flat_map(|lead| &lead.reasons).all(|reason| reason.evidence.is_empty()));
}
