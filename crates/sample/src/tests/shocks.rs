//! The hidden process: who truly falls into hardship, and that what befalls a household holds together.

use super::{county, day, household, population};
use crate::background::bill;
use crate::census::CensusRow;
use crate::family::FamilyProfile;
use crate::names::NameBook;
use crate::numbers::NumberOffice;
use crate::population::{Population, Shock};
use crate::random::Stream;
use crate::setting::{County, Setting};
use crate::shock::strike;
use crate::world::{CAUSES, EVENT_KINDS, Household, Monitored};
use model::AreaCodes;

fn certain(cost: f64) -> Shock {
    Shock { rate: 1.0, cost, spread: 0.0, covered: 0.0, idle_months: 3.0 }
}

/// Lets the shocks of the population strike the household, with every seed up to `seeds`.
fn struck(population: &Population, household: &Household, seeds: u64) -> Vec<Household> {
    let census: CensusRow = county();
    let county = County {
        profile: FamilyProfile::new(&census),
        traits: population.traits_of("980101".parse().expect("a place"), 0.0),
        census,
    };
    let areas = AreaCodes::from_csv("code,name\n990101,山前县\n").expect("areas");
    let numbers = NumberOffice::new(&[], "code,name\n", areas, 2024);
    let names = NameBook::new();
    let setting = Setting { population, names: &names, numbers: &numbers, day: day("2024-06-30"), seed: 1 };
    let strike_one = |seed| {
        let mut household = household.clone();
        strike(&mut household, &county, &setting, &mut Stream::of(seed, "strike", 0, 0));
        household
    };
    (0..seeds).map(strike_one).collect()
}

fn with(cause: &str, shock: Shock) -> Population {
    let mut population = population();
    population.shock.insert(cause.to_owned(), shock);
    population
}

#[test]
fn a_bill_adds_up_and_nobody_pays_less_than_nothing() {
    for total in [0, 1, 999, 8_000, 8_001, 16_000, 46_000, 300_000] {
        for covered in [0.0, 0.3, 0.58, 1.0] {
            for assisted in [0.0, 0.5, 1.0] {
                let bill = bill("stay", day("2024-05-01"), 0, total, covered, assisted);
                assert_eq!(bill.basic + bill.serious + bill.aid + bill.own, total, "{bill:?}");
                assert!([bill.basic, bill.serious, bill.aid, bill.own].iter().all(|part| *part >= 0), "{bill:?}");
            }
        }
    }
    // Of what remains after the first insurance, 55 in 100 above 8,000 yuan.
    for (total, covered, serious, own) in
        [(8_000, 0.0, 0, 8_000), (8_100, 0.0, 55, 8_045), (20_000, 0.5, 1_100, 8_900), (20_000, 1.0, 0, 0)]
    {
        let bill = bill("stay", day("2024-05-01"), 0, total, covered, 0.0);
        assert_eq!((bill.serious, bill.own), (serious, own), "{total} {covered}");
    }
}

#[test]
fn hardship_is_what_leaves_a_household_below_its_need() {
    // 37,000 net and half of 10,000 saved against 10,000 for each of the three who are there: 12,000 above the need.
    for (cost, is_true) in [(2_900.0, false), (11_900.0, false), (12_100.0, true), (40_000.0, true)] {
        let population = with("school_cost", certain(cost / 1.25));
        let mut household = household();
        household.residents[2].stage = "senior";
        // Part of the fees may be paid by others: only those are compared that bear all of it.
        let alone = struck(&population, &household, 40)
            .into_iter()
            .filter(|household| household.events.iter().all(|event| event.kind != "fee" || event.aid == 0));
        let truths: Vec<bool> = alone.map(|household| household.truth.is_some()).collect();
        assert!(truths.len() > 10 && truths.iter().all(|truth| *truth == is_true), "{cost}: {truths:?}");
    }
}

