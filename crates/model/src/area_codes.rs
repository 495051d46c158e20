//! Area codes of identity numbers (GB/T 2260), of today and of the past.

use std::collections::BTreeMap;

/// Six-digit area codes with the years in which they were in use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AreaCodes {
    years: BTreeMap<u32, Vec<Years>>,
}

/// First and last year of use; `None` where it is open or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Years {
    start: Option<i32>,
    end: Option<i32>,
}

/// A line of the list of area codes cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the area codes does not start with a code of 6 digits: `{text}`")]
pub struct NotAnAreaLine {
    /// Counted from 1.
    pub line: usize,
    /// The line as it stands.
    pub text: String,
}

impl AreaCodes {
    /// Reads CSV with one header line and the columns `code,name,start_year,end_year`; the years may be empty. Names are
    /// not quoted. Lists of divisions with longer codes will do as well: the first 6 digits count, the years are open.
    ///
    /// # Errors
    /// `NotAnAreaLine` for the first line whose code is not at least 6 digits.
    pub fn from_csv(text: &str) -> Result<AreaCodes, NotAnAreaLine> {
        let mut codes = AreaCodes::default();
        for (at, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let wrong = || NotAnAreaLine { line: at + 1, text: line.to_owned() };
            let mut cells = line.trim_start_matches('\u{FEFF}').split(',').map(str::trim);
            let written = cells.next().unwrap_or_default();
            let area = six_digits(written).ok_or_else(wrong)?;
            let has_years = written.len() == 6;
            let mut year = |skipped: usize| cells.nth(skipped).and_then(|cell| cell.parse().ok()).filter(|_| has_years);
            let (start, end) = (year(1), year(0));
            codes.years.entry(area).or_default().push(Years { start, end });
        }
        Ok(codes)
    }

    /// The same list with more codes, open in both directions: codes newer than the list.
    pub fn with(mut self, areas: impl IntoIterator<Item = u32>) -> AreaCodes {
        for area in areas {
            self.years.entry(area).or_default().push(Years { start: None, end: None });
        }
        self
    }

    /// True when the code was in use at any time.
    pub fn existed(&self, area: u32) -> bool {
        self.years.contains_key(&area)
    }

    /// True when the code was in use in that year, as far as the list knows.
    pub fn existed_in(&self, area: u32, year: i32) -> bool {
        let in_use =
            |years: &Years| years.start.is_none_or(|start| start <= year) && years.end.is_none_or(|end| year <= end);
        self.years.get(&area).is_some_and(|list| list.iter().any(in_use))
    }

    /// All codes in ascending order.
    pub fn all(&self) -> impl Iterator<Item = u32> {
        self.years.keys().copied()
    }
}

fn six_digits(written: &str) -> Option<u32> {
    let is_code = written.len() >= 6 && written.bytes().all(|byte| byte.is_ascii_digit());
    if is_code { written[..6].parse().ok() } else { None }
}
