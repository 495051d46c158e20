//! The receipt that a command leaves.

use crate::command::RefusedRow;
use model::{Day, Version};
use serde::{Deserialize, Serialize};
use words::Wording;

/// What a command did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Identity of what was made or moved, where there is one.
    pub id: Option<String>,
    /// The version in which the change left its one record.
    pub version: Option<Version>,
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Records that were not taken because they lie outside the actor's place, or nobody knows where.
    pub outside: u64,
    /// Leads whose evidence has gone, for a publication.
    pub lapsed: u64,
    /// Rows of child records that went with the changes of an import.
    #[serde(default)]
    pub rows_gone: u64,
    /// Events left in the log.
    pub events: u64,
    /// Records that checks or constraints refused.
    pub refused: Vec<RefusedRow>,
    /// Records that were taken, with something to look at.
    pub remarks: Vec<RefusedRow>,
    /// What followed from a step, in order.
    #[serde(default)]
    pub followed: Vec<Followed>,
    /// The state in which the change left its one record, where it has states.
    #[serde(default)]
    pub state: Option<String>,
    /// The day by which that record should move on.
    #[serde(default)]
    pub due_on: Option<Day>,
    /// Who must still agree before the step is taken.
    #[serde(default)]
    pub agreement: Option<Agreement>,
    /// How many of them put somebody into two households on one day.
    #[serde(default)]
    pub in_two_households: u64,
    /// Row and id of the first records that an import changed, for a preview.
    #[serde(skip)]
    pub changed_records: Vec<(u32, String)>,
    /// What was asked for, e.g. an unmasked value. Never logged.
    #[serde(skip)]
    pub text: Option<String>,
}

/// Something that followed from a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Followed {
    pub what: FollowedKind,
    /// Register and id of the record that it happened to.
    pub register: String,
    pub id: String,
    /// For people: the register that was opened, the step that was taken along, the days of a notice, the roles that are told.
    pub label: Wording,
    /// What people call that other record by, where whoever took the step sees it.
    #[serde(default)]
    pub number: Option<String>,
    /// Of a notice.
    #[serde(default)]
    pub days: Option<NoticeDays>,
}

/// The days of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeDays {
    /// The day on which it was put up; it does not count.
    pub from: Day,
    /// Ends at 24:00.
    pub last_day: Day,
    /// The first day of the next step.
    pub free_on: Day,
}

/// What followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FollowedKind {
    /// A record was opened.
    Opened,
    /// A record was open already, and this one is attached to it.
    Attached,
    /// A record took a step along.
    Advanced,
    /// A notice was put up.
    PutUp,
    /// The notice was taken down.
    TakenDown,
    /// A deadline stands still.
    Stopped,
    /// A deadline runs again.
    Resumed,
    /// A document is to be made.
    Document,
    /// Roles were told.
    Notified,
}

/// How far several have come to agree to a step that is not taken yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    pub given: u16,
    pub needed: u16,
    /// For people: how many of how many, and which roles are still needed.
    pub label: Wording,
}
