//! Stale division codes: extracts that still name a county by a code it had before it was renamed or regrouped.

use model::{Level, RegionCode};
use std::collections::BTreeMap;

/// Codes that went out of use earlier do not stand in files of today; there they are slips of the pen, and codes were given
/// anew to other places since.
const ENDED_YEAR_MIN: i32 = 2000;

/// The current codes of counties whose code is out of use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegionRepair {
    current: BTreeMap<RegionCode, RegionCode>,
}

/// A line of the history cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the history of divisions cannot be read: `{text}`")]
pub struct NotAHistoryLine {
    /// Counted from 1.
    pub line: usize,
    /// The line as it stands.
    pub text: String,
}

/// What a code meant until it went out of use.
struct Meaning {
    ended_year: i32,
    current: Option<RegionCode>,
}

impl RegionRepair {
    /// Reads CSV with one header line whose first five columns are `old_code,old_name,start_year,end_year,current_code`;
    /// an empty year means open, an empty current code means that a person must decide. Names are not quoted.
    ///
    /// Of several meanings of a code the latest counts. Codes that `is_in_use` today are never repaired.
    ///
    /// # Errors
    /// `NotAHistoryLine` for the first line without an old code, or with a current code that is none.
    pub fn from_csv(text: &str, is_in_use: impl Fn(RegionCode) -> bool) -> Result<RegionRepair, NotAHistoryLine> {
        let mut latest: BTreeMap<RegionCode, Meaning> = BTreeMap::new();
        for (at, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
            let (old, meaning) = read(line).ok_or_else(|| NotAHistoryLine { line: at + 1, text: line.to_owned() })?;
            let is_later = latest.get(&old).is_none_or(|known| known.ended_year < meaning.ended_year);
            if is_later {
                latest.insert(old, meaning);
            }
        }
        let repairable = |old: RegionCode, meaning: Meaning| {
            let current = meaning.current.filter(|current| *current != old && is_in_use(*current))?;
            (meaning.ended_year >= ENDED_YEAR_MIN && !is_in_use(old)).then_some((old, current))
        };
        Ok(RegionRepair { current: latest.into_iter().filter_map(|(old, meaning)| repairable(old, meaning)).collect() })
    }

    /// The code that a place with a stale county code has today; `None` where nothing is known to repair.
    ///
    /// Of a township or village the digits behind the county stay as they are: the caller looks whether the divisions know
    /// the result, and takes its county where they do not.
    pub fn current(&self, old: RegionCode) -> Option<RegionCode> {
        let county = old.at(Level::County);
        let current = self.current.get(&county)?;
        RegionCode::from_number(current.number() + (old.number() - county.number()))
    }

    /// How many stale county codes can be repaired.
    pub fn len(&self) -> usize {
        self.current.len()
    }

    /// True when no code can be repaired.
    pub fn is_empty(&self) -> bool {
        self.current.is_empty()
    }
}

fn read(line: &str) -> Option<(RegionCode, Meaning)> {
    let mut cells = line.split(',').map(str::trim);
    let old = cells.next()?.parse().ok()?;
    let (ended, current) = (cells.nth(2)?, cells.next()?);
    let ended_year = if ended.is_empty() { i32::MAX } else { ended.parse().ok()? };
    let current = if current.is_empty() { None } else { Some(current.parse().ok()?) };
    Some((old, Meaning { ended_year, current }))
}

#[cfg(test)]
mod tests {
    use super::RegionRepair;
    use model::RegionCode;

    const HISTORY: &str = "old_code,old_name,start_year,end_year,current_code,current_name,basis\n\
        990122,A,,2014,990116000000,A2,same name stem\n\
        990123,B,,1993,,,\n\
        990123,C,1994,2006,990107000000,C2,by hand\n\
        990124,D,1990,2010,990108000000,D2,by hand\n\
        990124,E,2011,2015,,,\n\
        990125,F,,1999,990109000000,F2,by hand\n\
        990126,G,,2000,990109000000,F2,by hand\n\
        990127,H,1982,,990110000000,H2,same name stem\n\
        990109,I,,2003,990110000000,H2,by hand\n\
        990128,J,,2012,990199000000,J2,by hand\n";

    fn code(text: &str) -> RegionCode {
        text.parse().expect("test codes are well written")
    }

    fn repair() -> RegionRepair {
        let in_use = ["990116", "990107", "990108", "990109", "990110"].map(code);
        RegionRepair::from_csv(HISTORY, |region| in_use.contains(&region)).expect("the history is well written")
    }

    #[test]
    fn only_the_latest_meaning_of_a_code_out_of_use_is_repaired() {
        let cases = [
            ("990122", Some("990116")),
            ("990122100", Some("990116100")),
            ("990122100201", Some("990116100201")),
            ("990123", Some("990107")),
            ("990124", None),
            ("990125", None),
            ("990126", Some("990109")),
            ("990127", Some("990110")),
            ("990109", None),
            ("990128", None),
            ("990116", None),
            ("9901", None),
        ];
        for (old, current) in cases {
            assert_eq!(repair().current(code(old)), current.map(code), "{old}");
        }
        assert_eq!(repair().len(), 4);
    }

    #[test]
    fn lines_that_cannot_be_read_are_named() {
        for (line, at) in [("99012,A,,2014,990116000000", 2), ("990122,A,,soon,990116000000", 2), ("990122,A", 2)] {
            let wrong = RegionRepair::from_csv(&format!("head\n{line}\n"), |_| true).expect_err(line);
            assert_eq!((wrong.line, wrong.text.as_str()), (at, line));
        }
    }
}
