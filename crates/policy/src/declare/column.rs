//! A column of a source or a field of a register.

use super::Total;
use model::{Class, Decimal, Kind};
use serde::Deserialize;

/// A column of a source or a field of a register or child.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// English identifier, snake case; endings carry the type (`_fen`, `_on`, `_code`, `_days`).
    pub name: String,
    pub label: String,
    pub label_en: String,
    /// Label beside a value that is shown as people read it, where `label` speaks of how files write it: a place is shown by its name,
    /// so that `上级区划代码` is `上级区划` there. `label` where nothing is said.
    #[serde(default)]
    pub label_of_value: Option<String>,
    #[serde(default)]
    pub label_of_value_en: Option<String>,
    pub kind: Kind,
    /// Code list, for kind `code`.
    #[serde(default)]
    pub codes: Option<String>,
    /// Headings in real exports besides `label`.
    #[serde(default)]
    pub headings: Vec<String>,
    /// Words of the heading above a group of columns below which this one stands, where a file has several that are spelled alike.
    #[serde(default)]
    pub group: Vec<String>,
    #[serde(default)]
    pub required: bool,
    /// Identity numbers, phones and accounts are sensitive whatever is said here.
    #[serde(default)]
    pub class: Class,
    /// Least and greatest value, for `int`, `decimal` and `fen` (in yuan).
    #[serde(default)]
    pub min: Option<Decimal>,
    #[serde(default)]
    pub max: Option<Decimal>,
    /// Days of a `day` column may lie after the delivery day (e.g. an end of validity).
    #[serde(default)]
    pub may_be_future: bool,
    /// Department that owns the truth of the field.
    #[serde(default)]
    pub owner: Option<String>,
    /// Several codes at once, for kind `code`: the value is their codes in the list's order, joined by `,`.
    #[serde(default)]
    pub many: bool,
    /// Register that the value refers to, for kind `reference`: the value is the text of its record's one key field.
    #[serde(default)]
    pub to: Option<String>,
    /// The value is the name with which somebody signs in, for kind `text`: there is such an account at the record's place, inside it
    /// or around it.
    #[serde(default)]
    pub names_account: bool,
    /// Unit shown behind the value, e.g. `升/人·天`; money needs none.
    #[serde(default)]
    pub unit: String,
    /// What to enter, in a sentence for people.
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub note_en: String,
    /// Part of the form, by its name.
    #[serde(default)]
    pub section: Option<String>,
    /// Calculated from the record's other fields and never entered: an expression.
    #[serde(default)]
    pub derived: Option<String>,
    /// Calculated from the record's child records and never entered.
    #[serde(default)]
    pub total: Option<Total>,
    /// Where a form finds the value when it is not known yet, first found first taken: `<register>.<field>` or
    /// `<source>.<column>` of the same resident, household, or referred record.
    #[serde(default)]
    pub known_from: Vec<String>,
}

impl Column {
    /// True when people or files give the value; false when it is calculated.
    pub fn is_entered(&self) -> bool {
        self.derived.is_none() && self.total.is_none()
    }

    /// The class after what the kind demands: identity numbers, phones and accounts are always sensitive, names personal.
    pub fn effective_class(&self) -> Class {
        match self.kind {
            Kind::Identity | Kind::Phone | Kind::Account => Class::Sensitive,
            Kind::Name => self.class.max(Class::Personal),
            _ => self.class,
        }
    }

    /// True when the column may enter the lake: neither personal nor sensitive.
    pub fn enters_lake(&self) -> bool {
        self.effective_class() <= Class::Internal
    }

    /// True when the column is one of those that `Package::lake_columns` gives: it may enter the lake, expressions can read
    /// it, and it is not the household number, which every row of the lake has anyway.
    pub fn stands_in_lake(&self) -> bool {
        self.enters_lake() && self.kind.expression_type().is_some() && self.name != "household_no"
    }
}
