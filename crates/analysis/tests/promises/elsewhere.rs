//! Who is in several households on the day is found, though every household is calculated for itself.

use crate::support::{COUNTIES, County, Folder, day, fill, request, row};
use analysis::{ScreeningRequest, screen};
use lake::Lake;
use model::{LakeRow, Value};
use policy::Package;
use std::path::Path;

const RULE: &str = r#"
label = "同日在多户"
label_en = "In several households"
article = [1]
kind = "quality"
over = "resident"
severity = "high"
owner = "medical"
when = "other_household_count > 0"
because = "还在其他 {other_household_count} 户"
because_en = "Also in {other_household_count} others"
source = "inferred"
"#;

/// The fixture's package with that rule.
fn package(folder: &Path) -> Package {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture");
    copy(&fixture, folder);
    let folder = folder.join("package");
    std::fs::write(folder.join("rules/in_two_households.toml"), RULE).expect("can be written");
    Package::load(&folder, &[]).unwrap_or_else(|problems| {
        let errors: Vec<_> = problems.0.into_iter().filter(|problem| problem.is_error()).collect();
        panic!("{errors:?}")
    })
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder can be made");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("a file can be copied")),
        }
    }
}

fn household(number: i64) -> LakeRow {
    let village = Value::Text("990101100201".to_owned());
    row(number, None, 1, vec![village, Value::Null, Value::Null, Value::Null, Value::Null])
}

fn resident(household: i64, person: i64, from: &str, to: &str) -> LakeRow {
    let day_or_none = |text: &str| if text.is_empty() { Value::Null } else { Value::Day(day(text)) };
    let number = u32::try_from(person).expect("small");
    row(household, Some(person), number, vec![Value::Day(day("1980-01-01")), day_or_none(from), day_or_none(to)])
}

#[test]
fn each_household_of_somebody_in_several_is_told_how_many_others_there_are() {
    let (own, files) = (Folder::new(), Folder::new());
    let package = package(own.path());
    let lake = Lake::local(files.path()).expect("the folder can be made");
    let residents = vec![
        resident(1, 7, "2020-01-01", ""),
        resident(1, 8, "2020-01-01", "2023-06-30"),
        resident(1, 9, "", ""),
        resident(2, 7, "2023-06-30", ""),
        resident(2, 8, "2023-06-30", ""),
        resident(2, 9, "2023-07-01", ""),
        resident(3, 7, "", "2023-07-01"),
    ];
    let rows = County {
        household: (1..=3).map(household).collect(),
        resident: residents,
        medical_bill: Vec::new(),
        school_roster: Vec::new(),
    };
    fill(&lake, &package, COUNTIES[0], &rows);
    let told = |on: &str| {
        let outcome = screen(&lake, &package, &ScreeningRequest { day: day(on), ..request(2) }).expect("it runs");
        let of_rule = outcome.quality.into_iter().filter(|found| found.rule == "in_two_households");
        let mut told: Vec<(i64, i64, String)> = of_rule
            .map(|found| (found.household_no.0, found.resident_key.map_or(0, |key| key.0), found.because))
            .collect();
        told.sort();
        told
    };
    let two = "还在其他 2 户";
    let expected = [(1, 7, two.to_owned()), (2, 7, two.to_owned()), (3, 7, two.to_owned())];
    assert_eq!(told("2023-06-30"), expected, "on the day of a move nobody else is in two");
    let one = "还在其他 1 户";
    let expected = [(1, 7), (1, 9), (2, 7), (2, 9)].map(|(household, person)| (household, person, one.to_owned()));
    assert_eq!(told("2023-07-01"), expected);
}
