//! Rules by hand: who is raised on which side of a line, in which words, with which urgency, and who is left alone.

use crate::hand::{HOME, Hand};
use crate::support::{day, package, request};
use analysis::{AnalysisError, ScreeningOutcome, ScreeningRequest, Verified, screen};
use model::{Fen, HouseholdNo, Lead, RegionCode, ResidentKey, Value};

fn run(hand: &Hand, request: &ScreeningRequest) -> ScreeningOutcome {
    let package = package();
    screen(&hand.lists(&package), &package, request).expect("the screening runs")
}

fn only(outcome: &ScreeningOutcome) -> &Lead {
    assert_eq!(outcome.leads.len(), 1, "{:?}", outcome.leads);
    &outcome.leads[0]
}

/// A household of one adult who paid so much for stays.
fn payer(paid: i64, income: Option<i64>, monitored: Option<bool>) -> Hand {
    let mut hand = Hand::new();
    hand.household(HOME, income, None, monitored);
    hand.resident(HOME, 7, ["1980-01-01", "", ""]);
    hand.bill((HOME, 7), "2023-03-01", "1", Some(paid), Some(0));
    hand
}

#[test]
fn spending_is_raised_above_its_line_in_the_band_it_reached() {
    // The line of the county is 550,000 fen; its bands begin at one, one and a half, and two times the line.
    for (paid, monitored, band) in [
        (550_000, None, None),
        (550_001, None, Some(1)),
        (824_999, None, Some(1)),
        (825_000, None, Some(2)),
        (1_099_999, None, Some(2)),
        (1_100_000, None, Some(3)),
        (99_000_000, None, Some(3)),
        (550_001, Some(false), Some(1)),
        (550_001, Some(true), None),
    ] {
        let outcome = run(&payer(paid, Some(9_000_000), monitored), &request(1));
        let reasons: Vec<_> = outcome.leads.iter().flat_map(|lead| &lead.reasons).collect();
        let found: Vec<(&str, u32)> = reasons.iter().map(|reason| (reason.rule.as_str(), reason.band)).collect();
        let expected: Vec<(&str, u32)> = band.into_iter().map(|band| ("spending_high", band)).collect();
        assert_eq!(found, expected, "{paid} {monitored:?}");
        for reason in reasons {
            assert_eq!((&reason.value, &reason.line), (&Value::Fen(Fen(paid)), &Some(Value::Fen(Fen(550_000)))));
        }
    }
}

#[test]
fn income_is_raised_below_its_line_and_never_without_members() {
    for (income, is_raised) in
        [(Some(550_000), false), (Some(549_999), true), (Some(0), true), (Some(-1), true), (None, false)]
    {
        let mut hand = Hand::new();
        hand.household(HOME, income, None, None);
        assert!(run(&hand, &request(1)).leads.is_empty(), "{income:?} of nobody");
        hand.resident(HOME, 7, ["1980-01-01", "", ""]);
        let outcome = run(&hand, &request(1));
        assert_eq!(outcome.leads.len(), usize::from(is_raised), "{income:?}");
        assert!(outcome.leads.iter().all(|lead| lead.reasons[0].rule == "low_income"));
    }
}

#[test]
fn a_lead_says_in_both_languages_what_makes_it() {
    let outcome = run(&payer(600_000, Some(400_000), None), &request(1));
    let lead = only(&outcome);
    assert_eq!((lead.household_no, lead.day, lead.known), (HouseholdNo(HOME), day("2023-06-30"), day("2023-06-30")));
    assert_eq!(lead.region.to_string(), "990101100201");
    let told: Vec<[&str; 3]> = lead
        .reasons
        .iter()
        .map(|reason| [reason.rule.as_str(), reason.because.as_str(), reason.because_en.as_str()])
        .collect();
    assert_eq!(
        told,
        [
            [
                "spending_high",
                "近12个月自付 6,000.00元,超过监测线 5,500.00元;收入 4,000.00元,比例 50%",
                "Paid 6,000.00 yuan in 12 months, more than 5,500.00 yuan; income 4,000.00 yuan, share 50%",
            ],
            ["low_income", "人均收入 4,000.00元,低于 5,500.00元", "Income 4,000.00 yuan below 5,500.00 yuan"],
        ]
    );
    // Twenty points, and half of nine.
    assert_eq!((lead.urgency, lead.risk.as_str()), (24, "01"));
    let parameters: Vec<(&str, &Value)> =
        lead.reasons[0].parameters.iter().map(|used| (used.name.as_str(), &used.value)).collect();
    assert!(parameters.contains(&("spending_line", &Value::Fen(Fen(550_000)))), "{parameters:?}");
    assert_eq!(lead.reasons[0].articles, [1]);
}

