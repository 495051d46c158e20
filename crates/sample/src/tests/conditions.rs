//! Conditions of the sample files hold where their words say so, on both sides of every boundary.

use super::{household, known_household, population, subject, village};
use crate::condition::Condition;
use crate::fields::Subject;

/// Who of the household fulfils a condition, by place.
fn fulfilled(text: &str) -> Vec<usize> {
    let (population, village, household) = (population(), village(), household());
    let base = subject(&population, &village, &household);
    let condition = Condition::parse(text).unwrap_or_else(|reason| panic!("{text}: {reason}"));
    let people = household.residents.iter().enumerate();
    people
        .filter(|(_, resident)| condition.holds(&Subject { resident: Some(resident), ..base }))
        .map(|(index, _)| index)
        .collect()
}

#[test]
fn comparisons_hold_on_the_right_side_of_their_boundary() {
    // Ages on the day: 40, 37 (38 tomorrow), 12 (today), 79 (80 tomorrow).
    for (text, expected) in [
        ("resident.age = 12", vec![2]),
        ("resident.age != 12", vec![0, 1, 3]),
        ("resident.age < 37", vec![2]),
        ("resident.age <= 37", vec![1, 2]),
        ("resident.age > 40", vec![3]),
        ("resident.age >= 40", vec![0, 3]),
        ("resident.age >= 79", vec![3]),
        ("resident.age >= 80", vec![]),
        ("resident.relation = head", vec![0]),
        ("resident.relation in head|mother", vec![0, 3]),
        ("resident.relation in head", vec![0]),
        ("resident.is_at_school = true", vec![2]),
        ("resident.is_present = false", vec![3]),
        ("resident.left_days >= 30", vec![3]),
        ("resident.left_days >= 31", vec![]),
        ("resident.left_days = -1", vec![0, 1, 2]),
        ("resident.has_lost_work = true", vec![0]),
        ("household.net = 37000", vec![0, 1, 2, 3]),
        ("", vec![0, 1, 2, 3]),
        ("  ", vec![0, 1, 2, 3]),
    ] {
        assert_eq!(fulfilled(text), expected, "{text}");
    }
}

#[test]
fn and_binds_closer_than_or() {
    for (text, expected) in [
        ("resident.age > 30 and resident.is_male = true", vec![0]),
        ("resident.age < 30 or resident.is_male = true", vec![0, 2]),
        ("resident.age = 12 or resident.age > 30 and resident.is_male = true", vec![0, 2]),
        ("resident.age > 30 and resident.is_male = true or resident.age = 12", vec![0, 2]),
        ("resident.age = 12 and resident.age = 40", vec![]),
    ] {
        assert_eq!(fulfilled(text), expected, "{text}");
    }
}

#[test]
fn nothing_is_neither_more_nor_less_than_a_number() {
    let (population, village) = (population(), village());
    for (household, holds) in [(household(), [false; 4]), (known_household(), [true, true, true, false])] {
        let base = subject(&population, &village, &household);
        let texts = [
            "household.identified_months >= 16",
            "household.identified_months <= 17",
            "household.dibao_per_head > 0",
            "household.monitor_kind < 3",
        ];
        for (text, holds) in texts.into_iter().zip(holds) {
            assert_eq!(Condition::parse(text).expect("a condition").holds(&base), holds, "{text}");
        }
        // A word is compared as text: nothing is not the word, and an inequality holds of it.
        let is_other = Condition::parse("household.monitor_kind != marginal").expect("a condition");
        assert_eq!(is_other.holds(&base), household.monitored.is_none());
    }
}

#[test]
fn a_condition_of_a_member_does_not_hold_of_the_household_alone() {
    let (population, village, household) = (population(), village(), household());
    let base = subject(&population, &village, &household);
    for text in ["resident.age >= 0", "resident.relation = head", "event.kind = stay", "event.days_since < 9999"] {
        assert!(!Condition::parse(text).expect("a condition").holds(&base), "{text}");
    }
    let event = Subject { event: Some(&household.events[0]), ..base };
    for (text, holds) in [
        ("event.kind = stay", true),
        ("event.kind in clinic|stay", true),
        ("event.kind = clinic", false),
        ("event.days_since <= 41", true),
        ("event.days_since < 41", false),
        ("event.is_shock = true", true),
        ("event.own > 4999", true),
        ("event.own > 5000", false),
    ] {
        assert_eq!(Condition::parse(text).expect("a condition").holds(&event), holds, "{text}");
    }
}

#[test]
fn one_wrong_part_refuses_the_whole_condition() {
    for (text, reason) in [
        ("resident.age > 3 and resident.aged = 4", "there is no field `resident.aged`"),
        ("resident.age > 3 or event.kind = fire", "there are no events of kind `fire`"),
        ("event.kind in stay|fire", "there are no events of kind `fire`"),
        ("resident.age >= 3.5", "`3.5` is not a whole number"),
        ("resident.age > 3 and ", "`` is not a comparison of the form `field = value`"),
        ("resident.age => 3", "`=>` is not a sign"),
    ] {
        assert_eq!(Condition::parse(text).err().as_deref(), Some(reason), "{text}");
    }
}
