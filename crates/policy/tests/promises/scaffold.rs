//! What is scaffolded passes the check as it is.

use crate::{Copy, valley};
use policy::run_cases;
use policy::scaffold::{Scaffold, scaffold};
use std::fs;

const KINDS: [Scaffold; 5] =
    [Scaffold::Register, Scaffold::Rule, Scaffold::Fact, Scaffold::Source, Scaffold::Indicator];

#[test]
fn scaffolded_files_pass_the_check_and_their_cases() {
    let copy = Copy::new();
    let package = copy.load().expect("loads");
    for kind in KINDS {
        let files = scaffold(&package, kind, "heating_cost").expect("scaffolds");
        for (path, text) in files {
            assert!(!copy.path(&path).exists(), "{path}");
            let name = if kind == Scaffold::Source { path.replace("heating_cost", "heating_bill") } else { path };
            fs::write(copy.path(&name), text).expect("writes");
        }
    }
    let package = copy.load().unwrap_or_else(|problems| panic!("{problems}"));
    // The cases of a register are begun and empty: what it calculates is not known before it is edited.
    let warnings: Vec<String> = package.warnings.iter().map(ToString::to_string).collect();
    assert!(
        warnings.iter().all(|warning| warning.contains("heating_cost.") && warning.contains("没有")),
        "{warnings:?}"
    );
    assert!(!warnings.is_empty(), "an empty file of cases is said to be empty");
    let report = run_cases(&package);
    assert!(report.failed.is_empty(), "{:?}", report.failed);
    assert_eq!(report.passed, 22 + 3 + 2 + 1);
}

#[test]
fn bad_and_taken_names_are_refused() {
    let package = valley();
    for bad in ["", "Select", "select", "a b", "../x", "年"] {
        for kind in KINDS {
            assert!(scaffold(&package, kind, bad).is_err(), "{kind:?} {bad}");
        }
    }
    let taken = [
        (Scaffold::Register, "household"),
        (Scaffold::Register, "medical_bill"),
        (Scaffold::Source, "household"),
        (Scaffold::Source, "medical_bill"),
        (Scaffold::Rule, "spending_high"),
        (Scaffold::Fact, "member_count"),
        (Scaffold::Fact, "income_fen"),
        (Scaffold::Indicator, "monitored_share"),
    ];
    for (kind, name) in taken {
        assert!(scaffold(&package, kind, name).is_err(), "{kind:?} {name}");
    }
}
