//! Households as registers about households or people need them.

use model::RegionCode;

/// A household of the sample, for the registers that are about households or people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    pub number: u64,
    pub village: RegionCode,
    /// Identity number and name of its members.
    pub people: Vec<(String, String)>,
}
