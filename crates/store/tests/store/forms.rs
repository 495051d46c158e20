//! Databases of an earlier form: their records are filled in; and what one of the two databases could not keep is refused on both.

use crate::county::{County, day, declarations, household, key, place, resident};
use crate::place::{On, Place, connect, on, on_both};
use crate::valley::{VILLAGES, Valley, clerk, garden, garden_row, harvests, text};
use model::{HouseholdNo, Moment, Version};
use store::{Command, Record, RecordFilter, RecordQuery, RefusalKind, Store, StoreError, system_actor};

on_both![
    records_of_an_earlier_form_are_filled_in_and_seen_again,
    a_plan_tells_what_opening_would_change,
    filling_in_goes_on_where_it_was_cut_off,
    names_of_indexes_are_kept_whole,
    what_an_earlier_program_left_uncounted_is_counted_at_the_next_start,
    the_invisible_character_nul_is_refused_with_its_reason,
];

/// Puts the tables of a county into the form that had no ids, places and versions yet.
fn age(county: &County) {
    let old_household = "household_no bigint not null, region_code text, head_name text, phone BYTES, phone_find bigint, \
         income_fen bigint, land_mu text, is_cleared bigint, origin_file text, origin_row bigint, content bigint, \
         primary key (household_no)";
    let old_resident = "resident_key bigint not null, household_no bigint, identity_no BYTES, identity_no_find bigint, \
         identity_no_tail bigint, name text, born_on text, member_to text, illness BYTES, illness_find bigint, \
         origin_file text, origin_row bigint, content bigint, primary key (resident_key,household_no)";
    let old_region = "code text not null, name text, short text, origin_file text, origin_row bigint, \
         content bigint, primary key (code)";
    let (bytes, cascade) = if on() == On::Postgresql { ("bytea", "cascade") } else { ("blob", "") };
    for (table, columns) in [("r_household", old_household), ("r_resident", old_resident), ("r_region", old_region)] {
        let names: Vec<&str> = columns.split(", ").filter_map(|part| part.split_whitespace().next()).collect();
        let names = names[..names.len() - 1].join(", ");
        county.place.forge(&format!(
            "alter table {table} rename to {table}_kept; create table {table}_old ({}); \
             insert into {table}_old ({names}) select {names} from {table}_kept; drop table {table}_kept {cascade}; \
             alter table {table}_old rename to {table}",
            columns.replace("BYTES", bytes)
        ));
    }
}

fn ids(store: &Store, register: &str) -> Vec<(String, String)> {
    let view = store.view(&system_actor(place("99")));
    let page = view
        .records(register, RecordQuery { filter: &RecordFilter::default(), order: None, columns: &[] }, None, 500)
        .expect("reads");
    let mut ids: Vec<_> = page.rows.into_iter().map(|row| (row.id, row.place.expect("a place").to_string())).collect();
    ids.sort();
    ids
}

fn records_of_an_earlier_form_are_filled_in_and_seen_again() {
    let county = County::filled();
    let registers = ["household", "resident"];
    let before = registers.map(|register| ids(&county.store, register));
    assert_eq!(before.each_ref().map(Vec::len), [4, 8]);
    let log = county.store.verify().expect("holds");
    age(&county);
    let location = county.location();
    let again = Store::open(location.clone(), declarations(""), &key()).expect("opens the earlier form");
    assert_eq!(registers.map(|register| ids(&again, register)), before, "the same ids, at the same places");
    assert_eq!(again.verify().expect("holds"), log, "nothing that anybody did was touched");
    let view = again.view(&system_actor(place("99")));
    let file =
        view.record("household", &before[0].iter().find(|one| one.1 == VILLAGES[0]).expect("one").0, day("2024-06-03"));
    let file = file.expect("reads").expect("is there");
    assert_eq!((file.version, file.is_withdrawn, file.entered_on), (Version(1), false, Some(day("2024-06-01"))));
    assert!(view.household(HouseholdNo(1)).expect("reads").is_some());
    let command =
        |records: Vec<Record>| Command::ImportRecords { register: "household".into(), file: "f".into(), records };
    let same = command(vec![household(1, VILLAGES[0], "吉木阿古")]);
    let receipt =
        again.apply(&system_actor(place("99")), Moment { day: day("2024-06-02"), at_ms: 0 }, same).expect("is taken");
    assert_eq!((receipt.unchanged, receipt.added), (1, 0), "it is known");
    let touched = county.place.forge("update r_household set id = id where id is null");
    assert_eq!(touched, 0, "none is left");
}

