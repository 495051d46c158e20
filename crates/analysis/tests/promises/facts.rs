//! Facts by hand: both ends of every window, unknown beside nought, one, many, repeated and moved.

use crate::hand::{HOME, Hand, value};
use crate::support::{COUNTIES, Dice, county, day, package};
use analysis::{AnalysisError, household_facts};
use model::{Decimal, Fen, HouseholdNo, Value};
use policy::declare::Grain;
use std::collections::BTreeMap;

type Bill = (&'static str, &'static str, Option<i64>, Option<i64>);

#[test]
fn bills_count_between_the_ends_of_their_window() {
    let package = package();
    // The day, the bills, what the member paid within twelve months, bills of the year.
    let cases: Vec<(&str, Vec<Bill>, i64, i64)> = vec![
        ("2023-06-30", vec![], 0, 0),
        ("2023-06-30", vec![("2022-06-30", "1", Some(100), Some(0))], 0, 0),
        ("2023-06-30", vec![("2022-07-01", "1", Some(100), Some(0))], 100, 0),
        ("2023-06-30", vec![("2022-12-31", "1", Some(100), Some(0))], 100, 0),
        ("2023-06-30", vec![("2023-01-01", "1", Some(100), Some(0))], 100, 1),
        ("2023-06-30", vec![("2023-06-30", "1", Some(100), Some(0))], 100, 1),
        ("2023-06-30", vec![("2023-07-01", "1", Some(100), Some(0))], 0, 0),
        ("2024-02-29", vec![("2023-02-28", "1", Some(100), Some(0))], 0, 0),
        ("2024-02-29", vec![("2023-03-01", "1", Some(100), Some(0))], 100, 0),
        ("2023-02-28", vec![("2022-02-28", "1", Some(100), Some(0))], 0, 0),
        ("2023-02-28", vec![("2022-03-01", "1", Some(100), Some(0))], 100, 0),
        ("2024-01-01", vec![("2023-12-31", "1", Some(100), Some(0))], 100, 0),
        ("2024-01-01", vec![("2024-01-01", "1", Some(100), Some(0))], 100, 1),
        ("2023-12-31", vec![("2023-01-01", "1", Some(100), Some(0))], 100, 1),
        // A bill without a day lies in no window.
        ("2023-06-30", vec![("", "1", Some(100), Some(0))], 0, 0),
        // Only stays are summed up; a visit of an unknown kind is none.
        ("2023-06-30", vec![("2023-03-01", "2", Some(100), Some(0))], 0, 1),
        ("2023-06-30", vec![("2023-03-01", "", Some(100), Some(0))], 0, 1),
        // A sum of which one part is unknown is left out, and the bill counts all the same.
        ("2023-06-30", vec![("2023-03-01", "1", Some(100), None)], 0, 1),
        ("2023-06-30", vec![("2023-03-01", "1", None, Some(0))], 0, 1),
        ("2023-06-30", vec![("2023-03-01", "1", Some(100), None), ("2023-03-02", "1", Some(70), Some(20))], 50, 2),
        // Money that came back lowers the sum, below nought as well.
        ("2023-06-30", vec![("2023-03-01", "1", Some(100), Some(150))], -50, 1),
        ("2023-06-30", vec![("2023-03-01", "1", Some(0), Some(0))], 0, 1),
        // Two bills of one day are two bills.
        ("2023-06-30", vec![("2023-03-01", "1", Some(100), Some(0)), ("2023-03-01", "1", Some(100), Some(0))], 200, 2),
    ];
    for (on, bills, paid, count) in cases {
        let mut hand = Hand::new();
        hand.household(HOME, None, None, None);
        hand.resident(HOME, 7, ["1980-01-01", "", ""]);
        for (day, visit, total, back) in &bills {
            hand.bill((HOME, 7), day, visit, *total, *back);
        }
        let facts = hand.facts(&package, HOME, on);
        let told = format!("{on} {bills:?}");
        assert_eq!(value(&facts, "self_paid_12m_fen", Some(7)), Value::Fen(Fen(paid)), "{told}");
        assert_eq!(value(&facts, "household_self_paid_fen", None), Value::Fen(Fen(paid)), "{told}");
        assert_eq!(value(&facts, "bill_count", None), Value::Int(count), "{told}");
    }
}

