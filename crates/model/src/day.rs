//! A calendar day.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A calendar day without time or zone. Written and read as `2021-05-27`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(NaiveDate);

/// 1970-01-01 counted in days of the common era.
const EPOCH_CE: i32 = 719_163;

impl Day {
    /// 1970-01-01, from which the lake counts.
    pub const EPOCH: Day = Day(NaiveDate::from_ymd_opt(1970, 1, 1).expect("the calendar has it"));

    /// The day of that year, month (1 to 12) and day of month, if the calendar has it.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Day> {
        NaiveDate::from_ymd_opt(year, month, day).map(Day)
    }

    /// The day that lies `days` after 1970-01-01 (the form in which the lake keeps days).
    pub fn from_epoch_days(days: i32) -> Option<Day> {
        NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH_CE)?).map(Day)
    }

    /// Days after 1970-01-01.
    pub fn epoch_days(self) -> i32 {
        self.0.num_days_from_ce() - EPOCH_CE
    }

    /// Days from this day to `other`; negative when `other` is earlier.
    pub fn days_until(self, other: Day) -> i64 {
        (other.0 - self.0).num_days()
    }

    /// This day moved by `days`; saturates at the calendar's ends.
    pub fn plus_days(self, days: i64) -> Day {
        let moved = i64::from(self.epoch_days()).saturating_add(days);
        i32::try_from(moved).ok().and_then(Day::from_epoch_days).unwrap_or(self)
    }

    /// This day moved back by `months`; the 31st becomes the last day of a shorter month.
    pub fn minus_months(self, months: u32) -> Day {
        Day(self.0.checked_sub_months(Months::new(months)).unwrap_or(self.0))
    }

    /// The first day of this day's month.
    pub fn first_of_month(self) -> Day {
        Day(self.0.with_day(1).unwrap_or(self.0))
    }

    /// The year, e.g. 2021.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        self.0.month()
    }

    /// The day of the month, from 1.
    pub fn day_of_month(self) -> u32 {
        self.0.day()
    }

    /// Whole months from this day to `other`; negative when `other` is earlier.
    ///
    /// A month is whole when the day of month has been reached again: 31 January to 28 February is 0 months.
    pub fn months_until(self, other: Day) -> i64 {
        let months = i64::from(other.year() - self.year()) * 12 + i64::from(other.month()) - i64::from(self.month());
        let reached = other.day_of_month() >= self.day_of_month();
        match (months > 0, months < 0) {
            (true, _) if !reached => months - 1,
            (_, true) if other.day_of_month() > self.day_of_month() => months + 1,
            _ => months,
        }
    }

    /// Whole years of age on `other` of someone born on this day.
    pub fn age_on(self, other: Day) -> i64 {
        let years = i64::from(other.year() - self.year());
        let had_birthday = (other.month(), other.day_of_month()) >= (self.month(), self.day_of_month());
        if had_birthday { years } else { years - 1 }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.year(), self.month() as u8, self.day_of_month() as u8);
        if !(0..=9999).contains(&year) {
            return write!(f, "{}", self.0.format("%Y-%m-%d"));
        }
        // Written by hand: exports and imports write days by the million.
        let digit = |number: u8| b'0' + number;
        let (high, low) = ((year / 100) as u8, (year % 100) as u8);
        let text = [
            digit(high / 10),
            digit(high % 10),
            digit(low / 10),
            digit(low % 10),
            b'-',
            digit(month / 10),
            digit(month % 10),
            b'-',
            digit(day / 10),
            digit(day % 10),
        ];
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

/// The text is not a day written as `2021-05-27`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a day written as 2021-05-27")]
pub struct NotADay(pub String);

impl FromStr for Day {
    type Err = NotADay;

    fn from_str(text: &str) -> Result<Day, NotADay> {
        // The calendar's own reader takes signs and spaces for digits of a year or a day.
        let fits = |(at, byte): (usize, u8)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() };
        let is_strict = text.len() == 10 && text.bytes().enumerate().all(fits);
        NaiveDate::parse_from_str(text, "%Y-%m-%d")
            .ok()
            .filter(|_| is_strict)
            .map(Day)
            .ok_or_else(|| NotADay(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::Day;

    fn day(text: &str) -> Day {
        text.parse().expect("test days are well written")
    }

    #[test]
    fn every_day_is_written_as_it_is_read() {
        for epoch in (-719_528..2_932_896).step_by(97).chain([-719_528, 2_932_896, 18_774]) {
            let day = Day::from_epoch_days(epoch).expect("in the calendar");
            let text = day.to_string();
            assert_eq!(text, day.0.format("%Y-%m-%d").to_string());
            assert_eq!(text.parse(), Ok(day));
        }
        let far = Day::new(-1, 1, 1).expect("in the calendar");
        assert_eq!(far.to_string(), far.0.format("%Y-%m-%d").to_string());
    }

    #[test]
    fn epoch_days_round_trip() {
        assert_eq!(day("1970-01-01").epoch_days(), 0);
        assert_eq!(day("2021-05-27").epoch_days(), 18774);
        assert_eq!(Day::from_epoch_days(18774), Some(day("2021-05-27")));
    }

    #[test]
    fn age_changes_on_the_birthday() {
        let cases = [
            ("2000-03-10", "2016-03-09", 15),
            ("2000-03-10", "2016-03-10", 16),
            ("2004-02-29", "2020-02-28", 15),
            ("2004-02-29", "2020-02-29", 16),
        ];
        for (born, on, age) in cases {
            assert_eq!(day(born).age_on(day(on)), age, "{born} {on}");
        }
    }

    #[test]
    fn a_month_is_whole_when_its_day_is_reached() {
        let cases = [
            ("2024-01-31", "2024-02-28", 0),
            ("2024-01-31", "2024-03-31", 2),
            ("2024-01-15", "2024-02-14", 0),
            ("2024-01-15", "2024-02-15", 1),
            ("2024-02-15", "2024-01-16", 0),
            ("2024-02-15", "2024-01-15", -1),
        ];
        for (from, to, months) in cases {
            assert_eq!(day(from).months_until(day(to)), months, "{from} {to}");
        }
    }

    #[test]
    fn only_iso_days_are_read() {
        for bad in ["2021-5-27", "2021-02-29", "20210527", "", "2021-05-27 "] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }
}
