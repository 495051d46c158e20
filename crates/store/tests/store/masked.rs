//! Rows that were exported come back with masks in them.

use crate::county::{day, place, resident};
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, decimal, garden_row, harvests, package, text};
use model::Value;
use store::{Command, Record, RecordFilter, system_actor};

on_both!(
    a_mask_that_comes_back_says_nothing_and_hides_no_change,
    a_mask_of_something_else_is_refused_at_its_cell,
    a_masked_key_is_known_by_the_number_of_its_record,
    children_of_which_nothing_is_said_stay,
);

/// A record as an export of the machine's owner shows it, ready to be imported again.
fn exported(valley: &Valley, register: &str) -> Vec<Record> {
    let view = valley.store.view(&system_actor(place("99")));
    let declared = &package().registers[register];
    let columns: Vec<String> = declared.field.iter().map(|field| field.name.clone()).collect();
    let all = RecordFilter::default();
    let mut records: Vec<Record> = Vec::new();
    let exported = view.export_records(register, (&all, None), &columns, &mut |row| {
        let mut fields = row.cells;
        let calculated = fields.iter_mut().zip(&declared.field).filter(|(_, field)| !field.is_entered());
        calculated.for_each(|(cell, _)| *cell = Value::Null);
        let row_number = records.len() as u32 + 2;
        records.push(Record { id: Some(row.id), resident_key: None, row: row_number, fields, children: None });
        Ok(())
    });
    assert_eq!(exported.expect("exports") as usize, records.len());
    for kind in 0..declared.child.len() {
        let mut by_record: Vec<Vec<Vec<Value>>> = vec![Vec::new(); records.len()];
        let each = &mut |row: store::RecordRow, child: Vec<Value>| {
            let at = records.iter().position(|record| record.id.as_ref() == Some(&row.id)).expect("its record");
            by_record[at].push(child);
            Ok(())
        };
        view.export_children(register, &all, kind, each).expect("exports children");
        for (record, rows) in records.iter_mut().zip(by_record) {
            record.children.get_or_insert_default().push(Some(rows));
        }
    }
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
    valley.apply(&clerk(), "2024-06-02", Command::Correct { id: id.clone(), version: 1, entry }).expect("is corrected");
    id
}

fn unmasked(valley: &Valley, id: &str) -> String {
    let command = Command::Unmask {
        register: "garden".into(),
        id: id.into(),
        field: "keeper_phone".into(),
        purpose: "电话核对收成情况".into(),
    };
    let seen = valley.store.apply(&clerk(), day("2024-06-03"), AT_MS, command).expect("is seen");
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
