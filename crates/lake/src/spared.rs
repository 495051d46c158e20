//! Whom a delivery says nothing of: its rows of them were refused, or nobody was found for them.

use serde::{Deserialize, Serialize};

/// Whose earlier rows stay in force although the delivery replaces those of their place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spared {
    /// Key hashes of single rows, sorted.
    pub keys: Vec<i64>,
    /// Keys of residents, or numbers of households where the rows are of households; sorted.
    pub people: Vec<i64>,
}

impl Spared {
    /// Of these, in any order, each once.
    pub fn new(mut keys: Vec<i64>, mut people: Vec<i64>) -> Spared {
        for numbers in [&mut keys, &mut people] {
            numbers.sort_unstable();
            numbers.dedup();
        }
        Spared { keys, people }
    }

    /// True where nobody is spared.
    pub fn is_none(&self) -> bool {
        self.keys.is_empty() && self.people.is_empty()
    }

    /// True for the row with this key of this person.
    pub fn holds(&self, key: i64, person: i64) -> bool {
        self.has_key(key) || self.has_person(person)
    }

    /// True where the row with this key is spared by itself.
    pub fn has_key(&self, key: i64) -> bool {
        self.keys.binary_search(&key).is_ok()
    }

    /// True where all rows of the person are spared.
    pub fn has_person(&self, person: i64) -> bool {
        self.people.binary_search(&person).is_ok()
    }
}
