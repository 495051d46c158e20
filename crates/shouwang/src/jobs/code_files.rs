//! Files beside the package's code lists.

use crate::trouble::{Attempt, Outcome};
use model::AreaCodes;
use policy::Package;
use words::{Advice, advice};

/// Area codes of identity numbers: the list beside the package's code lists, and all counties of the package.
///
/// # Errors
/// When the list is missing or a line of it is wrong.
pub fn area_codes(package: &Package) -> Outcome<AreaCodes> {
    let text = beside_codes(package, AREA_CODES)?;
    let counties = package.divisions.all().iter().map(|division| division.code.county().number());
    Ok(AreaCodes::from_csv(&text).attempt(|| malformed(AREA_CODES))?.with(counties))
}

/// The list of area codes.
const AREA_CODES: &str = "id-area-codes.csv";

/// What a file of the package holds cannot be understood.
pub fn malformed(name: &str) -> Advice {
    advice!("package_file_malformed", name)
}

/// The text of a file beside the package's code lists.
///
/// # Errors
/// When it cannot be read.
pub fn beside_codes(package: &Package, name: &str) -> Outcome<String> {
    let file = package.root.join(&package.head.codes).join(name);
    std::fs::read_to_string(&file).attempt(|| advice!("package_file_unread", file = file.display()))
}
