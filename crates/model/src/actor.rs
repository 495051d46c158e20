//! Who acts.

use crate::RegionCode;
use serde::{Deserialize, Serialize};

/// An account in its role at its place. Every read and every change names one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Account name, unique.
    pub account: String,
    /// Name shown on pages.
    pub shown_name: String,
    /// Name of a role declared by the package.
    pub role: String,
    /// The place whose records the actor may see.
    pub region: RegionCode,
    /// The department the actor hands data in for, if any.
    pub department: Option<String>,
}
