//! Resident identity numbers (GB 11643): reading them as people write them, checking them, and hiding them.

use crate::written::fold;
use crate::{AreaCodes, Day, FaultKind, mask_identity};
use std::fmt;
use words::Advice;

/// A resident identity number that passed every check of its form, with the disability digits of a certificate if it came
/// from one. `Display` and `Debug` are masked; only `canonical` gives the number away.
///
/// Two certificates of one person (18 and 20 characters) differ in `disability` and agree in `digits17`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct IdentityNumber {
    digits17: u64,
    disability: Option<Disability>,
}

/// Kind and grade of a disability, as the 19th and 20th digit of a certificate number say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Disability {
    /// 1 sight, 2 hearing, 3 speech, 4 limbs, 5 intellect, 6 mind, 7 multiple.
    pub kind: u8,
    /// 1 (most severe) to 4.
    pub grade: u8,
}

/// The sex that an identity number states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    Male,
    Female,
}

/// Why a text is not an identity number. None of them repeats the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum IdentityFault {
    #[error("an identity number has 15, 18, 20 or 22 characters")]
    Length,
    #[error("an identity number consists of digits, and an X only in place 18")]
    Characters,
    #[error("the day of birth in the identity number does not exist")]
    BirthDay,
    #[error("the check digit does not fit the identity number")]
    CheckDigit,
    #[error("kind or grade of the disability certificate is impossible")]
    DisabilityDigits,
}

/// Weights of GB 11643 (ISO 7064, MOD 11-2) for the first 17 digits.
const WEIGHTS: [u64; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check character by the weighted sum modulo 11.
const CHECK_CHARACTERS: [u8; 11] = *b"10X98765432";
/// No living or recently deceased person was born in an earlier year.
const BIRTH_YEAR_MIN: i32 = 1850;
const BIRTH_YEAR_MAX: i32 = 2100;

impl IdentityNumber {
    /// Reads a number as people and programs write it: it is folded (`written::fold`), and a small x and hyphens are fine.
    ///
    /// 15 digits are the first generation (born 19xx) and are lengthened; 18 characters are checked; 20 characters are a
    /// disability certificate (kind 1 to 7, grade 1 to 4 behind the number); 22 a re-issued one (two characters more).
    ///
    /// # Errors
    /// The first of `Characters`, `Length`, `DisabilityDigits`, `BirthDay`, `CheckDigit` that holds. Whether the day of birth
    /// lies in the future, and whether the area exists, are questions for the caller (`born_on`, `plausible_area`).
    pub fn parse(text: &str) -> Result<IdentityNumber, IdentityFault> {
        let characters = plain_characters(text)?;
        let disability = match characters.len() {
            15 | 18 => None,
            20 | 22 => Some(disability_of(&characters[18..])?),
            _ => return Err(IdentityFault::Length),
        };
        let is_first_generation = characters.len() == 15;
        let digits17 = if is_first_generation {
            let (area, rest) = characters.split_at(6);
            number_of(area)? * 100_000_000_000 + 19 * 1_000_000_000 + number_of(rest)?
        } else {
            number_of(&characters[..17])?
        };
        let number = IdentityNumber { disability, ..IdentityNumber::from_digits17(digits17)? };
        let fits = is_first_generation || number.check_character() == characters[17];
        if fits { Ok(number) } else { Err(IdentityFault::CheckDigit) }
    }

    /// True for what is meant as an identity number, also where its check digit is wrong.
    pub fn is_meant(text: &str) -> bool {
        matches!(IdentityNumber::parse(text), Ok(_) | Err(IdentityFault::CheckDigit))
    }

    /// The number with these 17 significant digits; the check digit is worked out.
    ///
    /// # Errors
    /// `Length` when there are more than 17 digits, `BirthDay` when the digits hold no day of birth.
    pub fn from_digits17(digits17: u64) -> Result<IdentityNumber, IdentityFault> {
        if digits17 >= 100_000_000_000_000_000 {
            return Err(IdentityFault::Length);
        }
        match birth_day(digits17) {
            Some(_) => Ok(IdentityNumber { digits17, disability: None }),
            None => Err(IdentityFault::BirthDay),
        }
    }

    /// The 17 significant digits as a number, below 2^57.
    pub fn digits17(self) -> u64 {
        self.digits17
    }

    /// The day of birth.
    pub fn born_on(self) -> Day {
        birth_day(self.digits17).expect("the day of birth was checked when the number was made")
    }

    /// The sex: an odd order number is male.
    pub fn sex(self) -> Sex {
        if self.digits17.is_multiple_of(2) { Sex::Female } else { Sex::Male }
    }

    /// The 6-digit code of the place where the number was first given out.
    pub fn area(self) -> u32 {
        (self.digits17 / 100_000_000_000) as u32
    }

    /// Kind and grade of the disability, where the text was a certificate number.
    pub fn disability(self) -> Option<Disability> {
        self.disability
    }

    /// The full number of 18 characters. Not for logs, pages, addresses or the lake.
    pub fn canonical(self) -> String {
        format!("{:017}{}", self.digits17, char::from(self.check_character()))
    }

    /// True when the area code existed at any time. Numbers are kept for life and were given out to the old decades after
    /// their birth, so the years of a code say nothing against a number.
    pub fn plausible_area(self, codes: &AreaCodes) -> bool {
        codes.existed(self.area())
    }

    fn check_character(self) -> u8 {
        let mut rest = self.digits17;
        let mut sum = 0;
        for weight in WEIGHTS.iter().rev() {
            sum += weight * (rest % 10);
            rest /= 10;
        }
        CHECK_CHARACTERS[(sum % 11) as usize]
    }
}

impl fmt::Display for IdentityNumber {
    /// Masked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&mask_identity(&self.canonical()))
    }
}

