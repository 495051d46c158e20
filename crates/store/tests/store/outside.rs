//! Whoever asks, from wherever: what lies outside is shown, counted, hinted, exported and refused exactly as what does not exist.
//!
//! The oracle works from the declaration and the digits of places, and calls nothing of the store.

use crate::county::{actor, day, place};
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, decimal, garden, garden_row, package, text};
use model::{Actor, Moment, RegionCode, Version};
use store::{Command, Entry, RecordFilter, RecordQuery, Refusal};

on_both![
    what_lies_outside_is_as_what_does_not_exist,
    a_number_that_is_taken_outside_says_nothing_of_who_has_it,
    the_table_of_rights_is_the_one_that_was_reviewed,
];

const NOTHING: &str = "00000000000000ff";
const REGISTERS: [&str; 3] = ["garden", "tool", "duty"];

/// From where a record of the first village is asked for.
const PLACES: [(&str, &str); 7] = [
    ("own village", "990101100201"),
    ("sibling village", "990101100202"),
    ("own township", "990101100"),
    ("other township", "990101200"),
    ("own county", "990101"),
    ("other county", "990102"),
    ("above", "99"),
];

/// Every role of the package at every place; officers of two departments.
fn actors() -> Vec<(String, Actor)> {
    let mut actors = Vec::new();
    for (role, declared) in &package().roles {
        for (what, code) in PLACES {
            let departments: &[Option<&str>] =
                if declared.of_department { &[Some("farming"), Some("medical"), None] } else { &[None] };
            for department in departments {
                let who = Actor { department: department.map(str::to_owned), ..actor(role, code) };
                actors.push((format!("{role} {department:?} of the {what}"), who));
            }
        }
    }
    actors
}

/// True when the digits of `outer`, its trailing zeros left out by level, begin those of `inner`.
fn lies_in(inner: &str, outer: RegionCode) -> bool {
    let digits = outer.to_string();
    let length = [2, 4, 6, 9, 12].into_iter().find(|length| digits[*length..].bytes().all(|digit| digit == b'0'));
    inner.starts_with(&digits[..length.unwrap_or(12)])
}

/// What the declaration says of a role, a department and a register.
fn may(who: &Actor, register: &str, roles: impl Fn(&policy::declare::Register) -> &Vec<String>) -> bool {
    let declared = &package().registers[register];
    let keeps = !package().roles[&who.role].of_department
        || (who.department.is_some() && who.department == declared.department);
    keeps && declared.may_see.contains(&who.role) && roles(declared).contains(&who.role)
}

/// A refusal as its reader sees it.
fn spelled(refused: Result<store::Receipt, Refusal>) -> String {
    match refused {
        Ok(receipt) => format!("{receipt:?}"),
        Err(Refusal { kind, name, what, hint, fields, record, since }) => {
            format!("{kind:?} {name} {what:?} {hint:?} {fields:?} {record:?} {since:?}")
        }
    }
}

/// Every command that names a record.
fn commands(id: &str) -> Vec<Command> {
    let fields = vec![("area_mu".to_owned(), decimal("2"))];
    let entry = Entry { register: "garden".into(), fields, ..Entry::default() };
    let minutes = vec![("minutes".to_owned(), text("同意"))];
    let step = |step: &str, fields| Command::TakeStep {
        version: None,
        register: "garden".into(),
        id: id.into(),
        step: step.into(),
        fields,
    };
    let unmask = |field: &str| Command::Unmask {
        register: "garden".into(),
        id: id.into(),
        field: field.into(),
        purpose: "回访核实情况".into(),
    };
    vec![
        Command::Correct { id: id.into(), version: Version(1), entry: entry.clone() },
        Command::Correct { id: id.into(), version: Version(9), entry },
        Command::Withdraw { register: "garden".into(), id: id.into(), version: Version(1), why: "重复".into() },
        Command::Withdraw { register: "garden".into(), id: id.into(), version: Version(9), why: String::new() },
        step("publish", minutes),
        step("confirm", Vec::new()),
        step("nothing", Vec::new()),
        unmask("keeper_phone"),
        unmask("area_mu"),
    ]
}

