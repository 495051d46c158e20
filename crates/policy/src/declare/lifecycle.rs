//! States, steps and deadlines of a register's records.

use super::{Advances, Approvals, Days, Opens, Publicity};
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
    /// A condition over the record's fields; the step is refused unless it is true.
    #[serde(default)]
    pub when: Option<String>,
    /// Why the step may not be taken where `when` is not true, in a sentence for people.
    #[serde(default)]
    pub when_why: String,
    #[serde(default)]
    pub when_why_en: String,
    /// How many different persons of `roles` must take the step before the state moves; one where it is not said.
    #[serde(default)]
    pub approvals: Option<Approvals>,
    /// States to which whoever may take the step may send the record back instead, with a reason.
    #[serde(default)]
    pub returns_to: Vec<String>,
    /// Field with the reason of sending back, or of stopping or resuming a deadline; it is given anew each time.
    #[serde(default)]
    pub reason: Option<String>,
    /// The step goes on by itself when its wait, or the publicity before it, is over. It approves nothing.
    #[serde(default)]
    pub after_wait: bool,
    /// Records of other registers that the step opens.
    #[serde(default)]
    pub opens: Vec<Opens>,
    /// Steps that records of other registers take with this one.
    #[serde(default)]
    pub advances: Vec<Advances>,
    /// Name of the document that the step makes.
    #[serde(default)]
    pub document: Option<String>,
    /// The step puts up a public notice; what follows waits until its days are over.
    #[serde(default)]
    pub publicity: Option<Publicity>,
    /// Deadlines of the register that stand still from this step on.
    #[serde(default)]
    pub stops_clock: Vec<String>,
    /// Deadlines that run again from this step on.
    #[serde(default)]
    pub resumes_clock: Vec<String>,
}

/// A deadline that belongs to the record and may run over several states: `[[deadline]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    pub name: String,
    pub label: String,
    pub label_en: String,
    /// It starts on the day on which the record enters one of these, unless it is running already.
    pub from_states: Vec<String>,
    /// It is kept when the record enters one of these.
    pub until_states: Vec<String>,
    pub days: Days,
    /// `days` are working days by the package's calendar.
    #[serde(default)]
    pub in_working_days: bool,
}

impl Step {
    /// True when the step asks for the field, whether it needs it or not.
    pub fn asks_for(&self, field: &str) -> bool {
        self.required.iter().chain(&self.asks).any(|name| name == field)
    }
}
