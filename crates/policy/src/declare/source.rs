//! `sources/<name>.toml`: what a department hands in.

use super::Column;
use serde::Deserialize;
use words::{Advice, Wording};

/// What a row or record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    Resident,
    Household,
    Village,
}

/// How deliveries of a source follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Each delivery is the events of its place and days. It replaces the delivery of the same; others stay, and of rows with one
    /// key the later one counts.
    Events,
    /// Each delivery is the whole list of its place on its day and replaces the earlier list.
    Roster,
}

/// A department extract: `sources/<name>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub label: String,
    pub label_en: String,
    /// Code of the code list `department`.
    pub department: String,
    pub article: Vec<u8>,
    /// How often it is handed in: `month`, `quarter`, `year`, `event`, `day`.
    pub cadence: String,
    pub of: Grain,
    pub mode: Mode,
    /// Column with the identity number by which the resident (or, for households, a member) is found.
    #[serde(default)]
    pub identity: Option<String>,
    /// Column with the name of the person of `identity`: a row whose name is not that of the register is taken with a note.
    #[serde(default)]
    pub name: Option<String>,
    /// Column with the household number, used first when `of = "household"`.
    #[serde(default)]
    pub household: Option<String>,
    /// Column with the day of the event; the delivery day where there is none.
    #[serde(default)]
    pub day: Option<String>,
    /// How many days before or behind a membership an event may lie and still find its person and household, with a note: offices
    /// seldom enter a death or a birth on its very day. The day of leaving itself always counts.
    #[serde(default)]
    pub member_tolerance_days: u16,
    /// Columns that together name a row.
    pub key: Vec<String>,
    /// How many of a hundred rows may go by a new delivery without being asked about: of a list, rows that are not on the new one; of
    /// corrected events, how many fewer they are. What [`Source::leaving_percent_max`] says where it is not written.
    #[serde(default)]
    pub leaving_percent_max: Option<u8>,
    pub legal_basis: String,
    /// Roles that may hand it in.
    pub may_hand_in: Vec<String>,
    pub column: Vec<Column>,
    /// Expressions over the row's columns that must hold.
    #[serde(default)]
    pub check: Vec<RowCheck>,
}

impl Source {
    /// The share, in percent, above which rows do not go unasked: a fifth of a list, half of the events of a delivery that is
    /// corrected.
    pub fn leaving_percent_max(&self) -> u8 {
        self.leaving_percent_max.unwrap_or(match self.mode {
            Mode::Roster => 20,
            Mode::Events => 50,
        })
    }
}

/// An expression over one row's columns that must not be false.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowCheck {
    pub holds: String,
    /// What is wrong when it does not, for people.
    pub what: String,
    /// Empty in packages of before: the Chinese one is shown.
    #[serde(default)]
    pub what_en: String,
    /// What to do about it.
    pub hint: String,
    #[serde(default)]
    pub hint_en: String,
    /// Columns whose cells are marked.
    pub columns: Vec<String>,
    /// The row is left out; otherwise it is taken with a remark.
    #[serde(default)]
    pub drops_row: bool,
}

impl RowCheck {
    /// What is wrong and what to do, in Chinese and English.
    pub fn advice(&self) -> Advice {
        Advice { what: Wording::pair(&self.what, &self.what_en), hint: Wording::pair(&self.hint, &self.hint_en) }
    }
}
