//! Records and imports: the same twice changes nothing, a half import leaves nothing.

use crate::county::{County, account, actor, day, declarations, household, identity, key, place, resident};
use crate::place::on_both;
use model::{Fault, FaultKind, HouseholdNo, Moment, Place, Value};
use store::{
    Command, ImportCoverage, ImportState, ImportSummary, NewImport, RecordQuery, RefusalKind, Store, UnmatchedRow,
};

on_both![
    the_same_records_twice_change_nothing_and_leave_no_event,
    a_corrected_file_ends_as_one_clean_import,
    a_change_shows_what_was_before_and_after,
    records_that_do_not_fit_are_refused_whole,
    a_clerk_imports_only_into_the_own_place,
    an_import_begun_again_forgets_the_earlier_try,
    an_import_is_to_be_looked_at_while_it_has_troubles_or_nobody_counted_them,
    a_file_of_other_days_is_another_delivery,
    only_who_may_hands_in,
    nothing_sensitive_stands_in_the_files,
    an_import_cut_off_in_the_middle_leaves_nothing,
    a_first_load_indexes_its_lists_when_it_ends,
];

fn the_same_records_twice_change_nothing_and_leave_no_event() {
    let county = County::filled();
    let events = county.store.verify().expect("holds").events;
    let receipt = county.save("household", vec![household(1, "990101100201", "吉木阿古")]).expect("is saved");
    assert_eq!((receipt.added, receipt.changed, receipt.unchanged, receipt.events), (0, 0, 1, 0));
    let receipt = county.save("resident", vec![resident(1, 10), resident(1, 11)]).expect("is saved");
    assert_eq!((receipt.unchanged, receipt.events), (2, 0));
    assert_eq!(county.store.verify().expect("holds").events, events);
}

fn a_corrected_file_ends_as_one_clean_import() {
    let state = |county: &County| {
        let mut rows = Vec::new();
        for register in ["household", "resident"] {
            let read = &mut |row: model::LakeRow| {
                rows.push((row.household_no, row.resident_key, row.key_hash, row.values));
                Ok(())
            };
            county.store.snapshot(register, place("99"), read).expect("is read");
        }
        rows
    };
    let twice = County::empty();
    let mut wrong = household(1, "990101100201", "错");
    wrong.fields[4] = Value::Null;
    twice.save("household", vec![wrong]).expect("is saved");
    let right = vec![household(1, "990101100201", "吉木阿古"), household(2, "990101100202", "杨珍")];
    let receipt = twice.save("household", right.clone()).expect("is saved");
    assert_eq!((receipt.added, receipt.changed), (1, 1));
    let once = County::empty();
    once.save("household", right).expect("is saved");
    assert_eq!(state(&twice), state(&once));
}

fn a_change_shows_what_was_before_and_after() {
    let county = County::filled();
    let mut changed = household(1, "990101100201", "吉木阿古");
    changed.fields[4] = Value::Fen(model::Fen(99));
    changed.fields[3] = Value::Text("13900000000".into());
    county.save("household", vec![changed]).expect("is saved");
    let clerk = actor("clerk", "990101100");
    let file = county.store.view(&clerk).household(HouseholdNo(1)).expect("reads").expect("is there");
    let latest = &file.history[0];
    assert_eq!(latest.action, "changed");
    let expected = [("income_fen", "1234500", "99"), ("phone", "***", "***")];
    let expected = expected.map(|(name, before, after)| (name.to_owned(), before.to_owned(), after.to_owned()));
    assert_eq!(latest.changes, expected);
}

/// Makes a good record bad.
type Spoil = fn(&mut store::Record);

fn records_that_do_not_fit_are_refused_whole() {
    let county = County::filled();
    let events = county.store.verify().expect("holds").events;
    let bad: [(&str, Spoil); 5] = [
        ("no key", |record| record.fields[0] = Value::Null),
        ("zero in front", |record| record.fields[0] = Value::Text("01".into())),
        ("other kind", |record| record.fields[4] = Value::Text("12".into())),
        ("too few fields", |record| record.fields.truncate(3)),
        ("too many fields", |record| record.fields.push(Value::Null)),
    ];
    for (what, spoil) in bad {
        let mut record = household(7, "990101100201", "某人");
        spoil(&mut record);
        let outcome = county.save("household", vec![household(6, "990101100201", "某人"), record]);
        assert!(matches!(outcome.expect_err(what).kind, RefusalKind::Invalid), "{what}");
    }
    let mut nobody = resident(1, 77);
    nobody.resident_key = None;
    assert!(county.save("resident", vec![nobody]).is_err());
    assert_eq!(county.store.verify().expect("holds").events, events, "nothing was changed");
}

