//! Proves that a package holds together: one file per kind of declaration.

mod articles;
mod calculated;
mod calendar;
mod case_files;
mod changes;
mod columns;
mod effects;
mod facts;
mod found;
mod indicators;
mod lifecycles;
mod lists;
pub(crate) mod parameters;
mod publicity;
mod raised;
mod registers;
mod rules;
mod sources;
mod steps;

use crate::package::Package;
use crate::problem::Problems;
use crate::scope;
use found::Findings;

/// Checks everything and fills in the forms and scopes.
pub(crate) fn check(package: &mut Package, problems: &mut Problems) {
    parameters::types(package);
    scope::open(package);
    let mut found = Findings { problems };
    articles::check(package, &mut found);
    calendar::check(package, &mut found);
    lists::check(package, &mut found);
    sources::check(package, &mut found);
    registers::check(package, &mut found);
    parameters::check(package, &mut found);
    facts::check(package, &mut found);
    rules::check(package, &mut found);
    indicators::check(package, &mut found);
    case_files::check(package, &mut found);
    changes::check(package, &mut found);
}
