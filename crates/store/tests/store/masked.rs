//! Rows that were exported come back with masks in them.

use crate::county::{day, place, resident};
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, decimal, garden_row, harvests, package, text};
use model::{Moment, Value, Version};
use std::sync::Arc;
use store::{Command, Exported, Record, RecordFilter, RecordQuery, Unsaid, system_actor};

on_both!(
    a_mask_that_comes_back_says_nothing_and_hides_no_change,
    a_mask_of_something_else_is_refused_at_its_cell,
    a_masked_key_is_known_by_the_number_of_its_record,
    children_of_which_nothing_is_said_stay,
    a_column_that_a_file_does_not_have_changes_nothing,
    a_column_of_children_that_a_file_does_not_have_changes_nothing,
    a_new_row_must_bring_what_is_required,
    a_row_with_the_number_of_another_record_is_refused,
    an_export_of_withdrawn_records_does_not_bring_them_back,
    rows_that_go_are_counted_and_never_go_from_under_somebody,
    a_record_that_a_file_names_twice_is_filled_in_from_its_row_before,
);

/// A record as an export of the machine's owner shows it, ready to be imported again.
fn exported(valley: &Valley, register: &str) -> Vec<Record> {
    exported_under(valley, register, &RecordFilter::default())
}

fn exported_under(valley: &Valley, register: &str, filter: &RecordFilter) -> Vec<Record> {
    let view = valley.store.view(&system_actor(place("99")));
    let declared = &package().registers[register];
    let columns: Vec<String> = declared.field.iter().map(|field| field.name.clone()).collect();
    let mut records: Vec<Record> = Vec::new();
    let given = view.export(register, RecordQuery { filter, order: None, columns: &columns }, true, &mut |row| {
        match row {
            Exported::Record(row) => {
                let mut fields = row.cells;
                let calculated = fields.iter_mut().zip(&declared.field).filter(|(_, field)| !field.is_entered());
                calculated.for_each(|(cell, _)| *cell = Value::Null);
                let (id, row) = (Some(row.id), records.len() as u32 + 2);
                let children =
                    Some(vec![Some(Vec::new()); declared.child.len()]).filter(|children| !children.is_empty());
                records.push(Record { id, row, fields, children, ..Record::default() });
            }
            Exported::Child { kind, record, values } => {
                let at = records.iter().position(|known| known.id.as_ref() == Some(&record.id)).expect("its record");
                let said = records[at].children.as_mut().and_then(|all| all[kind].as_mut()).expect("all is said");
                said.push(values);
            }
        }
        Ok(())
    });
    assert_eq!(given.expect("exports") as usize, records.len());
    records
}

fn at(register: &str, field: &str) -> usize {
    let found = package().registers[register].field.iter().position(|one| one.name == field);
    found.unwrap_or_else(|| panic!("no {field}"))
}

/// A garden with two harvests, one of them sold.
fn with_harvests(valley: &Valley) -> String {
    let id = valley.enter("G1", &[]);
    let mut entry = store::Entry { register: "garden".into(), ..store::Entry::default() };
    let (kind, mut rows) = harvests(&[("2024-05-01", "10"), ("2024-05-09", "4")]);
    rows[1].push(("buyer_phone".into(), text("13987654321")));
    entry.children.push((kind, rows));
    valley
        .apply(&clerk(), "2024-06-02", Command::Correct { id: id.clone(), version: Version(1), entry })
        .expect("is corrected");
    id
}

fn unmasked(valley: &Valley, id: &str) -> String {
    let command = Command::Unmask {
        register: "garden".into(),
        id: id.into(),
        field: "keeper_phone".into(),
        purpose: "电话核对收成情况".into(),
    };
    let seen = valley.store.apply(&clerk(), Moment { day: day("2024-06-03"), at_ms: AT_MS }, command).expect("is seen");
    seen.text.unwrap_or_default()
}

