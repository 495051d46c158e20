//! The counties that an installation is for.

use crate::installation::Installation;
use model::{Level, RegionCode};

/// Counties of the installation's place.
pub fn counties(installation: &Installation) -> Vec<RegionCode> {
    let region = installation.settings.region;
    if region.level() >= Level::County {
        return vec![region.at(Level::County)];
    }
    installation
        .package
        .divisions
        .inside(region)
        .filter(|division| division.code.level() == Level::County)
        .map(|division| division.code)
        .collect()
}
