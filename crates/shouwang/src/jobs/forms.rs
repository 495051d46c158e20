//! What a register asks of files: its template for a place, and its description for programs.

use crate::clock;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome, Trouble};
use exchange::{Origin, Part, Template, table_schema, write_template};
use model::RegionCode;
use policy::declare::Register;
use serde_json::{Value, json};
use std::path::Path;
use words::{Language, Wording, advice};

use super::export_register::no_register;

/// Writes the template of a register for who keeps it at a place.
///
/// # Errors
/// When the register does not exist, or the file cannot be written.
pub fn template(
    installation: &Installation,
    register: &str,
    place: RegionCode,
    path: &Path,
    language: Language,
) -> Outcome<()> {
    let package = &installation.package;
    let declared = package.registers.get(register).ok_or_else(|| no_register(installation, register))?;
    if declared.is_raised() {
        return Err(raised(declared));
    }
    let parts = Part::all_of(register, declared);
    let (name, version) = (package.head.name.as_str(), package.head.version.as_str());
    let origin = Origin { package: name, version, day: clock::today() };
    let (codes, divisions) = (&package.codes, &package.divisions);
    let template = Template { parts: &parts, codes, divisions, place, origin, language };
    write_template(path, &template).attempt(|| advice!("file_unwritten", path = path.display()))
}

/// The tables of a register for programs, as its files in the language hold them: a data package of table schemas (Frictionless
/// Data).
///
/// # Errors
/// When the register does not exist.
pub fn schema(installation: &Installation, register: &str, language: Language) -> Outcome<Value> {
    let package = &installation.package;
    let declared = package.registers.get(register).ok_or_else(|| no_register(installation, register))?;
    let parts = Part::all_of(register, declared);
    let resource = |part: &Part| {
        let parent = (!part.parent_key.is_empty()).then_some(register);
        let schema = table_schema(part, parent, &package.codes, &package.registers, language);
        json!({ "name": part.name, "title": part.label, "schema": schema })
    };
    let resources: Vec<Value> = parts.iter().map(resource).collect();
    Ok(json!({ "name": register, "title": declared.label, "version": package.head.version, "resources": resources }))
}

/// Why nothing is handed in for a register whose records a screening raises.
pub fn raised(register: &Register) -> Trouble {
    Trouble::of(advice!("raised_by_screening", register = Wording::pair(&register.label, &register.label_en)))
}
