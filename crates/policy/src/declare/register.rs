//! `registers/<name>.toml`: a ledger.

use super::{Column, Constraint, Deadline, Grain, RowCheck, State, Step};
use model::Kind;
use serde::Deserialize;

/// A ledger: `registers/<name>.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    pub label: String,
    pub label_en: String,
    pub article: Vec<u8>,
    /// What it is for, in a sentence or two for the people who keep it.
    #[serde(default)]
    pub purpose: String,
    #[serde(default)]
    pub purpose_en: String,
    /// Code of the list `department`: who keeps it. Roles of a department see the registers of their own only.
    #[serde(default)]
    pub department: Option<String>,
    /// What raises its records: a screening. What a screening fills in stands in `raised_by_screening.toml`.
    #[serde(default)]
    pub raised_by: Option<RaisedBy>,
    /// What the engine reads its records for, besides keeping them. The fields that it reads stand in `ServesAs::fields`.
    #[serde(default)]
    pub serves_as: Option<ServesAs>,
    /// What a record is about; `None` for registers of other things.
    #[serde(default)]
    pub of: Option<Grain>,
    /// Fields that together name a record.
    pub key: Vec<String>,
    /// Field with the place by which reads are scoped. Where there is none, the record lies where its household lies.
    #[serde(default)]
    pub region: Option<String>,
    /// Parts of forms and records, in their order; fields name theirs.
    #[serde(default)]
    pub section: Vec<Section>,
    pub field: Vec<Column>,
    #[serde(default)]
    pub child: Vec<Child>,
    #[serde(default)]
    pub list: List,
    #[serde(default)]
    pub check: Vec<RowCheck>,
    #[serde(default)]
    pub constraint: Vec<Constraint>,
    #[serde(default)]
    pub state: Vec<State>,
    #[serde(default)]
    pub step: Vec<Step>,
    /// Deadlines that run over several states.
    #[serde(default)]
    pub deadline: Vec<Deadline>,
    /// Roles that see its lists and records, within their places.
    #[serde(default)]
    pub may_see: Vec<String>,
    /// Roles that enter and correct records by hand.
    #[serde(default)]
    pub may_enter: Vec<String>,
    /// Roles that may import it from a file.
    #[serde(default)]
    pub may_import: Vec<String>,
    /// Roles that take lists away as files.
    #[serde(default)]
    pub may_export: Vec<String>,
    /// Roles that may look at a sensitive field whole; each look is logged with its purpose.
    #[serde(default)]
    pub may_unmask: Vec<String>,
}

/// What raises the records of a register, where people do not enter them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RaisedBy {
    Screening,
}

/// What the engine reads the records of a register for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServesAs {
    /// Who acts for an office (a role at a place), from a day to a day: `account`, `role_code`, `region_code`, `from_on`, `until_on`; `department`
    /// where a role may be of one.
    Deputies,
    /// Where no step is taken from a day to a day (e.g. 年度封账), and clocks stand still: `region_code`, `from_on`, `until_on`, `reason`.
    Suspensions,
}

impl ServesAs {
    /// The fields that the engine reads, with their kinds; codes may stand where it reads a text.
    pub fn fields(self) -> &'static [(&'static str, Kind)] {
        match self {
            ServesAs::Deputies => &[
                ("account", Kind::Text),
                ("role_code", Kind::Text),
                ("region_code", Kind::Region),
                ("from_on", Kind::Day),
                ("until_on", Kind::Day),
            ],
            ServesAs::Suspensions => &[
                ("region_code", Kind::Region),
                ("from_on", Kind::Day),
                ("until_on", Kind::Day),
                ("reason", Kind::Text),
            ],
        }
    }
}

/// A part of a form: `[[section]]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub name: String,
    pub label: String,
    pub label_en: String,
}

/// Records that belong to a record (one to many): `[[child]]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Child {
    pub name: String,
    pub label: String,
    pub label_en: String,
    pub field: Vec<Column>,
}

/// What a list page shows and sorts by.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// Shown unless the reader chose others.
    pub columns: Vec<String>,
    /// The order that a list has at first: by these fields, then by record.
    pub sort: Vec<String>,
    /// Fields that a reader may sort by besides; each has an index. What is not named cannot be sorted by.
    #[serde(default)]
    pub sortable: Vec<String>,
    /// Fields of the search form above the list.
    #[serde(default)]
    pub filter: Vec<String>,
}

impl Register {
    /// The field of that name.
    pub fn field_named(&self, name: &str) -> Option<&Column> {
        self.field.iter().find(|field| field.name == name)
    }

    /// The kind of child record of that name.
    pub fn child_named(&self, name: &str) -> Option<&Child> {
        self.child.iter().find(|child| child.name == name)
    }

    /// True when a screening raises its records; nobody enters them.
    pub fn is_raised(&self) -> bool {
        self.raised_by.is_some()
    }

    /// The field, or with `child.field` the field of a kind of child record.
    pub fn field_at(&self, path: &str) -> Option<&Column> {
        match path.split_once('.') {
            Some((child, field)) => self.child_named(child)?.field.iter().find(|column| column.name == field),
            None => self.field_named(path),
        }
    }

    /// True when records take steps.
    pub fn has_lifecycle(&self) -> bool {
        !self.state.is_empty()
    }

    /// The state of that name.
    pub fn state_named(&self, name: &str) -> Option<&State> {
        self.state.iter().find(|state| state.name == name)
    }

    /// True when a reader may sort a list by the field: the first of the list's own order, and every `sortable` one.
    pub fn sorts_by(&self, name: &str) -> bool {
        self.list.sort.first().is_some_and(|first| first == name) || self.list.sortable.iter().any(|one| one == name)
    }
}