#[test]
fn a_member_is_one_from_the_first_day_until_the_day_before_the_last() {
    let package = package();
    for (from, to, on, is_member) in [
        ("", "", "2023-06-30", true),
        ("2023-06-30", "", "2023-06-30", true),
        ("2023-07-01", "", "2023-06-30", false),
        ("", "2023-06-30", "2023-06-30", false),
        ("", "2023-07-01", "2023-06-30", true),
        ("2023-06-30", "2023-06-30", "2023-06-30", false),
        ("2024-02-29", "2024-03-01", "2024-02-29", true),
        ("2024-02-29", "2024-03-01", "2024-03-01", false),
        ("2024-02-29", "2024-03-01", "2024-02-28", false),
    ] {
        let mut hand = Hand::new();
        hand.household(HOME, None, None, None);
        hand.resident(HOME, 7, ["1980-01-01", from, to]);
        let facts = hand.facts(&package, HOME, on);
        assert_eq!(value(&facts, "is_member", Some(7)), Value::Bool(is_member), "{from} to {to} on {on}");
    }
}

#[test]
fn a_child_is_out_of_school_between_six_and_fifteen_where_nothing_says_otherwise() {
    let package = package();
    // Born, enrolled in the roster (outer: a line at all), monitored; what follows on 2023-06-30.
    for (born, roster, monitored, expected) in [
        ("2017-06-30", None, None, Value::Bool(true)),
        ("2017-07-01", None, None, Value::Bool(false)),
        ("2007-07-01", None, None, Value::Bool(true)),
        ("2007-06-30", None, None, Value::Bool(false)),
        ("2012-02-29", Some(Some(true)), None, Value::Bool(false)),
        ("2012-02-29", Some(Some(false)), None, Value::Bool(true)),
        // A line that does not say is no enrolment.
        ("2012-02-29", Some(None), None, Value::Bool(true)),
        ("2012-02-29", None, Some(false), Value::Bool(true)),
        ("2012-02-29", None, Some(true), Value::Bool(false)),
        // Without a day of birth nobody knows, unless something else decides.
        ("", None, None, Value::Null),
        ("", Some(Some(true)), None, Value::Bool(false)),
        ("", None, Some(true), Value::Bool(false)),
    ] {
        let mut hand = Hand::new();
        hand.household(HOME, None, None, monitored);
        hand.resident(HOME, 7, [born, "", ""]);
        if let Some(enrolled) = roster {
            hand.school((HOME, 7), enrolled, None);
        }
        let facts = hand.facts(&package, HOME, "2023-06-30");
        let told = format!("born {born}, roster {roster:?}, monitored {monitored:?}");
        assert_eq!(value(&facts, "is_child_out_of_school", Some(7)), expected, "{told}");
        let count = i64::from(expected == Value::Bool(true));
        assert_eq!(value(&facts, "child_out_count", None), Value::Int(count), "{told}");
    }
}

#[test]
fn income_per_person_is_rounded_down_and_unknown_without_members_or_income() {
    let package = package();
    for (income, members, expected) in [
        (Some(1_000), 3, Value::Fen(Fen(333))),
        (Some(999), 3, Value::Fen(Fen(333))),
        (Some(-1_000), 3, Value::Fen(Fen(-334))),
        (Some(0), 1, Value::Fen(Fen(0))),
        (Some(1_000), 1, Value::Fen(Fen(1_000))),
        (Some(1_000), 0, Value::Null),
        (None, 3, Value::Null),
    ] {
        let mut hand = Hand::new();
        hand.household(HOME, income, None, None);
        (0..members).for_each(|person| {
            hand.resident(HOME, person, ["1980-01-01", "", ""]);
        });
        let facts = hand.facts(&package, HOME, "2023-06-30");
        assert_eq!(value(&facts, "member_count", None), Value::Int(members), "{income:?} {members}");
        assert_eq!(value(&facts, "income_per_person_fen", None), expected, "{income:?} {members}");
    }
}

