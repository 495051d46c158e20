//! What must hold between a record and others.

use serde::Deserialize;
use std::collections::BTreeMap;
use words::{Advice, Wording};

/// An expression that must not be false, over the record's fields and over what is found in other records:
/// `[[constraint]]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Constraint {
    /// Values found in other records, by the name under which `holds` reads them.
    #[serde(default)]
    pub found: BTreeMap<String, Lookup>,
    pub holds: String,
    /// What is wrong when it does not hold, for people.
    pub what: String,
    /// Empty in packages of before: the Chinese one is shown.
    #[serde(default)]
    pub what_en: String,
    /// What to do about it.
    pub hint: String,
    #[serde(default)]
    pub hint_en: String,
    /// Fields whose cells are marked.
    #[serde(default)]
    pub columns: Vec<String>,
    /// The record is taken with a remark; otherwise it is refused.
    #[serde(default)]
    pub warns: bool,
}

impl Constraint {
    /// What is wrong and what to do, in Chinese and English.
    pub fn advice(&self) -> Advice {
        Advice { what: Wording::pair(&self.what, &self.what_en), hint: Wording::pair(&self.hint, &self.hint_en) }
    }
}

/// An aggregate over the records of a register that match this one. The record itself is not among them, nor are those that
/// were withdrawn.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// The register that is looked into; it may be the same one.
    pub from: String,
    /// Field there, and the field here that it must equal; all of them. At least one; each has an index there.
    #[serde(rename = "match")]
    pub matching: BTreeMap<String, String>,
    /// Only records for which it is true; over the fields there, and `state` where they have a lifecycle.
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
    /// `count()`, `sum(expr)`, `min`, `max`, `any`, `all` over the fields there.
    pub value: String,
}

/// A figure over a record's child records, kept with the record: `total = { of = "share", value = "sum(share_rate)" }`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// The kind of child record.
    pub of: String,
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
    /// `count()`, `sum(expr)`, `min`, `max`, `any`, `all` over the child's fields.
    pub value: String,
}
