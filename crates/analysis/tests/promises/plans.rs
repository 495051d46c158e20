//! Plans that people read: a change of a plan shows in the commit that caused it.

use crate::support::{Folder, lake, package, request};
use analysis::{plan_text, reference_sql};
use model::RegionCode;
use std::path::Path;

/// Compares with the golden file; `UPDATE_GOLDEN=1` writes it anew.
fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/promises").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, golden, "{name} differs; if that is meant, run the test with UPDATE_GOLDEN=1");
}

#[test]
fn the_plan_of_the_fixture_is_as_written() {
    let county: RegionCode = "990101".parse().expect("a county");
    compare("plan.txt", &plan_text(&package(), county, &request(1)).expect("the fixture can be planned"));
}

#[test]
fn the_reference_in_sql_is_as_written() {
    let (package, folder) = (package(), Folder::new());
    let same_everywhere = analysis::ScreeningRequest {
        overrides: [("spending_line".to_owned(), model::Value::Fen(model::Fen(550_000)))].into(),
        ..request(1)
    };
    let lake = lake(folder.path(), &package, 20);
    let parameters_differ = reference_sql(&lake, &package, &request(1));
    assert!(parameters_differ.is_err(), "the fixture's counties have lines of their own");
    let overridden = analysis::ScreeningRequest {
        overrides: same_everywhere
            .overrides
            .into_iter()
            .chain([
                ("reference_income".to_owned(), model::Value::Fen(model::Fen(1_100_000))),
                ("floor_line".to_owned(), model::Value::Int(100)),
            ])
            .collect(),
        ..request(1)
    };
    let sql = reference_sql(&lake, &package, &overridden).expect("the reference can be written");
    let mut portable = sql.replace(&folder.path().display().to_string(), "LAKE");
    for dataset in ["household", "resident", "medical_bill", "school_roster"] {
        for county in crate::support::COUNTIES {
            let in_force = lake.in_force(dataset, county).expect("readable").expect("in force");
            portable = portable.replace(&in_force.hash, "HASH");
        }
    }
    compare("reference.sql", &portable);
}