fn a_clerk_imports_only_into_the_own_place() {
    let county = County::filled();
    let clerk = actor("clerk", "990101100");
    let records = vec![
        household(11, "990101100201", "某人"),
        household(12, "990101200201", "某人"),
        household(13, "990102100201", "某人"),
    ];
    let command = Command::ImportRecords { register: "household".into(), file: "cc".into(), records };
    let receipt = county.store.apply(&clerk, Moment { day: day("2024-06-02"), at_ms: 0 }, command).expect("is saved");
    assert_eq!((receipt.added, receipt.outside), (1, 2));
    let taken = vec![household(3, "990101100201", "某人")];
    let command = Command::ImportRecords { register: "household".into(), file: "cc".into(), records: taken };
    let receipt = county.store.apply(&clerk, Moment { day: day("2024-06-02"), at_ms: 0 }, command).expect("runs");
    assert_eq!((receipt.changed, receipt.outside), (0, 1), "a household of another township is not fetched over");
    let residents = vec![resident(11, 110), resident(3, 111), resident(999, 112)];
    let command = Command::ImportRecords { register: "resident".into(), file: "cc".into(), records: residents };
    let receipt =
        county.store.apply(&clerk, Moment { day: day("2024-06-02"), at_ms: 0 }, command.clone()).expect("is saved");
    assert_eq!((receipt.added, receipt.outside), (1, 2), "other township, unknown household");
    let refused =
        county.store.apply(&actor("cadre", "990101100201"), Moment { day: day("2024-06-02"), at_ms: 0 }, command);
    assert!(matches!(refused.expect_err("may not").kind, RefusalKind::NotAllowed));
}

fn bill(hash: &str) -> NewImport {
    NewImport {
        dataset: "bill".into(),
        file_name: "结算.xlsx".into(),
        file_hash: hash.into(),
        bytes: 1234,
        region: place("990101"),
        delivered_on: day("2024-06-01"),
        said_days: (None, None),
    }
}

fn fault(row: u32) -> Fault {
    let place = Place { file: "f".into(), sheet: None, row: Some(row), column: Some(2), heading: None };
    let kind = if row.is_multiple_of(2) { FaultKind::Missing } else { FaultKind::NotADay };
    Fault {
        place,
        kind,
        seen: String::new(),
        what: String::from("空").into(),
        hint: String::from("补").into(),
        drops_row: true,
    }
}

fn an_import_begun_again_forgets_the_earlier_try() {
    let county = County::filled();
    let officer = actor("officer", "990101");
    let apply = |command| county.store.apply(&officer, Moment { day: day("2024-06-02"), at_ms: 5 }, command);
    let mut ids = Vec::new();
    for _ in 0..2 {
        let id = apply(Command::BeginImport(bill("0123456789ABCDEF"))).expect("begins").id.expect("has an id");
        apply(Command::AddFaults { import: id.clone(), faults: (1..=5).map(fault).collect() }).expect("adds");
        let row = UnmatchedRow {
            row: 9,
            reason: "unknown".into(),
            what: String::from("查无此人").into(),
            seen: "99**".into(),
        };
        apply(Command::AddUnmatched { import: id.clone(), rows: vec![row] }).expect("adds");
        let summary = ImportSummary { state: ImportState::Done, faults: 5, rows_unmatched: 1, ..Default::default() };
        apply(Command::FinishImport { import: id.clone(), summary }).expect("ends");
        let late = apply(Command::AddFaults { import: id.clone(), faults: vec![fault(8)] });
        assert!(matches!(late.expect_err("it has ended").kind, RefusalKind::Conflict));
        ids.push(id);
    }
    assert_eq!(ids, ["bill-0123456789ab-990101000000-20240601"; 2]);
    let view = county.store.view(&officer);
    let faults = view.faults(&ids[0], None, 100).expect("reads").expect("is there");
    assert_eq!(faults.rows.len(), 5);
    let counts = view.fault_counts(&ids[0]).expect("reads").expect("is there");
    assert_eq!(counts, [(FaultKind::NotADay, 3), (FaultKind::Missing, 2)]);
    let unmatched = view.unmatched_counts(&ids[0]).expect("reads").expect("is there");
    assert_eq!(unmatched, [("unknown".to_owned(), "查无此人".to_owned().into(), 1)]);
    assert_eq!(view.imports(None, 10).expect("reads").rows.len(), 1);
    assert_eq!(view.counts(day("2024-06-02")).expect("reads").imports_with_faults, 1);
}

