//! A case under way, and what is given in it.

use super::given::Given;
use crate::declare::Case;
use crate::package::Package;
use model::{Day, Value};

/// A case of a package.
pub(super) struct CaseSetting<'a> {
    pub package: &'a Package,
    pub case: &'a Case,
    pub overrides: Given,
}

impl CaseSetting<'_> {
    /// The day that the case is about.
    pub fn day(&self) -> Day {
        self.case.day.0
    }

    /// The value of a parameter on the case's day, as known on its day of knowledge.
    pub fn value_of_parameter(&self, name: &str) -> Value {
        self.parameter_on(name, self.day())
    }

    /// The value of a parameter on another day, as known on the case's day of knowledge.
    pub fn parameter_on(&self, name: &str, day: Day) -> Value {
        let region = self.case.region.unwrap_or(self.package.head.region);
        let known = self.case.known.unwrap_or(self.case.day).0;
        self.package.parameter_with(name, region, day, known, &self.overrides).value
    }
}

/// A given value; unknown where none is given.
pub(super) fn lookup(given: &Given, name: &str) -> Value {
    given.get(name).cloned().unwrap_or_default()
}