fn a_plan_tells_what_opening_would_change() {
    let county = County::filled();
    let plan = |package: store::Declarations| {
        Store::plan(county.location(), package, &key(), crate::county::day("2024-06-05")).expect("plans")
    };
    assert!(plan(declarations("")).is_empty(), "{:?}", plan(declarations("")));
    let more = "[[field]]\nname = \"is_relocated\"\nlabel = \"搬迁\"\nlabel_en = \"Relocated\"\nkind = \"bool\"\n";
    let mut newer = declarations(more);
    newer.registers.get_mut("household").expect("is there").list.filter.push("is_relocated".into());
    let visit = newer.registers["household"].clone();
    newer.registers.insert("visit".into(), visit);
    age(&county);
    let told = plan(newer.clone());
    assert_eq!(told.tables, ["r_visit"]);
    let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert!(told.columns.contains(&pair("r_household", "is_relocated")), "{told:?}");
    assert!(told.columns.contains(&pair("r_resident", "id")), "{told:?}");
    assert!(told.indexes.contains(&pair("r_household", "r_household_by_is_relocated")), "{told:?}");
    let filled = [("household", 4), ("region", 10), ("resident", 8)];
    assert_eq!(told.filled_in, filled.map(|(register, records)| (register.to_owned(), records)));
    assert!(told.left.is_empty() && told.refused.is_empty(), "{told:?}");
    assert_eq!(plan(newer.clone()), told, "a plan changes nothing");
    drop(Store::open(county.location(), newer.clone(), &key()).expect("opens"));
    assert!(plan(newer).is_empty(), "what was planned was done");
    assert_eq!(plan(declarations("")).left, [pair("r_household", "is_relocated"), pair("r_visit", "")], "they stay");
    let mut other = declarations("");
    other.registers.get_mut("household").expect("is there").field[2].kind = model::Kind::Int;
    let refused = plan(other.clone()).refused;
    assert!(
        refused.len() == 1 && refused[0].contains("registers/household.toml:1:") && refused[0].contains("`head_name`"),
        "{refused:?}"
    );
    let refused = Store::open(county.location(), other, &key());
    assert!(matches!(refused, Err(store::StoreError::Incompatible(_))), "what is kept cannot become a number");
    let wrong = Store::plan(
        county.location(),
        declarations(""),
        &store::StoreKey::from_bytes([1; 32]),
        crate::county::day("2024-06-05"),
    );
    assert!(matches!(wrong, Err(store::StoreError::WrongKey)));
}