fn an_import_is_to_be_looked_at_while_it_has_troubles_or_nobody_counted_them() {
    let county = County::filled();
    // State, faults, rows for which nobody was found; whether somebody should look at it.
    let cases = [
        (ImportState::Done, 0, 0, 0),
        (ImportState::Done, 1, 0, 1),
        (ImportState::Done, 0, 1, 1),
        (ImportState::Done, 10, 20, 1),
        (ImportState::Refused, 0, 0, 1),
    ];
    let to_look_at =
        || county.store.view(&county_officer()).counts(day("2024-06-02")).expect("reads").imports_with_faults;
    for (state, faults, rows_unmatched, expected) in cases {
        let id = county.system(Command::BeginImport(bill("0123456789ab"))).expect("begins").id.expect("has an id");
        assert_eq!(to_look_at(), 0, "it runs");
        let summary = ImportSummary { state, faults, rows_unmatched, ..Default::default() };
        county.system(Command::FinishImport { import: id, summary }).expect("ends");
        assert_eq!(to_look_at(), expected, "{state:?} {faults} {rows_unmatched}");
        // As an earlier program left it: unknown, until it is counted.
        county.place.forge("update import set troubles = null");
        assert_eq!(to_look_at(), 1);
        county.store.finish_upgrade().expect("fills in");
        assert_eq!(to_look_at(), expected, "{state:?} {faults} {rows_unmatched}, filled in");
    }
}

fn county_officer() -> model::Actor {
    actor("officer", "990101")
}

fn a_file_of_other_days_is_another_delivery() {
    let county = County::filled();
    let (june, july) = (("2024-06-01", "2024-06-30"), ("2024-07-01", "2024-07-31"));
    let dated = "bill-0123456789ab-990101000000";
    // Day of delivery, days that were said, days that it is taken in for (none: it is refused); the name it gets.
    let cases = [
        ("2024-06-30", None, Some(june), "-20240630"),
        ("2024-06-30", None, Some(june), "-20240630"),
        ("2024-09-30", None, Some(june), "-20240930"),
        ("2024-06-30", Some(june), Some(june), "-20240630"),
        ("2024-06-30", Some(july), Some(july), "-20240630-20240701-20240731"),
        ("2024-06-30", Some(july), Some(july), "-20240630-20240701-20240731"),
        // What was refused and is answered is the same import.
        ("2024-10-31", None, None, "-20241031"),
        ("2024-10-31", Some(july), Some(july), "-20241031"),
    ];
    for (on, said, covers, expected) in cases {
        let days = |days: (&str, &str)| (day(days.0), day(days.1));
        let said_days = said.map(days).map_or((None, None), |(from, to)| (Some(from), Some(to)));
        let new = NewImport { delivered_on: day(on), said_days, ..bill("0123456789ab") };
        let id = county.system(Command::BeginImport(new)).expect("begins").id.expect("has an id");
        assert_eq!(id, format!("{dated}{expected}"), "{on} {said:?}");
        let coverage = covers.map(days).map(|(from, to)| ImportCoverage {
            place: place("990101"),
            from,
            to,
            is_declared: true,
            is_partial: false,
        });
        let state = if coverage.is_some() { ImportState::Done } else { ImportState::Refused };
        let summary = ImportSummary { state, coverage, ..Default::default() };
        county.system(Command::FinishImport { import: id, summary }).expect("ends");
    }
    // As an earlier program named it: of the same day it is the same, of another day another.
    county.place.forge(&format!("update import set import_id = '{dated}' where import_id = '{dated}-20240930'"));
    for (on, expected) in [("2024-09-30", ""), ("2024-12-31", "-20241231")] {
        let new = NewImport { delivered_on: day(on), ..bill("0123456789ab") };
        let id = county.system(Command::BeginImport(new)).expect("begins").id.expect("has an id");
        assert_eq!(id, format!("{dated}{expected}"), "{on}");
    }
}

