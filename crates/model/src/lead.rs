//! Leads: one per household, with ranked reasons and the rows behind them.

use crate::{Day, HouseholdNo, RegionCode, ResidentKey, Value};
use serde::{Deserialize, Serialize};
use words::Wording;

/// How serious a rule's finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Low,
    Middle,
    High,
}

/// One household that should be looked at (线索), and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    pub household_no: HouseholdNo,
    /// Village of the household.
    pub region: RegionCode,
    /// The day the screening is about.
    pub day: Day,
    /// The day up to which published values were known.
    pub known: Day,
    /// Points by which leads are sorted; higher is more urgent.
    pub urgency: i64,
    /// Risk of the first reason.
    pub risk: String,
    /// Strongest first.
    pub reasons: Vec<Reason>,
    /// Reasons to doubt, shown and never used to reject.
    pub flags: Vec<Flag>,
}

/// One rule that holds for the household, recomputable from what it carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    pub rule: String,
    /// Hash of the rule's text and of every fact text it stands on.
    pub rule_version: String,
    pub risk: String,
    pub severity: Severity,
    pub points: i64,
    /// The member that the reason is about, where the rule is about residents.
    pub resident_key: Option<ResidentKey>,
    /// The value found.
    pub value: Value,
    /// The line in force that the value was held against.
    pub line: Option<Value>,
    /// Band that the value reached; a verified lead is raised again only in a higher band.
    pub band: u32,
    pub because: String,
    pub because_en: String,
    pub articles: Vec<u8>,
    pub parameters: Vec<ParameterUsed>,
    pub evidence: Vec<Evidence>,
}

/// A parameter as it was used: value, since when, and by which document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParameterUsed {
    pub name: String,
    pub value: Value,
    pub from: Option<Day>,
    pub published: Option<Day>,
    pub source: String,
}

/// One row of an extract or register behind a fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The fact that this row feeds.
    pub fact: String,
    /// Source or register.
    pub dataset: String,
    pub file: String,
    pub row: u32,
    /// The resident that the row is about, where it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resident_key: Option<ResidentKey>,
    /// What the row adds to the fact; nothing for a register's own record, which a formula reads.
    pub adds: Value,
    /// Column and value, in declared order.
    pub values: Vec<(String, Value)>,
}

/// A reason to doubt (复核提示), from a rule of kind `flag`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flag {
    pub rule: String,
    pub because: String,
    pub because_en: String,
    pub evidence: Vec<Evidence>,
}

/// What a quality rule found: a fault for the owner of the data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QualityFinding {
    pub rule: String,
    pub household_no: HouseholdNo,
    pub resident_key: Option<ResidentKey>,
    pub region: RegionCode,
    pub because: String,
    pub because_en: String,
}

/// How one rule fared in a screening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleRun {
    pub rule: String,
    /// Households or residents for which the rule held, before leads that were verified are left out.
    pub found: u64,
    /// Why the rule could not run, e.g. a parameter that is not set; empty when it ran.
    pub not_run: Wording,
}
