//! What must not come out of files of people: their numbers in any spelling, and their names.

use std::collections::HashSet;

/// So many digits in a row of a number, behind its first ones, may not be seen together: one more than a day of birth has.
const DIGITS_TOO_MANY: usize = 9;
/// Digits at the beginning of a number that say nothing of a person, such as those of the county.
const DIGITS_OPEN: usize = 2;
const CHINESE_DIGITS: &str = "〇一二三四五六七八九";
/// Marks that stand between the digits of a number, or the parts of a name.
const MARKS: &str = "-_./'·、,()";

/// Numbers and names of people.
pub struct Secrets {
    /// Parts of the numbers, [`DIGITS_TOO_MANY`] characters long.
    parts: HashSet<Vec<u8>>,
    names: Vec<String>,
}

impl Secrets {
    pub fn new<'n>(numbers: impl Iterator<Item = &'n str>, names: &[&str]) -> Secrets {
        let parts = |number: &str| {
            let folded = folded(number).into_bytes();
            folded.windows(DIGITS_TOO_MANY).skip(DIGITS_OPEN).map(<[u8]>::to_vec).collect::<Vec<_>>()
        };
        Secrets { parts: numbers.flat_map(parts).collect(), names: names.iter().map(|name| folded(name)).collect() }
    }

    /// # Panics
    /// Where a number or a name of somebody stands in what was said at a place.
    pub fn check(&self, said: &str, place: &str) {
        self.check_numbers(said, place);
        let folded = folded(said);
        let name = self.names.iter().find(|name| folded.contains(*name));
        assert!(name.is_none(), "{} stands in {place}: {}", name.expect("one"), around(&folded, name.expect("one")));
    }

    /// # Panics
    /// Where a number of somebody stands in what was said at a place, or so much of one that it is not masked.
    pub fn check_numbers(&self, said: &str, place: &str) {
        let folded = folded(said);
        let found = folded.as_bytes().windows(DIGITS_TOO_MANY).find(|part| self.parts.contains(*part));
        let found = found.map(String::from_utf8_lossy);
        assert!(found.is_none(), "{found:?} stands in {place}: {}", around(&folded, found.as_deref().expect("one")));
    }
}

/// The text without marks and spaces, with all digits as ASCII has them.
fn folded(text: &str) -> String {
    let digit = |letter: char| {
        let at = CHINESE_DIGITS.chars().position(|digit| digit == letter);
        at.and_then(|at| char::from_digit(at as u32, 10)).unwrap_or(letter)
    };
    let half = text.chars().map(model::written::half_width).map(digit);
    half.filter(|letter| !model::written::is_space(*letter) && !MARKS.contains(*letter)).collect()
}

/// What stands around a part of a text.
fn around<'t>(text: &'t str, part: &str) -> &'t str {
    let at = text.find(part).unwrap_or_default();
    let (from, to) = (text.floor_char_boundary(at.saturating_sub(200)), text.ceil_char_boundary(at + 200));
    &text[from..to.min(text.len())]
}

#[test]
fn a_number_is_found_in_every_spelling_and_a_mask_is_none() {
    let secrets = Secrets::new(["513431199001019999", "13898765432"].into_iter(), &["吉克·阿衣莫"]);
    let is_found = |said: &str| std::panic::catch_unwind(|| secrets.check(said, "a test")).is_err();
    for said in
        ["5134 3119 9001 0199 99", "１３８９８７６５４３２", "号一三八九八七六五四三二", "9001019999", "吉克 阿衣莫"]
    {
        assert!(is_found(said), "{said}");
    }
    for said in ["51*************999", "138****5432", "吉克**莫", "513431 2024-05-20"] {
        assert!(!is_found(said), "{said}");
    }
}