#[test]
fn a_small_loss_pushes_nobody_and_who_was_in_want_before_has_other_reasons() {
    let (mut narrow, mut poor) = (household(), household());
    // One yuan above the need, and one below it.
    (narrow.savings, poor.savings) = (0, 0);
    (narrow.income.wage, poor.income.wage) = (23_001, 22_999);
    for (household, cost, is_true) in
        [(&narrow, 2_900.0, false), (&narrow, 3_100.0, true), (&poor, 3_100.0, false), (&poor, 30_000.0, false)]
    {
        let population = with("school_cost", certain(cost / 1.25));
        let mut household = household.clone();
        household.residents[2].stage = "college";
        let alone = struck(&population, &household, 40)
            .into_iter()
            .filter(|household| household.events.iter().all(|event| event.kind != "fee" || event.aid == 0));
        let truths: Vec<bool> = alone.map(|household| household.truth.is_some()).collect();
        assert!(truths.len() > 10 && truths.iter().all(|truth| *truth == is_true), "{cost}: {truths:?}");
    }
}

#[test]
fn whoever_is_monitored_already_is_no_truth_until_the_risk_is_cleared() {
    let population = with("failed_industry", certain(60_000.0));
    let monitored = |cleared: Option<&str>| {
        let mut household = household();
        household.monitored = Some(Monitored {
            kind: "sudden",
            cause: "illness",
            identified_on: day("2023-01-01"),
            cleared_on: cleared.map(day),
        });
        struck(&population, &household, 20).iter().filter(|household| household.truth.is_some()).count()
    };
    assert_eq!((monitored(None), monitored(Some("2024-01-01"))), (0, 20));
    let empty = Household { residents: Vec::new(), ..household() };
    assert!(struck(&population, &empty, 20).iter().all(|household| household.truth.is_none()), "nobody is there");
}

#[test]
fn every_cause_can_strike_and_leaves_an_event_that_tells_of_it() {
    for cause in CAUSES {
        let population = with(cause, certain(30_000.0));
        let mut household = household();
        household.residents[1].work_place = "home";
        if *cause == "school_cost" {
            household.residents[2].stage = "vocational";
        }
        let all = struck(&population, &household, 60);
        let told = |household: &&Household| household.events.iter().any(|event| event.shock == Some(cause));
        assert!(all.iter().filter(told).count() > 50, "{cause} leaves no trace");
        for household in &all {
            let truth = household.truth.as_ref();
            assert!(truth.is_none_or(|truth| truth.cause == *cause), "{cause}: {truth:?}");
            assert!(truth.is_none_or(|truth| truth.since < day("2024-06-23")), "{truth:?}");
        }
        assert!(all.iter().any(|household| household.truth.is_some()) || *cause == "water", "{cause} hurts nobody");
    }
}

#[test]
fn what_befalls_a_household_lies_in_time_and_with_people_who_are_there() {
    let mut population = population();
    CAUSES.iter().for_each(|cause| {
        population.shock.insert((*cause).to_owned(), certain(20_000.0));
    });
    let today = day("2024-06-30");
    for household in struck(&population, &household(), 200) {
        for event in household.events.iter().filter(|event| event.shock.is_some()) {
            assert!(EVENT_KINDS.contains(&event.kind), "{event:?}");
            assert!(event.day < today && event.day >= day("2023-06-01"), "{event:?}");
            assert!(event.until.is_none_or(|until| until >= event.day), "{event:?}");
            assert!(event.member < household.residents.len(), "{event:?}");
            let parts = event.basic + event.serious + event.aid + event.own;
            assert!(event.kind != "stay" || parts == event.total, "{event:?}");
        }
        for (member, resident) in household.residents.iter().enumerate() {
            let died = household.events.iter().find(|event| event.kind == "death" && event.member == member);
            if let Some(died) = died {
                assert_eq!((resident.left_on, resident.left_reason), (Some(died.day), "death"));
                assert_ne!(member, 0, "the head outlives");
            }
        }
        assert!(household.residents.iter().filter(|one| one.left_reason == "death").count() <= 2);
    }
}

#[test]
fn without_shocks_nothing_changes() {
    let (before, after) = (household(), struck(&population(), &household(), 5));
    for after in after {
        assert_eq!((&after.events, after.truth.is_none()), (&before.events, true));
    }
}
