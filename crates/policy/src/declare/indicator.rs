//! `indicators/<name>.toml`: figures for places.

use model::Decimal;
use serde::Deserialize;

/// A figure for places: `indicators/<name>.toml`. Both parts are aggregates over households with their facts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub label: String,
    pub label_en: String,
    pub article: Vec<u8>,
    #[serde(default)]
    pub unit: String,
    /// Aggregate over households with their facts, e.g. `count()`.
    pub numerator: String,
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
    /// Aggregate of the whole; the indicator is a share where it is given.
    #[serde(default)]
    pub denominator: Option<String>,
    #[serde(default)]
    pub target: Option<Decimal>,
}