#[test]
fn extremes_of_a_roster_are_unknown_without_a_line() {
    let package = package();
    for (lines, expected) in [
        (vec![], Value::Null),
        (vec![None], Value::Null),
        (vec![Some(0)], Value::Decimal(Decimal::ZERO)),
        (vec![Some(35), None, Some(40)], Value::Decimal(Decimal::from(4))),
    ] {
        let mut hand = Hand::new();
        hand.household(HOME, None, None, None);
        hand.resident(HOME, 7, ["2012-01-01", "", ""]);
        for absent in &lines {
            hand.school((HOME, 7), Some(true), *absent);
        }
        let facts = hand.facts(&package, HOME, "2023-06-30");
        assert_eq!(value(&facts, "absent_days_max", Some(7)), expected, "{lines:?}");
    }
}

#[test]
fn rows_of_others_are_nobodys() {
    let package = package();
    let mut hand = Hand::new();
    for home in [HOME, HOME + 1, HOME + 2] {
        hand.household(home, None, None, None);
    }
    hand.resident(HOME, 7, ["1980-01-01", "", ""]);
    hand.resident(HOME + 2, 7, ["1980-01-01", "", ""]);
    // A person in two households has the bills of each there; a bill of somebody whom the household does not list is of the
    // household alone, and one of a household that is not listed of nobody.
    hand.bill((HOME, 7), "2023-03-01", "1", Some(100), Some(0));
    hand.bill((HOME + 2, 7), "2023-03-01", "1", Some(30), Some(0));
    hand.bill((HOME + 1, 9), "2023-03-01", "1", Some(5), Some(0));
    hand.bill((HOME + 5, 7), "2023-03-01", "1", Some(7), Some(0));
    for (home, paid, count) in [(HOME, 100, 1), (HOME + 1, 0, 1), (HOME + 2, 30, 1)] {
        let facts = hand.facts(&package, home, "2023-06-30");
        assert_eq!(value(&facts, "household_self_paid_fen", None), Value::Fen(Fen(paid)), "{home}");
        assert_eq!(value(&facts, "bill_count", None), Value::Int(count), "{home}");
    }
}

#[test]
fn a_fact_carries_exactly_the_rows_that_make_it() {
    let package = package();
    let mut hand = Hand::new();
    hand.household(HOME, Some(1_000), None, None);
    let member = hand.resident(HOME, 7, ["1980-01-01", "", ""]);
    let other = hand.resident(HOME, 8, ["1981-01-01", "", ""]);
    let counted = hand.bill((HOME, 7), "2023-03-01", "1", Some(100), Some(40));
    // Too early, no stay, of no sum, unknown: none of them proves anything.
    hand.bill((HOME, 7), "2022-06-30", "1", Some(100), Some(0));
    hand.bill((HOME, 7), "2023-03-02", "2", Some(100), Some(0));
    hand.bill((HOME, 7), "2023-03-03", "1", Some(100), Some(100));
    hand.bill((HOME, 7), "2023-03-04", "1", None, Some(0));
    let facts = hand.facts(&package, HOME, "2023-06-30");
    let rows = |fact: &str, person: Option<i64>| -> Vec<(String, u32, Value)> {
        let line = facts.iter().find(|line| line.fact == fact && line.resident_key.map(|key| key.0) == person);
        let evidence = &line.expect("the fact is there").evidence;
        evidence.iter().map(|row| (row.dataset.clone(), row.row, row.adds.clone())).collect()
    };
    let bill = ("medical_bill".to_owned(), counted, Value::Fen(Fen(60)));
    assert_eq!(rows("self_paid_12m_fen", Some(7)), std::slice::from_ref(&bill));
    assert_eq!(rows("self_paid_12m_fen", Some(8)), []);
    let register = |row: u32, adds: Value| ("resident".to_owned(), row, adds);
    assert_eq!(rows("member_count", None), [register(member, Value::Int(1)), register(other, Value::Int(1))]);
    // The sum of a household is made of members, and these of their bills; who adds nothing is left out.
    assert_eq!(rows("household_self_paid_fen", None), [register(member, Value::Fen(Fen(60))), bill]);
    for line in &facts {
        assert_eq!(line.over() == Grain::Resident, line.resident_key.is_some(), "{}", line.fact);
        assert!(line.evidence.iter().all(|row| row.file == "0123456789ab"), "{}", line.fact);
    }
}

