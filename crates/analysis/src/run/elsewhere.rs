//! People who are in several households of a county on one day. Every other step sees one household at a time; who is in two can
//! only be found by looking at all of them.

use super::cursor::numbers;
use crate::error::Result;
use crate::plan::Table;
use arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use arrow::datatypes::Date32Type;
use lake::{CountyRows, HOUSEHOLD_NO, RESIDENT_KEY, stored_name};
use model::Day;
use std::collections::HashMap;

/// First day of a membership, and the day of leaving, which is none of its days.
const SPAN: [&str; 2] = ["member_from", "member_to"];

/// The households of everybody who is in more than one on the day.
#[derive(Debug, Default)]
pub(crate) struct Elsewhere {
    households: HashMap<i64, Vec<i64>>,
}

impl Elsewhere {
    /// Looks at every resident of a county.
    pub(crate) fn of(rows: &dyn CountyRows, residents: &Table, day: Day) -> Result<Elsewhere> {
        let span = SPAN.iter().filter(|name| residents.schema.position(name).is_some());
        let span: Vec<String> = span.map(|name| stored_name(name)).collect();
        let keys = [HOUSEHOLD_NO, RESIDENT_KEY].map(str::to_owned);
        let names: Vec<String> = keys.into_iter().chain(span.iter().cloned()).collect();
        let column = |name: &str| names.iter().position(|known| *known == stored_name(name));
        let [from, to] = SPAN.map(column);
        let mut members: Vec<(i64, i64)> = Vec::new();
        for stretch in rows.between(i64::MIN, i64::MAX, &names)? {
            let batch = stretch?.batch;
            let (households, people) = (numbers(&batch, 0), numbers(&batch, 1));
            let at = |column: Option<usize>| column.map(|column| batch.column(column));
            let (from, to) = (at(from), at(to));
            let is_there = |row: usize| {
                people.is_valid(row)
                    && day_of(from, row).is_none_or(|from| from <= day.epoch_days())
                    && day_of(to, row).is_none_or(|to| day.epoch_days() < to)
            };
            let there = (0..batch.num_rows()).filter(|row| is_there(*row));
            members.extend(there.map(|row| (people.value(row), households.value(row))));
        }
        members.sort_unstable();
        let several = members.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1);
        let households = several.map(|same| (same[0].0, same.iter().map(|(_, household)| *household).collect()));
        Ok(Elsewhere { households: households.collect() })
    }

    /// For each resident in how many other households the person is on a day on which it is in this one; 0 where it is not.
    pub(crate) fn counts(&self, people: &Int64Array, households: &Int64Array) -> Int64Array {
        let count = |row: usize| {
            let known = people.is_valid(row).then(|| self.households.get(&people.value(row))).flatten();
            let known = known.filter(|known| known.contains(&households.value(row)));
            known.map_or(0, |known| i64::try_from(known.len()).unwrap_or(i64::MAX) - 1)
        };
        (0..people.len()).map(|row| Some(count(row))).collect()
    }
}

fn day_of(column: Option<&ArrayRef>, row: usize) -> Option<i32> {
    let days = column?.as_primitive::<Date32Type>();
    days.is_valid(row).then(|| days.value(row))
}
