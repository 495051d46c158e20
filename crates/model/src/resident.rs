//! Keys of people and households, and how people are masked.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A resident's 64-bit pseudonym: a keyed one-to-one cipher of the 17 significant digits of the identity number.
/// Without the key of the installation it says nothing about the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ResidentKey(pub i64);

/// The number of a household (户编号): 1 to 18 digits without leading zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct HouseholdNo(pub i64);

impl HouseholdNo {
    /// Reads a household number; `None` unless it is 1 to 18 digits without leading zero.
    pub fn parse(text: &str) -> Option<HouseholdNo> {
        let shape =
            (1..=18).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
        if shape { text.parse().ok().map(HouseholdNo) } else { None }
    }
}

impl fmt::Display for HouseholdNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A name for lists and notices: first and last character stay, at least one is hidden (吉木*古, 杨*).
pub fn mask_name(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    match letters.as_slice() {
        [] => String::new(),
        [only] => format!("{only}*"),
        [first, _] => format!("{first}*"),
        [first, .., last] if letters.len() == 3 => format!("{first}*{last}"),
        [first, second, .., last] => format!("{first}{second}{}{last}", "*".repeat((letters.len() - 3).min(3))),
    }
}

/// An identity number with only its first two and last three characters (35*************123).
pub fn mask_identity(number: &str) -> String {
    mask_middle(number, 2, 3)
}

/// A phone number with only its first three and last four digits (138****1234).
pub fn mask_phone(number: &str) -> String {
    mask_middle(number, 3, 4)
}

fn mask_middle(text: &str, head: usize, tail: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    if letters.len() <= head + tail {
        return "*".repeat(letters.len());
    }
    let hidden = letters.len() - head - tail;
    let shown_head: String = letters[..head].iter().collect();
    let shown_tail: String = letters[letters.len() - tail..].iter().collect();
    format!("{shown_head}{}{shown_tail}", "*".repeat(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_hides_at_least_one_character() {
        let cases = [
            ("", ""),
            ("王", "王*"),
            ("杨珍", "杨*"),
            ("杨小珍", "杨*珍"),
            ("吉木阿古", "吉木*古"),
            ("吉木·阿古莫", "吉木***莫"),
        ];
        for (name, masked) in cases {
            assert_eq!(mask_name(name), masked);
        }
    }

    #[test]
    fn numbers_keep_only_their_ends() {
        assert_eq!(mask_identity("350181199001011234"), "35*************234");
        assert_eq!(mask_phone("13812341234"), "138****1234");
        assert_eq!(mask_phone("1234567"), "*******");
    }

    #[test]
    fn household_numbers_have_no_leading_zero() {
        for (text, good) in [
            ("5134371002010001", true),
            ("1", true),
            ("0123", false),
            ("", false),
            ("12a", false),
            ("1234567890123456789", false),
        ] {
            assert_eq!(HouseholdNo::parse(text).is_some(), good, "{text}");
        }
    }
}
