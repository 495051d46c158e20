//! Places that are said on the command line: they stand in the package's divisions, and belong to the place of the installation.

use crate::trouble::{Outcome, Trouble};
use model::RegionCode;
use policy::Package;
use words::advice;

/// The place, if the package's divisions know it and it lies in the place of the installation, or around it.
///
/// # Errors
/// When it is not among the divisions, or lies elsewhere.
pub fn known(package: &Package, home: RegionCode, place: RegionCode) -> Outcome<RegionCode> {
    let divisions = &package.divisions;
    if !divisions.all().is_empty() && divisions.get(place).is_none() {
        return Err(Trouble::of(advice!("place_unknown", place)));
    }
    if !home.holds(place) && !place.holds(home) {
        let (name, home_name) = (divisions.name(place), divisions.name(home));
        return Err(Trouble::of(advice!("place_elsewhere", place, name, home, home_name)));
    }
    Ok(place)
}
