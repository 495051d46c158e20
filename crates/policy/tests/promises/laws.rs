//! Laws that hold for all values, and reference answers worked out in another, slower way.

use crate::{day, valley};
use model::{Day, Decimal, Fen, Level, RegionCode, Value};
use policy::Calendar;
use policy::declare::{CalendarYear, IsoDay, Parameter, ParameterUnit};
use policy::expression::{Window, evaluate, parse};
use proptest::prelude::*;

/// Unknown, or one of a few close numbers: comparisons meet all three answers.
fn number() -> impl Strategy<Value = Value> {
    prop_oneof![1 => Just(Value::Null), 4 => (-3_i64..4).prop_map(Value::Int)]
}

fn truth() -> impl Strategy<Value = Value> {
    prop_oneof![Just(Value::Null), Just(Value::Bool(true)), Just(Value::Bool(false))]
}

/// The value of a text over `a`, `b`, `c` and the truths `s`, `t`.
fn value(text: &str, [a, b, c]: [&Value; 3], [s, t]: [&Value; 2]) -> Value {
    let expr = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let names = |name: &str| match name {
        "a" => a.clone(),
        "b" => b.clone(),
        "c" => c.clone(),
        "s" => s.clone(),
        "t" => t.clone(),
        other => panic!("no name {other}"),
    };
    evaluate(&expr, &names, &|_| Value::Null, day("2024-06-30"))
}

