//! The one way of counting days: waits, publicity and deadlines.
//!
//! The day of an act does not count: the first day is the day after. The last day ends at 24:00, and the day after it is free.
//! A notice of 5 natural days that was put up on the 10th hangs through the 15th; on the 16th the next step may be taken.
//! Days on which the counting stands still (an objection, a stopped deadline, a suspended place) do not count, both ends
//! included.

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

impl<'a> Counting<'a> {
    /// Working days where that is declared.
    pub(crate) fn of(in_working_days: bool, calendar: &'a Calendar) -> Counting<'a> {
        if in_working_days { Counting::Working(calendar) } else { Counting::Natural }
    }

    fn next(self, day: Day) -> Day {
        match self {
            Counting::Natural => day.plus_days(1),
            Counting::Working(calendar) => calendar.next_working_day(day),
        }
    }
}

/// Days that do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halt {
    /// The first of them.
    pub from: Day,
    /// The last of them; `None` while the counting stands still.
    pub until: Option<Day>,
}

impl Halt {
    fn holds(self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// A span of days that began with an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The day of the act; it does not count.
    pub from: Day,
    /// Ends at 24:00.
    pub last_day: Day,
    /// The first day on which what had to wait may be done. In working days it is the day after the last one, worked or not.
    pub free_on: Day,
}

/// The span of `days` days that began on `from`, with what did not count left out; `None` while the counting stands still
/// before its end. A span of 0 days is over at once.
pub fn term(from: Day, days: u16, counting: Counting<'_>, halts: &[Halt]) -> Option<Term> {
    let last_day = last_day_with(from, days, counting, halts)?;
    let free_on = if days == 0 { from } else { last_day.plus_days(1) };
    Some(Term { from, last_day, free_on })
}

fn last_day_with(from: Day, days: u16, counting: Counting<'_>, halts: &[Halt]) -> Option<Day> {
    if halts.is_empty() {
        return Some(last_day_of(from, days, counting));
    }
    let (mut at, mut left) = (from, days);
    while left > 0 {
        let next = counting.next(at);
        if next <= at {
            return None;
        }
        at = next;
        match halts.iter().find(|halt| halt.holds(at)) {
            None => left -= 1,
            Some(halt) => at = halt.until?.max(at),
        }
    }
    Some(at)
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
    if wait_days == 0 { started_on } else { last_day_of(started_on, wait_days, counting).plus_days(1) }
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
