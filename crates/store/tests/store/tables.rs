//! Tables come from the package, and only grow.

use crate::county::{County, actor, declarations, household, key, place, resident};
use crate::place::{On, Place, on, on_both};
use model::{HouseholdNo, Value};
use store::{Store, StoreError};

on_both![
    fields_of_a_newer_package_are_added,
    packages_that_cannot_become_tables_are_refused,
    a_copy_is_as_good_as_the_database_itself,
    a_database_is_made_once_and_opened_where_it_is,
    the_snapshot_holds_what_may_enter_the_lake_in_order,
    the_version_of_a_register_moves_only_in_its_county,
    a_household_that_moves_to_another_county_moves_the_versions_of_both,
];

fn fields_of_a_newer_package_are_added() {
    let county = County::filled();
    let path = county.location();
    drop(county.store);
    let more = "[[field]]\nname = \"is_relocated\"\nlabel = \"搬迁\"\nlabel_en = \"Relocated\"\nkind = \"bool\"\n";
    let newer = Store::open(&path, declarations(more), &key()).expect("opens");
    let file = newer.view(&actor("clerk", "990101100")).household(HouseholdNo(1)).expect("reads").expect("is there");
    assert_eq!(
        file.fields.last().map(|field| (field.name.as_str(), field.value.clone())),
        Some(("is_relocated", Value::Null))
    );
    drop(newer);
    let older = Store::open(&path, declarations(""), &key()).expect("the earlier package opens the newer tables");
    assert!(older.view(&actor("clerk", "990101100")).household(HouseholdNo(1)).expect("reads").is_some());
}

/// Makes a good package bad.
type Spoil = fn(&mut store::Declarations);

fn packages_that_cannot_become_tables_are_refused() {
    let cases: [(&str, Spoil); 6] = [
        ("a register of the engine is missing", |package| {
            package.registers.remove("resident");
        }),
        ("a name is no identifier", |package| field(package).name = "x\" text); drop table event; --".into()),
        ("a name would be cut", |package| field(package).name = "n".repeat(61)),
        ("a name is the engine's", |package| field(package).name = "content".into()),
        ("the key names no field", |package| register(package).key = vec!["nothing".into()]),
        ("no place", |package| register(package).region = None),
    ];
    for (what, spoil) in cases {
        let place = Place::new();
        let mut package = declarations("");
        spoil(&mut package);
        let made = Store::create(place.location(), package, &key());
        assert!(matches!(made, Err(StoreError::Declaration { .. })), "{what}");
    }
}

fn register(package: &mut store::Declarations) -> &mut policy::declare::Register {
    package.registers.get_mut("household").expect("is there")
}

fn field(package: &mut store::Declarations) -> &mut policy::declare::Column {
    &mut register(package).field[6]
}

fn a_database_is_made_once_and_opened_where_it_is() {
    let county = County::filled();
    let again = Store::create(county.location(), declarations(""), &key());
    assert!(matches!(again, Err(StoreError::Exists { .. })));
    let nowhere = Store::open(Place::new().location(), declarations(""), &key());
    assert!(matches!(nowhere, Err(StoreError::NoDatabase { .. })));
    county.place.forge(match on() {
        On::Sqlite => "pragma user_version = 99",
        On::Postgresql => "update form set number = 99",
    });
    let location = county.location();
    drop(county.store);
    let newer = Store::open(location, declarations(""), &key());
    assert!(matches!(newer, Err(StoreError::NewerForm { found: 99, .. })));
}

fn a_copy_is_as_good_as_the_database_itself() {
    let county = County::filled();
    let folder = tempfile::tempdir().expect("a temporary folder");
    let copy = folder.path().join("copy.db");
    let copied = county.store.back_up(&copy);
    if on() == On::Postgresql {
        let refused = copied.expect_err("PostgreSQL has its own program").to_string();
        assert!(refused.contains("pg_dump --schema=test_"), "{refused}");
        return assert!(!copy.exists());
    }
    copied.expect("is copied");
    assert!(matches!(county.store.back_up(&copy), Err(StoreError::Exists { .. })));
    let copied = Store::open(&copy, declarations(""), &key()).expect("opens");
    assert_eq!(copied.verify().expect("holds"), county.store.verify().expect("holds"));
}

fn the_snapshot_holds_what_may_enter_the_lake_in_order() {
    let county = County::empty();
    let villages = ["990101100201", "990102100201", "990101100202"];
    let households = [30, 20, 10].iter().zip(villages).map(|(number, village)| household(*number, village, "某人"));
    county.save("household", households.collect()).expect("is saved");
    county
        .save("resident", vec![resident(30, 5), resident(30, 2), resident(10, 9), resident(20, 1)])
        .expect("is saved");
    let mut rows = Vec::new();
    let read = county.store.snapshot("resident", place("990101"), &mut |row| {
        rows.push(row);
        Ok(())
    });
    assert_eq!(read.expect("reads"), 3);
    let keys: Vec<(i64, i64)> =
        rows.iter().map(|row| (row.household_no.0, row.resident_key.map_or(0, |key| key.0))).collect();
    assert_eq!(keys, [(10, 9 * 7919), (30, 2 * 7919), (30, 5 * 7919)]);
    let expected = vec![Value::Day(crate::county::day("1990-01-01")), Value::Null];
    assert_eq!(rows[0].values, expected, "no name, no identity number, no illness");
    assert_eq!((rows[0].file.as_str(), rows[0].row), ("aaaaaaaaaaaa", 10));
    let stopped = county.store.snapshot("household", place("99"), &mut |_| Err("满".to_owned()));
    assert!(matches!(stopped, Err(StoreError::Stopped(text)) if text == "满"));
    assert!(county.store.snapshot("region", place("99"), &mut |_| Ok(())).is_err());
}

fn the_version_of_a_register_moves_only_in_its_county() {
    let county = County::filled();
    let version = |code: &str| county.store.register_version("household", place(code)).expect("reads");
    let before = (version("990101"), version("990102"));
    county.save("household", vec![household(1, "990101100201", "杨珍")]).expect("is saved");
    assert!(version("990101") > before.0);
    assert_eq!(version("990102"), before.1);
    assert_eq!(county.store.register_version("household", place("990103")).expect("reads"), 0);
}

fn a_household_that_moves_to_another_county_moves_the_versions_of_both() {
    let county = County::filled();
    let version = |register: &str, code: &str| county.store.register_version(register, place(code)).expect("reads");
    let versions = || ["household", "resident"].map(|name| (version(name, "990101"), version(name, "990102")));
    let before = versions();
    county.save("household", vec![household(1, "990102100201", "吉木阿古")]).expect("is saved");
    for (old, new) in before.into_iter().zip(versions()) {
        assert!(new.0 > old.0 && new.1 > old.1, "{old:?} {new:?}");
    }
    county.store.verify().expect("holds");
}
