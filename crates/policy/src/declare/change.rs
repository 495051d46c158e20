//! `changes/<name>.toml`: what became of things that an earlier package declared under other names, or at all.

use super::IsoDay;
use serde::Deserialize;

/// Changes with one reason: `changes/<name>.toml`. They are taken in the order of their days, then of their files, then as
/// they stand; each names things as they were called just before it. A file stays in the package for good: the database
/// keeps what was renamed under its first name.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The day from which it is so.
    pub from: IsoDay,
    /// Why, for people.
    pub reason: String,
    pub reason_en: String,
    #[serde(default)]
    pub renamed: Vec<Renamed>,
    #[serde(default)]
    pub removed: Vec<Removed>,
    #[serde(default)]
    pub recoded: Vec<Recoded>,
}

/// A register, a field, a kind of child record, or a field of one that has another name now: `[[renamed]]`. The last one
/// named is the one that was renamed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renamed {
    pub register: String,
    #[serde(default)]
    pub child: Option<String>,
    #[serde(default)]
    pub field: Option<String>,
    /// The new name.
    pub to: String,
}

/// A register, a field, a kind of child record, or a field of one that is not kept any more: `[[removed]]`. What was
/// entered stays in the database.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Removed {
    pub register: String,
    #[serde(default)]
    pub child: Option<String>,
    #[serde(default)]
    pub field: Option<String>,
}

/// A code that became another one of the same list, or went into it: `[[recoded]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recoded {
    /// The code list.
    pub codes: String,
    /// The old code.
    pub code: String,
    /// The new one.
    pub to: String,
}
