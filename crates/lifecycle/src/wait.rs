//! Waiting times between the steps of a lifecycle.

use model::Day;

/// True when `wait_days` whole days lie between `started_on` and `today`, both ends left out.
///
/// A notice put up on the 1st with a wait of 7 days may come down on the 9th. A wait of 0 days is over at once.
pub fn wait_is_over(started_on: Day, wait_days: u16, today: Day) -> bool {
    first_day_after_wait(started_on, wait_days) <= today
}

/// The first day on which a step may be taken after a wait of `wait_days` whole days that began on `started_on`.
pub fn first_day_after_wait(started_on: Day, wait_days: u16) -> Day {
    match wait_days {
        0 => started_on,
        days => started_on.plus_days(i64::from(days) + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::wait_is_over;
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
            assert_eq!(wait_is_over(day(started), days, day(today)), over, "{started} + {days} on {today}");
        }
    }
}
