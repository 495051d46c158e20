//! Days are counted in one way: the day of an act does not count, the last day ends at 24:00, days that stand still are left out.

mod application;

use application::{day, package};
use lifecycle::{Counting, Halt, Term, first_day_after_wait, last_day_of, term, wait_is_over};
use model::Day;
use policy::Calendar;

fn halt(from: &str, until: Option<&str>) -> Halt {
    Halt { from: day(from), until: until.map(day) }
}

#[test]
fn five_days_put_up_on_the_10th_end_on_the_15th_and_free_the_16th() {
    // from, days, last day, free on
    for (from, days, last, free) in [
        ("2024-05-10", 5, "2024-05-15", "2024-05-16"),
        ("2024-05-10", 1, "2024-05-11", "2024-05-12"),
        ("2024-05-10", 0, "2024-05-10", "2024-05-10"),
        ("2024-02-26", 5, "2024-03-02", "2024-03-03"),
        ("2023-02-26", 5, "2023-03-03", "2023-03-04"),
        ("2024-12-29", 5, "2025-01-03", "2025-01-04"),
        ("2024-12-26", 5, "2024-12-31", "2025-01-01"),
    ] {
        let (from, last_day, free_on) = (day(from), day(last), day(free));
        assert_eq!(term(from, days, Counting::Natural, &[]), Some(Term { from, last_day, free_on }), "{from} + {days}");
        assert_eq!(last_day_of(from, days, Counting::Natural), last_day);
        assert_eq!(first_day_after_wait(from, days, Counting::Natural), free_on);
        assert!(wait_is_over(from, days, Counting::Natural, free_on));
        assert!(days == 0 || !wait_is_over(from, days, Counting::Natural, last_day), "the last day is not over");
    }
}

#[test]
fn working_days_leave_out_holidays_and_count_weekends_that_are_worked() {
    let counting = Counting::Working(&package().calendar);
    for (from, days, last, free) in [
        // Sunday 4 February and Sunday 18 February are worked, 10 to 17 February are off.
        ("2024-02-02", 1, "2024-02-04", "2024-02-05"),
        ("2024-02-03", 1, "2024-02-04", "2024-02-05"),
        ("2024-02-09", 1, "2024-02-18", "2024-02-19"),
        ("2024-02-08", 2, "2024-02-18", "2024-02-19"),
        ("2024-02-14", 1, "2024-02-18", "2024-02-19"),
        ("2024-02-18", 1, "2024-02-19", "2024-02-20"),
        // The wait is over on the Saturday after a Friday, although nobody works then.
        ("2024-05-09", 1, "2024-05-10", "2024-05-11"),
    ] {
        let found = term(day(from), days, counting, &[]).expect("ends");
        assert_eq!((found.last_day, found.free_on), (day(last), day(free)), "{from} + {days}");
    }
}

#[test]
fn days_that_stand_still_do_not_count_both_ends_included() {
    let natural = |halts: &[Halt]| term(day("2024-05-10"), 5, Counting::Natural, halts).map(|term| term.last_day);
    for (halts, last) in [
        (vec![halt("2024-05-12", Some("2024-05-13"))], Some("2024-05-17")),
        (vec![halt("2024-05-12", Some("2024-05-12"))], Some("2024-05-16")),
        (vec![halt("2024-05-01", Some("2024-05-10"))], Some("2024-05-15")),
        (vec![halt("2024-05-01", Some("2024-05-11"))], Some("2024-05-16")),
        (vec![halt("2024-05-15", Some("2024-05-15"))], Some("2024-05-16")),
        (vec![halt("2024-05-16", Some("2024-05-20"))], Some("2024-05-15")),
        (vec![halt("2024-05-15", None)], None),
        (vec![halt("2024-05-16", None)], Some("2024-05-15")),
        (vec![halt("2024-05-12", Some("2024-05-13")), halt("2024-05-13", Some("2024-05-14"))], Some("2024-05-18")),
        (vec![halt("2024-05-12", Some("2024-05-13")), halt("2024-05-17", Some("2024-05-17"))], Some("2024-05-18")),
    ] {
        assert_eq!(natural(&halts), last.map(day), "{halts:?}");
    }
    let working = Counting::Working(&package().calendar);
    let found = term(day("2024-09-27"), 3, working, &[halt("2024-09-29", Some("2024-09-29"))]).expect("ends");
    assert_eq!(found.last_day, day("2024-10-09"), "a worked Sunday that stands still is made up for after the holiday");
}

/// For random spans: as many days count as were asked for, the last of them is the last day, and more halts never end earlier.
#[test]
fn a_term_counts_exactly_its_days() {
    let seed = 20_241_130_u64;
    println!("seed {seed}");
    let mut state = seed;
    let mut below = |end: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % end
    };
    let calendar: &Calendar = &package().calendar;
    for _ in 0..5_000 {
        let from = day("2024-01-01").plus_days(below(400) as i64);
        let days = 1 + below(40) as u16;
        let is_working = below(2) == 0;
        let counting = if is_working { Counting::Working(calendar) } else { Counting::Natural };
        let halts: Vec<Halt> = (0..below(4))
            .map(|_| {
                let start = from.plus_days(below(60) as i64 - 10);
                Halt { from: start, until: Some(start.plus_days(below(8) as i64)) }
            })
            .collect();
        let found = term(from, days, counting, &halts).expect("all halts end");
        let counts = |day: Day| {
            let stands = halts.iter().any(|halt| halt.from <= day && Some(day) <= halt.until);
            !stands && (!is_working || calendar.is_working_day(day))
        };
        let counted = (1..=from.days_until(found.last_day)).filter(|after| counts(from.plus_days(*after))).count();
        assert_eq!(counted, usize::from(days), "{from} + {days} {halts:?}");
        assert!(counts(found.last_day) && found.free_on == found.last_day.plus_days(1));
        let fewer = term(from, days, counting, &halts[..halts.len().saturating_sub(1)]).expect("ends");
        assert!(fewer.last_day <= found.last_day, "a halt more ends no earlier");
    }
}
