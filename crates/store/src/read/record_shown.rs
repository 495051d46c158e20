//! What views show of the records of registers.

use crate::read::{CourseShown, FieldShown, HistoryRow};
use model::{Day, RegionCode, Value, Version};
use serde::{Deserialize, Serialize};

/// Which records to show; `Default` shows all that the actor may see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RecordFilter {
    /// This place and everything inside it.
    pub region: Option<RegionCode>,
    pub state: Option<String>,
    /// Only records that wait for somebody (`true`: neither at their end nor only watched), or that are at their end (`false`).
    #[serde(default)]
    pub open: Option<bool>,
    /// Only records whose deadline is this day or a later one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_from: Option<Day>,
    /// Only records whose deadline lies before this day.
    pub due_before: Option<Day>,
    /// Of registers about households: household number, beginning of the head's name, or beginning of the village's name.
    #[serde(default)]
    pub text: Option<String>,
    /// Conditions on fields; all must hold.
    pub conditions: Vec<Condition>,
    /// Withdrawn records instead of those in force.
    pub withdrawn: bool,
}

/// A condition on a field that the register's list may be filtered by (`child.field` for child records: one of them has it), that names a record, or on its household number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    pub field: String,
    pub test: Predicate,
}

impl Condition {
    /// The field has this value.
    pub fn is(field: &str, value: Value) -> Condition {
        Condition { field: field.to_owned(), test: Predicate::Is(value) }
    }
}

/// What a field is held against.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Predicate {
    /// Equal; whole values only for sensitive fields. For several codes: this one is among them.
    Is(Value),
    AtLeast(Value),
    AtMost(Value),
    /// Texts that begin so.
    Begins(String),
    /// Identity numbers that end in these four characters.
    Ends(String),
}

/// The order of a list: by one field, then by record; unknown values last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordOrder {
    pub field: String,
    pub descending: bool,
}

/// What is asked of a register's records: which of them, in which order, and what of each.
#[derive(Clone, Copy, Debug)]
pub struct RecordQuery<'q> {
    pub filter: &'q RecordFilter,
    /// `None` for the list's own order.
    pub order: Option<&'q RecordOrder>,
    /// Names of the fields whose values are given.
    pub columns: &'q [String],
}

/// A record in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordRow {
    /// 16 hexadecimal digits; says nothing about the record.
    pub id: String,
    pub place: Option<RegionCode>,
    pub place_name: String,
    pub state: Option<String>,
    pub due_on: Option<Day>,
    pub version: Version,
    /// One value for each column asked for, masked as the role may see it.
    pub cells: Vec<Value>,
    /// In an export, of records about households: the name of the household's head, as far as the reader may see it.
    pub head_name: Option<String>,
}

/// A record with everything behind it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordFile {
    pub id: String,
    pub version: Version,
    pub place: Option<RegionCode>,
    pub place_name: String,
    pub state: Option<String>,
    pub state_on: Option<Day>,
    pub due_on: Option<Day>,
    /// Account that entered it, and its shown name.
    pub entered_by: Option<(String, String)>,
    pub entered_on: Option<Day>,
    pub is_withdrawn: bool,
    /// First 12 digits of the file's hash and the row; `None` for what was entered by hand.
    pub origin: Option<(String, u32)>,
    pub fields: Vec<FieldShown>,
    pub children: Vec<ChildShown>,
    /// Newest first.
    pub history: Vec<HistoryRow>,
    /// Where it stands on its way, for this actor on that day.
    #[serde(skip)]
    pub course: CourseShown,
    /// The actor's role may correct it, and its state is not closed to corrections.
    pub may_correct: bool,
    pub may_unmask: bool,
}

/// Child records of one kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChildShown {
    pub name: String,
    pub label: String,
    pub label_en: String,
    pub rows: Vec<Vec<FieldShown>>,
}

/// Figures of a register within the actor's place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RegisterFigures {
    pub register: String,
    pub records: u64,
    /// State and number of records, in declared order.
    pub by_state: Vec<(String, u64)>,
    pub overdue: u64,
}

/// A record that a field may refer to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReferenceShown {
    pub key: String,
    /// The second column of its register's list, by which people know it.
    pub label: String,
}

/// A step that somebody took on a record, told to the roles that the step names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoticeShown {
    /// Its place among all notices; told to nobody.
    #[serde(skip)]
    pub(crate) number: i64,
    /// Names it to this account.
    pub mark: String,
    pub is_read: bool,
    pub place: RegionCode,
    pub register: String,
    pub record: String,
    pub step: String,
    pub day: Day,
    pub at_ms: i64,
    pub who: String,
}
