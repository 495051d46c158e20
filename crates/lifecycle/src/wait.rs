//! Waiting times between the steps of a lifecycle.

use model::Day;
use policy::Calendar;

/// How the days of a wait or deadline are counted.
#[derive(Clone, Copy, Debug)]
pub enum Counting<'a> {
    /// Every day counts.
    Natural,
    /// Working days of the calendar count.
    Working(&'a Calendar),
}

/// True when `wait_days` whole days lie between `started_on` and `today`, both ends left out.
///
/// A notice put up on the 1st with a wait of 7 natural days may come down on the 9th. A wait of 0 days is over at once.
pub fn wait_is_over(started_on: Day, wait_days: u16, counting: Counting<'_>, today: Day) -> bool {
    first_day_after_wait(started_on, wait_days, counting) <= today
}

/// The first day on which a step may be taken after a wait of `wait_days` whole days that began on `started_on`.
///
/// In working days it is the day after the last working day of the wait, worked or not: nothing more is waited for.
pub fn first_day_after_wait(started_on: Day, wait_days: u16, counting: Counting<'_>) -> Day {
    match (wait_days, counting) {
        (0, _) => started_on,
        (days, Counting::Natural) => started_on.plus_days(i64::from(days) + 1),
        (days, Counting::Working(calendar)) => calendar.plus_working_days(started_on, days).plus_days(1),
    }
}

/// The last day of a deadline of `due_days` days that began on `started_on`, that day left out.
pub fn last_day_of(started_on: Day, due_days: u16, counting: Counting<'_>) -> Day {
    match counting {
        Counting::Natural => started_on.plus_days(i64::from(due_days)),
        Counting::Working(calendar) => calendar.plus_working_days(started_on, due_days),
    }
}

#[cfg(test)]
mod tests {
    use super::{Counting, wait_is_over};
    use model::Day;

    #[test]
    fn a_wait_leaves_both_ends_out() {
        let cases = [
            ("2024-05-01", 7, "2024-05-08", false),
            ("2024-05-01", 7, "2024-05-09", true),
            ("2024-05-01", 0, "2024-05-01", true),
            ("2024-05-01", 1, "2024-05-02", false),
            ("2024-05-01", 1, "2024-05-03", true),
            ("2024-02-27", 2, "2024-02-29", false),
            ("2024-02-27", 2, "2024-03-01", true),
            ("2023-12-30", 5, "2024-01-04", false),
            ("2023-12-30", 5, "2024-01-05", true),
        ];
        for (started, days, today, over) in cases {
            let day = |text: &str| text.parse::<Day>().expect("test days are well written");
            let is_over = wait_is_over(day(started), days, Counting::Natural, day(today));
            assert_eq!(is_over, over, "{started} + {days} on {today}");
        }
    }
}