fn what_lies_outside_is_as_what_does_not_exist() {
    let valley = &Valley::new();
    let id = valley.enter("G1", &[]);
    valley.import("garden", vec![garden_row(2, "H1", VILLAGES[3], "1")]).expect("is taken");
    let mut compared = 0;
    for (what, who) in actors() {
        let view = valley.store.view(&who);
        let sees = may(&who, "garden", |register| &register.may_see);
        let reaches = lies_in(VILLAGES[0], who.region);
        let count = [VILLAGES[0], VILLAGES[3]].iter().filter(|village| lies_in(village, who.region)).count();
        let on = day("2024-06-03");
        for register in REGISTERS {
            let declared = may(&who, register, |register| &register.may_see);
            assert_eq!(view.registers().iter().any(|name| name == register), declared, "{what}: {register}");
        }
        let list = view.records(
            "garden",
            RecordQuery { filter: &RecordFilter::default(), order: None, columns: &["garden_no".into()] },
            None,
            50,
        );
        assert_eq!(list.as_ref().map_or(0, |page| page.rows.len()), if sees { count } else { 0 }, "{what}: a list");
        assert_eq!(list.is_ok(), sees, "{what}: a list");
        let figures = view.register_figures("garden", on).map_or(0, |figures| figures.records as usize);
        assert_eq!(figures, if sees { count } else { 0 }, "{what}: figures");
        let by_key = view.record_by_key("garden", "G1").ok().flatten();
        assert_eq!(by_key.is_some(), sees && reaches, "{what}: by its key");
        let hints = view.references("garden", "G").map_or(0, |found| found.len());
        assert_eq!(hints, usize::from(sees && reaches), "{what}: hints");
        for asked in [view.record("garden", &id, on), view.record_as_of("garden", &id, on)] {
            assert_eq!(asked.ok().flatten().is_some(), sees && reaches, "{what}: the record");
        }
        let mut exported = 0;
        let taken = view.export_records(
            "garden",
            RecordQuery { filter: &RecordFilter::default(), order: None, columns: &["garden_no".into()] },
            &mut |_| {
                exported += 1;
                Ok(())
            },
        );
        let may_export = may(&who, "garden", |register| &register.may_export);
        assert_eq!((taken.is_ok(), exported), (may_export, if may_export { count } else { 0 }), "{what}: an export");
        if sees && reaches {
            continue;
        }
        for (known, unknown) in commands(&id).into_iter().zip(commands(NOTHING)) {
            let command = format!("{known:?}");
            let said = spelled(valley.store.rehearse(&who, Moment { day: on, at_ms: AT_MS }, known));
            assert_eq!(
                said,
                spelled(valley.store.rehearse(&who, Moment { day: on, at_ms: AT_MS }, unknown)),
                "{what}: {command}"
            );
            assert!(said.starts_with("NotFound") || said.starts_with("NotAllowed"), "{what}: {command}: {said}");
            compared += 1;
        }
    }
    assert!(compared > 200, "many were outside: {compared}");
}

fn a_number_that_is_taken_outside_says_nothing_of_who_has_it() {
    let valley = &Valley::new();
    let id = valley.enter("G1", &[]);
    let stranger = actor("clerk", "990101200");
    let enter = || valley.apply(&stranger, "2024-06-04", Command::Enter(garden("G1", VILLAGES[2], &[])));
    for state in ["there", "withdrawn"] {
        let refusal = enter().expect_err(state);
        assert!(matches!(refusal.kind, store::RefusalKind::Conflict), "{refusal:?}");
        assert_eq!(refusal.record, None, "{state}");
        for told in [refusal.what.chinese(), refusal.hint.chinese(), refusal.what.english(), refusal.hint.english()] {
            assert!(!told.contains("2024") && !told.contains("clerk") && !told.contains("某人"), "{state}: {told}");
        }
        let why = "重复".to_owned();
        let withdraw = Command::Withdraw { register: "garden".into(), id: id.clone(), version: Version(1), why };
        let _ = valley.apply(&crate::valley::clerk(), "2024-06-03", withdraw);
    }
    let mut row = garden_row(2, "G1", VILLAGES[2], "1");
    row.children = None;
    let import = Command::ImportRecords { register: "garden".into(), file: "f".into(), records: vec![row] };
    let county = actor("county", "990101");
    let other = Actor { region: place("990102"), ..county.clone() };
    let receipt = valley.apply(&other, "2024-06-04", import.clone()).expect("is read");
    assert_eq!((receipt.outside, receipt.added, receipt.changed), (1, 0, 0));
}

/// Register × role × right, as the store grants them within the own place; the file is read and reviewed by people.
fn the_table_of_rights_is_the_one_that_was_reviewed() {
    type Right = (&'static str, fn(&policy::declare::Register) -> &Vec<String>);
    const RIGHTS: [Right; 5] = [
        ("see", |register| &register.may_see),
        ("enter", |register| &register.may_enter),
        ("import", |register| &register.may_import),
        ("export", |register| &register.may_export),
        ("unmask", |register| &register.may_unmask),
    ];
    let valley = &Valley::new();
    let mut table = String::new();
    for (name, register) in package().registers.iter().filter(|(name, _)| *name != "lead") {
        for (role, declared) in &package().roles {
            let departments: &[Option<&str>] =
                if declared.of_department { &[Some("farming"), Some("medical")] } else { &[None] };
            for department in departments {
                let who = Actor { department: department.map(str::to_owned), ..actor(role, "990101") };
                let view = valley.store.view(&who);
                let granted = RIGHTS.iter().filter(|(_, roles)| view.has_right(register, roles(register)));
                let granted: Vec<&str> = granted.map(|(right, _)| *right).collect();
                let declared = RIGHTS.iter().filter(|(_, roles)| may(&who, name, roles)).map(|(right, _)| *right);
                assert_eq!(granted, declared.collect::<Vec<_>>(), "{name} {role}");
                let shown = if granted.is_empty() { "-".to_owned() } else { granted.join(" ") };
                let role = department.map_or(role.clone(), |department| format!("{role} of {department}"));
                table.push_str(&format!("{name:<10} {role:<20} {shown}\n"));
            }
        }
    }
    assert_eq!(table, include_str!("../golden/access.txt"), "crates/store/tests/golden/access.txt");
}
