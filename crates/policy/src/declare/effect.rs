//! What a step waits for besides its days, and what follows from it elsewhere.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A number of days: whole, or a parameter with unit `days` by name, whose value is that of the day and the record's place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "toml_days")]
pub enum Days {
    Count(u16),
    Parameter(String),
}

/// How many must take a step: `approvals = 2`, or `approvals = "all"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "toml_approvals")]
pub enum Approvals {
    /// So many different persons of the step's roles.
    AtLeast(u16),
    /// One of each role of the step, all of them different persons.
    Every(AllRoles),
}

/// The word `all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllRoles {
    All,
}

/// A public notice that a step puts up: `publicity = { days = "publicity_days", photo = "notice_photo" }`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publicity {
    /// The day of the step does not count, the last day ends at 24:00, and the day after is free for the next step.
    pub days: Days,
    /// `days` are working days by the package's calendar.
    #[serde(default)]
    pub in_working_days: bool,
    /// Field of kind `file` with a photo of the notice, required for the step.
    #[serde(default)]
    pub photo: Option<String>,
    /// Kind of child record that holds objections: one that is raised within the days stops them.
    #[serde(default)]
    pub objections: Option<String>,
    /// Condition over the objection's fields under which it stands in the way no more and the days run on. Without it an
    /// objection ends the publicity, and the record can only be sent back.
    #[serde(default)]
    pub settled: Option<String>,
    /// The notice is taken down when its days are over or the record leaves the state.
    #[serde(default = "is_so")]
    pub takes_down: bool,
}

fn is_so() -> bool {
    true
}

/// A record of another register that a step opens: `[[step.opens]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opens {
    pub register: String,
    /// Fields there by which an open record is found: where there is one, nothing is opened and this record is attached to it.
    pub key: Vec<String>,
    /// Fields there, each with an expression over the fields here. A field's bare name carries its value over as it is.
    pub fields: BTreeMap<String, String>,
}

/// A step that a record of another register takes with this one: `[[step.advances]]`. Exactly one of `of` and `match`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advances {
    pub register: String,
    pub step: String,
    /// Field here that refers to the record there.
    #[serde(default)]
    pub of: Option<String>,
    /// Field there, and the field here that it must equal: the open record that matches takes the step.
    #[serde(default, rename = "match")]
    pub matching: BTreeMap<String, String>,
    /// Fields there that are filled with the step, each with an expression over the fields here.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
}
