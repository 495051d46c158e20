//! Periods: the day, month, quarter or year that a figure is of.

use crate::Day;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use words::Language;

/// How long periods are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    #[default]
    Day,
    Month,
    Quarter,
    Year,
}

/// A day, or a month, quarter or year of the calendar. Written `2024-06-30`, `2024-06`, `2024-Q2`, `2024`; those of one kind
/// are in the order of time, as values and as texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    kind: PeriodKind,
    first: Day,
}

/// The text is no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a period is written `2024-06-30`, `2024-06`, `2024-Q2` or `2024`")]
pub struct NotAPeriod;

impl Period {
    /// The period of that kind in which the day lies.
    pub fn of(kind: PeriodKind, day: Day) -> Period {
        let month = day.first_of_month();
        let first = match kind {
            PeriodKind::Day => day,
            PeriodKind::Month => month,
            PeriodKind::Quarter => month.minus_months((month.month() - 1) % 3),
            PeriodKind::Year => month.minus_months(month.month() - 1),
        };
        Period { kind, first }
    }

    /// How long it is.
    pub fn kind(self) -> PeriodKind {
        self.kind
    }

    /// Its first day.
    pub fn first_day(self) -> Day {
        self.first
    }

    /// The period before it.
    pub fn before(self) -> Period {
        Period::of(self.kind, self.first.plus_days(-1))
    }

    /// As people read it: `2024年6月`, `June 2024`; a day as it is written.
    pub fn shown(self, language: Language) -> String {
        let (year, month) = (self.first.year(), self.first.month());
        match self.kind {
            PeriodKind::Day => self.to_string(),
            PeriodKind::Month => {
                let month = language.say(&format!("name_of_month_{month}"));
                language.fill("period_month", &[("year", &year), ("month", &month)])
            }
            PeriodKind::Quarter => language.fill("period_quarter", &[("year", &year), ("quarter", &month.div_ceil(3))]),
            PeriodKind::Year => language.fill("period_year", &[("year", &year)]),
        }
    }

    /// True when the day lies in it.
    pub fn holds(self, day: Day) -> bool {
        Period::of(self.kind, day) == self
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.first.year(), self.first.month());
        match self.kind {
            PeriodKind::Day => write!(f, "{}", self.first),
            PeriodKind::Month => write!(f, "{year:04}-{month:02}"),
            PeriodKind::Quarter => write!(f, "{year:04}-Q{}", month.div_ceil(3)),
            PeriodKind::Year => write!(f, "{year:04}"),
        }
    }
}

impl FromStr for Period {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Period, NotAPeriod> {
        let of = |kind, written: String| {
            let day: Day = written.parse().map_err(|_| NotAPeriod)?;
            let period = Period::of(kind, day);
            if period.to_string() == text { Ok(period) } else { Err(NotAPeriod) }
        };
        match (text.len(), text.split_once("-Q")) {
            (10, _) => of(PeriodKind::Day, text.to_owned()),
            (7, Some((year, quarter))) => {
                let quarter: u32 = quarter.parse().map_err(|_| NotAPeriod)?;
                of(PeriodKind::Quarter, format!("{year}-{:02}-01", quarter.saturating_mul(3).saturating_sub(2)))
            }
            (7, None) => of(PeriodKind::Month, format!("{text}-01")),
            (4, _) => of(PeriodKind::Year, format!("{text}-01-01")),
            _ => Err(NotAPeriod),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("test days are well written")
    }

    #[test]
    fn a_day_lies_in_one_period_of_each_kind() {
        let cases = [
            ("2024-03-31", ["2024-03-31", "2024-03", "2024-Q1", "2024"], ["2024-03-30", "2024-02", "2023-Q4", "2023"]),
            ("2024-04-01", ["2024-04-01", "2024-04", "2024-Q2", "2024"], ["2024-03-31", "2024-03", "2024-Q1", "2023"]),
            ("2024-12-31", ["2024-12-31", "2024-12", "2024-Q4", "2024"], ["2024-12-30", "2024-11", "2024-Q3", "2023"]),
        ];
        for (text, written, before) in cases {
            let kinds = [PeriodKind::Day, PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Year];
            for ((kind, written), before) in kinds.into_iter().zip(written).zip(before) {
                let period = Period::of(kind, day(text));
                assert_eq!((period.to_string().as_str(), period.before().to_string().as_str()), (written, before));
                assert_eq!(written.parse(), Ok(period), "{written}");
                assert!(period.holds(day(text)) && !period.before().holds(day(text)), "{written}");
            }
        }
    }

    #[test]
    fn a_period_is_shown_as_each_language_writes_it() {
        let cases = [
            (PeriodKind::Day, "2024-09-30", "2024-09-30", "2024-09-30"),
            (PeriodKind::Month, "2024-09-30", "2024年9月", "September 2024"),
            (PeriodKind::Month, "2024-10-01", "2024年10月", "October 2024"),
            (PeriodKind::Quarter, "2024-09-30", "2024年第3季度", "Q3 2024"),
            (PeriodKind::Quarter, "2024-10-01", "2024年第4季度", "Q4 2024"),
            (PeriodKind::Year, "2024-12-31", "2024年", "2024"),
        ];
        for (kind, text, chinese, english) in cases {
            let period = Period::of(kind, day(text));
            assert_eq!(period.shown(Language::CHINESE), chinese);
            assert_eq!(period.shown(Language::ENGLISH), english);
        }
        let months = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];
        for month in months {
            let period = Period::of(PeriodKind::Month, day(&format!("2024-{month}-01")));
            assert!(Language::all().all(|language| !period.shown(language).contains('?')), "{month}");
        }
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in ["", "2024-13", "2024-Q0", "2024-Q5", "2024-02-30", "24", "2024-6", "2024-q1", "20240601"] {
            assert_eq!(text.parse::<Period>(), Err(NotAPeriod), "{text}");
        }
    }
}
