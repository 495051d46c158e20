//! What the lake tells: changes row by row, who left, names of files, and what to do when it fails.

use crate::home::{BOTH, Home, Kind};
use crate::support::{COUNTIES, bills, day, schema};
use lake::{Changes, Coverage, Lake, LakeError, Leaver, Note, ObjectFault, Spared};
use model::{Fen, HouseholdNo, LakeRow, RegionCode, ResidentKey, Value};
use policy::declare::Mode;

fn note(id: &str, place: u64, from: &str, to: &str) -> Note {
    let place = RegionCode::from_number(place).expect("a place");
    let coverage = Coverage { place, from: day(from), to: day(to), is_declared: true, is_partial: false };
    Note { id: id.to_owned(), coverage, spared: Spared::default() }
}

const COUNTY: u64 = 990_101_000_000;

fn rows(count: usize) -> Vec<LakeRow> {
    let mut rows = bills(5, COUNTIES[0], 30);
    rows.truncate(count);
    assert_eq!(rows.len(), count);
    rows
}

/// Adds rows under a note and puts them in force; what changes by it.
fn add(lake: &Lake, mode: Mode, note: &Note, on: &str, rows: &[LakeRow]) -> lake::CountyChanges {
    let schema = schema();
    let mut landing = lake.landing(&schema, mode, &|_, _| true).expect("nobody else is about it");
    let mut delivery = lake.delivery(&schema, COUNTIES[0], day(on)).expect("writable");
    rows.iter().for_each(|row| delivery.push(row.clone()).expect("it fits"));
    let changes = landing.add(delivery, Some(note)).expect("it fits");
    landing.commit().expect("writable");
    changes
}

#[test]
fn every_row_is_told_as_added_changed_gone_or_as_it_was() {
    for at in BOTH {
        let (home, all) = (Home::new(at), rows(8));
        let lake = home.lake();
        let first = add(&lake, Mode::Roster, &note("1", COUNTY, "2024-06-30", "2024-06-30"), "2024-06-30", &all[..6]);
        assert_eq!(first.rows, Changes { added: 6, ..Changes::default() });
        assert_eq!((first.spoken_of, first.rows_in_force, first.overlapping), (0, 6, 0));
        // Two go, one reads otherwise, one is of another household now, two stay, two come.
        let mut next = all[2..].to_vec();
        next[0].values[2] = Value::Fen(Fen(7));
        next[1].household_no = HouseholdNo(next[1].household_no.0 + 1);
        let second = add(&lake, Mode::Roster, &note("2", COUNTY, "2024-07-31", "2024-07-31"), "2024-07-31", &next);
        let Changes { added, changed, removed, unchanged, leavers } = &second.rows;
        assert_eq!((*added, *changed, *removed, *unchanged), (2, 2, 2, 2));
        let mut expected: Vec<Leaver> = all[..2]
            .iter()
            .map(|row| Leaver { household_no: row.household_no, resident_key: row.resident_key })
            .collect();
        expected.sort();
        assert_eq!(leavers, &expected);
        assert_eq!((second.spoken_of, second.rows_in_force), (6, 6));
        assert!(!second.rows.is_none());
        // Where a row came from is no change.
        for row in &mut next {
            (row.file, row.row) = ("ba9876543210".to_owned(), row.row + 50);
        }
        let third = add(&lake, Mode::Roster, &note("3", COUNTY, "2024-08-31", "2024-08-31"), "2024-08-31", &next);
        assert!(third.rows.is_none(), "{:?}", third.rows);
        assert_eq!(third.rows.unchanged, 6);
    }
}