fn a_mask_that_comes_back_says_nothing_and_hides_no_change() {
    let valley = &Valley::new();
    let id = with_harvests(valley);
    let mut rows = exported(valley, "garden");
    assert_eq!(rows[0].fields[at("garden", "keeper_phone")], text("138****5678"), "exports are masked");
    let same = valley.import("garden", rows.clone()).expect("is taken");
    assert_eq!((same.added, same.changed, same.unchanged), (0, 0, 1), "{same:?}");
    rows[0].fields[at("garden", "area_mu")] = decimal("6");
    let changed = valley.import("garden", rows).expect("is taken");
    assert_eq!((changed.changed, changed.changed_records.as_slice()), (1, &[(2, id.clone())][..]));
    assert_eq!(unmasked(valley, &id), "13812345678");
    let children = exported(valley, "garden").remove(0).children.expect("said");
    assert_eq!(children[0].as_ref().expect("said")[1][2], text("139****4321"));
}

/// What is wrong, what makes it so, and the field that the refusal names.
type Spoiled<'a> = (&'a str, &'a dyn Fn(&mut Record), &'a str);

fn a_mask_of_something_else_is_refused_at_its_cell() {
    let valley = &Valley::new();
    with_harvests(valley);
    let rows = exported(valley, "garden");
    let phone = at("garden", "keeper_phone");
    let cases: [Spoiled<'_>; 3] = [
        ("another mask", &|row| row.fields[phone] = text("139****0000"), "keeper_phone"),
        ("a mask of a new record", &|row| row.fields[0] = text("G9"), "keeper_phone"),
        (
            "a child's mask",
            &|row| {
                let said = row.children.as_mut().and_then(|all| all[0].as_mut()).expect("said");
                said[1][2] = text("139****0000");
            },
            "buyer_phone",
        ),
    ];
    for (what, spoil, column) in cases {
        let mut row = rows[0].clone();
        spoil(&mut row);
        let receipt = valley.import("garden", vec![row]).expect("is judged");
        assert_eq!((receipt.added, receipt.changed, receipt.refused.len()), (0, 0, 1), "{what}: {receipt:?}");
        assert!(receipt.refused[0].columns.contains(&column.to_owned()), "{what}: {receipt:?}");
    }
}

fn a_masked_key_is_known_by_the_number_of_its_record() {
    let valley = &Valley::new();
    let member = |household: i64, number: i64| {
        let mut member = resident(household, number);
        member.fields.insert(at("resident", "member_to"), Value::Null);
        member
    };
    valley.import("resident", vec![member(1, 41), member(2, 42)]).expect("residents are saved");
    let rows = exported(valley, "resident");
    let same = valley.import("resident", rows.clone()).expect("is taken");
    assert_eq!((same.added, same.changed, same.unchanged, same.refused.len()), (0, 0, 2, 0), "{same:?}");
    for id in [None, Some("0123456789abcdef".to_owned())] {
        let nameless = rows.iter().map(|row| Record { id: id.clone(), ..row.clone() }).collect();
        let refused = valley.import("resident", nameless).expect("is judged");
        assert_eq!((refused.added, refused.unchanged, refused.refused.len()), (0, 0, 2), "{id:?}: {refused:?}");
    }
    let mut crossed = rows.clone();
    crossed[0].id = rows[1].id.clone();
    let receipt = valley.import("resident", crossed).expect("is judged");
    assert!(receipt.refused.len() == 1 && receipt.changed == 0, "another's number: {receipt:?}");
}

fn children_of_which_nothing_is_said_stay() {
    let valley = &Valley::new();
    with_harvests(valley);
    let count = || exported(valley, "garden").remove(0).children.expect("said")[0].as_ref().map_or(0, Vec::len);
    let phone = at("garden", "keeper_phone");
    for (said, left) in [(None, 2), (Some(vec![None]), 2), (Some(vec![Some(Vec::new())]), 0)] {
        let mut row = garden_row(2, "G1", VILLAGES[0], "4.5");
        row.fields[phone] = text("13812345678");
        row.children = said.clone();
        let receipt = valley.import("garden", vec![row]).expect("is taken");
        assert!(receipt.refused.is_empty(), "{receipt:?}");
        assert_eq!(count(), left, "{said:?}");
    }
}

