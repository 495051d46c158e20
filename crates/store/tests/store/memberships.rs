//! A person in two households on one day: told where the record comes in, by file and by hand, and only to whom it may be told.

use crate::county::{actor, day, place, resident};
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, package, text};
use model::{HouseholdNo, LakeRow, Moment, ResidentKey, Value};
use store::{Command, Entry, ImportState, ImportSummary, NewImport, Receipt, Record, UnmatchedRow};

on_both![
    days_on_which_both_households_hold_are_told_and_others_are_not,
    rows_of_one_file_are_held_against_one_another,
    a_household_outside_is_not_named,
    what_is_entered_by_hand_is_told_too,
    what_was_withdrawn_belongs_to_no_household,
    notes_on_taken_rows_are_kept_counted_and_forgotten_by_the_next_try,
];

/// A membership of person 7, as a row of a file of the valley.
fn stay(row: u32, household: i64, from: &str, to: &str) -> Record {
    let day_or_none = |text: &str| if text.is_empty() { Value::Null } else { Value::Day(day(text)) };
    let county = resident(household, 7);
    let [number, identity, name, born_on, ..] = &county.fields[..] else { panic!("a resident of the county") };
    let fields = vec![
        number.clone(),
        identity.clone(),
        name.clone(),
        born_on.clone(),
        day_or_none(from),
        day_or_none(to),
        Value::Null,
    ];
    Record { row, fields, ..county }
}

fn told(receipt: &Receipt) -> Vec<(u32, String)> {
    assert!(receipt.refused.is_empty(), "{:?}", receipt.refused);
    receipt.remarks.iter().map(|remark| (remark.row, remark.what.chinese().to_owned())).collect()
}

fn days_on_which_both_households_hold_are_told_and_others_are_not() {
    let cases = [
        ("2024-01-01", "", "2024-01-01", "", true),
        ("", "", "", "", true),
        ("", "2024-05-01", "2024-05-01", "", false),
        ("", "2024-05-02", "2024-05-01", "", true),
        ("2024-05-01", "", "", "2024-05-01", false),
        ("2024-05-01", "", "", "2024-05-02", true),
        ("2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01", false),
        ("2020-01-01", "2024-01-01", "2022-01-01", "2023-01-01", true),
        ("", "", "2022-01-01", "2022-01-01", false),
    ];
    for (from, to, other_from, other_to, both) in cases {
        let valley = Valley::new();
        let first = valley.import("resident", vec![stay(2, 1, from, to)]).expect("is taken");
        assert!(first.remarks.is_empty());
        let second = valley.import("resident", vec![stay(2, 2, other_from, other_to)]).expect("is taken");
        let told = told(&second);
        assert_eq!(told.len(), usize::from(both), "{from} {to} {other_from} {other_to}: {told:?}");
        assert!(told.iter().all(|(row, what)| *row == 2 && what.contains("同时登记在1户")), "{told:?}");
        assert_eq!((second.added, second.in_two_households), (1, u64::from(both)));
        let again = valley.import("resident", vec![stay(2, 2, other_from, other_to)]).expect("is the same");
        assert_eq!((again.unchanged, again.remarks.len()), (1, usize::from(both)), "it is told until it is mended");
    }
}

fn rows_of_one_file_are_held_against_one_another() {
    let valley = Valley::new();
    let rows = vec![stay(2, 1, "2024-01-01", ""), stay(3, 2, "2024-03-01", "2024-06-01")];
    let receipt = valley.import("resident", rows).expect("is taken");
    let span = "该成员自2024-03-01起至2024-06-01前又在本表第";
    let expected = [(2, format!("{span}3行登记在2户")), (3, format!("{span}2行登记在1户"))];
    assert_eq!(told(&receipt), expected);
    // A file that has both rows of a move is right, whatever is held and in whichever order they stand.
    let rows = vec![stay(2, 2, "2024-03-01", ""), stay(3, 1, "2024-01-01", "2024-03-01")];
    assert_eq!(told(&valley.import("resident", rows).expect("is taken")), []);
    let twice = vec![stay(2, 1, "2024-01-01", "2024-03-01"), stay(3, 1, "2024-01-01", "2024-03-01")];
    assert_eq!(told(&valley.import("resident", twice).expect("is taken")), [], "one household twice is one");
}

fn a_household_outside_is_not_named() {
    let valley = Valley::new();
    valley.import("resident", vec![stay(2, 3, "2020-01-01", "")]).expect("is taken");
    let register = "resident".to_owned();
    let records = vec![stay(2, 1, "2024-01-01", "")];
    let command = Command::ImportRecords { register, file: "bbbbbbbbbbbb".into(), records };
    let receipt = valley.apply(&clerk(), "2024-06-02", command).expect("is taken");
    assert_eq!(told(&receipt), [(2, "该成员自2024-01-01起同时登记在辖区以外的另一户".to_owned())]);
    valley.import("resident", vec![stay(2, 2, "2024-02-01", "")]).expect("is taken");
    let records = vec![stay(2, 1, "2024-01-01", "")];
    let command = Command::ImportRecords { register: "resident".into(), file: "bbbbbbbbbbbb".into(), records };
    let receipt = valley.apply(&clerk(), "2024-06-02", command).expect("is taken");
    assert_eq!(
        told(&receipt),
        [(2, "该成员自2024-02-01起同时登记在2户,另外还有1户".to_owned())],
        "what may be named comes first"
    );
}