#[test]
fn a_value_that_is_not_known_is_said_and_does_not_stop_a_lead() {
    let outcome = run(&payer(600_000, None, None), &request(1));
    let reason = &only(&outcome).reasons[0];
    assert_eq!(reason.because, "近12个月自付 6,000.00元,超过监测线 5,500.00元;收入 未知,比例 50%");
    assert_eq!(
        reason.because_en,
        "Paid 6,000.00 yuan in 12 months, more than 5,500.00 yuan; income unknown, share 50%"
    );
}

#[test]
fn every_child_is_a_reason_of_its_own_in_one_lead() {
    let mut hand = Hand::new();
    hand.household(HOME, None, None, None);
    for (person, born) in [(30, "2012-02-29"), (-5, "2010-01-01"), (12, "1980-01-01")] {
        hand.resident(HOME, person, [born, "", ""]);
    }
    let outcome = run(&hand, &request(1));
    let lead = only(&outcome);
    let told: Vec<(Option<ResidentKey>, &Value, &str)> =
        lead.reasons.iter().map(|reason| (reason.resident_key, &reason.value, reason.because.as_str())).collect();
    assert_eq!(
        told,
        [
            (Some(ResidentKey(-5)), &Value::Int(13), "适龄儿童(出生 2010-01-01)没有学籍"),
            (Some(ResidentKey(30)), &Value::Int(11), "适龄儿童(出生 2012-02-29)没有学籍"),
        ]
    );
    assert_eq!(lead.urgency, 60, "forty, and half of forty");
    let run = outcome.rules.iter().find(|run| run.rule == "child_out_of_school").expect("every rule is told of");
    assert_eq!((run.found, run.not_run.chinese()), (2, ""));
}

#[test]
fn what_was_verified_for_one_child_is_not_verified_for_another() {
    let mut hand = Hand::new();
    hand.household(HOME, None, None, None);
    hand.resident(HOME, 1, ["2010-01-01", "", ""]);
    hand.resident(HOME, 2, ["2011-01-01", "", ""]);
    let verified = |home: i64, rule: &str, person: Option<i64>| Verified {
        household_no: HouseholdNo(home),
        rule: rule.to_owned(),
        resident_key: person.map(ResidentKey),
        band: 9,
    };
    for (known, expected) in [
        (vec![], vec![1, 2]),
        (vec![verified(HOME, "child_out_of_school", Some(1))], vec![2]),
        (vec![verified(HOME, "child_out_of_school", None)], vec![1, 2]),
        (vec![verified(HOME + 1, "child_out_of_school", Some(1))], vec![1, 2]),
        (vec![verified(HOME, "low_income", Some(1))], vec![1, 2]),
        (vec![verified(HOME, "child_out_of_school", Some(1)), verified(HOME, "child_out_of_school", Some(2))], vec![]),
    ] {
        let outcome = run(&hand, &ScreeningRequest { verified: known, ..request(1) });
        let raised: Vec<i64> = outcome
            .leads
            .iter()
            .flat_map(|lead| &lead.reasons)
            .filter_map(|reason| Some(reason.resident_key?.0))
            .collect();
        assert_eq!(raised, expected);
    }
}

#[test]
fn of_two_verifications_the_higher_band_counts() {
    let hand = payer(825_000, Some(9_000_000), None);
    let verified =
        |band| Verified { household_no: HouseholdNo(HOME), rule: "spending_high".to_owned(), resident_key: None, band };
    for (bands, is_raised) in
        [(vec![1], true), (vec![2], false), (vec![2, 1], false), (vec![1, 2], false), (vec![1, 1], true)]
    {
        let known = bands.iter().map(|band| verified(*band)).collect();
        let outcome = run(&hand, &ScreeningRequest { verified: known, ..request(1) });
        assert_eq!(outcome.leads.len(), usize::from(is_raised), "{bands:?}");
    }
}