fn filling_in_goes_on_where_it_was_cut_off() {
    let county = County::empty();
    let village = |number: i64| VILLAGES[number as usize % 3];
    county
        .save("household", (1..=2300).map(|number| household(number, village(number), "某人")).collect())
        .expect("saved");
    county.save("resident", (1..=2300).map(|number| resident(number, number)).collect()).expect("saved");
    let sum = |store: &Store| {
        let figures =
            |register: &str| store.view(&system_actor(place("99"))).register_figures(register, day("2024-06-03"));
        ["household", "resident"].map(|register| figures(register).expect("reads").records)
    };
    assert_eq!(sum(&county.store), [2300, 2300]);
    let before = ids(&county.store, "resident");
    let empty = "set id = null, place = null, county = null, version = null";
    county.place.forge(&format!("update r_household {empty} where household_no > 1000; update r_resident {empty}"));
    let (location, view) = (county.location(), ids(&county.store, "household").len());
    assert_eq!(view, 500, "a page of those that were done");
    let at_once = Store::open_at_once(location.clone(), declarations(""), &key()).expect("opens");
    let left = |error: StoreError| match error {
        StoreError::Incomplete { records } => records,
        other => panic!("{other}"),
    };
    assert!(!at_once.is_complete());
    let reading = at_once.view(&system_actor(place("99")));
    assert_eq!(left(reading.household(HouseholdNo(1)).expect_err("is not read by half")), 3600);
    let listing = reading.records(
        "household",
        store::RecordQuery { filter: &RecordFilter::default(), order: None, columns: &[] },
        None,
        10,
    );
    assert!(listing.is_err_and(|refusal| refusal.what.chinese().contains("还剩约 3600 条")));
    let entering = Command::AddAccount(crate::county::account("li", "clerk", "990101100", None));
    let refused = at_once
        .apply(&system_actor(place("99")), model::Moment { day: day("2024-06-03"), at_ms: 0 }, entering)
        .expect_err("is not changed");
    assert!(refused.what.chinese().contains("还剩约 3600 条") && refused.what.english().contains("3600"), "{refused}");
    assert!(at_once.accounts().expect("the accounts are known, and people may sign in").is_empty());
    let opened = std::thread::scope(|scope| {
        let open = || Store::open(location.clone(), declarations(""), &key()).expect("opens");
        let two: Vec<_> = (0..2).map(|_| scope.spawn(open)).collect();
        two.into_iter().map(|one| one.join().expect("both programs open")).collect::<Vec<_>>()
    });
    assert_eq!(at_once.finish_upgrade().expect("others have done it"), 0);
    assert!(at_once.is_complete());
    for store in opened.iter().chain([&at_once]) {
        assert_eq!(sum(store), [2300, 2300]);
        assert_eq!(ids(store, "resident"), before);
    }
}

fn names_of_indexes_are_kept_whole() {
    let long = "a_field_with_a_name_longer_than_most_of_them";
    let mut package = declarations("");
    let register = package.registers.get_mut("household").expect("is there");
    for ending in ["first", "second"] {
        let mut field = register.field[4].clone();
        field.name = format!("{long}_{ending}");
        register.list.sortable.push(field.name.clone());
        register.field.push(field);
    }
    let own = Place::new();
    drop(Store::create(own.location(), package.clone(), &key()).expect("creates"));
    drop(Store::open(own.location(), package, &key()).expect("opens again, and every index is known by its name"));
    let (sql, names): (_, Vec<String>) = match &own {
        Place::Folder(folder) => {
            let sql =
                "select name from sqlite_master where type = 'index' and tbl_name = 'r_household' and sql is not null";
            let client = rusqlite::Connection::open(folder.path().join("county.db")).expect("opens");
            let mut statement = client.prepare(sql).expect("is well written");
            let names = statement.query_map([], |row| row.get(0)).expect("reads").map(|name| name.expect("a name"));
            (sql, names.collect())
        }
        Place::Schema(scratch) => {
            let sql =
                "select indexname from pg_indexes where schemaname = current_schema() and tablename = 'r_household'";
            let rows = connect(scratch).query(sql, &[]).expect("reads");
            (sql, rows.iter().map(|row| row.get(0)).collect())
        }
    };
    assert!(names.iter().all(|name| name.len() <= 60), "{names:?}");
    let shortened = names.iter().filter(|name| name.contains("_by_") && name.len() == 60).count();
    assert_eq!(shortened, 4, "two orders of each long field, all there: {sql} {names:?}");
}

