//! `roles/<name>.toml`: who may do what.

use model::Level;
use serde::Deserialize;

/// `roles/<name>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub label: String,
    pub label_en: String,
    /// Level of the places that the role is given for.
    pub level: Level,
    /// What it may do; see `Permission`.
    pub may: Vec<Permission>,
    /// The role belongs to a department and sees its sources only.
    #[serde(default)]
    pub of_department: bool,
}

/// What a role may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Leads and what is behind them.
    SeeLeads,
    /// Close a lead with a reason.
    CloseLeads,
    /// Household files.
    SeeHouseholds,
    /// Hand in sources (each source names its roles).
    HandIn,
    /// Imports and faults of all departments in the place.
    SeeImports,
    /// Start a screening.
    Screen,
    /// Rules, parameters and hit rates.
    SeeRules,
    /// Full names and masked numbers instead of masked names.
    SeeNames,
}