#[test]
fn a_flag_stands_beside_a_reason_and_raises_nobody_by_itself() {
    for (land, is_flagged) in [(None, false), (Some(204), false), (Some(205), true), (Some(999), true)] {
        let mut alone = Hand::new();
        alone.household(HOME, Some(9_000_000), land, None);
        alone.resident(HOME, 7, ["1980-01-01", "", ""]);
        assert!(run(&alone, &request(1)).leads.is_empty(), "{land:?}");
        alone.bill((HOME, 7), "2023-03-01", "1", Some(600_000), Some(0));
        let outcome = run(&alone, &request(1));
        let flags: Vec<&str> = only(&outcome).flags.iter().map(|flag| flag.rule.as_str()).collect();
        assert_eq!(flags, if is_flagged { vec!["much_land"] } else { vec![] }, "{land:?}");
    }
}

#[test]
fn places_in_scope_are_those_that_hold_the_village() {
    let mut hand = Hand::new();
    let villages = ["990101100201", "990101100202", "990101101201"];
    for (village, home) in villages.iter().zip(HOME..) {
        hand.household_in(village, home, Some(1), None, None);
        hand.resident(home, home, ["1980-01-01", "", ""]);
    }
    for (place, expected) in [
        ("990101100201", vec![0]),
        ("990101100", vec![0, 1]),
        ("990101", vec![0, 1, 2]),
        ("9901", vec![0, 1, 2]),
        ("99", vec![0, 1, 2]),
        ("990101102", vec![]),
    ] {
        let place: RegionCode = place.parse().expect("a place");
        let outcome = run(&hand, &ScreeningRequest { region: Some(place), ..request(1) });
        let raised: Vec<i64> = outcome.leads.iter().map(|lead| lead.household_no.0 - HOME).collect();
        assert_eq!((raised, outcome.households), (expected.clone(), expected.len() as u64), "{place}");
    }
    // A county without rows has no task; nothing to look at is told, not taken for nobody in need.
    let package = package();
    let elsewhere = ScreeningRequest { region: Some("990102".parse().expect("a place")), ..request(1) };
    let told = screen(&hand.lists(&package), &package, &elsewhere).expect_err("nothing is there");
    assert!(matches!(told, AnalysisError::NoDataset { .. }));
    assert_eq!(told.to_string(), "the lake has no `household`; import it first");
}

#[test]
fn leads_come_most_urgent_first_and_then_by_household() {
    let mut hand = Hand::new();
    // Nine points each, and forty more for the second.
    for home in [HOME + 3, HOME, HOME + 1] {
        hand.household(home, Some(1), None, None);
        hand.resident(home, home, ["1980-01-01", "", ""]);
    }
    hand.resident(HOME + 1, 1, ["2012-01-01", "", ""]);
    let outcome = run(&hand, &request(1));
    let order: Vec<(i64, i64)> = outcome.leads.iter().map(|lead| (lead.household_no.0 - HOME, lead.urgency)).collect();
    assert_eq!(order, [(1, 44), (0, 9), (3, 9)]);
}

#[test]
fn a_value_published_later_is_not_known_before() {
    // The correction of the other county's reference income was published on the first of June 2022.
    let package = package();
    let mut hand = Hand::new();
    hand.household_in("990102100201", HOME, Some(610_000), None, None);
    hand.resident(HOME, 7, ["1980-01-01", "", ""]);
    let mut lists = crate::memory::Lists::default();
    lists.fill(&package, 990_102, &hand.county);
    for (known, is_raised) in [("2022-05-31", false), ("2022-06-01", true)] {
        let request = ScreeningRequest { day: day("2022-05-31"), known: day(known), ..request(1) };
        let outcome = screen(&lists, &package, &request).expect("the screening runs");
        assert_eq!(outcome.leads.len(), usize::from(is_raised), "known on {known}");
    }
}

#[test]
fn a_rule_that_cannot_run_in_some_counties_says_in_how_many() {
    let package = package();
    let mut first = Hand::new();
    first.household(HOME, Some(1), None, None);
    let mut second = Hand::new();
    second.household_in("990102100201", HOME + 9, Some(1), None, None);
    let mut lists = first.lists(&package);
    lists.fill(&package, 990_102, &second.county);
    // From 2024 on the reference income is to be set everywhere but where a county has its own.
    let request = ScreeningRequest { day: day("2024-06-30"), known: day("2024-06-30"), ..request(1) };
    let outcome = screen(&lists, &package, &request).expect("the screening runs");
    let not_run = |rule: &str| {
        outcome.rules.iter().find(|run| run.rule == rule).expect("every rule is told of").not_run.chinese().to_owned()
    };
    assert_eq!(not_run("child_out_of_school"), "");
    assert_eq!(not_run("needs_unset"), "参数“待定的线”待设定");
    assert!(not_run("spending_high").contains("在1个县(市、区)待设定"), "{}", not_run("spending_high"));
}
