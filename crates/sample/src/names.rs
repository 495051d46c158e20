//! Names as they are given among peoples with different customs.
//!
//! Three customs are known: a family name before one or two characters, a clan before a given name, and two given names
//! without any family name. Which people follows which custom is said by the package's population file.

use crate::random::{Lottery, Stream};
use std::collections::BTreeMap;

const SURNAMES: &str = include_str!("../data/names-han-surnames.csv");
const GIVEN_CHARACTERS: &str = include_str!("../data/names-han-given-chars.csv");
const GIVEN_COMMON: &str = include_str!("../data/names-han-given-common.csv");
const CLANS: &str = include_str!("../data/names-yi.csv");
const PAIRS: &str = include_str!("../data/names-tibetan.csv");
const VARIANTS: &str = include_str!("../data/names-transliteration-variants.csv");

/// How names are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Custom {
    /// Family name from the father, then one or two characters.
    Surname,
    /// Clan of the father, `·`, given name.
    Clan,
    /// Two given names; nothing is inherited.
    Pair,
}

/// All names, ready for drawing.
pub struct NameBook {
    surnames: (Vec<String>, Lottery),
    characters: [(Vec<String>, Lottery); 2],
    common: [Vec<String>; 2],
    clans: Vec<String>,
    clan_given: [Vec<String>; 2],
    pairs: [Vec<String>; 2],
    variants: BTreeMap<String, Vec<String>>,
}

impl NameBook {
    /// Reads the name lists that come with this crate.
    pub fn new() -> NameBook {
        let surnames = rows(SURNAMES);
        let characters = rows(GIVEN_CHARACTERS);
        let clans = rows(CLANS);
        let both = |table: &[Vec<String>], sex: usize| {
            let of_sex = |row: &&Vec<String>| row[sex] == "U";
            let pick = |letter: &str| -> Vec<String> {
                table.iter().filter(|row| row[sex] == letter || of_sex(row)).map(|row| row[0].clone()).collect()
            };
            [pick("F"), pick("M")]
        };
        let given: Vec<Vec<String>> = clans.iter().filter(|row| row[1] == "given").cloned().collect();
        NameBook {
            surnames: weighted(&surnames, 2),
            characters: [weighted(&characters, 2), weighted(&characters, 1)],
            common: both(&rows(GIVEN_COMMON), 1),
            clans: clans.iter().filter(|row| row[1] == "clan").map(|row| row[0].clone()).collect(),
            clan_given: both(&given, 2),
            pairs: both(&rows(PAIRS), 1),
            variants: variants(),
        }
    }

    /// What a child takes over from its father: a family name, a clan, or nothing.
    pub fn lineage(&self, custom: Custom, stream: &mut Stream) -> String {
        match custom {
            Custom::Surname => self.surnames.0[self.surnames.1.draw(stream)].clone(),
            Custom::Clan => stream.pick(&self.clans).cloned().unwrap_or_default(),
            Custom::Pair => String::new(),
        }
    }

    /// A full name of someone of that lineage.
    pub fn full(&self, custom: Custom, lineage: &str, is_male: bool, stream: &mut Stream) -> String {
        let sex = usize::from(is_male);
        match custom {
            Custom::Surname => format!("{lineage}{}", self.given(sex, stream)),
            Custom::Clan => {
                let given = stream.pick(&self.clan_given[sex]).cloned().unwrap_or_default();
                format!("{lineage}·{given}")
            }
            Custom::Pair => {
                let first = stream.pick(&self.pairs[sex]).cloned().unwrap_or_default();
                let second = stream.pick(&self.pairs[sex]).cloned().unwrap_or_default();
                if first == second { first } else { format!("{first}{second}") }
            }
        }
    }

    /// Another spelling of the name, if one is known for a part of it; with clans, the same name without its dot.
    pub fn variant(&self, name: &str, stream: &mut Stream) -> Option<String> {
        let respelled = self.variants.iter().find_map(|(form, others)| {
            let at = name.find(form.as_str())?;
            let other = stream.pick(others)?;
            Some(format!("{}{other}{}", &name[..at], &name[at + form.len()..]))
        });
        respelled.or_else(|| name.contains('·').then(|| name.replace('·', "")))
    }

    fn given(&self, sex: usize, stream: &mut Stream) -> String {
        if stream.chance(0.25) {
            return stream.pick(&self.common[sex]).cloned().unwrap_or_default();
        }
        let (characters, lottery) = &self.characters[sex];
        let length = if stream.chance(0.82) { 2 } else { 1 };
        (0..length).map(|_| characters[lottery.draw(stream)].as_str()).collect()
    }
}

impl Default for NameBook {
    fn default() -> NameBook {
        NameBook::new()
    }
}

fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn weighted(table: &[Vec<String>], column: usize) -> (Vec<String>, Lottery) {
    let names = table.iter().map(|row| row[0].clone()).collect();
    (names, Lottery::new(table.iter().map(|row| row[column].parse().unwrap_or(0))))
}

fn variants() -> BTreeMap<String, Vec<String>> {
    let table = rows(VARIANTS);
    let others_of = |row: &Vec<String>| {
        table.iter().filter(|other| other[0] == row[0] && other[2] != row[2]).map(|other| other[2].clone()).collect()
    };
    table.iter().map(|row| (row[2].clone(), others_of(row))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_their_custom() {
        let book = NameBook::new();
        let mut stream = Stream::of(1, "names", 0, 0);
        for _ in 0..500 {
            let surname = book.lineage(Custom::Surname, &mut stream);
            let full = book.full(Custom::Surname, &surname, true, &mut stream);
            assert!(full.starts_with(&surname) && (2..=4).contains(&full.chars().count()), "{full}");
            let clan = book.lineage(Custom::Clan, &mut stream);
            let full = book.full(Custom::Clan, &clan, false, &mut stream);
            assert_eq!(full.split_once('·').map(|parts| parts.0), Some(clan.as_str()));
            let full = book.full(Custom::Pair, "", true, &mut stream);
            assert!(full.chars().count() >= 2 && !full.contains('·'), "{full}");
        }
    }

    #[test]
    fn a_variant_is_another_spelling_of_the_same_name() {
        let book = NameBook::new();
        let mut stream = Stream::of(1, "variants", 0, 0);
        for (name, has_variant) in [("扎西多吉", true), ("吉木·阿古", true), ("王伟", false)] {
            let variant = book.variant(name, &mut stream);
            assert_eq!(variant.is_some(), has_variant, "{name}");
            assert_ne!(variant.as_deref(), Some(name));
        }
    }

    #[test]
    fn frequent_family_names_are_frequent() {
        let book = NameBook::new();
        let mut stream = Stream::of(2, "frequency", 0, 0);
        let drawn = (0..5000).filter(|_| book.lineage(Custom::Surname, &mut stream) == "王").count();
        assert!((250..470).contains(&drawn), "{drawn}");
    }
}
