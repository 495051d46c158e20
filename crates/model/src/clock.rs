//! From an instant to the day and the time that people here read off their clocks: China's, wherever the machine stands.

use crate::Day;

/// China keeps one time, eight hours ahead of UTC, the whole year round.
const AHEAD_MINUTES: i64 = 8 * 60;
const DAY_MINUTES: i64 = 24 * 60;

/// An instant, and the day that it is in China: what every change is told instead of looking at a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    pub day: Day,
    /// Milliseconds since 1970 began in UTC.
    pub at_ms: i64,
}

impl Moment {
    /// The moment of an instant: its day is China's.
    pub fn at(at_ms: i64) -> Moment {
        Moment { day: day_at(at_ms), at_ms }
    }
}

/// The day in China at `at_ms` milliseconds after 1970 began in UTC. Instants beyond the calendar are its first day of 1970.
pub fn day_at(at_ms: i64) -> Day {
    let days = minutes(at_ms).div_euclid(DAY_MINUTES);
    i32::try_from(days).ok().and_then(Day::from_epoch_days).unwrap_or(Day::EPOCH)
}

/// Hours and minutes in China at that instant: `08:05`.
pub fn time_at(at_ms: i64) -> String {
    let minute = minutes(at_ms).rem_euclid(DAY_MINUTES);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Day and time in China at that instant, as people write them: `2026-11-23 08:05`.
pub fn moment_at(at_ms: i64) -> String {
    format!("{} {}", day_at(at_ms), time_at(at_ms))
}

fn minutes(at_ms: i64) -> i64 {
    at_ms.div_euclid(60_000).saturating_add(AHEAD_MINUTES)
}

#[cfg(test)]
mod tests {
    use super::{Moment, day_at, moment_at};

    #[test]
    fn a_day_begins_at_four_in_the_afternoon_of_utc() {
        // 2026-11-22T16:00:00Z.
        const MIDNIGHT: i64 = 1_795_363_200_000;
        let cases = [
            (MIDNIGHT - 1, "2026-11-22 23:59"),
            (MIDNIGHT, "2026-11-23 00:00"),
            (MIDNIGHT + 59_999, "2026-11-23 00:00"),
            (MIDNIGHT + 8 * 3_600_000 + 5 * 60_000, "2026-11-23 08:05"),
            (MIDNIGHT + 24 * 3_600_000 - 1, "2026-11-23 23:59"),
            (0, "1970-01-01 08:00"),
            (-8 * 3_600_000 - 1, "1969-12-31 23:59"),
            (i64::MAX, "1970-01-01 15:12"),
        ];
        for (at_ms, told) in cases {
            assert_eq!(moment_at(at_ms), told, "{at_ms}");
        }
    }

    #[test]
    fn a_moment_is_of_the_day_that_its_instant_is_in_china() {
        const MIDNIGHT: i64 = 1_795_363_200_000;
        for (at_ms, day) in [(MIDNIGHT - 1, "2026-11-22"), (MIDNIGHT, "2026-11-23")] {
            let moment = Moment::at(at_ms);
            assert_eq!((moment.day.to_string().as_str(), moment.at_ms), (day, at_ms));
            assert_eq!(moment.day, day_at(at_ms));
        }
    }
}
