//! A column of a source or a field of a register.

use model::{Class, Decimal, Kind};
use serde::Deserialize;

/// A column of a source or a field of a register or child.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// English identifier, snake case; endings carry the type (`_fen`, `_on`, `_code`, `_days`).
    pub name: String,
    pub label: String,
    pub label_en: String,
    pub kind: Kind,
    /// Code list, for kind `code`.
    #[serde(default)]
    pub codes: Option<String>,
    /// Headings in real exports besides `label`.
    #[serde(default)]
    pub headings: Vec<String>,
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
}

impl Column {
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
