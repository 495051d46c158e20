//! A made-up province by seed, on real divisions, with planted truth so that finding can be scored.
//!
//! Nobody in it exists. Households and residents are in proportion to the census; departments hand in what the package's
//! folder `sample` says, with dirt as in real files; a hidden process of shocks, written apart from the rules, decides who
//! truly falls into hardship. The same seed gives the same bytes.
//!
//! `Plan::new` prepares, `generate` makes the rows and hands them to a `Tables`.

mod background;
mod build;
mod census;
mod condition;
mod dirt;
mod economy;
mod family;
mod fields;
mod fill;
mod generate;
mod ledger;
mod life;
mod names;
mod numbers;
mod parts;
mod plan;
mod population;
mod random;
mod setting;
mod shock;
mod spec;
mod table;
mod tables;
#[cfg(test)]
mod tests;
mod world;
mod writer;

pub use census::CensusError;
pub use dirt::Dirt;
pub use generate::{Summary, generate};
pub use ledger::{Home, Ledger, LedgerRecord, ledgers, suitable};
pub use parts::PartsError;
pub use plan::{Options, Plan, PlanError};
pub use tables::{Cell, CsvFolder, TableHead, Tables, Use};
