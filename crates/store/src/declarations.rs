//! What the store needs to know of a package.

use model::RegionCode;
use policy::declare::{Register, Role, Source};
use std::collections::BTreeMap;

/// The parts of a package that the store builds tables from and checks actors against.
#[derive(Clone, Debug)]
pub struct Declarations {
    /// The place of the package; chain of events that belong to no county.
    pub region: RegionCode,
    pub registers: BTreeMap<String, Register>,
    pub sources: BTreeMap<String, Source>,
    pub roles: BTreeMap<String, Role>,
}
