//! What a household is made from: its county, and what all households have in common.

use crate::census::CensusRow;
use crate::family::FamilyProfile;
use crate::names::NameBook;
use crate::numbers::NumberOffice;
use crate::population::{CountyTraits, Population};
use model::Day;

/// A county, ready for building.
pub struct County {
    pub census: CensusRow,
    pub profile: FamilyProfile,
    pub traits: CountyTraits,
}

/// What all households of a sample have in common.
pub struct Setting<'a> {
    pub population: &'a Population,
    pub names: &'a NameBook,
    pub numbers: &'a NumberOffice,
    pub day: Day,
    pub seed: u64,
}
