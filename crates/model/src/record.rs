//! What names a record, and what tells one state of it from the next.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Digits of a record's number as it is written.
const DIGITS: usize = 16;

/// The number of a record within its register: made of its key by a keyed hash, so that it says nothing about the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub i64);

impl RecordId {
    /// Before the number of every record.
    pub const MIN: RecordId = RecordId(i64::MIN);
}

impl fmt::Display for RecordId {
    /// 16 hexadecimal digits, as events and addresses name a record.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The text is not the number of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the number of a record has 16 hexadecimal digits")]
pub struct NotARecordId;

impl FromStr for RecordId {
    type Err = NotARecordId;

    fn from_str(text: &str) -> Result<RecordId, NotARecordId> {
        let number = if text.len() == DIGITS { i64::from_str_radix(text, 16).ok() } else { None };
        number.map(RecordId).ok_or(NotARecordId)
    }
}

/// Which state of a record it is: 1 for a new record, one more with every change. A change names the one it was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub i64);

impl Version {
    /// That of a new record.
    pub const FIRST: Version = Version(1);

    /// The one that the next change makes.
    pub fn next(self) -> Version {
        Version(self.0.saturating_add(1))
    }
}

impl Default for Version {
    fn default() -> Version {
        Version::FIRST
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Version {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Version, std::num::ParseIntError> {
        text.parse().map(Version)
    }
}

#[cfg(test)]
mod tests {
    use super::{NotARecordId, RecordId, Version};
    use serde::Deserialize;
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, I64Deserializer};

    #[test]
    fn the_number_of_a_record_has_sixteen_hexadecimal_digits_and_is_read_again() {
        for (number, text) in [(0, "0000000000000000"), (255, "00000000000000ff"), (i64::MAX, "7fffffffffffffff")] {
            assert_eq!(RecordId(number).to_string(), text);
            assert_eq!(text.parse(), Ok(RecordId(number)));
        }
        let wrong = ["", "ff", "00000000000000f", "00000000000000ff0", "000000000000000g", "8000000000000000"];
        for text in wrong {
            assert_eq!(text.parse::<RecordId>(), Err(NotARecordId), "{text}");
        }
    }

    #[test]
    fn a_version_is_one_more_than_the_one_before_and_is_read_from_its_number() {
        assert_eq!((Version::FIRST.to_string().as_str(), Version::FIRST.next()), ("1", Version(2)));
        let number: I64Deserializer<Error> = 7_i64.into_deserializer();
        assert_eq!(Version::deserialize(number).expect("reads"), Version(7));
    }
}
