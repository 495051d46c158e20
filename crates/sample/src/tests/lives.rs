//! School, education, health and work by age.

use super::day;
use crate::life::{School, education, health, labour, phone, school, work_place};
use crate::random::Stream;
use std::collections::BTreeSet;

fn many<T: Ord>(draws: u64, draw: impl Fn(&mut Stream) -> T) -> BTreeSet<T> {
    (0..draws).map(|number| draw(&mut Stream::of(5, "lives", number, 0))).collect()
}

#[test]
fn school_years_turn_on_the_first_of_september() {
    // Born in 2010: seven on the first of September 2017.
    for (on, stage, grade) in [
        ("2013-08-31", "none", 0),
        ("2013-09-01", "preschool", 1),
        ("2016-08-31", "preschool", 3),
        ("2016-09-01", "primary", 1),
        ("2016-12-31", "primary", 1),
        ("2017-01-01", "primary", 1),
        ("2022-08-31", "primary", 6),
        ("2022-09-01", "junior", 1),
        ("2025-08-31", "junior", 3),
    ] {
        let found = many(50, |stream| {
            let School { stage, grade } = school(day("2010-03-15"), day(on), stream);
            (stage, grade)
        });
        assert_eq!(found, BTreeSet::from([(stage, grade)]), "{on}");
    }
}

#[test]
fn beyond_the_ninth_year_chance_decides() {
    let stages = |on: &str| many(400, |stream| school(day("2010-03-15"), day(on), stream).stage);
    assert_eq!(stages("2025-09-01"), BTreeSet::from(["none", "senior", "vocational"]));
    assert_eq!(stages("2028-08-31"), BTreeSet::from(["none", "senior", "vocational"]));
    assert_eq!(stages("2028-09-01"), BTreeSet::from(["none", "college"]));
    assert_eq!(stages("2032-09-01"), BTreeSet::from(["none"]));
    // Whoever goes on stays: the same chance gives the stages of one life.
    for number in 0..200 {
        let of = |on: &str| school(day("2010-03-15"), day(on), &mut Stream::of(5, "life", number, 0)).stage;
        assert_eq!(of("2025-09-01"), of("2027-09-01"), "{number}");
        assert!(of("2028-09-01") != "college" || of("2027-09-01") != "none", "{number}");
    }
}

#[test]
fn education_follows_age() {
    for (age, expected) in
        [(0, "preschool"), (6, "preschool"), (7, "primary"), (12, "primary"), (13, "junior"), (15, "junior")]
    {
        assert_eq!(many(50, |stream| education(age, 0.9, 8.0, stream)), BTreeSet::from([expected]), "{age}");
    }
    assert!(!many(300, |stream| education(40, 0.0, 8.0, stream)).contains("illiterate"));
    let share = |age: i64, word: &str| {
        let level = |number| education(age, 0.1, 8.0, &mut Stream::of(9, "education", number, 0));
        (0..2_000).filter(|number| level(*number) == word).count()
    };
    assert!(share(70, "illiterate") > 3 * share(50, "illiterate"), "the old learned less");
    assert!(share(25, "college") > 3 * share(60, "college"), "the young learned more");
}

#[test]
fn health_worsens_with_age_and_nobody_is_neither() {
    let ill = |age: i64| {
        (0..3_000).filter(|number| health(age, &mut Stream::of(9, "health", *number, 0)) != "healthy").count()
    };
    let counts = [10, 30, 50, 70].map(ill);
    assert!(counts.is_sorted() && counts[0] < 60 && counts[3] > 700, "{counts:?}");
    assert_eq!(many(6_000, |stream| health(70, stream)), BTreeSet::from(["chronic", "healthy", "serious"]));
}

#[test]
fn labour_on_both_sides_of_its_ages() {
    for (age, is_at_school, disability, expected) in [
        (15, false, None, vec!["none"]),
        (15, false, Some((4, 1)), vec!["none"]),
        (16, false, None, vec!["ordinary", "skilled"]),
        (16, true, None, vec!["none"]),
        (16, true, Some((4, 2)), vec!["lost"]),
        (16, true, Some((4, 3)), vec!["none"]),
        (59, false, None, vec!["ordinary", "skilled"]),
        (59, false, Some((1, 2)), vec!["lost"]),
        (59, false, Some((1, 3)), vec!["weak"]),
        (60, false, None, vec!["none", "weak"]),
        (69, false, Some((1, 4)), vec!["none", "weak"]),
        (70, false, None, vec!["none"]),
        (70, false, Some((1, 1)), vec!["lost"]),
    ] {
        let found = many(200, |stream| labour(age, is_at_school, disability, stream));
        assert_eq!(found, expected.iter().copied().collect(), "{age} {is_at_school} {disability:?}");
    }
}

#[test]
fn work_away_follows_its_share() {
    assert_eq!(many(200, |stream| work_place(30, true, 0.0, stream)), BTreeSet::from(["home", "none"]));
    let all = BTreeSet::from(["beyond", "county", "home", "none", "province"]);
    assert_eq!(many(600, |stream| work_place(30, true, 0.5, stream)), all);
    let away = |age: i64, is_male: bool| {
        let place = |number| work_place(age, is_male, 0.5, &mut Stream::of(9, "work", number, 0));
        (0..2_000).filter(|number| !matches!(place(*number), "home" | "none")).count()
    };
    assert!(away(45, true) > away(46, true) + 400, "the old stay");
    assert!(away(30, true) > away(30, false) + 100, "more men go");
}

#[test]
fn phones_have_eleven_digits_and_begin_as_mobile_numbers_do() {
    for number in many(500, phone) {
        assert!((13_000_000_000..19_000_000_000).contains(&number), "{number}");
    }
}
