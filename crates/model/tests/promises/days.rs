//! Days, periods and clocks at their ends.

use crate::{Dice, day};
use model::{Day, Moment, Period, PeriodKind, day_at, moment_at, time_at};

const KINDS: [PeriodKind; 4] = [PeriodKind::Day, PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Year];

#[test]
fn a_day_is_written_in_ten_characters_and_read_from_no_others() {
    for text in ["0001-01-01", "1900-02-28", "2000-02-29", "2024-12-31", "9999-12-31"] {
        assert_eq!(day(text).to_string(), text);
    }
    for text in [
        "2024-2-29",
        "2024-02-9",
        "1900-02-29",
        "2023-04-31",
        "2024-00-01",
        "2024-13-01",
        "2024-01-00",
        "24-01-01",
        "+024-01-01",
        "-024-01-01",
        "2024-01- 1",
        "2024- 1-01",
        "2024-+1-01",
        "2024/01/01",
        "2024-01-01T",
        "２０２４-01-01",
        " 2024-01-1",
        "2024-01-1 ",
    ] {
        let wrong = text.parse::<Day>().expect_err(text);
        assert_eq!(wrong.to_string(), format!("`{text}` is not a day written as 2021-05-27"));
    }
}

#[test]
fn days_stay_in_the_calendar_when_they_are_moved_out_of_it() {
    let on = day("2024-02-29");
    assert_eq!((on.plus_days(0), on.plus_days(1), on.plus_days(-1)), (on, day("2024-03-01"), day("2024-02-28")));
    assert_eq!(on.plus_days(366), day("2025-03-01"));
    for far in [i64::MAX, i64::MIN, i64::from(i32::MAX), 1_000_000_000_000] {
        assert_eq!(on.plus_days(far), on, "{far}");
    }
    assert_eq!(
        (on.minus_months(u32::MAX), on.minus_months(12), on.minus_months(48)),
        (on, day("2023-02-28"), day("2020-02-29"))
    );
    assert_eq!((Day::from_epoch_days(i32::MAX), Day::from_epoch_days(i32::MIN)), (None, None));
    assert_eq!(Day::from_epoch_days(0), Some(Day::EPOCH));
    assert_eq!(Day::EPOCH.to_string(), "1970-01-01");
}

#[test]
fn ages_and_months_turn_on_the_day_itself() {
    let ages = [
        ("2000-02-29", "2001-02-28", 0),
        ("2000-02-29", "2001-03-01", 1),
        ("2000-02-29", "2004-02-29", 4),
        ("2000-12-31", "2001-01-01", 0),
        ("2000-12-31", "2001-12-31", 1),
        ("2000-01-01", "2000-01-01", 0),
        ("2000-01-02", "2000-01-01", -1),
    ];
    for (born, on, years) in ages {
        assert_eq!(day(born).age_on(day(on)), years, "{born} {on}");
    }
    let months = [
        ("2024-01-31", "2024-02-29", 0),
        ("2024-01-31", "2024-03-01", 1),
        ("2024-01-29", "2024-02-29", 1),
        ("2023-12-31", "2024-12-31", 12),
        ("2023-12-31", "2024-12-30", 11),
        ("2024-03-31", "2024-03-31", 0),
        ("2024-03-31", "2024-02-29", -1),
        ("2024-03-31", "2024-03-01", 0),
        ("2024-03-01", "2024-02-02", 0),
        ("2024-03-01", "2024-02-01", -1),
    ];
    for (from, to, whole) in months {
        assert_eq!(day(from).months_until(day(to)), whole, "{from} {to}");
    }
}

/// The period in which a day lies, by the words alone.
fn written(kind: PeriodKind, on: Day) -> String {
    match kind {
        PeriodKind::Day => on.to_string(),
        PeriodKind::Month => on.to_string()[..7].to_owned(),
        PeriodKind::Quarter => {
            let quarter = ["Q1", "Q2", "Q3", "Q4"][(on.month() as usize - 1) / 3];
            format!("{}-{quarter}", &on.to_string()[..4])
        }
        PeriodKind::Year => on.to_string()[..4].to_owned(),
    }
}

#[test]
fn every_day_lies_in_one_period_of_each_kind_and_the_one_before_ends_where_it_begins() {
    for kind in KINDS {
        let mut last: Option<Period> = None;
        for on in (0..1_600).map(|days| day("2022-12-01").plus_days(days)) {
            let period = Period::of(kind, on);
            assert_eq!((period.to_string(), period.kind()), (written(kind, on), kind));
            assert_eq!(period.to_string().parse(), Ok(period));
            assert!(period.holds(on) && period.holds(period.first_day()), "{period} {on}");
            assert!(!period.holds(period.first_day().plus_days(-1)), "{period}");
            assert!(period.before().holds(period.first_day().plus_days(-1)), "{period}");
            match last {
                Some(before) if before != period => {
                    assert_eq!((period.before(), period.first_day()), (before, on), "{period}");
                    assert!(before < period && before.to_string() < period.to_string(), "{before} {period}");
                }
                Some(_) => assert!(on > period.first_day()),
                None => {}
            }
            last = Some(period);
        }
    }
}

#[test]
fn texts_close_to_a_period_are_none() {
    for text in [
        "2024-1",
        "2024-00",
        "2024-001",
        "2024-Q",
        "2024-Q01",
        "2024Q1",
        "2024-Q1 ",
        "2024-02-30",
        "202",
        "20245",
        "abcd",
        "-024",
        "2024-q2",
        "2024-Q9",
    ] {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
    let wrong = "x".parse::<Period>().expect_err("no period").to_string();
    assert_eq!(wrong, "a period is written `2024-06-30`, `2024-06`, `2024-Q2` or `2024`");
}

#[test]
fn the_clock_of_china_is_eight_hours_ahead_at_every_instant() {
    let mut dice = Dice(8);
    for _ in 0..3_000 {
        let at_ms = dice.below(4_000_000_000_000) as i64 - 2_000_000_000_000;
        let minutes = at_ms.div_euclid(60_000) + 480;
        let (days, of_day) = (minutes.div_euclid(1_440), minutes.rem_euclid(1_440));
        assert_eq!(day_at(at_ms), Day::EPOCH.plus_days(days), "{at_ms}");
        assert_eq!(time_at(at_ms), format!("{:02}:{:02}", of_day / 60, of_day % 60), "{at_ms}");
        assert_eq!(moment_at(at_ms), format!("{} {}", day_at(at_ms), time_at(at_ms)));
        assert_eq!(Moment::at(at_ms), Moment { day: day_at(at_ms), at_ms });
    }
    for beyond in [i64::MIN, i64::MAX] {
        assert_eq!(day_at(beyond), Day::EPOCH, "{beyond}");
    }
    assert!(Moment::at(0) < Moment::at(1) && Moment::at(-1) < Moment::at(0), "moments are in the order of time");
}
