//! Rows of an extract that were not taken, because of faults or because nobody was found for them: whose earlier rows stay for that.

use lake::Spared;
use std::collections::HashSet;

/// Rows that were not taken, by what earlier rows of the same are recognised.
#[derive(Debug, Default)]
pub struct NotTaken {
    rows: Vec<Recognised>,
}

/// By what the earlier rows of one row are recognised, as far as it can be read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Recognised {
    /// Hash of the row's key.
    pub key: Option<i64>,
    /// The resident, or the household where rows are of households.
    pub person: Option<i64>,
}

impl NotTaken {
    /// One more row that was not taken in.
    pub fn add(&mut self, row: Recognised) {
        self.rows.push(row);
    }

    /// Whose earlier rows stay.
    pub fn spared(&self) -> Spared {
        let keys = self.rows.iter().filter_map(|row| row.key).collect();
        Spared::new(keys, self.rows.iter().filter_map(|row| row.person).collect())
    }

    /// How many rows are of none of these.
    pub fn unknown<'a>(&self, known: impl Iterator<Item = &'a Spared>) -> u64 {
        let (mut keys, mut people) = (HashSet::new(), HashSet::new());
        for known in known {
            keys.extend(known.keys.iter().copied());
            people.extend(known.people.iter().copied());
        }
        let is_known = |row: &&Recognised| {
            row.key.is_some_and(|key| keys.contains(&key)) || row.person.is_some_and(|person| people.contains(&person))
        };
        (self.rows.len() - self.rows.iter().filter(is_known).count()) as u64
    }
}
