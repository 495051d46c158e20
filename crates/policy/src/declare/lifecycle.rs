//! States and steps of a register's records.

use serde::Deserialize;

/// A state of a lifecycle.
#[derive(Clone, Debug, Default, Deserialize)]
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
    /// Fields may not be corrected here any more (final states are always closed to corrections).
    #[serde(default)]
    pub is_locked: bool,
    /// Where a raised record goes whose evidence has gone before anybody began to work on it.
    #[serde(default)]
    pub is_lapsed: bool,
    /// Looked at and left alone for the time being (关注): nobody is sent until the evidence changes.
    #[serde(default)]
    pub is_watched: bool,
}

/// A step of a lifecycle.
#[derive(Clone, Debug, Default, Deserialize)]
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
    /// Kinds of child record of which there must be at least one to take the step.
    #[serde(default)]
    pub required_child: Vec<String>,
    /// Fields that the step asks for besides, without need.
    #[serde(default)]
    pub asks: Vec<String>,
    /// Whole days that must lie between entering the state and the step.
    #[serde(default)]
    pub wait_days: u16,
    /// Days after entering the state by which the step is due.
    #[serde(default)]
    pub due_days: Option<u16>,
    /// `wait_days` and `due_days` count working days by the package's calendar.
    #[serde(default)]
    pub in_working_days: bool,
    /// Who entered the record may not take the step.
    #[serde(default)]
    pub not_by_who_entered: bool,
    /// Roles at the record's place that get a notice when the step was taken.
    #[serde(default)]
    pub notifies: Vec<String>,
    /// What to mind when taking the step, in a sentence for people.
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub note_en: String,
}

impl Step {
    /// True when the step asks for the field, whether it needs it or not.
    pub fn asks_for(&self, field: &str) -> bool {
        self.required.iter().chain(&self.asks).any(|name| name == field)
    }
}
