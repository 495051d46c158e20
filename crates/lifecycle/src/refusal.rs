//! Why a step may not be taken, and what would make it pass.

use model::Day;

/// A step that may not be taken now. The texts are for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Refusal {
    pub kind: RefusalKind,
    /// Why not (Chinese).
    pub why: String,
    pub why_en: String,
    /// What would make it pass (Chinese).
    pub hint: String,
    pub hint_en: String,
}

/// What stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The register declares no such step.
    NoSuchStep,
    /// The record's state is not one that the step starts from.
    WrongState,
    /// The role may not take the step.
    WrongRole,
    /// Who entered the record may not take the step.
    OwnEntry,
    /// The state was entered after the day given as today.
    BeforeEntry,
    /// The wait is not over before this day.
    TooEarly(Day),
    /// These fields are not filled.
    Missing(Vec<String>),
}
