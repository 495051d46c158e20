//! Windows: which days an aggregate looks at.

use super::ExpressionError;
use model::Day;
use words::advice;

/// The days of an aggregate, ending on the screening day, that day included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Window {
    /// No first day.
    #[default]
    All,
    /// From the 1st of the day's month.
    Month,
    /// From the latest 1 September.
    SchoolYear,
    /// From 1 January.
    YearToDate,
    /// `rolling_<n>m`: n months; whole calendar months where the day is the last of its month.
    RollingMonths(u32),
    /// `rolling_<n>d`: n days, the screening day among them.
    RollingDays(u32),
}

impl Window {
    /// Reads the word of a declaration.
    ///
    /// # Errors
    /// For any other word, and for spans of 0 or more than 1,200 months or 36,600 days.
    pub fn parse(text: &str) -> Result<Window, ExpressionError> {
        let rolling = |unit: char| -> Option<u32> {
            let number = text.strip_prefix("rolling_")?.strip_suffix(unit)?;
            let is_plain = !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit());
            if is_plain { number.parse().ok() } else { None }
        };
        match text {
            "all" => return Ok(Window::All),
            "month" => return Ok(Window::Month),
            "school_year" => return Ok(Window::SchoolYear),
            "year_to_date" => return Ok(Window::YearToDate),
            _ => {}
        }
        match (rolling('m'), rolling('d')) {
            (Some(months @ 1..=1_200), _) => Ok(Window::RollingMonths(months)),
            (_, Some(days @ 1..=36_600)) => Ok(Window::RollingDays(days)),
            _ => Err(ExpressionError::new(advice!("window_unreadable", window = text), 0, text.len())),
        }
    }

    /// First day of the window that ends on `day`, both ends included; `None` where there is no first day.
    ///
    /// `rolling_12m` of 2024-06-30 starts on 2023-07-01, of 2024-06-29 on 2023-06-30.
    pub fn first_day(self, day: Day) -> Option<Day> {
        match self {
            Window::All => None,
            Window::Month => Some(day.first_of_month()),
            Window::YearToDate => Day::new(day.year(), 1, 1),
            Window::SchoolYear => {
                let year = if day.month() >= 9 { day.year() } else { day.year() - 1 };
                Day::new(year, 9, 1)
            }
            Window::RollingMonths(months) => Some(day.plus_days(1).minus_months(months)),
            Window::RollingDays(days) => Some(day.plus_days(1 - i64::from(days))),
        }
    }

    /// True when a row of that day counts on the screening day: not after it, and not before the first day.
    /// A row without a day counts for `All` only.
    pub fn holds(self, row_day: Option<Day>, day: Day) -> bool {
        match (row_day, self.first_day(day)) {
            (None, first) => first.is_none(),
            (Some(at), first) => at <= day && first.is_none_or(|first| first <= at),
        }
    }
}
