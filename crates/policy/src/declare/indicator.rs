//! `indicators/<name>.toml`: figures for places.

use model::{Decimal, Level, PeriodKind};
use serde::Deserialize;

/// A figure for places: `indicators/<name>.toml`. Both parts are sums or counts, over households with their facts or over the
/// records of a register, and are kept apart, so that figures of places add up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub label: String,
    pub label_en: String,
    pub article: Vec<u8>,
    #[serde(default)]
    pub unit: String,
    /// Register whose records it is over: their fields that are not sensitive, and where the register has a lifecycle `state`,
    /// `state_on` (in it since) and `due_on`. Households with their facts where it is not said.
    #[serde(default)]
    pub from: Option<String>,
    /// Aggregate over the households or records, e.g. `count()`.
    pub numerator: String,
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
    /// Aggregate of the whole; the indicator is a share where it is given.
    #[serde(default)]
    pub denominator: Option<String>,
    /// What a figure is of: a later figure of the same period takes the place of an earlier one.
    #[serde(default)]
    pub period: PeriodKind,
    /// Field with the day that places a record of the register in a period, or `state_on`; without it all records count, as they are on the
    /// day of the figure.
    #[serde(default)]
    pub day: Option<String>,
    /// Coded fields and facts, or yes and no, by which it is also given.
    #[serde(default)]
    pub groups: Vec<String>,
    /// The smallest places that it is given for.
    #[serde(default = "village")]
    pub level: Level,
    #[serde(default)]
    pub target: Option<Decimal>,
}

fn village() -> Level {
    Level::Village
}
