//! Checks columns of sources and fields of registers, and lists that name them.

use super::found::Findings;
use crate::declare::{Child, Column, Register};
use crate::package::{Package, Thing};
use crate::text::FileText;
use model::{Class, Decimal, Kind};
use std::collections::BTreeSet;
use words::{Value, advice, wording};

/// Names, code lists, headings and ranges of columns.
pub(super) fn columns(package: &Package, found: &mut Findings, file: &FileText, list: &str, columns: &[Column]) {
    if columns.is_empty() {
        found.add(file.problem("", advice!("package_no_columns", list)));
    }
    found.names(file, columns.iter().map(|column| &column.name), |at| format!("{list}.{at}.name"));
    let mut headings = BTreeSet::new();
    for (at, column) in columns.iter().enumerate() {
        let key = |name: &str| format!("{list}.{at}.{name}");
        found.filled(file, &key("label"), &column.label);
        found.filled(file, &key("label_en"), &column.label_en);
        for heading in std::iter::once(&column.label).chain(&column.headings).collect::<BTreeSet<_>>() {
            if !headings.insert(heading) {
                let place = if *heading == column.label { "label" } else { "headings" };
                found.add(file.problem(&key(place), advice!("package_heading_twice", heading)));
            }
        }
        match (&column.codes, column.kind) {
            (Some(codes), Kind::Code) if !package.codes.contains_key(codes) => {
                found.unknown(file, &key("codes"), wording!("package_word_code_list"), codes, package.codes.keys());
            }
            (None, Kind::Code) => found.add(file.problem(&key("kind"), advice!("package_code_without_list"))),
            (Some(_), kind) if kind != Kind::Code => {
                found.add(file.problem(&key("codes"), advice!("package_list_without_code")));
            }
            _ => {}
        }
        range(found, file, &key, column);
        several(package, found, file, &key, column);
    }
}

/// What goes with some kinds only: several codes, references, units.
fn several(package: &Package, found: &mut Findings, file: &FileText, key: &dyn Fn(&str) -> String, column: &Column) {
    if column.many && column.kind != Kind::Code {
        found.add(file.problem(&key("many"), advice!("package_many_without_code")));
    }
    if column.names_account && column.kind != Kind::Text {
        found.add(file.problem(&key("names_account"), advice!("package_account_of_no_text")));
    }
    if !column.unit.is_empty() && !matches!(column.kind, Kind::Int | Kind::Decimal) {
        found.add(file.problem(&key("unit"), advice!("package_unit_of_no_number")));
    }
    if column.known_from.iter().any(|from| from.is_empty()) {
        found.add(file.problem(&key("known_from"), advice!("package_known_from_empty")));
    }
    match (&column.to, column.kind) {
        (Some(to), Kind::Reference) => refers_to(package, found, file, &key("to"), to),
        (None, Kind::Reference) => {
            found.add(file.problem(&key("kind"), advice!("package_reference_to_nothing")));
        }
        (Some(_), _) => found.add(file.problem(&key("to"), advice!("package_to_without_reference"))),
        (None, _) => {}
    }
}

/// A reference leads to a register whose records one open field names.
fn refers_to(package: &Package, found: &mut Findings, file: &FileText, key: &str, to: &str) {
    let Some(register) = package.registers.get(to) else {
        found.unknown(file, key, wording!("package_word_register"), to, package.registers.keys());
        return;
    };
    let kinds = [Kind::Text, Kind::Int, Kind::Region, Kind::Reference];
    let is_open = |name: &String| register.field_named(name).is_some_and(|field| kinds.contains(&field.kind));
    let is_known = ["household", "resident", "region"].contains(&to);
    if !is_known && !matches!(register.key.as_slice(), [one] if is_open(one)) {
        found.add(file.problem(key, advice!("package_reference_unfit", to)));
    }
}

/// Keys that only registers have.
pub(super) fn of_source_only(found: &mut Findings, file: &FileText, columns: &[Column]) {
    for (at, column) in columns.iter().enumerate() {
        let said = [
            ("derived", column.derived.is_some()),
            ("total", column.total.is_some()),
            ("known_from", !column.known_from.is_empty()),
            ("section", column.section.is_some()),
            ("many", column.many),
            ("kind", matches!(column.kind, Kind::Reference | Kind::File)),
        ];
        for (name, _) in said.iter().filter(|(_, is_said)| *is_said) {
            found.add(file.problem(&format!("column.{at}.{name}"), advice!("package_only_of_registers", name)));
        }
    }
}

