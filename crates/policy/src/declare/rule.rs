//! `rules/<name>.toml`: what raises a lead, a data fault or a flag.

use super::Grain;
use model::{Decimal, Severity};
use serde::Deserialize;

/// `rules/<name>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub label: String,
    pub label_en: String,
    pub article: Vec<u8>,
    pub kind: RuleKind,
    pub over: Grain,
    /// Code of the list `risk_type`; for screening rules.
    #[serde(default)]
    pub risk: Option<String>,
    pub severity: Severity,
    /// Points for the urgency of the lead, 1 to 100; for screening rules.
    #[serde(default)]
    pub points: i64,
    /// Truth over facts, fields and parameters of the grain.
    pub when: String,
    /// Sentence with `{fact}`, `{field}`, `{p.parameter}`; money is shown in yuan, codes by label.
    pub because: String,
    pub because_en: String,
    /// The value that the reason states (a fact's or field's name or an expression); needed for screening rules.
    #[serde(default)]
    pub value: Option<String>,
    /// The line that the value is held against (an expression over parameters).
    #[serde(default)]
    pub line: Option<String>,
    /// Multiples of the line at which a higher band starts, e.g. `[1.0, 1.5, 2.0]`; absolute values where there is no line.
    /// The band is how many of them the value has reached. Descending multiples (`[1.0, 0.8, 0.5]`) are for values that are
    /// grave when they are low: reached means at most the multiple.
    #[serde(default)]
    pub bands: Vec<Decimal>,
    /// Aggregate facts whose rows are the evidence (climbing facts lead on to the rows below them).
    #[serde(default)]
    pub evidence: Vec<String>,
    /// Department that owns the data; for quality rules.
    #[serde(default)]
    pub owner: Option<String>,
    /// Where the rule's idea comes from (document, or `inferred`).
    pub source: String,
}

/// What follows when a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Raises a lead.
    Screening,
    /// Raises a data fault for the owner of the data.
    Quality,
    /// A reason to doubt, shown beside a lead, never a rejection.
    Flag,
}