/// Two ways to say the same.
const SAME: [(&str, &str); 22] = [
    ("not (s and t)", "not s or not t"),
    ("not (s or t)", "not s and not t"),
    ("not not s", "s"),
    ("s and t", "t and s"),
    ("s or t", "t or s"),
    ("s and (s or t)", "s"),
    ("a = b", "b = a"),
    ("a <> b", "not a = b"),
    ("a < b", "b > a"),
    ("a <= b", "not a > b"),
    ("a >= b", "a > b or a = b"),
    ("a between b and c", "a >= b and a <= c"),
    ("a not between b and c", "a < b or a > c"),
    ("a in (b, c)", "a = b or a = c"),
    ("a not in (b, c)", "a <> b and a <> c"),
    ("a is not null", "not a is null"),
    ("a - b", "a + -b"),
    ("a * (b + c)", "a * b + a * c"),
    ("case when s then a else b end", "case when not s or s is null then b else a end"),
    ("case when s then a when t then b end", "case when s then a else case when t then b end end"),
    ("coalesce(a, b)", "case when a is null then b else a end"),
    ("s = t", "s and t or not s and not t"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn two_ways_to_say_the_same_have_one_value(
        a in number(), b in number(), c in number(), s in truth(), t in truth()
    ) {
        for (one, other) in SAME {
            let (left, right) = (value(one, [&a, &b, &c], [&s, &t]), value(other, [&a, &b, &c], [&s, &t]));
            prop_assert_eq!(left, right, "{} and {} of {:?}", one, other, (&a, &b, &c, &s, &t));
        }
    }

    #[test]
    fn what_is_unknown_is_compared_with_nothing(a in number()) {
        for text in ["a = b", "a <> b", "a < b", "b >= a", "a + b", "a * b", "-b", "a between b and b", "a in (b)"] {
            let found = value(text, [&a, &Value::Null, &Value::Null], [&Value::Null; 2]);
            prop_assert_eq!(found, Value::Null, "{} of {:?}", text, a);
        }
        let known = value("b is null", [&a, &Value::Null, &Value::Null], [&Value::Null; 2]);
        prop_assert_eq!(known, Value::Bool(true));
    }

    #[test]
    fn money_is_exact(left in -1_000_000_000_000_i64..1_000_000_000_000, right in -1_000_000_000_000_i64..1_000_000_000_000) {
        let (a, b) = (Value::Fen(Fen(left)), Value::Fen(Fen(right)));
        let of = |text: &str| value(text, [&a, &b, &Value::Int(3)], [&Value::Null; 2]);
        prop_assert_eq!(of("a + b"), Value::Fen(Fen(left + right)));
        prop_assert_eq!(of("a - b"), Value::Fen(Fen(left - right)));
        prop_assert_eq!(of("a * c"), Value::Fen(Fen(left * 3)));
        prop_assert_eq!(of("a < b"), Value::Bool(left < right));
        prop_assert_eq!(of("a - b + b = a"), Value::Bool(true));
    }
}

#[test]
fn logic_of_three_values_is_the_least_and_the_greatest() {
    let order = [Value::Bool(false), Value::Null, Value::Bool(true)];
    for (at, s) in order.iter().enumerate() {
        for (other, t) in order.iter().enumerate() {
            let of = |text: &str| value(text, [&Value::Null; 3], [s, t]);
            assert_eq!(of("s and t"), order[at.min(other)], "{s:?} and {t:?}");
            assert_eq!(of("s or t"), order[at.max(other)], "{s:?} or {t:?}");
            assert_eq!(of("not s"), order[2 - at], "not {s:?}");
        }
    }
}

/// Whether a day lies in a window, told from the words alone.
fn lies_in(word: &str, row: Day, on: Day) -> bool {
    if row > on {
        return false;
    }
    match word {
        "all" => true,
        "month" => (row.year(), row.month()) == (on.year(), on.month()),
        "year_to_date" => row.year() == on.year(),
        // A school year is named for the year in which its September lies.
        "school_year" => {
            let of = |day: Day| day.year() - i32::from(day.month() < 9);
            of(row) == of(on)
        }
        "rolling_30d" => row.days_until(on) < 30,
        other => panic!("{other}"),
    }
}

#[test]
fn a_row_is_in_a_window_when_the_words_say_so() {
    let mut inside = 0;
    for word in ["all", "month", "year_to_date", "school_year", "rolling_30d"] {
        let window = Window::parse(word).expect(word);
        for on in (0..800).step_by(7).map(|days| day("2023-01-01").plus_days(days)) {
            for row in (-800..40).step_by(3).map(|days| on.plus_days(days)) {
                let expected = lies_in(word, row, on);
                inside += u32::from(expected);
                assert_eq!(window.holds(Some(row), on), expected, "{word}: {row} on {on}");
            }
        }
    }
    assert!(inside > 10_000, "{inside}");
}

#[test]
fn windows_of_months_are_as_long_as_their_months() {
    for on in (0..1_500).map(|days| day("2022-12-01").plus_days(days)) {
        let first = |months: u32| Window::parse(&format!("rolling_{months}m")).expect("a window").first_day(on);
        let firsts: Vec<Day> = (1..=24).filter_map(first).collect();
        assert_eq!(firsts.len(), 24);
        assert!(firsts.windows(2).all(|pair| pair[1] < pair[0]), "a longer window begins earlier: {on}");
        for (months, first) in (1_i64..).zip(&firsts) {
            let days = first.days_until(on) + 1;
            assert!((months * 30 - 2..=months * 31).contains(&days), "{months} months of {on} are {days} days");
        }
        let is_end = on.plus_days(1).day_of_month() == 1;
        assert!(!is_end || firsts.iter().all(|first| first.day_of_month() == 1), "whole months end at {on}");
    }
}

#[test]
fn working_days_are_counted_one_by_one() {
    let days = |list: &[&str]| list.iter().map(|text| IsoDay(day(text))).collect();
    let year = CalendarYear {
        year: 2024,
        off: days(&["2024-09-16", "2024-09-17", "2024-10-01", "2024-10-02", "2024-10-03", "2024-10-04", "2024-10-07"]),
        worked: days(&["2024-09-14", "2024-09-29", "2024-10-12"]),
        source: "示例".to_owned(),
    };
    let calendar = Calendar::of(std::slice::from_ref(&year));
    let is_worked = |on: Day| {
        let is_listed = |list: &[IsoDay]| list.iter().any(|listed| listed.0 == on);
        // The first day of 2024 was a Monday.
        let weekday = day("2024-01-01").days_until(on).rem_euclid(7);
        !is_listed(&year.off) && (weekday < 5 || is_listed(&year.worked))
    };
    for from in (0..80).map(|days| day("2024-08-20").plus_days(days)) {
        assert_eq!(calendar.is_working_day(from), is_worked(from), "{from}");
        for count in 0..15_u16 {
            let to = calendar.plus_working_days(from, count);
            let between = (1..=from.days_until(to)).filter(|days| is_worked(from.plus_days(*days))).count();
            assert_eq!(between, usize::from(count), "{from} and {count}");
            assert!(count == 0 || is_worked(to), "{from} and {count} end at {to}");
        }
    }
    assert!(calendar.is_set(2024) && !calendar.is_set(2025) && Calendar::default().is_empty());
}

/// The value of a place in force, by looking at all values: latest day in force, then latest published.
fn of_place(parameter: &Parameter, home: RegionCode, place: RegionCode, on: Day, known: Day) -> Option<Option<i64>> {
    let mut best: Option<(Day, Day, Option<i64>)> = None;
    for value in &parameter.value {
        let published = value.published.as_ref().map_or(value.from.0, |day| day.0);
        let counts = value.region.unwrap_or(home) == place && value.from.0 <= on && published <= known;
        if counts && best.is_none_or(|(from, at, _)| (value.from.0, published) >= (from, at)) {
            best = Some((value.from.0, published, value.amount));
        }
    }
    best.map(|(_, _, amount)| amount)
}

#[test]
fn parameters_are_those_of_the_nearest_place_as_known() {
    let package = valley();
    let levels = [Level::Village, Level::Township, Level::County, Level::Prefecture, Level::Province];
    let mut known_values = 0;
    for name in ["reference_income", "floor_line"] {
        let parameter = &package.parameters[name];
        for place in ["990101100201", "990101100", "990101", "990102", "9901", "99"] {
            let place: RegionCode = place.parse().expect("a place");
            for on in (0..1_600).step_by(23).map(|days| day("2020-11-01").plus_days(days)) {
                for known in [-40, 0, 45, 130, 400].map(|days| on.plus_days(days)) {
                    let nearest = |from: RegionCode| {
                        let mut around =
                            levels.iter().filter(|level| from.level() >= **level).map(|level| from.at(*level));
                        around.find_map(|place| of_place(parameter, package.head.region, place, on, known)).flatten()
                    };
                    let own = nearest(place);
                    let floor = parameter.at_least.filter(|level| place.level() > *level);
                    let floor = floor.and_then(|level| nearest(place.at(level)));
                    let expected = own.max(floor).map_or(Value::Null, |amount| match parameter.unit {
                        ParameterUnit::Fen => Value::Fen(Fen(amount)),
                        _ => Value::Int(amount),
                    });
                    known_values += u32::from(!expected.is_null());
                    let found = package.parameter(name, place, on, known).value;
                    assert_eq!(found, expected, "{name} at {place} on {on}, known on {known}");
                }
            }
        }
    }
    assert!(known_values > 2_000, "{known_values}");
}

#[test]
fn a_share_of_an_amount_never_gains_or_loses_by_its_order() {
    for amount in [0, 1, 99, 100, 101, 123_456_789] {
        for percent in [0, 1, 33, 50, 99, 100] {
            let share = Value::Decimal(Decimal::new(percent, 2));
            let amount = Value::Fen(Fen(amount));
            let of = |text: &str| value(text, [&amount, &share, &Value::Null], [&Value::Null; 2]);
            assert_eq!(of("a * b"), of("b * a"), "{amount:?} {share:?}");
        }
    }
}