/// A file without these columns of the register, and of its first kind of child records.
fn without(register: &str, fields: &[&str], children: &[usize]) -> Unsaid {
    let fields: Arc<[usize]> = fields.iter().map(|field| at(register, field)).collect();
    Unsaid { fields, children: Arc::from([Arc::from(children)]), ..Unsaid::default() }
}

fn a_column_that_a_file_does_not_have_changes_nothing() {
    let valley = &Valley::new();
    with_harvests(valley);
    let whole = exported(valley, "garden");
    let names: Vec<String> = package().registers["garden"].field.iter().map(|field| field.name.clone()).collect();
    for name in &names {
        let mut row = whole[0].clone();
        row.fields[at("garden", name)] = Value::Null;
        row.unsaid = without("garden", &[name], &[]);
        let receipt = valley.import("garden", vec![row]).expect("is taken");
        assert_eq!((receipt.unchanged, receipt.refused.len()), (1, 0), "{name}: {receipt:?}");
    }
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut row = whole[0].clone();
    row.fields.iter_mut().for_each(|cell| *cell = Value::Null);
    row.unsaid = without("garden", &all, &[]);
    let receipt = valley.import("garden", vec![row.clone()]).expect("is taken");
    assert_eq!(receipt.unchanged, 1, "its number alone: {receipt:?}");
    row.id = None;
    let receipt = valley.import("garden", vec![row]).expect("is judged");
    assert_eq!((receipt.unchanged, receipt.refused.len()), (0, 1), "nothing at all: {receipt:?}");
    let mut row = whole[0].clone();
    row.fields[at("garden", "keeper_phone")] = Value::Null;
    let receipt = valley.import("garden", vec![row]).expect("is taken");
    assert_eq!(receipt.changed, 1, "an empty cell of a column that is there says that there is nothing: {receipt:?}");
}

fn a_column_of_children_that_a_file_does_not_have_changes_nothing() {
    let valley = &Valley::new();
    with_harvests(valley);
    let whole = exported(valley, "garden");
    let phone = package().registers["garden"].child[0].field.iter().position(|field| field.name == "buyer_phone");
    let phone = phone.expect("a field");
    let mut row = whole[0].clone();
    row.unsaid = without("garden", &[], &[phone]);
    let rows = row.children.as_mut().and_then(|all| all[0].as_mut()).expect("said");
    rows.iter_mut().for_each(|row| row[phone] = Value::Null);
    rows.swap(0, 1);
    rows.push(vec![Value::Null; rows[0].len()]);
    rows[2][0] = Value::Day(day("2024-05-20"));
    rows[2][1] = decimal("1");
    let receipt = valley.import("garden", vec![row]).expect("is taken");
    assert_eq!((receipt.changed, receipt.refused.len(), receipt.rows_gone), (1, 0, 0), "{receipt:?}");
    let after = exported(valley, "garden").remove(0).children.expect("said")[0].clone().expect("said");
    let phones: Vec<&Value> = after.iter().map(|row| &row[phone]).collect();
    assert_eq!(phones, [&text("139****4321"), &Value::Null, &Value::Null], "each row keeps its own");
}

fn a_new_row_must_bring_what_is_required() {
    let valley = &Valley::new();
    let declared = &package().registers["garden"];
    let required = declared.field.iter().filter(|field| field.required && field.is_entered());
    for field in required {
        let mut row = garden_row(2, "G7", VILLAGES[0], "4.5");
        row.fields[at("garden", &field.name)] = Value::Null;
        row.unsaid = without("garden", &[&field.name], &[]);
        let receipt = valley.import("garden", vec![row]).expect("is judged");
        assert_eq!((receipt.added, receipt.refused.len()), (0, 1), "{}: {receipt:?}", field.name);
        assert!(receipt.refused[0].columns.contains(&field.name), "{receipt:?}");
    }
}

