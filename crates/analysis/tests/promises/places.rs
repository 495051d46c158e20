//! Figures of places add up from villages to the province.

use crate::support::{COUNTIES, Folder, county, day, lake, package, request};
use analysis::screen;
use model::{Level, RegionCode, Value};
use std::collections::BTreeMap;

fn code(text: &str) -> RegionCode {
    text.parse().expect("a place")
}

#[test]
fn indicators_count_the_households_of_every_place() {
    let (package, folder) = (package(), Folder::new());
    let outcome = screen(&lake(folder.path(), &package, 9_000), &package, &request(2)).expect("the screening runs");
    let mut expected: BTreeMap<RegionCode, (i64, i64)> = BTreeMap::new();
    for number in COUNTIES {
        for household in county(11, number, 9_000).household {
            let village = code(household.values[0].as_text().expect("every household has a village"));
            let is_monitored = household.values[4] == Value::Bool(true);
            for level in [Level::Village, Level::Township, Level::County, Level::Prefecture, Level::Province] {
                let counted = expected.entry(village.at(level)).or_default();
                counted.0 += i64::from(is_monitored);
                counted.1 += 1;
            }
        }
    }
    let found: BTreeMap<RegionCode, (i64, i64)> = outcome.indicators["monitored_share"]
        .iter()
        .map(|(place, value)| {
            let whole = value.denominator.as_ref().and_then(Value::as_i64).expect("a share has a whole");
            (*place, (value.numerator.as_i64().expect("a count"), whole))
        })
        .collect();
    assert_eq!(found, expected);
    assert_eq!(found[&code("99")].1, i64::try_from(outcome.households).expect("few"));
}

#[test]
fn facts_over_villages_sum_up_facts_over_households() {
    let (package, folder) = (package(), Folder::new());
    let outcome = screen(&lake(folder.path(), &package, 300), &package, &request(2)).expect("the screening runs");
    let mut with_bills: BTreeMap<RegionCode, std::collections::BTreeSet<i64>> = BTreeMap::new();
    for number in COUNTIES {
        let made = county(11, number, 300);
        let villages: BTreeMap<i64, RegionCode> = made
            .household
            .iter()
            .map(|row| (row.household_no.0, code(row.values[0].as_text().expect("a village"))))
            .collect();
        let mut sums: BTreeMap<i64, i64> = BTreeMap::new();
        for bill in &made.medical_bill {
            let settled = bill.values[0].as_day().expect("a day");
            let is_inpatient = bill.values[1].as_text() == Some("1");
            let paid = bill.values[2].as_i64().zip(bill.values[3].as_i64()).map(|(total, back)| total - back);
            if is_inpatient && settled >= day("2022-07-01") && settled <= day("2023-06-30") {
                *sums.entry(bill.household_no.0).or_default() += paid.unwrap_or(0);
            }
        }
        for (household, _) in sums.into_iter().filter(|(_, sum)| *sum > 0) {
            with_bills.entry(villages[&household]).or_default().insert(household);
        }
    }
    for (village, households) in with_bills {
        let count = Value::Int(i64::try_from(households.len()).expect("few"));
        assert_eq!(outcome.villages[&village]["sick_household_count"], count, "{village}");
    }
}
