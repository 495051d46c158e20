//! `<name>.cases.toml`: given, expected.

use super::IsoDay;
use model::RegionCode;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Cases beside a thing: `<name>.cases.toml`, `[[case]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    /// None in a file that was only begun.
    #[serde(default)]
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
    /// Rule: true/false. Fact, parameter, indicator: the value. The text `"unknown"` means null. Register: a table of
    /// calculated fields and, as `failing`, the `what` of every check and constraint that fails; with a step: true/false.
    pub expect: toml::Value,
    /// Register: state of the record; the initial one where it is not said.
    #[serde(default)]
    pub state: Option<String>,
    /// Register: child records by kind.
    #[serde(default)]
    pub child: BTreeMap<String, Vec<toml::Table>>,
    /// Register: what the lookups of its constraints find, by name.
    #[serde(default)]
    pub found: toml::Table,
    /// Register: a step that is asked for; `expect` says whether it may be taken.
    #[serde(default)]
    pub step: Option<CaseStep>,
    /// Register: the state expected after the step.
    #[serde(default)]
    pub to: Option<String>,
    /// Register: what is expected to follow from the step, one line each, in order; see the guide for steps.
    #[serde(default)]
    pub effects: Option<Vec<String>>,
    /// Rule: the sentence expected, if it holds.
    #[serde(default)]
    pub because: Option<String>,
    /// Rule: the band expected.
    #[serde(default)]
    pub band: Option<u32>,
}

/// A step that a case asks for, on the case's day.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseStep {
    pub name: String,
    /// Left out where the step goes on by itself.
    #[serde(default)]
    pub role: String,
    /// The day on which the record entered its state; the case's day where it is not said. A notice that was put up then has the
    /// length of that day.
    #[serde(default)]
    pub since: Option<IsoDay>,
    /// Who asks has entered the record.
    #[serde(default)]
    pub is_own: bool,
    /// The step is to go on by itself.
    #[serde(default)]
    pub by_itself: bool,
    /// The record is to be sent back to this state instead.
    #[serde(default)]
    pub returns_to: Option<String>,
    /// Roles of those who took the step already since the record entered its state, each of them another person.
    #[serde(default)]
    pub approved_by: Vec<String>,
    /// The day on which an objection to the notice was raised, and the day on which it was settled.
    #[serde(default)]
    pub objected_on: Option<IsoDay>,
    #[serde(default)]
    pub settled_on: Option<IsoDay>,
}
