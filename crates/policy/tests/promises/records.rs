//! One record is calculated, checked and constrained as its register says.

use crate::{day, valley};
use model::{Decimal, Fen, Value};
use policy::Package;
use policy::record::{Setting, broken_constraints, calculate, failed_checks, lookup};

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse::<Decimal>().expect("a decimal"))
}

fn setting<'a>(state: &'a str, parameters: &'a dyn Fn(&str) -> Value) -> Setting<'a> {
    Setting { state, parameters, today: day("2024-06-01") }
}

/// A well's fields by name; what is not given is unknown.
fn fields(package: &Package, given: &[(&str, Value)]) -> Vec<Value> {
    let value = |name: &str| given.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    package.registers["well"].field.iter().map(|field| value(&field.name).unwrap_or_default()).collect()
}

fn at<'v>(package: &Package, fields: &'v [Value], name: &str) -> &'v Value {
    let place = package.registers["well"].field.iter().position(|field| field.name == name).expect("a field");
    &fields[place]
}

#[test]
fn the_worst_of_the_grades_is_the_result_and_unknown_stays_unknown() {
    let package = valley();
    let (register, form) = (&package.registers["well"], &package.register_forms["well"]);
    let cases = [
        (Value::Int(40), Value::Int(10), text("1")),
        (Value::Int(39), Value::Int(10), text("2")),
        (Value::Int(40), Value::Int(11), text("2")),
        (Value::Null, Value::Int(11), text("2")),
        (Value::Null, Value::Int(10), Value::Null),
    ];
    for (litres, minutes, expected) in cases {
        let mut record = fields(&package, &[("litre_count", litres.clone()), ("walk_minutes", minutes.clone())]);
        calculate(register, form, &mut record, &mut [vec![], vec![]], &setting("", &|_| Value::Null));
        assert_eq!(*at(&package, &record, "grade_code"), expected, "{litres} {minutes}");
    }
}

#[test]
fn child_records_are_calculated_first_and_totalled_then() {
    let package = valley();
    let (register, form) = (&package.registers["well"], &package.register_forms["well"]);
    let share = |rate: &str| vec![text("甲"), decimal(rate)];
    let repair = |count: i64, fen: i64, paid: bool| {
        vec![Value::Int(count), Value::Fen(Fen(fen)), Value::Fen(Fen(1)), Value::Bool(paid)]
    };
    let mut children = [vec![share("0.4"), share("0.6")], vec![repair(3, 250, true), repair(9, 100, false)]];
    let mut record = fields(&package, &[("repair_fen", Value::Fen(Fen(99)))]);
    calculate(register, form, &mut record, &mut children, &setting("", &|_| Value::Null));
    assert_eq!(children[1][0][2], Value::Fen(Fen(750)), "what stood there is overwritten");
    assert_eq!(*at(&package, &record, "repair_fen"), Value::Fen(Fen(750)));
    assert_eq!(*at(&package, &record, "share_rate_total"), decimal("1.0"));
    assert_eq!(*at(&package, &record, "owner_count"), decimal("2"), "a count in a decimal field is a decimal");
    calculate(register, form, &mut record[..3], &mut [], &setting("", &|_| Value::Null));
}

#[test]
fn a_check_fails_only_where_it_is_false() {
    let package = valley();
    let (register, form) = (&package.registers["well"], &package.register_forms["well"]);
    let cases = [
        (vec![], vec![]),
        (vec![("dug_on", Value::Day(day("2024-06-01")))], vec![]),
        (vec![("dug_on", Value::Day(day("2024-06-02")))], vec!["打井日期在将来"]),
        (vec![("share_rate_total", decimal("0.9")), ("owner_count", decimal("2"))], vec!["各份额合计不等于 1"]),
        (vec![("share_rate_total", decimal("1.00")), ("owner_count", decimal("2"))], vec![]),
        (vec![("share_rate_total", decimal("0")), ("owner_count", decimal("0"))], vec![]),
    ];
    for (given, expected) in cases {
        let failed = failed_checks(register, form, &fields(&package, &given), &setting("planned", &|_| Value::Null));
        let what: Vec<&str> = failed.iter().map(|check| check.what.as_str()).collect();
        assert_eq!(what, expected, "{given:?}");
    }
}

#[test]
fn a_constraint_reads_other_records_and_the_state() {
    let package = valley();
    let (register, form) = (&package.registers["well"], &package.register_forms["well"]);
    let wanted = &form.constraints[0].found[0];
    assert_eq!((wanted.name.as_str(), wanted.from.as_str()), ("others", "well"));
    assert_eq!(wanted.matching, [("region_code".to_owned(), "region_code".to_owned())]);
    for (own, others, broken) in [
        ("used", vec!["planned", "closed"], false),
        ("used", vec!["used", "closed"], true),
        ("planned", vec!["used"], false),
        ("used", vec![], false),
    ] {
        let setting = setting(own, &|_| Value::Null);
        let found = |form: &policy::LookupForm| {
            let cell = |row: usize, name: &str| if name == "state" { text(others[row]) } else { Value::Null };
            lookup(form, others.len(), &cell, &setting)
        };
        let result = broken_constraints(register, form, &fields(&package, &[]), &found, &setting);
        assert_eq!(result.len(), usize::from(broken), "{own} beside {others:?}");
    }
    let unknown = broken_constraints(
        register,
        form,
        &fields(&package, &[]),
        &|_| Value::Null,
        &setting("used", &|_| Value::Null),
    );
    assert!(unknown.is_empty(), "what is not known is not broken");
}
