//! Checks a register of which a screening raises the records: what it fills in is of the right kind, and nobody else enters.

use super::found::Findings;
use crate::declare::{Column, Register};
use crate::raised;
use crate::text::FileText;
use model::Kind;
use words::advice;

pub(super) fn check(found: &mut Findings, file: &FileText, register: &Register) {
    let filled = raised::filled();
    kinds(found, file, "field", &register.field, &filled.field);
    for (at, child) in register.child.iter().enumerate() {
        if let Some(of_screening) = filled.child.iter().find(|one| one.name == child.name) {
            kinds(found, file, &format!("child.{at}.field"), &child.field, &of_screening.field);
        }
    }
    for (key, roles) in [("may_enter", &register.may_enter), ("may_import", &register.may_import)] {
        if !roles.is_empty() {
            found.add(file.problem(key, advice!("package_raised_entered")));
        }
    }
    for (at, state) in register.state.iter().enumerate() {
        if state.is_lapsed && !state.is_final {
            found.add(file.problem(&format!("state.{at}.is_lapsed"), advice!("package_lapsed_open")));
        }
        if state.is_watched && (state.is_final || state.initial) {
            found.add(file.problem(&format!("state.{at}.is_watched"), advice!("package_watched_unfit")));
        }
    }
    if register.state.iter().filter(|state| state.is_lapsed).count() > 1 {
        found.add(file.problem("state", advice!("package_lapsed_several")));
    }
}

/// Codes may stand where a screening fills in a text.
fn kinds(found: &mut Findings, file: &FileText, list: &str, declared: &[Column], filled: &[Column]) {
    for (at, column) in declared.iter().enumerate() {
        let Some(wanted) = filled.iter().find(|one| one.name == column.name) else { continue };
        let is_text = |kind: Kind| matches!(kind, Kind::Text | Kind::Code);
        let fits = column.kind == wanted.kind || (is_text(wanted.kind) && column.kind == Kind::Code);
        if !fits || !column.is_entered() || column.many {
            let kind = format!("{:?}", wanted.kind).to_lowercase();
            found.add(file.problem(
                &format!("{list}.{at}.kind"),
                advice!("package_filled_by_screening", name = column.name, kind),
            ));
        }
    }
}