#[test]
fn a_key_of_a_household_is_told_from_one_of_a_person() {
    let (home, mut all) = (Home::new(Kind::Folder), rows(3));
    let lake = home.lake();
    all[0].resident_key = None;
    all[1].resident_key = Some(ResidentKey(0));
    add(&lake, Mode::Roster, &note("1", COUNTY, "2024-06-30", "2024-06-30"), "2024-06-30", &all);
    let told = add(&lake, Mode::Roster, &note("2", COUNTY, "2024-07-31", "2024-07-31"), "2024-07-31", &[]);
    let people: Vec<Option<ResidentKey>> = told.rows.leavers.iter().map(|leaver| leaver.resident_key).collect();
    assert_eq!(people.iter().filter(|person| person.is_none()).count(), 1);
    assert!(people.contains(&Some(ResidentKey(0))), "{people:?}");
}

#[test]
fn deliveries_of_days_that_overlap_are_counted_and_both_stand() {
    let (home, all) = (Home::new(Kind::Folder), rows(8));
    let lake = home.lake();
    for (id, from, to, rows, overlapping, in_force) in [
        ("june", "2024-06-01", "2024-06-30", &all[..2], 0, 2),
        ("july", "2024-07-01", "2024-07-31", &all[2..4], 0, 4),
        ("mid", "2024-06-15", "2024-07-15", &all[4..6], 2, 6),
        ("last day of june", "2024-06-30", "2024-06-30", &all[6..7], 2, 7),
        // Declared for days that hold those of all others: it stands for them.
        ("half", "2024-06-01", "2024-07-31", &all[7..8], 0, 1),
    ] {
        let told = add(&lake, Mode::Events, &note(id, COUNTY, from, to), "2024-08-01", rows);
        assert_eq!((told.overlapping, told.rows_in_force), (overlapping, in_force), "{id}");
    }
}

#[test]
fn what_nobody_handed_in_cannot_be_taken_back() {
    for at in BOTH {
        let (home, all) = (Home::new(at), rows(3));
        let (lake, schema) = (home.lake(), schema());
        let without_name =
            lake.merge(&schema, Mode::Events, COUNTIES[0], day("2024-06-01"), &all[..1]).expect("it fits");
        assert_eq!(without_name.rows_in_force, 1);
        add(&lake, Mode::Events, &note("june", COUNTY, "2024-06-01", "2024-06-30"), "2024-06-30", &all[1..]);
        let mut landing = lake.landing(&schema, Mode::Events, &|_, _| true).expect("nobody else is about it");
        assert_eq!(landing.withdraw(COUNTIES[0], "july").expect("readable"), None);
        assert_eq!(landing.withdraw(COUNTIES[1], "june").expect("readable"), None);
        assert_eq!(landing.withdraw(COUNTIES[0], "").expect("readable"), None, "what was merged for good has no name");
        let told = landing.withdraw(COUNTIES[0], "june").expect("readable").expect("it was handed in");
        assert_eq!((told.rows.removed, told.rows_in_force), (2, 1));
        landing.commit().expect("writable");
        assert_eq!(lake.rows_of_household(&schema, all[0].household_no).expect("readable").len(), 1);
    }
}

#[test]
fn the_same_delivery_handed_in_again_takes_its_own_place() {
    for at in BOTH {
        let (home, all) = (Home::new(at), rows(5));
        let lake = home.lake();
        let june = note("june", COUNTY, "2024-06-01", "2024-06-30");
        add(&lake, Mode::Events, &june, "2024-06-30", &all[..3]);
        let again = add(&lake, Mode::Events, &june, "2024-07-02", &all[1..]);
        assert_eq!((again.rows.added, again.rows.removed, again.rows.unchanged, again.rows_in_force), (2, 1, 2, 4));
        let in_force = lake.in_force("medical_bill", COUNTIES[0]).expect("readable").expect("in force");
        assert_eq!(in_force.deliveries.len(), 1);
        assert_eq!(in_force.delivery_days, [day("2024-07-02")]);
    }
}

