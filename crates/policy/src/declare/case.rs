//! `<name>.cases.toml`: given, expected.

use super::IsoDay;
use model::RegionCode;
use serde::Deserialize;

/// Cases beside a thing: `<name>.cases.toml`, `[[case]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    pub case: Vec<Case>,
}

/// Given values, expected value. Names that are not given are unknown (null).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    pub day: IsoDay,
    /// Day of knowledge; `day` where it is not said.
    #[serde(default)]
    pub known: Option<IsoDay>,
    #[serde(default)]
    pub region: Option<RegionCode>,
    /// Facts and fields by name. Money in fen; days as TOML dates; decimals as text.
    #[serde(default)]
    pub given: toml::Table,
    /// Rows for aggregates; each a table of columns.
    #[serde(default)]
    pub rows: Vec<toml::Table>,
    /// Parameters by name, in place of the package's values.
    #[serde(default)]
    pub parameters: toml::Table,
    /// Rule: true/false. Fact, parameter, indicator: the value. The text `"unknown"` means null.
    pub expect: toml::Value,
    /// Rule: the sentence expected, if it holds.
    #[serde(default)]
    pub because: Option<String>,
    /// Rule: the band expected.
    #[serde(default)]
    pub band: Option<u32>,
}
