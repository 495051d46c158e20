//! `calendar.toml`: which days are worked.

use super::IsoDay;
use serde::Deserialize;

/// The days on which the working week is moved, by year. Without a file every weekday is a working day.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarFile {
    #[serde(default)]
    pub year: Vec<CalendarYear>,
}

/// One year as it was announced: `[[year]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarYear {
    pub year: i32,
    /// Days off, weekends among them or not.
    pub off: Vec<IsoDay>,
    /// Saturdays and Sundays that are worked.
    #[serde(default)]
    pub worked: Vec<IsoDay>,
    /// Issuing body, number and day of the notice.
    pub source: String,
}
