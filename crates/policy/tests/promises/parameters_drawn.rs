//! Parameters of made-up packages against a plain search through all their values.

use crate::hostile::Dice;
use crate::{Copy, day};
use model::{Day, Level, RegionCode, Value};
use std::fmt::Write;

const PLACES: [&str; 6] = ["99", "9901", "990101", "990102", "990101100", "990101100201"];
const LEVELS: [(Level, &str); 3] =
    [(Level::Province, "province"), (Level::Prefecture, "prefecture"), (Level::County, "county")];

/// One value: place, day in force, day of publication, and the amount (none where it is said to be unset).
#[derive(Clone, Debug)]
struct Drawn {
    place: usize,
    from: Day,
    published: Day,
    amount: Option<i64>,
}

fn draw(dice: &mut Dice) -> Vec<Drawn> {
    let mut drawn: Vec<Drawn> = Vec::new();
    for _ in 0..1 + dice.below(9) {
        let from = day("2020-01-01").plus_days(dice.below(5) as i64 * 100);
        let published = from.plus_days(dice.below(4) as i64 * 60);
        let amount = (dice.below(6) > 0).then(|| dice.below(100) as i64);
        let one = Drawn { place: dice.below(PLACES.len()), from, published, amount };
        // The check refuses two values of one place and the same days.
        let is_there =
            |known: &Drawn| (known.place, known.from, known.published) == (one.place, one.from, one.published);
        if !drawn.iter().any(is_there) {
            drawn.push(one);
        }
    }
    drawn
}

fn declared(values: &[Drawn], at_least: Option<&str>) -> String {
    let mut text = "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nunit = \"int\"\n".to_owned();
    if let Some(level) = at_least {
        let _ = writeln!(text, "at_least = \"{level}\"");
    }
    for Drawn { place, from, published, amount } in values {
        let said = amount.map_or("unset = true".to_owned(), |amount| format!("amount = {amount}"));
        let place = PLACES[*place];
        let _ = writeln!(
            text,
            "[[value]]\nfrom = {from}\npublished = {published}\nregion = \"{place}\"\n{said}\nsource = \"x\"\ngrade = \"A\""
        );
    }
    text
}

fn region(text: &str) -> RegionCode {
    text.parse().expect("test places are well written")
}

/// The amount of the nearest place around that has a value in force: `None` where nothing is in force or it is unset.
fn nearest(values: &[Drawn], at: RegionCode, on: Day, known: Day) -> Option<i64> {
    // From the narrowest place to the widest.
    for place in (0..PLACES.len()).rev().filter(|place| region(PLACES[*place]).holds(at)) {
        let in_force = values.iter().filter(|one| one.place == place && one.from <= on && one.published <= known);
        let mut in_force: Vec<&Drawn> = in_force.collect();
        in_force.sort_by_key(|one| (one.from, one.published));
        if let Some(last) = in_force.last() {
            return last.amount;
        }
    }
    None
}

#[test]
fn values_are_those_of_the_nearest_place_in_force_and_known_and_not_below_the_floor() {
    let copy = Copy::new();
    let (mut asked, mut known_values, mut raised) = (0, 0, 0);
    for seed in 0..25_u64 {
        let mut dice = Dice(seed);
        let values = draw(&mut dice);
        let at_least = (dice.below(2) == 0).then(|| LEVELS[dice.below(LEVELS.len())]);
        copy.write("parameters/drawn.toml", &declared(&values, at_least.map(|(_, word)| word)));
        let package = copy.load().unwrap_or_else(|problems| panic!("seed {seed}: {problems}"));
        for place in PLACES.map(region) {
            for on in (0..8).map(|step| day("2019-12-31").plus_days(step * 90)) {
                for known in [0, 59, 60, 400].map(|days| on.plus_days(days)) {
                    let own = nearest(&values, place, on, known);
                    let floor = at_least
                        .filter(|(level, _)| place.level() > *level)
                        .and_then(|(level, _)| nearest(&values, place.at(level), on, known));
                    let expected = own.max(floor);
                    let found = package.parameter("drawn", place, on, known);
                    assert_eq!(
                        found.value,
                        expected.map_or(Value::Null, Value::Int),
                        "seed {seed}: {place} {on} {known} {values:?}"
                    );
                    assert!(found.published.is_none_or(|published| published <= known), "seed {seed}");
                    assert!(found.from.is_none_or(|from| from <= on), "seed {seed}");
                    asked += 1;
                    known_values += u32::from(expected.is_some());
                    raised += u32::from(expected != own);
                }
            }
        }
    }
    assert!(known_values > asked / 4 && raised > 50, "{known_values} of {asked}, {raised} raised");
}

#[test]
fn what_if_takes_the_place_of_a_value_and_of_all_that_is_made_from_it() {
    let copy = Copy::new();
    let formula = "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nunit = \"int\"\n[[value]]\nfrom = 2020-01-01\nformula = \"p.drawn * 2 + 1\"\nsource = \"x\"\ngrade = \"A\"\n";
    copy.write("parameters/made.toml", formula);
    let value = Drawn { place: 2, from: day("2021-01-01"), published: day("2021-03-01"), amount: Some(10) };
    copy.write("parameters/drawn.toml", &declared(&[value], None));
    let package = copy.load().unwrap_or_else(|problems| panic!("{problems}"));
    let cases = [
        ("990101100201", "2021-01-01", "2021-03-01", Value::Int(21)),
        ("990101100201", "2021-01-01", "2021-02-28", Value::Null),
        ("990101100201", "2020-12-31", "2021-03-01", Value::Null),
        ("990102", "2021-01-01", "2021-03-01", Value::Null),
        ("99", "2021-01-01", "2021-03-01", Value::Null),
    ];
    for (place, on, known, expected) in cases {
        let found = package.parameter("made", region(place), day(on), day(known));
        assert_eq!(found.value, expected, "{place} {on} {known}");
        let overrides = policy::Overrides::from([("drawn".to_owned(), Value::Int(50))]);
        let tried = package.parameter_with("made", region(place), day(on), day(known), &overrides);
        assert_eq!(tried.value, Value::Int(101), "{place} {on} {known}");
        let own = package.parameter_with("drawn", region(place), day(on), day(known), &overrides);
        assert_eq!(
            (own.value, own.grade.as_str(), own.source.as_str(), own.from),
            (Value::Int(50), "what-if", "", None)
        );
    }
}
