//! Checks code lists and roles.

use super::found::{Findings, text_of};
use crate::declare::CodeList;
use crate::package::{Package, Thing};
use std::collections::BTreeSet;
use words::advice;

/// Problems of one list that are shown at once.
const PROBLEMS_MAX: usize = 20;

/// Checks all code lists and roles.
pub(super) fn check(package: &Package, found: &mut Findings) {
    let is_of_file = |(name, _): &(&String, &CodeList)| package.texts.contains_key(&(Thing::Codes, name.to_string()));
    for (name, codes) in package.codes.iter().filter(is_of_file) {
        let file = text_of(package, Thing::Codes, name);
        for (key, text) in [("label", &codes.label), ("label_en", &codes.label_en), ("source", &codes.source)] {
            found.filled(&file, key, text);
        }
        let mut seen = BTreeSet::new();
        let before = found.problems.0.len();
        for (at, code) in codes.code.iter().enumerate() {
            if found.problems.0.len() > before + PROBLEMS_MAX {
                break;
            }
            if code.code.trim().is_empty() || !seen.insert(&code.code) {
                found.add(file.problem(&format!("code.{at}.code"), advice!("package_code_twice", code = code.code)));
            }
            found.filled(&file, &format!("code.{at}.label"), &code.label);
        }
    }
    for (name, role) in &package.roles {
        let file = text_of(package, Thing::Role, name);
        found.filled(&file, "label", &role.label);
        found.filled(&file, "label_en", &role.label_en);
        if role.may.is_empty() {
            found.add(file.problem("may", advice!("package_role_may_nothing")));
        }
    }
}
