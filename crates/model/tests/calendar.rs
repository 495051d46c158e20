//! Days against a calendar of another hand: one that counts on its fingers, month by month.

use model::{Day, day_at, time_at};

/// Year, month, day of the month.
type Written = (i32, u32, u32);

/// Days of a month, by the rule as it is taught.
fn length(year: i32, month: u32) -> u32 {
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn day(year: i32, month: u32, of_month: u32) -> Day {
    Day::new(year, month, of_month).unwrap_or_else(|| panic!("{year}-{month}-{of_month} is a day"))
}

/// Every day of 1896 to 2104 (a century without a leap year at each end) as year, month, day.
fn all() -> impl Iterator<Item = Written> {
    (1896..=2104).flat_map(|year| {
        (1..=12).flat_map(move |month| (1..=length(year, month)).map(move |of_month| (year, month, of_month)))
    })
}

#[test]
fn every_day_follows_the_one_before() {
    let mut before: Option<Day> = None;
    for (year, month, of_month) in all() {
        let today = day(year, month, of_month);
        assert_eq!((today.year(), today.month(), today.day_of_month()), (year, month, of_month));
        assert_eq!(today.first_of_month(), day(year, month, 1));
        assert_eq!(today.to_string(), format!("{year:04}-{month:02}-{of_month:02}"));
        if let Some(before) = before {
            assert_eq!((before.plus_days(1), today.plus_days(-1)), (today, before));
            assert_eq!((before.days_until(today), today.days_until(before)), (1, -1));
            assert!(before < today);
        }
        before = Some(today);
    }
}

#[test]
fn no_day_stands_behind_the_last_of_a_month() {
    for year in 1896..=2104 {
        for month in 1..=12 {
            assert!(Day::new(year, month, length(year, month) + 1).is_none(), "{year}-{month}");
            assert!(Day::new(year, month, 0).is_none(), "{year}-{month}");
        }
        assert!(Day::new(year, 0, 1).is_none() && Day::new(year, 13, 1).is_none(), "{year}");
    }
}

/// Pairs of days that lie up to some years apart, every month's end among them.
fn pairs() -> Vec<(Written, Written)> {
    let some: Vec<_> =
        all().filter(|(year, _, of_month)| (2019..=2025).contains(year) && (*of_month < 3 || *of_month > 27)).collect();
    let near = |at: usize| some.iter().skip(at.saturating_sub(200)).step_by(7).take(60);
    some.iter().enumerate().flat_map(|(at, one)| near(at).map(|other| (*one, *other))).collect()
}

#[test]
fn a_month_is_whole_when_it_could_be_counted_day_by_day() {
    let pairs = pairs();
    assert!(pairs.len() > 20_000, "{}", pairs.len());
    for (one, other) in pairs {
        let (from, to) = (one.min(other), one.max(other));
        // From month to month as long as the same day of the month, or a later one, has come.
        let mut whole = 0;
        loop {
            let next = whole + 1;
            let months = from.0 * 12 + from.1 as i32 - 1 + next;
            let (year, month) = (months / 12, (months % 12 + 1) as u32);
            if (year, month, from.2) > to {
                break;
            }
            whole = next;
        }
        let (first, last) = (day(from.0, from.1, from.2), day(to.0, to.1, to.2));
        assert_eq!(first.months_until(last), i64::from(whole), "{first} {last}");
    }
}

#[test]
fn an_age_is_the_number_of_birthdays_that_were() {
    for (born, today) in pairs() {
        let birthdays = (born.0 + 1..=today.0).filter(|year| (*year, born.1, born.2) <= today).count() as i64;
        if born <= today {
            let (born, today) = (day(born.0, born.1, born.2), day(today.0, today.1, today.2));
            assert_eq!(born.age_on(today), birthdays, "{born} {today}");
        }
    }
}

#[test]
fn months_back_lead_to_the_same_day_or_to_the_last_of_a_shorter_month() {
    for (year, month, of_month) in all().step_by(5) {
        for back in [0, 1, 2, 11, 12, 13, 24, 36] {
            let months = year * 12 + month as i32 - 1 - back as i32;
            let (to_year, to_month) = (months / 12, (months % 12 + 1) as u32);
            let expected = day(to_year, to_month, of_month.min(length(to_year, to_month)));
            let found = day(year, month, of_month).minus_months(back);
            assert_eq!(found, expected, "{year}-{month}-{of_month} {back} months back");
        }
    }
}

#[test]
fn the_day_and_time_of_an_instant_are_those_of_a_clock_eight_hours_ahead() {
    const HOUR: i64 = 3_600_000;
    for days in [-25_567_i64, -1, 0, 1, 10_957, 20_780] {
        for (hour, next_day, shown) in [(0, 0, "08:00"), (15, 0, "23:00"), (16, 1, "00:00"), (23, 1, "07:00")] {
            let at_ms = days * 24 * HOUR + hour * HOUR;
            assert_eq!(day_at(at_ms), Day::EPOCH.plus_days(days + next_day), "{days} {hour}");
            assert_eq!(time_at(at_ms), shown);
        }
        let midnight = days * 24 * HOUR + 16 * HOUR;
        assert_eq!(time_at(midnight - 1), "23:59");
        assert_eq!(day_at(midnight - 1).plus_days(1), day_at(midnight));
    }
}
