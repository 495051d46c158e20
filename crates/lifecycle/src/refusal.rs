//! Why something may not be done, and what would make it pass.

use model::Day;

/// A command that may not be carried out now. The texts are for people.
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
    /// The role may not give the command.
    WrongRole,
    /// Who entered or changed the record may not take the step.
    OwnEntry,
    /// The state was entered after the day given as today.
    BeforeEntry,
    /// The wait is not over before this day.
    TooEarly(Day),
    /// These fields are not filled.
    Missing(Vec<String>),
    /// Of these kinds of child record there is none yet.
    MissingChild(Box<[String]>),
    /// The state is final or locked: fields do not change and the record is not withdrawn.
    Closed,
    /// These fields are calculated and not given by people.
    Calculated(Box<[String]>),
    /// The step's condition is not true, or cannot be answered.
    NotMet,
    /// Nothing is done at the place through this day.
    Suspended(Day),
    /// There is an objection to the notice that is not settled.
    Objected,
    /// The state is one of publicity, but no notice was put up.
    NotPublic,
    /// The parameter, by name, has no value on the day at the place.
    Unset(String),
    /// The person, or somebody of the office that must agree, took the step before.
    AlreadyApproved,
    /// The step does not send back to that state.
    NoSuchReturn,
    /// The step does not go on by itself.
    NotByItself,
}

/// The texts of a refusal: why not, and what would make it pass; Chinese and English.
pub(crate) fn refused(kind: RefusalKind, [why, why_en]: [String; 2], [hint, hint_en]: [String; 2]) -> Refusal {
    Refusal { kind, why, why_en, hint, hint_en }
}