fn only_who_may_hands_in() {
    let county = County::filled();
    let refused = [actor("clerk", "990101100"), actor("officer", "990102"), actor("county", "990101")];
    for who in refused {
        let outcome = county.store.apply(
            &who,
            Moment { day: day("2024-06-02"), at_ms: 5 },
            Command::BeginImport(bill("0123456789abcdef")),
        );
        assert!(matches!(outcome.expect_err(&who.account).kind, RefusalKind::NotAllowed), "{}", who.account);
    }
    for department in [Some("education".to_owned()), None] {
        let other = model::Actor { department, ..actor("officer", "990101") };
        let now = Moment { day: day("2024-06-02"), at_ms: 5 };
        let outcome = county.store.apply(&other, now, Command::BeginImport(bill("0123456789abcdef")));
        assert!(outcome.is_err(), "{:?}", other.department);
    }
    assert!(county.system(Command::BeginImport(bill("01234"))).is_err(), "an incomplete hash");
    let mut unknown = bill("0123456789abcdef");
    unknown.dataset = "nothing".into();
    assert!(matches!(county.system(Command::BeginImport(unknown)).expect_err("unknown").kind, RefusalKind::NotFound));
}

fn nothing_sensitive_stands_in_the_files() {
    let county = County::filled();
    county.system(Command::AddAccount(account("a", "clerk", "990101100", None))).expect("is added");
    county.store.begin_session("a", "a-very-secret-token", 0, Default::default()).expect("works").expect("begins");
    let bytes = county.place.everything();
    let holds = |needle: &str| {
        let as_hexadecimal = model::to_hex(needle);
        [needle, &as_hexadecimal].iter().any(|text| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
    };
    assert!(holds("吉木阿古"), "the scan sees plain text");
    for secret in [identity(10).as_str(), "13812345678", "慢性肾病", "a-very-secret-token", &identity(10)[6..]] {
        assert!(!holds(secret), "{secret} stands in a file");
    }
}

fn an_import_cut_off_in_the_middle_leaves_nothing() {
    let county = County::filled();
    let before = county.store.verify().expect("holds");
    county.place.cut_off("delete from event; update r_household set income_fen = 1");
    let mut bad: Vec<_> = (100..600).map(|number| household(number, "990101100201", "某人")).collect();
    bad.last_mut().expect("not empty").fields.clear();
    assert!(county.save("household", bad).is_err());
    assert_eq!(county.store.verify().expect("holds"), before);
    drop(county.store);
    let again = Store::open(county.place.location(), declarations(""), &key()).expect("opens");
    assert_eq!(again.verify().expect("holds"), before);
}

/// Households from that number on.
fn households(numbers: std::ops::Range<i64>) -> Vec<store::Record> {
    numbers.map(|number| household(number, "990101100201", "某人")).collect()
}

fn a_first_load_indexes_its_lists_when_it_ends() {
    let missing = |county: &County| {
        let plan = Store::plan(county.location(), declarations(""), &key(), day("2024-06-03")).expect("plans");
        assert!(plan.indexes.iter().all(|(table, _)| table == "r_household"), "{plan:?}");
        plan.indexes.len()
    };
    let few = County::empty();
    few.save("household", households(1..1000)).expect("is saved");
    assert_eq!(missing(&few), 0, "few records leave the indexes alone");
    few.save("household", households(1000..3000)).expect("is saved");
    assert_eq!(missing(&few), 0, "a register that is not empty keeps them");

    let many = County::empty();
    let begin = NewImport { dataset: "household".into(), ..bill(&"c".repeat(64)) };
    let import = many.system(Command::BeginImport(begin)).expect("begins").id.expect("an id");
    many.save("household", households(1..1001)).expect("is saved");
    assert!(missing(&many) > 0, "they are left away");
    many.save("household", households(500..1500)).expect("is saved");
    let summary = ImportSummary { state: ImportState::Failed, ..Default::default() };
    many.system(Command::FinishImport { import, summary }).expect("ends");
    assert_eq!(missing(&many), 0, "an import that ends leaves none out, whatever its end");
    let view = many.store.view(&store::system_actor(place("99")));
    let page = view
        .records(
            "household",
            RecordQuery { filter: &store::RecordFilter::default(), order: None, columns: &[] },
            None,
            500,
        )
        .expect("reads");
    assert!(matches!(page.total, store::Total::About(_) | store::Total::AtLeast(1000)), "{:?}", page.total);

    let killed = County::empty();
    killed.save("household", households(1..1001)).expect("is saved");
    assert!(missing(&killed) > 0);
    let again = Store::open_at_once(killed.location(), declarations(""), &key()).expect("opens");
    assert!(missing(&killed) > 0, "opening does not wait for them");
    let found = again.view(&store::system_actor(place("99"))).household(model::HouseholdNo(1)).expect("reads");
    assert!(found.is_some(), "what is not indexed is there all the same");
    assert_eq!(again.finish_upgrade().expect("builds them"), 0);
    assert_eq!(missing(&killed), 0, "the next start makes up for what was cut off");
}
