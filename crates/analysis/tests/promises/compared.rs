//! Two lists of leads compared, and leads held against what is known: counted once, whatever the number of reasons.

use analysis::{AnalysisError, Change, Measure, Truth, compare, score};
use model::{Day, HouseholdNo, Lead, Reason, RegionCode, Severity, Value};
use std::collections::BTreeMap;

fn lead(household: i64, village: &str, reasons: &[(&str, &str)]) -> Lead {
    let reason = |(rule, risk): &(&str, &str)| Reason {
        rule: (*rule).to_owned(),
        rule_version: String::new(),
        risk: (*risk).to_owned(),
        severity: Severity::Low,
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
        region: village.parse().expect("a village"),
        day,
        known: day,
        urgency: 1,
        risk: reasons.first().map_or(String::new(), |reason| reason.1.to_owned()),
        reasons: reasons.iter().map(reason).collect(),
        flags: Vec::new(),
    }
}

const FIRST: &str = "990101100201";
const SECOND: &str = "990101100202";
const THIRD: &str = "990101101201";

fn change(before: u64, after: u64, came_in: u64, went_out: u64) -> Change {
    Change { before, after, came_in, went_out }
}

#[test]
fn who_comes_in_and_goes_out_is_told_by_household_risk_rule_and_township() {
    let before = [
        lead(1, FIRST, &[("bills", "ill")]),
        lead(2, SECOND, &[("bills", "ill"), ("school", "child")]),
        lead(3, THIRD, &[("school", "child")]),
    ];
    let after = [
        lead(2, SECOND, &[("bills", "ill"), ("stays", "ill")]),
        lead(4, THIRD, &[("stays", "ill")]),
        lead(3, THIRD, &[("school", "child")]),
    ];
    let found = compare(&before, &after);
    assert_eq!((found.before, found.after), (3, 3));
    assert_eq!((found.came_in, found.went_out), (vec![HouseholdNo(4)], vec![HouseholdNo(1)]));
    let by = |pairs: &[(&str, Change)]| -> BTreeMap<String, Change> {
        pairs.iter().map(|(name, change)| ((*name).to_owned(), *change)).collect()
    };
    // A household with two reasons of one risk counts once for it.
    assert_eq!(found.by_risk, by(&[("child", change(2, 1, 0, 1)), ("ill", change(2, 2, 1, 1))]));
    assert_eq!(
        found.by_rule,
        by(&[("bills", change(2, 1, 0, 1)), ("school", change(2, 1, 0, 1)), ("stays", change(0, 2, 2, 0))])
    );
    let townships: BTreeMap<RegionCode, Change> =
        [("990101100", change(2, 1, 0, 1)), ("990101101", change(1, 2, 1, 0))]
            .into_iter()
            .map(|(code, change)| (code.parse().expect("a place"), change))
            .collect();
    assert_eq!(found.by_township, townships);
}

#[test]
fn nothing_and_the_same_make_no_difference() {
    let leads = [lead(1, FIRST, &[("bills", "ill")]), lead(2, SECOND, &[("school", "child")])];
    let same = compare(&leads, &leads);
    assert!(same.came_in.is_empty() && same.went_out.is_empty());
    assert!(same.by_rule.values().all(|one| *one == change(1, 1, 0, 0)), "{:?}", same.by_rule);
    let none = compare(&[], &[]);
    assert_eq!((none.before, none.after, none.by_rule.len(), none.by_township.len()), (0, 0, 0, 0));
    let [all_in, all_out] = [compare(&[], &leads), compare(&leads, &[])];
    assert_eq!((all_in.came_in.len(), all_in.went_out.len()), (2, 0));
    assert_eq!((all_out.came_in.len(), all_out.went_out.len()), (0, 2));
    assert_eq!(all_in.by_risk["ill"], change(0, 1, 1, 0));
    assert_eq!(all_out.by_risk["ill"], change(1, 0, 0, 1));
}

#[test]
fn the_order_of_the_leads_does_not_matter() {
    let mut before = vec![lead(5, FIRST, &[("a", "x")]), lead(1, THIRD, &[("b", "y")]), lead(3, FIRST, &[("a", "y")])];
    let mut after = vec![lead(9, FIRST, &[("b", "x")]), lead(3, FIRST, &[("a", "y")]), lead(7, SECOND, &[("a", "x")])];
    let found = compare(&before, &after);
    assert_eq!(found.came_in, [HouseholdNo(7), HouseholdNo(9)], "by number");
    before.reverse();
    after.rotate_left(1);
    assert_eq!(compare(&before, &after), found);
}