fn the_invisible_character_nul_is_refused_with_its_reason() {
    let valley = &Valley::new();
    let bad = || text("阿\0依");
    let refused =
        valley.apply(&clerk(), "2024-06-02", Command::Enter(garden("G1", VILLAGES[0], &[("keeper_name", bad())])));
    let refusal = refused.expect_err("a field");
    assert!(matches!(refusal.kind, RefusalKind::Invalid) && refusal.what.chinese().contains("NUL"), "{refusal}");
    assert_eq!(refusal.fields, ["keeper_name"]);
    let mut with_child = garden("G1", VILLAGES[0], &[]);
    let (name, mut rows) = harvests(&[("2024-05-01", "1")]);
    rows[0].push(("buyer_phone".into(), text("139\0")));
    with_child.children.push((name, rows));
    let refusal = valley.apply(&clerk(), "2024-06-02", Command::Enter(with_child)).expect_err("a child record");
    assert_eq!(refusal.fields, ["buyer_phone"]);
    let mut rows = vec![garden_row(2, "G\0", VILLAGES[0], "1"), garden_row(3, "G3", VILLAGES[0], "1")];
    rows.push(garden_row(4, "G4", VILLAGES[0], "1"));
    rows[2].fields[11] = bad();
    let receipt = valley.import("garden", rows).expect("the good row is taken");
    assert_eq!(receipt.added, 1);
    let refused: Vec<_> = receipt.refused.iter().map(|one| (one.row, one.columns.join(","))).collect();
    assert_eq!(refused, [(2, "garden_no".to_owned()), (4, "minutes".to_owned())]);
    let id = valley.store.view(&clerk()).record_by_key("garden", "G3").expect("reads").expect("is there");
    let why =
        Command::Withdraw { register: "garden".into(), id: id.clone(), version: Version(1), why: "重\0复".into() };
    let withdrawn = valley.apply(&clerk(), "2024-06-03", why);
    // A text that stands in the log as JSON is spelled out there; one that is kept as it is may not hold it.
    assert!(withdrawn.is_ok());
    let setting = Command::SetSetting { name: "a\0".into(), value: "1".into() };
    let refusal = valley.system(setting).expect_err("a text that is kept as it is");
    assert!(matches!(refusal.kind, RefusalKind::Invalid) && refusal.what.chinese().contains("NUL"), "{refusal}");
    let asked = valley.store.view(&clerk()).record_by_key("garden", "G\0");
    assert!(!matches!(asked, Ok(Some(_))));
}

fn what_an_earlier_program_left_uncounted_is_counted_at_the_next_start() {
    let county = County::filled();
    let figures = |store: &Store| {
        let of = |region: &str| {
            let view = store.view(&system_actor(place(region)));
            view.register_figures("household", day("2024-06-03")).expect("reads").records
        };
        ["99", "990101", "990102", "990101100"].map(of)
    };
    let all = [4, 3, 1, 2];
    assert_eq!(figures(&county.store), all);
    // As an earlier program leaves it: a record is gone, an event is there, and nothing was counted.
    county.place.forge(
        "update r_household set is_withdrawn = 1 where household_no = 1; \
         update installation set value = '1' where name = 'tally'",
    );
    assert_eq!(figures(&county.store)[..3], all[..3], "counts stand until then");
    // Whoever writes meanwhile leaves the mark where it is.
    county.save("household", vec![household(9, VILLAGES[3], "某人")]).expect("is saved");
    county.save("household", vec![household(9, VILLAGES[3], "某某")]).expect("is saved");
    county.place.forge("delete from r_household where household_no = 9");
    let again = Store::open(county.location(), declarations(""), &key()).expect("opens");
    assert_eq!(figures(&again), [3, 2, 1, 1]);
    // An event of no record, the last of a day's work as a rule, leaves nothing to be counted anew.
    let counted = |place: &crate::place::Place| {
        place.forge(
            "update installation set value = value where name = 'tally' and \
             value = (select cast(max(seq) as text) from event)",
        )
    };
    assert_eq!(counted(&county.place), 1);
    county.system(Command::AddAccount(crate::county::account("li", "clerk", "990101100", None))).expect("is added");
    again.note_failed_sign_in("li", 0).expect("is noted");
    assert_eq!(counted(&county.place), 1);
    county.place.forge("update tally set records = 7 where register = 'household'");
    assert_eq!(again.recount().expect("counts"), ["household"]);
    assert_eq!(again.recount().expect("counts"), [""; 0]);
    assert_eq!(figures(&again), [3, 2, 1, 1]);
}
