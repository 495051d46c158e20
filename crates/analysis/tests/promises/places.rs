//! Figures of places add up from villages to the province.

use crate::support::{COUNTIES, Folder, county, day, lake, package, request};
use ::lake::{CountyRows, DatasetSchema, RowSource};
use analysis::{ScreeningOutcome, screen};
use model::{Level, RegionCode, Value};
use policy::FigureParts;
use std::collections::BTreeMap;
use std::sync::Arc;

const ALL_LEVELS: [Level; 5] = [Level::Village, Level::Township, Level::County, Level::Prefecture, Level::Province];

fn code(text: &str) -> RegionCode {
    text.parse().expect("a place")
}

#[test]
fn indicators_count_the_households_of_every_village_and_add_up_to_every_place() {
    let (package, folder) = (package(), Folder::new());
    let outcome = screen(&lake(folder.path(), &package, 9_000), &package, &request(2)).expect("the screening runs");
    let mut expected: BTreeMap<(RegionCode, String), FigureParts> = BTreeMap::new();
    for number in COUNTIES {
        for household in county(11, number, 9_000).household {
            let village = code(household.values[0].as_text().expect("every household has a village"));
            let is_monitored = household.values[4].as_bool();
            let group = match is_monitored {
                Some(true) => "is_monitored yes",
                Some(false) => "is_monitored no",
                None => "is_monitored ",
            };
            for (level, of) in
                ALL_LEVELS.into_iter().flat_map(|level| [(level, " ".to_owned()), (level, group.to_owned())])
            {
                let counted = expected.entry((village.at(level), of)).or_default();
                counted.numerator += i64::from(is_monitored == Some(true));
                counted.denominator += i64::from(is_monitored.is_some());
                counted.known += i64::from(is_monitored.is_some());
                counted.unknown += i64::from(is_monitored.is_none());
            }
        }
    }
    let rows = &outcome.indicators["monitored_share"];
    let mut found: BTreeMap<(RegionCode, String), FigureParts> = BTreeMap::new();
    for row in rows {
        assert_eq!(row.place.level(), Level::Village, "figures are kept for the smallest places");
        for level in ALL_LEVELS {
            let sum = found.entry((row.place.at(level), format!("{} {}", row.group, row.code))).or_default();
            *sum = sum.plus(row.parts).expect("few");
        }
    }
    found.retain(|_, parts| *parts != FigureParts::default());
    assert_eq!(found, expected);
    let all = found[&(code("99"), " ".to_owned())];
    assert_eq!(all.known + all.unknown, i64::try_from(outcome.households).expect("few"));
}

#[test]
fn groups_add_up_to_the_whole() {
    let (package, folder) = (package(), Folder::new());
    let outcome = screen(&lake(folder.path(), &package, 900), &package, &request(2)).expect("the screening runs");
    let mut sums: BTreeMap<(RegionCode, bool), FigureParts> = BTreeMap::new();
    for row in &outcome.indicators["monitored_share"] {
        let sum = sums.entry((row.place, row.group.is_empty())).or_default();
        *sum = sum.plus(row.parts).expect("few");
    }
    let places: Vec<RegionCode> = sums.keys().map(|(place, _)| *place).collect();
    assert!(!places.is_empty());
    for place in places {
        assert_eq!(sums[&(place, true)], sums[&(place, false)], "{place}");
    }
}

#[test]
fn a_county_in_which_a_source_was_never_handed_in_says_that_it_does_not_know() {
    let (package, folder) = (package(), Folder::new());
    let lake = lake(folder.path(), &package, 300);
    let sick = |outcome: &ScreeningOutcome| {
        let rows = outcome.indicators["sick_households"].iter();
        rows.fold(FigureParts::default(), |sum, row| sum.plus(row.parts).expect("few"))
    };
    let known = sick(&screen(&lake, &package, &request(2)).expect("the screening runs"));
    assert!(known.numerator > 0 && known.unknown == 0, "{known:?}");
    let without = WithoutSource { rows: &lake, source: "medical_bill" };
    let unknown = sick(&screen(&without, &package, &request(2)).expect("the screening runs"));
    assert_eq!(unknown, FigureParts { unknown: known.known, ..FigureParts::default() });
    assert_eq!(package.indicator_forms["sick_households"].value(&unknown), Value::Null);
}

/// A lake to which nobody has handed in one source.
struct WithoutSource<'a> {
    rows: &'a dyn RowSource,
    source: &'a str,
}

impl RowSource for WithoutSource<'_> {
    fn counties(&self, dataset: &str) -> ::lake::Result<Vec<u32>> {
        self.rows.counties(dataset)
    }

    fn rows(&self, schema: &DatasetSchema, county: u32) -> ::lake::Result<Option<Arc<dyn CountyRows>>> {
        if schema.name == self.source { Ok(None) } else { self.rows.rows(schema, county) }
    }
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
