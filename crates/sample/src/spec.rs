//! How a table of the package is filled: `sample/<source or register>.toml`, in a small vocabulary.
//!
//! A table has blocks of rows. A block goes over residents, households or events (`each`), keeps those for which `where`
//! holds, and says for each column where its cells come from:
//!
//! | written | means |
//! |---|---|
//! | `resident.identity` | a field of the made-up world (see `fields`) |
//! | `const:text` | always the same |
//! | `choice:a=0.9\|b=0.1` | one of them, by weight |
//! | `serial:AB` | a number that occurs once in the table |
//! | `int:1..5`, `yuan:100..500`, `tenths:5..90` | a random whole number, money, tenths |
//! | `after:event.day+5..20` | a day so many days after another (`-20..-5`: before), never after the delivery |
//! | `ahead:event.day+365..730` | the same, but it may lie after the delivery |
//! | `text:{village.short}小学` | text with fields in it |
//! | `times:event.total*0.4` | money or a number, multiplied |
//! | `empty` | nothing |
//!
//! or a list of `{ when = "...", is = "..." }`, of which the first that holds counts.

use serde::Deserialize;
use std::collections::BTreeMap;

/// `sample/<table>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSpec {
    /// A line above the headings, in some files; a template as in `text:`.
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub faults: Faults,
    pub rows: Vec<RowsSpec>,
    /// Columns that all blocks have in common.
    #[serde(default)]
    pub columns: BTreeMap<String, Written>,
    /// By column: the code for each word of the engine.
    #[serde(default)]
    pub words: BTreeMap<String, BTreeMap<String, String>>,
}

/// Which faults may be planted in a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Faults {
    /// Anywhere; rows may be lost by them.
    #[default]
    Anywhere,
    /// Rows must not be lost: faults of required cells are planted in copies under a number of their own.
    InCopies,
}

/// One block of rows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowsSpec {
    pub each: Each,
    /// Comparisons joined by `and`, then by `or`.
    #[serde(default, rename = "where")]
    pub filter: String,
    /// Share of the candidates that are in the table at all.
    #[serde(default = "whole")]
    pub share: f64,
    /// Share of the events that the department gets to know.
    #[serde(default = "whole")]
    pub reach: f64,
    /// Days after an event until the department knows of it: least and most.
    #[serde(default)]
    pub delay: [i64; 2],
    /// Columns that differ in this block.
    #[serde(default)]
    pub columns: BTreeMap<String, Written>,
    /// Columns of an event that the department does not know of; without this there is no row.
    #[serde(default)]
    pub unseen: Option<BTreeMap<String, Written>>,
}

/// What a row of a table is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Each {
    Resident,
    Household,
    Event,
}

/// How a column is written in the file.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Written {
    One(String),
    Cases(Vec<WrittenCase>),
}

/// The first case whose `when` holds counts; a case without `when` always holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenCase {
    #[serde(default)]
    pub when: String,
    pub is: String,
}

/// `sample/words.toml`: codes for words, by field, for all tables.
pub type Words = BTreeMap<String, BTreeMap<String, String>>;

fn whole() -> f64 {
    1.0
}
