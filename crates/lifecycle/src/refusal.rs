//! Why something may not be done, and what would make it pass.

use model::Day;
use words::{Language, Wording};

/// A command that may not be carried out now. The texts are for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {}", what.of(Language::ENGLISH))]
pub struct Refusal {
    pub kind: RefusalKind,
    /// The key of its words, e.g. `step_of_other_role`.
    pub name: &'static str,
    /// Why not.
    pub what: Wording,
    /// What would make it pass.
    pub hint: Wording,
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

/// The refusal under a key: `refusal!("step_own_entry", RefusalKind::OwnEntry, step = label)`.
macro_rules! refusal {
    ($key:literal, $kind:expr $(, $name:ident $(= $value:expr)?)* $(,)?) => {{
        let words::Advice { what, hint } = words::advice!($key $(, $name $(= $value)?)*);
        $crate::refusal::Refusal { kind: $kind, name: $key, what, hint }
    }};
}

pub(crate) use refusal;
