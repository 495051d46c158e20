//! `registers/<name>.toml`: a ledger.

use serde::Deserialize;
use super::{Column, Grain, RowCheck, State, Step};

/// A ledger: `registers/<name>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    pub label: String,
    pub label_en: String,
    pub article: Vec<u8>,
    /// What a record is about; `None` for registers of other things.
    #[serde(default)]
    pub of: Option<Grain>,
    /// Fields that together name a record.
    pub key: Vec<String>,
    /// Field with the place by which reads are scoped.
    #[serde(default)]
    pub region: Option<String>,
    pub field: Vec<Column>,
    #[serde(default)]
    pub child: Vec<Child>,
    #[serde(default)]
    pub list: List,
    #[serde(default)]
    pub check: Vec<RowCheck>,
    #[serde(default)]
    pub state: Vec<State>,
    #[serde(default)]
    pub step: Vec<Step>,
    /// Roles that may import it from a file.
    #[serde(default)]
    pub may_import: Vec<String>,
}

/// Records that belong to a record (one to many): `[[child]]`.
#[derive(Clone, Debug, Deserialize)]
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
    pub columns: Vec<String>,
    pub sort: Vec<String>,
    #[serde(default)]
    pub filter: Vec<String>,
}
