//! A county made by hand, row by row, so that every value of it is known.

use crate::memory::Lists;
use crate::support::{COUNTIES, County, day, row};
use analysis::{FactLine, household_facts};
use model::{Decimal, Fen, HouseholdNo, Value};
use policy::Package;

/// Number of the first household.
pub const HOME: i64 = 9_901_010_000_000;

pub fn text_or_none(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::Text(text.to_owned()) }
}

pub fn day_or_none(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::Day(day(text)) }
}

pub fn fen_or_none(fen: Option<i64>) -> Value {
    fen.map_or(Value::Null, |fen| Value::Fen(Fen(fen)))
}

/// Rows of a county; each has its number in the file it came from.
pub struct Hand {
    pub county: County,
    number: u32,
}

impl Hand {
    pub fn new() -> Hand {
        let county = County { household: vec![], resident: vec![], medical_bill: vec![], school_roster: vec![] };
        Hand { county, number: 0 }
    }

    fn next(&mut self) -> u32 {
        self.number += 1;
        self.number
    }

    /// A household of the first village; `land`: tenths of a mu.
    pub fn household(&mut self, home: i64, income: Option<i64>, land: Option<i64>, monitored: Option<bool>) -> u32 {
        self.household_in("990101100201", home, income, land, monitored)
    }

    pub fn household_in(
        &mut self,
        village: &str,
        home: i64,
        income: Option<i64>,
        land: Option<i64>,
        monitored: Option<bool>,
    ) -> u32 {
        let number = self.next();
        let values = vec![
            Value::Text(village.to_owned()),
            fen_or_none(income),
            Value::Null,
            land.map_or(Value::Null, |tenths| Value::Decimal(Decimal::new(tenths, 1))),
            monitored.map_or(Value::Null, Value::Bool),
        ];
        self.county.household.push(row(home, None, number, values));
        number
    }

    /// A member: born, joined and left, each empty where it is not known.
    pub fn resident(&mut self, home: i64, person: i64, [born, from, to]: [&str; 3]) -> u32 {
        let number = self.next();
        let values = vec![day_or_none(born), day_or_none(from), day_or_none(to)];
        self.county.resident.push(row(home, Some(person), number, values));
        number
    }

    /// A bill, in fen.
    pub fn bill(
        &mut self,
        (home, person): (i64, i64),
        on: &str,
        visit: &str,
        total: Option<i64>,
        back: Option<i64>,
    ) -> u32 {
        let number = self.next();
        let values = vec![day_or_none(on), text_or_none(visit), fen_or_none(total), fen_or_none(back)];
        self.county.medical_bill.push(row(home, Some(person), number, values));
        number
    }

    /// A line of the school roster.
    pub fn school(&mut self, (home, person): (i64, i64), enrolled: Option<bool>, absent_tenths: Option<i64>) -> u32 {
        let number = self.next();
        let absent = absent_tenths.map_or(Value::Null, |tenths| Value::Decimal(Decimal::new(tenths, 1)));
        let values = vec![enrolled.map_or(Value::Null, Value::Bool), absent];
        self.county.school_roster.push(row(home, Some(person), number, values));
        number
    }

    /// The rows as those of the first county.
    pub fn lists(&self, package: &Package) -> Lists {
        let mut lists = Lists::default();
        lists.fill(package, COUNTIES[0], &self.county);
        lists
    }

    /// All facts of a household on a day.
    pub fn facts(&self, package: &Package, home: i64, on: &str) -> Vec<FactLine> {
        household_facts(&self.lists(package), package, HouseholdNo(home), day(on), day(on)).expect("it is there")
    }
}

/// The value of a fact of the household, or of one of its members.
pub fn value(facts: &[FactLine], fact: &str, person: Option<i64>) -> Value {
    let line = facts.iter().find(|line| line.fact == fact && line.resident_key.map(|key| key.0) == person);
    line.unwrap_or_else(|| panic!("there is no `{fact}` of {person:?}")).value.clone()
}