#[test]
fn facts_come_in_the_packages_order_and_members_by_their_keys() {
    let package = package();
    let mut hand = Hand::new();
    hand.household(HOME, None, None, None);
    for person in [30, -5, 12] {
        hand.resident(HOME, person, ["1980-01-01", "", ""]);
    }
    let facts = hand.facts(&package, HOME, "2023-06-30");
    let mut order: Vec<&str> = facts.iter().map(|line| line.fact.as_str()).collect();
    order.dedup();
    let expected: Vec<&String> =
        package.fact_order.iter().filter(|fact| package.facts[*fact].over != Grain::Village).collect();
    assert_eq!(order, expected);
    let keys: Vec<i64> =
        facts.iter().filter(|line| line.fact == "is_member").filter_map(|line| Some(line.resident_key?.0)).collect();
    assert_eq!(keys, [-5, 12, 30]);
}

#[test]
fn a_household_that_no_register_holds_is_told() {
    let package = package();
    let mut hand = Hand::new();
    hand.household(HOME, None, None, None);
    hand.household(HOME + 2, None, None, None);
    let lists = hand.lists(&package);
    for missing in [HOME - 1, HOME + 1, HOME + 3] {
        let told = household_facts(&lists, &package, HouseholdNo(missing), day("2023-06-30"), day("2023-06-30"));
        match told {
            Err(error @ AnalysisError::NoHousehold { .. }) => {
                assert_eq!(error.to_string(), format!("the lake has no household {missing}"));
            }
            other => panic!("{missing}: {other:?}"),
        }
    }
}

#[test]
fn facts_of_made_up_counties_are_what_a_plain_count_says() {
    let package = package();
    let seed = 77;
    println!("seed {seed}");
    let made = county(seed, COUNTIES[0], 120);
    let mut dice = Dice::new(seed);
    let mut hand = Hand::new();
    hand.county = made;
    for on in ["2023-06-30", "2023-01-01", "2022-12-31"] {
        let today = day(on);
        let first = today.plus_days(1).minus_months(12);
        for _ in 0..12 {
            let at = usize::try_from(dice.below(hand.county.household.len() as i64)).expect("not negative");
            let home = &hand.county.household[at];
            let number = home.household_no.0;
            let facts = hand.facts(&package, number, on);
            let members = hand.county.resident.iter().filter(|row| row.household_no.0 == number);
            let bills = hand.county.medical_bill.iter().filter(|row| row.household_no.0 == number);
            let mut paid: BTreeMap<i64, i64> = BTreeMap::new();
            let mut count = 0;
            for bill in bills {
                let on = bill.values[0].as_day().expect("every bill has a day");
                count += i64::from(on.year() == today.year() && on <= today);
                let difference = bill.values[2].as_i64().zip(bill.values[3].as_i64()).map(|(total, back)| total - back);
                if bill.values[1].as_text() == Some("1") && on >= first && on <= today {
                    *paid.entry(bill.resident_key.expect("of a person").0).or_default() += difference.unwrap_or(0);
                }
            }
            assert_eq!(value(&facts, "member_count", None), Value::Int(members.clone().count() as i64), "{number}");
            assert_eq!(value(&facts, "bill_count", None), Value::Int(count), "{number} on {on}");
            let all = paid.values().sum();
            assert_eq!(value(&facts, "household_self_paid_fen", None), Value::Fen(Fen(all)), "{number} on {on}");
            for member in members {
                let key = member.resident_key.expect("a person").0;
                let own = Value::Fen(Fen(paid.get(&key).copied().unwrap_or(0)));
                assert_eq!(value(&facts, "self_paid_12m_fen", Some(key)), own, "{number} {key} on {on}");
            }
        }
    }
}
