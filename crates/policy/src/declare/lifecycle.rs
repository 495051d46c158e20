//! States and steps of a register's records.

use serde::Deserialize;

/// A state of a lifecycle.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    pub name: String,
    pub label: String,
    pub label_en: String,
    /// Records start here.
    #[serde(default)]
    pub initial: bool,
    /// Nothing follows.
    #[serde(default)]
    pub is_final: bool,
}

/// A step of a lifecycle.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub name: String,
    pub label: String,
    pub label_en: String,
    pub from: Vec<String>,
    pub to: String,
    pub roles: Vec<String>,
    /// Fields that must be filled to take the step.
    #[serde(default)]
    pub required: Vec<String>,
    /// Whole days that must lie between entering the state and the step.
    #[serde(default)]
    pub wait_days: u16,
    /// Days after entering the state by which the step is due.
    #[serde(default)]
    pub due_days: Option<u16>,
    /// Who entered the record may not take the step.
    #[serde(default)]
    pub not_by_who_entered: bool,
}
