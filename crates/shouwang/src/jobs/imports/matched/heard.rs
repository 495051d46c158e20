//! What the rows of a department's file tell of the delivery that they are.

use super::not_taken::NotTaken;
use model::{Day, RegionCode};
use std::collections::BTreeMap;

/// Which days and places rows are of.
#[derive(Debug, Default)]
pub struct Seen {
    /// How many rows are of each day; empty where rows have no day.
    pub days: BTreeMap<Day, u64>,
    /// How many rows are of households of each township.
    pub townships: BTreeMap<RegionCode, u64>,
}

/// What the rows of a file tell.
#[derive(Default)]
pub struct Heard {
    /// Of those that are of the place.
    pub seen: Seen,
    /// Of those that are of other places of who hands in.
    pub elsewhere: Seen,
    pub not_taken: NotTaken,
}