/// Fields that a list is filtered by, `child.field` for those of child records; sensitive ones are found by their whole value,
/// several codes one by one.
pub(super) fn filtered(found: &mut Findings, file: &FileText, key: &str, names: &[String], register: &Register) {
    for (at, name) in names.iter().enumerate() {
        let key = format!("{key}.{at}");
        let Some(column) = register.field_at(name) else {
            let own = register.field.iter().map(|field| field.name.clone());
            let of_child = |child: &Child| {
                let paths = child.field.iter().map(|field| format!("{}.{}", child.name, field.name));
                paths.collect::<Vec<_>>()
            };
            let fields: Vec<String> = own.chain(register.child.iter().flat_map(of_child)).collect();
            known(found, file, &key, wording!("package_word_column"), name, &fields);
            continue;
        };
        let of_child = name.contains('.');
        if column.kind == Kind::File {
            found.add(file.problem(&key, advice!("package_filter_by_file", name)));
        }
        if of_child && (column.effective_class() == Class::Sensitive || column.many) {
            found.add(file.problem(&key, advice!("package_filter_unfit", name)));
        }
    }
}

/// Fields that a list is sorted by: open values of one kind.
pub(super) fn sorted(found: &mut Findings, file: &FileText, key: &str, names: &[String], columns: &[Column]) {
    listed(found, file, key, names, columns);
    for (at, name) in names.iter().enumerate() {
        let Some(column) = columns.iter().find(|column| column.name == *name) else { continue };
        let why = match column {
            _ if column.effective_class() == Class::Sensitive => wording!("package_is_sensitive"),
            _ if column.kind == Kind::File => wording!("package_is_file"),
            _ if column.many => wording!("package_is_many"),
            _ => continue,
        };
        found.add(file.problem(&format!("{key}.{at}"), advice!("package_sort_unfit", name, why)));
    }
}

fn range(found: &mut Findings, file: &FileText, key: &dyn Fn(&str) -> String, column: &Column) {
    let is_number = matches!(column.kind, Kind::Int | Kind::Decimal | Kind::Fen);
    let bounds: [(&str, Option<Decimal>); 2] = [("min", column.min), ("max", column.max)];
    for (name, _) in bounds.iter().filter(|(_, bound)| bound.is_some() && !is_number) {
        found.add(file.problem(&key(name), advice!("package_range_of_no_number", name)));
    }
    if column.min.zip(column.max).is_some_and(|(min, max)| min > max) {
        found.add(file.problem(&key("max"), advice!("package_range_turned")));
    }
    if column.may_be_future && !matches!(column.kind, Kind::Day | Kind::Month) {
        found.add(file.problem(&key("may_be_future"), advice!("package_future_of_no_day")));
    }
}

/// A key that names a column of some kinds.
pub(super) fn refers(
    found: &mut Findings,
    file: &FileText,
    key: &str,
    name: Option<&String>,
    columns: &[Column],
    kinds: &[Kind],
) {
    let Some(name) = name else { return };
    match columns.iter().find(|column| column.name == *name) {
        None => {
            let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
            known(found, file, key, wording!("package_word_column"), name, &names);
        }
        Some(column) if !kinds.contains(&column.kind) => {
            found.add(file.problem(key, advice!("package_column_of_other_kind", name, kinds = format!("{kinds:?}"))));
        }
        Some(_) => {}
    }
}

/// A list of names of columns.
pub(super) fn listed(found: &mut Findings, file: &FileText, key: &str, names: &[String], columns: &[Column]) {
    let all: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    for (at, name) in names.iter().enumerate() {
        known(found, file, &format!("{key}.{at}"), wording!("package_word_column"), name, &all);
    }
}

pub(super) fn roles(package: &Package, found: &mut Findings, file: &FileText, key: &str, roles: &[String]) {
    for (at, role) in roles.iter().enumerate() {
        if !package.texts.contains_key(&(Thing::Role, role.clone())) {
            found.unknown(file, &format!("{key}.{at}"), wording!("package_word_role"), role, package.roles.keys());
        }
    }
}

/// A problem where a name is none of these; `what` says of what it is one.
pub(super) fn known(found: &mut Findings, file: &FileText, key: &str, what: impl Value, name: &str, all: &[String]) {
    if !all.iter().any(|known| known == name) {
        found.unknown(file, key, what, name, all.iter());
    }
}