fn a_row_with_the_number_of_another_record_is_refused() {
    let valley = &Valley::new();
    with_harvests(valley);
    let mut row = garden_row(2, "G8", VILLAGES[0], "4.5");
    row.id = exported(valley, "garden")[0].id.clone();
    let receipt = valley.import("garden", vec![row.clone()]).expect("is judged");
    assert_eq!((receipt.added, receipt.refused.len()), (0, 1), "{receipt:?}");
    for unknown in [None, Some("0123456789abcdef".to_owned())] {
        row.id = unknown;
        row.row += 1;
        let receipt = valley.import("garden", vec![row.clone()]).expect("is taken");
        assert_eq!(receipt.refused.len(), 0, "{receipt:?}");
    }
}

fn an_export_of_withdrawn_records_does_not_bring_them_back() {
    let valley = &Valley::new();
    let id = with_harvests(valley);
    let before = exported(valley, "garden");
    let why = "录错了".to_owned();
    let command = Command::Withdraw { register: "garden".into(), id, version: Version(2), why };
    valley.apply(&clerk(), "2024-06-03", command).expect("is withdrawn");
    let filter = RecordFilter { withdrawn: true, ..RecordFilter::default() };
    let withdrawn = exported_under(valley, "garden", &filter);
    assert_eq!((withdrawn.len(), exported(valley, "garden").len()), (1, 0));
    for rows in [withdrawn, before.clone()] {
        let receipt = valley.import("garden", rows).expect("is judged");
        assert_eq!((receipt.changed, receipt.refused.len()), (0, 1), "{receipt:?}");
    }
    let again = Record { fields: garden_row(2, "G1", VILLAGES[0], "4.5").fields, ..Record::default() };
    let receipt = valley.import("garden", vec![again]).expect("is taken");
    assert_eq!((receipt.changed, receipt.refused.len()), (1, 0), "entered anew: {receipt:?}");
}

fn rows_that_go_are_counted_and_never_go_from_under_somebody() {
    let valley = &Valley::new();
    with_harvests(valley);
    let mut emptied = exported(valley, "garden").remove(0);
    emptied.children = Some(vec![Some(Vec::new())]);
    for (then, refused) in [(Some(1), 1), (Some(3), 1), (Some(2), 0)] {
        emptied.unsaid.rows_then = vec![then];
        let receipt = valley.import("garden", vec![emptied.clone()]).expect("is judged");
        let gone = if refused == 0 { 2 } else { 0 };
        assert_eq!((receipt.refused.len(), receipt.rows_gone), (refused, gone), "{then:?}: {receipt:?}");
    }
    let receipt = valley.import("garden", vec![emptied]).expect("is taken");
    assert_eq!((receipt.unchanged, receipt.rows_gone), (1, 0), "the same file twice is once: {receipt:?}");
}

/// Two rows about one record in one chunk: what the second leaves unsaid, or shows as a mask, is what the first one left.
fn a_record_that_a_file_names_twice_is_filled_in_from_its_row_before() {
    let (area, phone) = (at("garden", "area_mu"), at("garden", "keeper_phone"));
    let unsaid = |at: usize| Unsaid { fields: Arc::from([at]), ..Unsaid::default() };
    for is_there in [true, false] {
        let valley = &Valley::new();
        if is_there {
            valley.enter("G1", &[]);
        }
        let row = |row: u32| garden_row(row, "G1", VILLAGES[0], "6");
        let (mut first, mut second, mut third) = (row(2), row(3), row(4));
        first.fields[phone] = text("13700001111");
        second.fields[area] = Value::Null;
        second.fields[phone] = text("137****1111");
        second.unsaid = unsaid(area);
        third.fields[area] = decimal("7");
        third.unsaid = unsaid(phone);
        let receipt = valley.import("garden", vec![first, second, third]).expect("is taken");
        assert_eq!(receipt.refused, [], "is there: {is_there}");
        let counts = (receipt.added, receipt.changed, receipt.unchanged);
        assert_eq!(counts, if is_there { (0, 2, 1) } else { (1, 1, 1) }, "is there: {is_there}");
        let held = exported(valley, "garden").remove(0);
        assert_eq!(held.fields[area], decimal("7"));
        assert_eq!(unmasked(valley, &held.id.expect("has an id")), "13700001111");
    }
}