#[test]
fn counties_and_datasets_are_told_in_order_and_without_those_that_were_taken_back() {
    for at in BOTH {
        let (home, all) = (Home::new(at), rows(2));
        let (lake, schema) = (home.lake(), schema());
        for name in ["water_supply", "medical_bill"] {
            let schema = lake::DatasetSchema { name: name.to_owned(), ..schema.clone() };
            for county in [COUNTIES[1], COUNTIES[0]] {
                lake.merge(&schema, Mode::Events, county, day("2024-06-30"), &all).expect("the rows fit");
            }
        }
        assert_eq!(lake.datasets().expect("readable"), ["medical_bill", "water_supply"]);
        assert_eq!(lake.counties("medical_bill").expect("readable"), COUNTIES);
        let in_force = lake.in_force("medical_bill", COUNTIES[0]).expect("readable").expect("in force");
        assert_eq!(in_force.file, format!("{}.parquet", in_force.hash));
        let location = lake.location_of("medical_bill", COUNTIES[0], &in_force.file);
        assert!(location.ends_with(&format!("medical_bill/990101/{}", in_force.file)), "{location}");
        let other = lake.in_force("medical_bill", COUNTIES[1]).expect("readable").expect("in force");
        assert_eq!(other.hash, in_force.hash, "a file is named for its bytes alone");
    }
}

#[test]
fn a_setting_names_a_folder_below_the_base_or_a_whole_path() {
    let home = Home::new(Kind::Folder);
    let base = home.scratch();
    let rows = rows(2);
    for (setting, folder) in [("lake", base.join("lake")), ("data/lake", base.join("data/lake"))] {
        let lake = Lake::open(setting, &base).expect("the folder can be made");
        lake.merge(&schema(), Mode::Events, COUNTIES[0], day("2024-06-30"), &rows).expect("the rows fit");
        assert!(folder.join("medical_bill/990101/in_force.json").exists(), "{setting}");
    }
    let whole = base.join("elsewhere");
    Lake::open(whole.to_str().expect("a plain path"), std::path::Path::new("/nowhere")).expect("it can be made");
    assert!(whole.is_dir());
    let file = base.join("file");
    std::fs::write(&file, "no folder").expect("writable");
    let told = Lake::local(&file).expect_err("a file is no folder");
    assert_eq!(told.to_string(), format!("cannot make the folder `{}`", file.display()));
    assert!(told.advice().is_none(), "the caller knows better what the folder is for");
}

#[test]
fn failures_say_what_to_do_in_both_languages() {
    let object = |fault| LakeError::Object {
        attempt: "read",
        object: "s3://bucket/bill/990101/x.parquet".to_owned(),
        fault,
        source: "no route".into(),
    };
    for (error, text, chinese, english) in [
        (
            object(ObjectFault::Missing),
            "cannot read `s3://bucket/bill/990101/x.parquet`: it is not there",
            "请核对桶名和前缀",
            "check bucket and prefix",
        ),
        (
            object(ObjectFault::Refused),
            "cannot read `s3://bucket/bill/990101/x.parquet`: the store refuses it",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SECRET_ACCESS_KEY",
        ),
        (
            object(ObjectFault::NoAnswer),
            "cannot read `s3://bucket/bill/990101/x.parquet`: the store gave no answer that can be used",
            "数据没有丢失",
            "nothing is lost",
        ),
        (
            LakeError::Address { what: "`s3:/x` is not `s3://bucket/prefix`".to_owned() },
            "the lake's bucket cannot be opened: `s3:/x` is not `s3://bucket/prefix`",
            "地址写作 s3://桶名/前缀",
            "write s3://bucket/prefix",
        ),
        (
            LakeError::Changed { dataset: "bill".to_owned() },
            "`bill` was changed by somebody else at the same time; nothing was put in force",
            "请稍后重新提交",
            "hand it in again",
        ),
    ] {
        assert_eq!(error.to_string(), text);
        let advice = error.advice().expect("what to do");
        assert!(advice.chinese().contains(chinese) && advice.english().contains(english), "{advice:?}");
    }
    let random = LakeError::Random { what: "none".to_owned() };
    assert_eq!(
        (random.to_string().as_str(), random.advice().is_none()),
        ("the system gave no random numbers: none", true)
    );
}
