//! Checks sources.

use super::columns::{columns, listed, of_source_only, refers, roles};
use super::facts::settle_truth;
use super::found::{Findings, text_of};
use crate::declare::{Column, Grain, RowCheck, Source};
use crate::package::{Package, Thing};
use crate::scope;
use crate::text::FileText;
use model::Kind;
use words::{advice, list};

/// How often a source may be handed in.
const CADENCES: &[&str] = &["month", "quarter", "year", "event", "day"];

/// Beyond this nobody can say that an event belongs to a membership.
const TOLERANCE_DAYS_MAX: u16 = 92;

/// Checks all sources.
pub(super) fn check(package: &Package, found: &mut Findings) {
    for (name, source) in &package.sources {
        of_source(package, found, &text_of(package, Thing::Source, name), name, source);
    }
}

fn of_source(package: &Package, found: &mut Findings, file: &FileText, name: &str, source: &Source) {
    found.articles(package, file, &source.article);
    for (key, text) in [("label", &source.label), ("label_en", &source.label_en), ("legal_basis", &source.legal_basis)]
    {
        found.filled(file, key, text);
    }
    if package.registers.contains_key(name) {
        found.add(file.problem("", advice!("package_source_called_as_register", name)));
    }
    found.code(package, file, "department", "department", &source.department);
    if !CADENCES.contains(&source.cadence.as_str()) {
        found.add(
            file.problem(
                "cadence",
                advice!("package_cadence_unknown", cadence = source.cadence, names = list(CADENCES)),
            ),
        );
    }
    if source.leaving_percent_max.is_some_and(|percent| percent > 100) {
        found.add(file.problem("leaving_percent_max", advice!("package_percent_high")));
    }
    if found.is_too_long(file, &[("column", source.column.len()), ("check", source.check.len())]) {
        return;
    }
    columns(package, found, file, "column", &source.column);
    of_source_only(found, file, &source.column);
    refers(found, file, "identity", source.identity.as_ref(), &source.column, &[Kind::Identity]);
    refers(found, file, "name", source.name.as_ref(), &source.column, &[Kind::Name]);
    refers(found, file, "household", source.household.as_ref(), &source.column, &[Kind::Text]);
    refers(found, file, "day", source.day.as_ref(), &source.column, &[Kind::Day, Kind::Month]);
    match source.of {
        Grain::Resident if source.identity.is_none() => {
            found.add(file.problem("of", advice!("package_source_without_identity")));
        }
        Grain::Household if source.identity.is_none() && source.household.is_none() => {
            found.add(file.problem("of", advice!("package_source_without_household")));
        }
        Grain::Village => found.add(file.problem("of", advice!("package_source_grain"))),
        _ => {}
    }
    of_identity(found, file, source);
    listed(found, file, "key", &source.key, &source.column);
    if source.key.is_empty() {
        found.add(file.problem("key", advice!("package_source_without_key")));
    }
    roles(package, found, file, "may_hand_in", &source.may_hand_in);
    row_checks(package, found, file, &source.column, &source.check);
}

/// What only says something of a person who is found by an identity number.
fn of_identity(found: &mut Findings, file: &FileText, source: &Source) {
    if source.name.is_some() && source.identity.is_none() {
        found.add(file.problem("name", advice!("package_name_unproved")));
    }
    let days = source.member_tolerance_days;
    if days > 0 && source.identity.is_none() {
        found.add(file.problem("member_tolerance_days", advice!("package_tolerance_without_identity")));
    }
    if days > 0 && source.day.is_none() {
        found.add(file.problem("member_tolerance_days", advice!("package_tolerance_without_day")));
    }
    if days > TOLERANCE_DAYS_MAX {
        found.add(
            file.problem("member_tolerance_days", advice!("package_tolerance_long", days, most = TOLERANCE_DAYS_MAX)),
        );
    }
}

fn row_checks(package: &Package, found: &mut Findings, file: &FileText, columns: &[Column], checks: &[RowCheck]) {
    let scope = scope::of_columns(package, columns, false);
    for (at, check) in checks.iter().enumerate() {
        let key = |name: &str| format!("check.{at}.{name}");
        settle_truth(found, file, &key("holds"), &check.holds, &scope);
        found.filled(file, &key("what"), &check.what);
        found.english(file, &key("what_en"), &check.what_en);
        found.filled(file, &key("hint"), &check.hint);
        found.english(file, &key("hint_en"), &check.hint_en);
        listed(found, file, &key("columns"), &check.columns, columns);
    }
}
