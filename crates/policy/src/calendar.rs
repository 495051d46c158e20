//! Which days are worked: weekdays, but for the days that a package's `calendar.toml` moves.

use crate::declare::CalendarYear;
use model::Day;
use std::collections::BTreeSet;

/// Working days. An empty calendar knows weekdays and weekends only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    off: BTreeSet<Day>,
    worked: BTreeSet<Day>,
    years: BTreeSet<i32>,
}

/// Thursday, 1 January 1970, counted from Monday.
const EPOCH_WEEKDAY: i32 = 3;

impl Calendar {
    /// The calendar of years as they were announced.
    pub fn of(years: &[CalendarYear]) -> Calendar {
        let days = |list: fn(&CalendarYear) -> &[crate::declare::IsoDay]| {
            years.iter().flat_map(list).map(|day| day.0).collect()
        };
        Calendar {
            off: days(|year| &year.off),
            worked: days(|year| &year.worked),
            years: years.iter().map(|year| year.year).collect(),
        }
    }

    /// True when the year was announced; in other years every weekday counts as worked.
    pub fn is_set(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// True when no year was announced.
    pub fn is_empty(&self) -> bool {
        self.years.is_empty()
    }

    /// True for Saturdays and Sundays.
    pub fn is_weekend(day: Day) -> bool {
        (day.epoch_days() + EPOCH_WEEKDAY).rem_euclid(7) >= 5
    }

    /// True when the day is worked.
    pub fn is_working_day(&self, day: Day) -> bool {
        !self.off.contains(&day) && (!Calendar::is_weekend(day) || self.worked.contains(&day))
    }

    /// The day on which the `count`th working day after `day` falls; `day` itself for 0.
    pub fn plus_working_days(&self, day: Day, count: u16) -> Day {
        let mut at = day;
        for _ in 0..count {
            at = self.next_working_day(at);
        }
        at
    }

    /// The first working day after `day`. A calendar without any within a year of it is not believed: the next day counts.
    pub fn next_working_day(&self, day: Day) -> Day {
        let following = (1..=366).map(|days| day.plus_days(days));
        following.into_iter().find(|day| self.is_working_day(*day)).unwrap_or(day.plus_days(1))
    }
}
