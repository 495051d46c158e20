//! `codes/<name>.toml`: lists of codes.

use serde::Deserialize;

/// A code list: `codes/<name>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    pub label: String,
    pub label_en: String,
    /// Issuing document or standard.
    pub source: String,
    pub code: Vec<Code>,
}

/// One line of a code list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub code: String,
    pub label: String,
    pub label_en: String,
    /// Other spellings found in real files.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// As a reason for closing a lead: what the lead said was so. Feeds the hit rate of its rules.
    #[serde(default)]
    pub confirms: bool,
}