impl fmt::Debug for IdentityNumber {
    /// Masked.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl IdentityFault {
    /// The fault of the cell that held the text.
    pub fn kind(self) -> FaultKind {
        match self {
            IdentityFault::Length | IdentityFault::Characters => FaultKind::IdentityLength,
            IdentityFault::BirthDay => FaultKind::IdentityBirthDay,
            IdentityFault::CheckDigit => FaultKind::IdentityCheckDigit,
            IdentityFault::DisabilityDigits => FaultKind::DisabilityDigits,
        }
    }

    /// What is wrong and what to do, for people; without full stops and without the number.
    pub fn advice(self) -> Advice {
        words::advice(self.key(), &[])
    }

    /// Where its words stand.
    pub fn key(self) -> &'static str {
        match self {
            IdentityFault::Length => "identity_length",
            IdentityFault::Characters => "identity_characters",
            IdentityFault::BirthDay => "identity_birth_day",
            IdentityFault::CheckDigit => "identity_check_digit",
            IdentityFault::DisabilityDigits => "identity_disability_digits",
        }
    }
}

/// The characters of the number without what people put between them; full-width ones made plain, letters made large.
fn plain_characters(text: &str) -> Result<Vec<u8>, IdentityFault> {
    let mut characters = Vec::with_capacity(22);
    for letter in fold(text).chars() {
        match letter {
            '0'..='9' | 'X' | 'B' => characters.push(letter as u8),
            'x' | 'b' => characters.push(letter.to_ascii_uppercase() as u8),
            '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            _ => return Err(IdentityFault::Characters),
        }
    }
    for (at, character) in characters.iter().enumerate() {
        // A re-issued certificate ends in two digits, or in B and a digit.
        let may_stand =
            character.is_ascii_digit() || (*character == b'X' && at == 17) || (*character == b'B' && at == 20);
        if !may_stand {
            return Err(IdentityFault::Characters);
        }
    }
    Ok(characters)
}

fn disability_of(digits: &[u8]) -> Result<Disability, IdentityFault> {
    match digits {
        [kind @ b'1'..=b'7', grade @ b'1'..=b'4', ..] => Ok(Disability { kind: kind - b'0', grade: grade - b'0' }),
        _ => Err(IdentityFault::DisabilityDigits),
    }
}

fn number_of(digits: &[u8]) -> Result<u64, IdentityFault> {
    digits.iter().try_fold(0, |number, digit| match digit {
        b'0'..=b'9' => Ok(number * 10 + u64::from(digit - b'0')),
        _ => Err(IdentityFault::Characters),
    })
}

fn birth_day(digits17: u64) -> Option<Day> {
    let written = digits17 / 1_000 % 100_000_000;
    let year = i32::try_from(written / 10_000).ok()?;
    let is_human = (BIRTH_YEAR_MIN..=BIRTH_YEAR_MAX).contains(&year);
    Day::new(year, (written / 100 % 100) as u32, (written % 100) as u32).filter(|_| is_human)
}
