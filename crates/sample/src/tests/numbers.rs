//! Identity numbers: valid, of the time and the county, each once, and never one of another county.

use super::day;
use crate::numbers::{NumberDesk, NumberOffice};
use crate::random::Stream;
use model::{AreaCodes, Day, IdentityNumber, RegionCode, Sex};
use std::collections::BTreeSet;

/// Three counties: one as old as the numbers, two that came out of one old county in 2001. Beside them another province.
const AREAS: &str = "code,name,start_year,end_year
990000,某省,,
990100,某市,,
990101,山前县,1982,
990190,山后县,1982,2000
990102,山后县,2001,
990103,河谷区,2001,
110105,远方区,1982,
110106,远郊区,1982,
";

fn codes() -> AreaCodes {
    AreaCodes::from_csv(AREAS).expect("a sound list")
}

fn office() -> NumberOffice {
    let county = |code: u64, name: &str| (RegionCode::from_number(code).expect("a code"), name.to_owned());
    let counties =
        [county(990_103_000_000, "河谷区"), county(990_101_000_000, "山前县"), county(990_102_000_000, "山后县")];
    NumberOffice::new(&counties, AREAS, codes(), 2024)
}

/// The counties by their places in the office. The valley has no code of its own before 2001: it was the front's guest.
const VALLEY: usize = 0;
const FRONT: usize = 1;
const BACK: usize = 2;

fn issued(county: usize, born: Day, is_male: bool, elsewhere: bool, count: usize) -> Vec<IdentityNumber> {
    let (office, mut desk) = (office(), NumberDesk::default());
    let mut stream = Stream::of(3, "issue", county as u64, u64::from(is_male));
    (0..count).map(|_| office.issue(county, born, is_male, elsewhere, &mut desk, &mut stream)).collect()
}

fn areas(numbers: &[IdentityNumber]) -> BTreeSet<u32> {
    numbers.iter().map(|number| number.area()).collect()
}

#[test]
fn a_number_tells_birthday_and_sex_and_is_valid() {
    for born in ["1930-01-31", "1984-02-29", "1999-12-31", "2000-01-01", "2024-06-29"] {
        for is_male in [false, true] {
            for number in issued(FRONT, day(born), is_male, false, 40) {
                assert_eq!(number.born_on(), day(born));
                assert_eq!(number.sex() == Sex::Male, is_male);
                assert_eq!(IdentityNumber::parse(&number.canonical()).expect("valid").digits17(), number.digits17());
            }
        }
    }
}

#[test]
fn the_area_is_the_one_in_use_when_the_person_was_born() {
    for (county, born, expected) in [
        (FRONT, "1950-05-05", 990_101),
        (FRONT, "2024-01-01", 990_101),
        (BACK, "1950-05-05", 990_190),
        (BACK, "2000-12-31", 990_190),
        (BACK, "2001-01-01", 990_102),
        (VALLEY, "2000-12-31", 990_101),
        (VALLEY, "2001-01-01", 990_103),
    ] {
        let numbers = issued(county, day(born), true, false, 20);
        assert_eq!(areas(&numbers), BTreeSet::from([expected]), "county {county}, {born}");
        assert!(numbers.iter().all(|number| codes().existed_in(number.area(), number.born_on().year().max(1984))));
    }
}

#[test]
fn no_number_is_given_twice_even_where_a_day_is_full() {
    // A county has 700 order numbers a day, half of them for women; the two counties of an old code have fewer.
    for (county, born) in [(FRONT, "1990-03-01"), (BACK, "1990-03-01"), (VALLEY, "1990-03-01")] {
        let numbers = issued(county, day(born), false, false, 900);
        let distinct: BTreeSet<u64> = numbers.iter().map(|number| number.digits17()).collect();
        assert_eq!(distinct.len(), numbers.len(), "county {county}");
        let days: BTreeSet<Day> = numbers.iter().map(|number| number.born_on()).collect();
        assert!(days.len() > 1 && days.last() == Some(&day(born)), "the days before are taken then: {days:?}");
        assert!(numbers.iter().all(|number| number.sex() == Sex::Female));
    }
}

#[test]
fn counties_that_shared_a_code_never_share_a_number() {
    let born = day("1990-03-01");
    let of = |county: usize| -> BTreeSet<u64> {
        let all = [true, false].into_iter().flat_map(|is_male| issued(county, born, is_male, false, 600));
        all.map(IdentityNumber::digits17).collect()
    };
    let [first, second, third] = [of(FRONT), of(BACK), of(VALLEY)];
    assert!(first.is_disjoint(&second) && first.is_disjoint(&third) && second.is_disjoint(&third));
}

#[test]
fn who_married_in_from_elsewhere_has_the_neighbours_area_and_orders_of_its_own() {
    let born = day("2002-03-01");
    let guests = issued(FRONT, born, false, true, 40);
    assert_eq!(areas(&guests), BTreeSet::from([990_102]));
    let own: BTreeSet<u64> = issued(BACK, born, false, false, 340).into_iter().map(IdentityNumber::digits17).collect();
    assert!(guests.iter().all(|number| !own.contains(&number.digits17())));
    // Before the neighbour had a code of its own nobody can be of it.
    assert_eq!(areas(&issued(FRONT, day("2000-12-31"), false, true, 20)), BTreeSet::from([990_101]));
}

#[test]
fn a_stranger_is_of_another_province_and_valid() {
    let office = office();
    let region = RegionCode::from_number(990_101_000_000).expect("a code");
    for number in 0..300 {
        let stranger = office.stranger(region, &mut Stream::of(1, "stranger", number, 0));
        assert!([110_105, 110_106].contains(&stranger.area()), "{}", stranger.area());
        assert!((1945..=2015).contains(&stranger.born_on().year()));
        assert!(IdentityNumber::parse(&stranger.canonical()).is_ok());
    }
}
