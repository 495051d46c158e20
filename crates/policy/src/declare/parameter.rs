//! `parameters/<name>.toml`: values by day and place.

use super::IsoDay;
use model::{Decimal, Level, RegionCode};
use serde::Deserialize;

/// A value by day and place: `parameters/<name>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    pub label: String,
    pub label_en: String,
    pub article: Vec<u8>,
    /// `fen` (amounts are written in fen), `rate` (decimal share), `int`, `days`, `months`, `bool`.
    pub unit: ParameterUnit,
    /// `at_least = "province"`: a place's own value counts only where it is above the value of the place around it.
    #[serde(default)]
    pub at_least: Option<Level>,
    #[serde(default)]
    pub value: Vec<ParameterValue>,
    #[serde(default)]
    pub note: String,
}

/// The unit of a parameter's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterUnit {
    Fen,
    Rate,
    Int,
    Days,
    Months,
    Bool,
}

/// One value: exactly one of `amount`, `rate`, `truth`, `formula`, `unset`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterValue {
    /// In force from this day.
    pub from: IsoDay,
    /// Known since; `from` where it is not said.
    #[serde(default)]
    pub published: Option<IsoDay>,
    /// The place it holds for; the package's place where it is not said.
    #[serde(default)]
    pub region: Option<RegionCode>,
    /// Fen or a whole number.
    #[serde(default)]
    pub amount: Option<i64>,
    /// A decimal written as text, e.g. `"0.5"`.
    #[serde(default)]
    pub rate: Option<Decimal>,
    #[serde(default)]
    pub truth: Option<bool>,
    /// Expression over other parameters (`p.dibao_rural_month * 24`).
    #[serde(default)]
    pub formula: Option<String>,
    /// Said to be not known; pages show "待设定".
    #[serde(default)]
    pub unset: bool,
    /// Issuing body, number and day of the document; `example` values of an overlay say that they are examples.
    pub source: String,
    /// Grade of the source: `A` official, `B` copy, `example` (overlays only).
    pub grade: String,
}
