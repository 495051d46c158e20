//! Places: 12-digit division codes.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A 12-digit division code: province 2, prefecture 4, county 6 (GB/T 2260), township 9 (GB/T 10114), village 12 digits,
/// padded with zeros on the right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(u64);

/// The level of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Province,
    Prefecture,
    County,
    Township,
    Village,
}

impl Level {
    /// How many leading digits name a place of this level.
    pub fn digits(self) -> u32 {
        match self {
            Level::Province => 2,
            Level::Prefecture => 4,
            Level::County => 6,
            Level::Township => 9,
            Level::Village => 12,
        }
    }
}

impl RegionCode {
    /// The code with this numeric value, if it has at most 12 digits and names at least a province.
    pub fn from_number(number: u64) -> Option<RegionCode> {
        (10_000_000_000..1_000_000_000_000).contains(&number).then_some(RegionCode(number))
    }

    /// The code as a number of at most 12 digits.
    pub fn number(self) -> u64 {
        self.0
    }

    /// The level, read from the trailing zeros.
    pub fn level(self) -> Level {
        [Level::Province, Level::Prefecture, Level::County, Level::Township]
            .into_iter()
            .find(|level| self.0.is_multiple_of(10_u64.pow(12 - level.digits())))
            .unwrap_or(Level::Village)
    }

    /// The place of that level which holds this one (itself when it already is of that level or above).
    pub fn at(self, level: Level) -> RegionCode {
        let unit = 10_u64.pow(12 - level.digits());
        RegionCode(self.0 / unit * unit)
    }

    /// True when `place` is this place or lies inside it.
    pub fn holds(self, place: RegionCode) -> bool {
        place.at(self.level()) == self
    }

    /// First and last code of this place and all places inside it.
    pub fn span(self) -> (RegionCode, RegionCode) {
        let unit = 10_u64.pow(12 - self.level().digits());
        (self, RegionCode(self.0 + unit - 1))
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The text is not a division code of 2, 4, 6, 9 or 12 digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a division code of 2, 4, 6, 9 or 12 digits")]
pub struct NotARegion(pub String);

impl FromStr for RegionCode {
    type Err = NotARegion;

    /// Reads 2, 4, 6, 9 or 12 digits; shorter codes are padded with zeros.
    fn from_str(text: &str) -> Result<RegionCode, NotARegion> {
        let wrong = || NotARegion(text.to_owned());
        let right_length = matches!(text.len(), 2 | 4 | 6 | 9 | 12);
        if !right_length || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let number: u64 = text.parse().map_err(|_| wrong())?;
        RegionCode::from_number(number * 10_u64.pow(12 - text.len() as u32)).ok_or_else(wrong)
    }
}

impl TryFrom<String> for RegionCode {
    type Error = NotARegion;

    fn try_from(text: String) -> Result<RegionCode, NotARegion> {
        text.parse()
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> String {
        code.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{Level, RegionCode};

    fn code(text: &str) -> RegionCode {
        text.parse().expect("test codes are well written")
    }

    #[test]
    fn the_level_is_read_from_the_zeros() {
        let cases = [
            ("51", Level::Province),
            ("5134", Level::Prefecture),
            ("513437", Level::County),
            ("513437100", Level::Township),
            ("513437100201", Level::Village),
        ];
        for (text, level) in cases {
            assert_eq!(code(text).level(), level, "{text}");
        }
    }

    #[test]
    fn a_place_holds_itself_and_what_lies_inside_but_no_sibling() {
        let county = code("513437");
        for (place, held) in [("513437", true), ("513437100201", true), ("513436100201", false), ("5134", false)] {
            assert_eq!(county.holds(code(place)), held, "{place}");
        }
        let (first, last) = county.span();
        assert_eq!((first.to_string(), last.to_string()), ("513437000000".into(), "513437999999".into()));
    }

    #[test]
    fn wrong_codes_are_refused() {
        for bad in ["", "5", "513", "5134371", "51343710020x", "000000000000"] {
            assert!(bad.parse::<RegionCode>().is_err(), "{bad}");
        }
    }
}