fn truth(household: i64, cause: &str, visible: bool) -> Truth {
    Truth { household_no: HouseholdNo(household), cause: cause.to_owned(), visible }
}

#[test]
fn shares_of_nobody_are_unknown_and_not_nought() {
    let nothing = score(&[], &[], 0);
    assert_eq!((nothing.leads, nothing.households, &nothing.overall), (0, 0, &Measure::default()));
    assert!(nothing.causes.is_empty() && nothing.visits.iter().all(|visits| visits.visits == 0));
    for measure in [
        nothing.overall.recall_basis_points(),
        nothing.overall.precision_basis_points(),
        nothing.overall.recall_of_visible_basis_points(),
    ] {
        assert_eq!(measure, None);
    }
    let raised = score(&[lead(1, FIRST, &[("a", "ill")])], &[], 10).overall;
    assert_eq!((raised.recall_basis_points(), raised.precision_basis_points()), (None, Some(0)));
    let hidden = score(&[], &[truth(1, "ill", false)], 10).overall;
    assert_eq!((hidden.recall_basis_points(), hidden.recall_of_visible_basis_points()), (Some(0), None));
}

#[test]
fn shares_are_of_ten_thousand_and_rounded_down() {
    let known: Vec<Truth> = (1..=3).map(|household| truth(household, "ill", household < 3)).collect();
    let leads: Vec<Lead> = [2, 3, 8].map(|household| lead(household, FIRST, &[("a", "ill")])).to_vec();
    let found = score(&leads, &known, 100).overall;
    assert_eq!(found, Measure { in_need: 3, visible: 2, raised: 3, found: 2, found_visible: 1 });
    assert_eq!(found.recall_basis_points(), Some(6_666));
    assert_eq!(found.recall_of_visible_basis_points(), Some(5_000));
    assert_eq!(found.precision_basis_points(), Some(6_666));
}

#[test]
fn visits_are_never_more_than_leads_and_at_least_one_where_there_are_households() {
    let leads: Vec<Lead> = (1..=3).map(|household| lead(household, FIRST, &[("a", "ill")])).collect();
    for (households, expected) in
        [(1, [1, 1, 1]), (50, [1, 1, 3]), (100, [1, 2, 3]), (101, [2, 3, 3]), (10_000, [3; 3])]
    {
        let found = score(&leads, &[truth(1, "ill", true)], households);
        let visits: Vec<u64> = found.visits.iter().map(|visits| visits.visits).collect();
        assert_eq!(visits, expected, "{households} households");
        let per_hundred: Vec<u64> = found.visits.iter().map(|visits| visits.per_hundred).collect();
        assert_eq!(per_hundred, [1, 2, 5]);
        assert!(found.visits.iter().all(|visits| visits.measure.raised == visits.visits), "{households} households");
    }
}

#[test]
fn a_household_that_any_source_shows_is_visible() {
    let known = [truth(1, "ill", false), truth(1, "school", true), truth(2, "ill", false)];
    let found = score(&[lead(1, FIRST, &[("a", "water")])], &known, 10);
    assert_eq!(found.overall, Measure { in_need: 2, visible: 1, raised: 1, found: 1, found_visible: 1 });
    // By cause: whoever is raised for another cause was not found for this one.
    assert_eq!(found.causes["ill"], Measure { in_need: 2, visible: 0, raised: 0, found: 0, found_visible: 0 });
    assert_eq!(found.causes["water"], Measure { raised: 1, ..Measure::default() });
}

#[test]
fn failures_say_what_was_attempted() {
    for (error, told) in [
        (AnalysisError::NoDataset { dataset: "resident".into() }, "the lake has no `resident`; import it first"),
        (AnalysisError::NoHousehold { household_no: 7 }, "the lake has no household 7"),
        (AnalysisError::Plan { of: "low_income".into(), what: "no".into() }, "cannot plan `low_income`: no"),
        (
            AnalysisError::OtherPackage { asked: "1".into(), here: "2".into() },
            "the task is about package 1, and here is 2",
        ),
    ] {
        assert_eq!(error.to_string(), told);
    }
}