fn what_is_entered_by_hand_is_told_too() {
    let mut package = package().clone();
    let residents = package.registers.get_mut("resident").expect("a register of residents");
    residents.may_enter.push("clerk".to_owned());
    let valley = Valley::of(&package);
    valley.import("resident", vec![stay(2, 1, "2024-01-01", "")]).expect("is taken");
    let record = stay(0, 2, "", "");
    let fields = vec![
        ("household_no".to_owned(), record.fields[0].clone()),
        ("identity_no".to_owned(), record.fields[1].clone()),
        ("name".to_owned(), text("阿依")),
        ("member_from".to_owned(), Value::Day(day("2024-05-01"))),
    ];
    let entry = Entry { register: "resident".into(), resident_key: record.resident_key, fields, ..Entry::default() };
    let entered = valley.apply(&clerk(), "2024-06-02", Command::Enter(entry)).expect("is entered");
    assert_eq!(told(&entered), [(0, "该成员自2024-05-01起同时登记在1户".to_owned())]);
    let (id, version) = (entered.id.expect("an id"), entered.version.expect("a version"));
    let fields = vec![("member_to".to_owned(), Value::Day(day("2024-05-01")))];
    let entry = Entry { register: "resident".into(), fields, ..Entry::default() };
    let corrected =
        valley.apply(&clerk(), "2024-06-02", Command::Correct { id, version, entry }).expect("is corrected");
    assert_eq!(told(&corrected), [], "who left on the first day was there on no day");
}

fn what_was_withdrawn_belongs_to_no_household() {
    let valley = Valley::new();
    valley.import("resident", vec![stay(2, 1, "2024-01-01", ""), stay(3, 2, "2024-03-01", "")]).expect("is taken");
    let members = || {
        let mut members: Vec<(HouseholdNo, ResidentKey, Vec<Value>)> = Vec::new();
        let each = &mut |household, resident, values| {
            members.push((household, resident, values));
            Ok(())
        };
        valley.store.members("resident", place("99"), &["name", "nothing"], each).expect("are read");
        members
    };
    let households = |members: &[(HouseholdNo, ResidentKey, Vec<Value>)]| -> Vec<i64> {
        members.iter().map(|(household, ..)| household.0).collect()
    };
    assert_eq!(households(&members()), [1, 2]);
    assert!(members().iter().all(|(_, _, values)| values[0].as_text().is_some() && values[1].is_null()));
    let id = valley.store.view(&clerk()).household(HouseholdNo(2)).expect("reads").is_some();
    assert!(id);
    let import = NewImport {
        dataset: "resident".into(),
        file_name: "成员.csv".into(),
        file_hash: "aaaaaaaaaaaaaaaa".into(),
        bytes: 9,
        region: place("99"),
        delivered_on: day("2024-06-01"),
        said_days: (None, None),
    };
    let import = valley.system(Command::BeginImport(import)).expect("begins").id.expect("an id");
    let summary = ImportSummary { state: ImportState::Done, ..ImportSummary::default() };
    valley.system(Command::FinishImport { import: import.clone(), summary }).expect("ends");
    valley.system(Command::UndoImport { import }).expect("is taken back");
    assert_eq!(households(&members()), [0; 0]);
    let mut rows = 0;
    let each = &mut |_: LakeRow| {
        rows += 1;
        Ok(())
    };
    valley.store.snapshot("resident", place("99"), each).expect("is read");
    assert_eq!(rows, 0);
    let receipt = valley.import("resident", vec![stay(2, 2, "2024-03-01", "")]).expect("is taken");
    assert_eq!(told(&receipt), [], "a withdrawn record is no membership");
}

fn notes_on_taken_rows_are_kept_counted_and_forgotten_by_the_next_try() {
    let valley = Valley::new();
    let new = || {
        Command::BeginImport(NewImport {
            dataset: "resident".into(),
            file_name: "成员.csv".into(),
            file_hash: "cccccccccccccccc".into(),
            bytes: 9,
            region: place("990101100"),
            delivered_on: day("2024-06-01"),
            said_days: (None, None),
        })
    };
    let apply = |command| valley.store.apply(&clerk(), Moment { day: day("2024-06-01"), at_ms: AT_MS }, command);
    let import = apply(new()).expect("begins").id.expect("an id");
    let note = |row, reason: &str| UnmatchedRow {
        row,
        reason: reason.into(),
        what: String::from("请核对").into(),
        seen: "99**".into(),
    };
    let rows = vec![note(2, "name"), note(3, "name"), note(3, "number")];
    apply(Command::AddNoted { import: import.clone(), rows }).expect("adds");
    let stranger = actor("cadre", VILLAGES[3]);
    let view = valley.store.view(&clerk());
    let counts = view.noted_counts(&import).expect("reads").expect("is there");
    assert_eq!(
        counts.iter().map(|(kind, _, count)| (kind.as_str(), *count)).collect::<Vec<_>>(),
        [("name", 2), ("number", 1)]
    );
    let page = view.noted(&import, None, 2).expect("reads").expect("is there");
    assert_eq!(page.rows.iter().map(|shown| shown.row.row).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(view.noted(&import, page.next.as_deref(), 2).expect("reads").expect("is there").rows.len(), 1);
    assert_eq!(view.unmatched_counts(&import).expect("reads").expect("is there"), [], "they are not unmatched");
    assert!(valley.store.view(&stranger).noted(&import, None, 2).expect("reads").is_none());
    apply(new()).expect("begins again");
    assert_eq!(view.noted_counts(&import).expect("reads").expect("is there"), []);
}
