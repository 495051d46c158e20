//! What a template is made from.

use crate::{Origin, Part};
use model::RegionCode;
use policy::Divisions;
use policy::declare::CodeList;
use std::collections::BTreeMap;
use words::Language;

/// First row (counted from 0) to fill in: below the headings and the example.
pub(super) const FIRST_ROW: u32 = 2;

/// What a template is made from.
#[derive(Clone, Copy)]
pub struct Template<'a> {
    /// The parts of a register, each of which becomes a sheet; see `Part::all_of`.
    pub parts: &'a [Part],
    /// Code lists by name.
    pub codes: &'a BTreeMap<String, CodeList>,
    pub divisions: &'a Divisions,
    /// Place of who fills it in: places are chosen level by level below it.
    pub place: RegionCode,
    pub origin: Origin<'a>,
    /// In which its headings, notes, examples and choices are written; any is read back.
    pub language: Language,
}
