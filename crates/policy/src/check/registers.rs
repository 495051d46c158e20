//! Checks registers and settles what they calculate and demand.

use super::columns::{columns, filtered, listed, refers, roles, sorted};
use super::found::{Findings, text_of};
use super::{calculated, lifecycles, raised};
use crate::declare::{Column, Grain, Register, ServesAs, Step};
use crate::expression::nearest;
use crate::names::{BESIDE, is_column_name, is_reserved_field};
use crate::package::{Package, Thing};
use crate::text::FileText;
use model::{Class, Kind};
use std::collections::BTreeMap;
use words::{advice, wording};

/// Longest name of a register together with that of a kind of child record: both stand in the name of one table.
const TOGETHER_MAX: usize = 56;

/// Checks all registers; fills `register_forms`.
pub(super) fn check(package: &mut Package, found: &mut Findings) {
    let mut forms = BTreeMap::new();
    for (name, register) in &package.registers {
        let file = text_of(package, Thing::Register, name);
        if !found.is_too_long(&file, &lengths(register)) {
            of_register(package, found, &file, name, register);
            forms.insert(name.clone(), calculated::form_of(package, found, name, register));
        }
    }
    package.register_forms = forms;
    let raised = package.registers.iter().filter(|(_, register)| register.is_raised()).map(|(name, _)| name);
    let raised: Vec<&String> = raised.collect();
    if raised.len() != 1 {
        let file = text_of(package, Thing::Head, Thing::Head.folder());
        found.add(file.problem("", advice!("package_raised_registers", count = raised.len())));
    }
}

fn lengths(register: &Register) -> Vec<(&'static str, usize)> {
    let child_fields = register.child.iter().map(|child| child.field.len()).max().unwrap_or(0);
    let of_step = |step: &Step| {
        let plain = step.from.len().max(step.roles.len()).max(step.required.len()).max(step.returns_to.len());
        plain.max(step.opens.len()).max(step.advances.len()).max(step.stops_clock.len() + step.resumes_clock.len())
    };
    let step_lists = register.step.iter().map(of_step);
    vec![
        ("field", register.field.len()),
        ("section", register.section.len()),
        ("child", register.child.len().max(child_fields)),
        ("check", register.check.len()),
        ("constraint", register.constraint.len()),
        ("state", register.state.len()),
        ("deadline", register.deadline.len()),
        ("step", register.step.len().max(step_lists.max().unwrap_or(0))),
        ("key", register.key.len()),
        (
            "list",
            [&register.list.columns, &register.list.sort, &register.list.sortable, &register.list.filter]
                .map(Vec::len)
                .into_iter()
                .max()
                .unwrap_or(0),
        ),
    ]
}

/// A register that the engine reads has the fields that it reads; every record of it is in force, so it has no states.
fn serves(found: &mut Findings, file: &FileText, register: &Register, serves_as: ServesAs) {
    for (name, kind) in serves_as.fields() {
        let fits = |column: &Column| column.kind == *kind || (*kind == Kind::Text && column.kind == Kind::Code);
        if !register.field_named(name).is_some_and(|column| fits(column) && column.required && column.is_entered()) {
            let kind = format!("{kind:?}").to_lowercase();
            found.add(file.problem("serves_as", advice!("package_served_field", name, kind)));
        }
    }
    if register.has_lifecycle() {
        found.add(file.problem("state", advice!("package_served_states")));
    }
    if register.region.as_deref() != Some("region_code") {
        found.add(file.problem("region", advice!("package_served_region")));
    }
}

fn of_register(package: &Package, found: &mut Findings, file: &FileText, name: &str, register: &Register) {
    head(package, found, file, register);
    fields(package, found, file, "field", &register.field, register);
    needed(found, file, name, register);
    key(found, file, register);
    refers(found, file, "region", register.region.as_ref(), &register.field, &[Kind::Region]);
    listed(found, file, "list.columns", &register.list.columns, &register.field);
    sorted(found, file, "list.sort", &register.list.sort, &register.field);
    sorted(found, file, "list.sortable", &register.list.sortable, &register.field);
    filtered(found, file, "list.filter", &register.list.filter, register);
    found.names(file, register.child.iter().map(|child| &child.name), |at| format!("child.{at}.name"));
    for (at, child) in register.child.iter().enumerate() {
        found.filled(file, &format!("child.{at}.label"), &child.label);
        found.filled(file, &format!("child.{at}.label_en"), &child.label_en);
        if name.len() + child.name.len() > TOGETHER_MAX {
            found.add(
                file.problem(&format!("child.{at}.name"), advice!("package_names_long_together", most = TOGETHER_MAX)),
            );
        }
        fields(package, found, file, &format!("child.{at}.field"), &child.field, register);
    }
    for (at, check) in register.check.iter().enumerate() {
        let key = |name: &str| format!("check.{at}.{name}");
        found.filled(file, &key("what"), &check.what);
        found.english(file, &key("what_en"), &check.what_en);
        found.filled(file, &key("hint"), &check.hint);
        found.english(file, &key("hint_en"), &check.hint_en);
        listed(found, file, &key("columns"), &check.columns, &register.field);
    }
    lifecycles::lifecycle(package, found, file, register);
    if register.is_raised() {
        raised::check(found, file, register);
    }
    if let Some(serves_as) = register.serves_as {
        serves(found, file, register, serves_as);
    }
}

/// Articles, labels, department, sections and rights.
fn head(package: &Package, found: &mut Findings, file: &FileText, register: &Register) {
    found.articles(package, file, &register.article);
    found.filled(file, "label", &register.label);
    found.filled(file, "label_en", &register.label_en);
    if let Some(department) = &register.department {
        found.code(package, file, "department", "department", department);
    }
    found.names(file, register.section.iter().map(|section| &section.name), |at| format!("section.{at}.name"));
    for (at, section) in register.section.iter().enumerate() {
        found.filled(file, &format!("section.{at}.label"), &section.label);
        found.filled(file, &format!("section.{at}.label_en"), &section.label_en);
    }
    let rights = [
        ("may_see", &register.may_see),
        ("may_enter", &register.may_enter),
        ("may_import", &register.may_import),
        ("may_export", &register.may_export),
        ("may_unmask", &register.may_unmask),
    ];
    for (key, named) in rights {
        roles(package, found, file, key, named);
        // Imports stood before the other rights: a register that only imports says nothing about who sees it.
        let is_bound = !matches!(key, "may_see" | "may_import");
        for (at, role) in named.iter().enumerate().filter(|(_, role)| is_bound && !register.may_see.contains(role)) {
            found.add(file.problem(&format!("{key}.{at}"), advice!("package_role_blind", role, key)));
        }
    }
}

/// Columns as of any table, and what only fields of registers have.
fn fields(
    package: &Package,
    found: &mut Findings,
    file: &FileText,
    list: &str,
    fields: &[Column],
    register: &Register,
) {
    columns(package, found, file, list, fields);
    for (at, field) in fields.iter().enumerate() {
        let key = |name: &str| format!("{list}.{at}.{name}");
        // Names that no column may have are reported with the columns.
        if is_column_name(&field.name) && is_reserved_field(&field.name) {
            found.add(file.problem(&key("name"), advice!("package_column_of_engine", name = field.name)));
        }
        beside(found, file, &key("name"), field, fields);
        if let Some(section) = &field.section
            && register.section.iter().all(|known| known.name != *section)
        {
            let names: Vec<String> = register.section.iter().map(|known| known.name.clone()).collect();
            found.unknown(file, &key("section"), wording!("package_word_section"), section, names.iter());
        }
        for (index, from) in field.known_from.iter().enumerate() {
            known_from(package, found, file, &key(&format!("known_from.{index}")), field, from);
        }
    }
}

/// No field has the name of a column that the database keeps beside another one: decimals in their order, texts as they are
/// found and sorted. (Names that end as those of sealed fields do are never taken.)
fn beside(found: &mut Findings, file: &FileText, key: &str, field: &Column, fields: &[Column]) {
    let has_beside = |ending: &str, kind: Kind| match ending {
        "_order" => kind == Kind::Decimal,
        "_fold" | "_sort" => matches!(kind, Kind::Text | Kind::Name),
        _ => false,
    };
    let is_beside = |other: &&Column| {
        let ending = field.name.strip_prefix(other.name.as_str());
        ending.is_some_and(|ending| BESIDE.contains(&ending) && has_beside(ending, other.kind))
    };
    if let Some(other) = fields.iter().find(is_beside) {
        found.add(file.problem(key, advice!("package_column_beside", name = field.name, other = other.name)));
    }
}

/// `<register>.<field>` or `<source>.<column>`: of one kind, and not more open here than there.
fn known_from(package: &Package, found: &mut Findings, file: &FileText, key: &str, field: &Column, from: &str) {
    let (thing, name) = from.split_once('.').unwrap_or((from, ""));
    let register = package.registers.get(thing).map(|register| &register.field);
    let Some(columns) = register.or(package.sources.get(thing).map(|source| &source.column)) else {
        found.unknown(
            file,
            key,
            wording!("package_word_register_or_source"),
            thing,
            package.registers.keys().chain(package.sources.keys()),
        );
        return;
    };
    let Some(there) = columns.iter().find(|column| column.name == name) else {
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        found.add(file.problem(
            key,
            advice!(
                "package_field_unknown_there",
                thing,
                name,
                near = nearest(name, names.iter(), &format!("{thing}."))
            ),
        ));
        return;
    };
    let is_text = |column: &Column| matches!(column.kind, Kind::Text | Kind::Reference | Kind::Region);
    if (there.kind != field.kind && !(is_text(there) && is_text(field))) || there.codes != field.codes {
        found.add(file.problem(
            key,
            advice!(
                "package_known_from_other_kind",
                there = format!("{:?}", there.kind),
                here = format!("{:?}", field.kind)
            ),
        ));
    }
    if there.effective_class() > field.effective_class() && there.effective_class() == Class::Sensitive {
        found.add(file.problem(key, advice!("package_opened_here")));
    }
}

/// Fields that the engine cannot do without.
fn needed(found: &mut Findings, file: &FileText, name: &str, register: &Register) {
    let needed: &[&str] = match (name, register.of) {
        ("resident", _) => &["household_no", "member_from", "member_to"],
        ("household", _) => &["household_no", "region_code"],
        (_, Some(Grain::Household)) => &["household_no"],
        _ => &[],
    };
    for field in needed {
        if register.field_named(field).is_none() {
            found.add(file.problem("field", advice!("package_field_needed", field)));
        }
    }
    let has_identity = register.field.iter().any(|field| field.kind == Kind::Identity);
    if register.of == Some(Grain::Resident) && !has_identity {
        found.add(file.problem("of", advice!("package_no_identity")));
    }
    if register.of == Some(Grain::Village) {
        found.add(file.problem("of", advice!("package_register_grain")));
    }
}

fn key(found: &mut Findings, file: &FileText, register: &Register) {
    listed(found, file, "key", &register.key, &register.field);
    if register.key.is_empty() {
        found.add(file.problem("key", advice!("package_register_without_key")));
    }
    for (at, name) in register.key.iter().enumerate() {
        let field = register.field_named(name);
        if field.is_some_and(|field| field.many || field.kind == Kind::File) {
            found.add(file.problem(&format!("key.{at}"), advice!("package_key_unfit", name)));
        }
        if register.key[..at].contains(name) {
            found.add(file.problem(&format!("key.{at}"), advice!("package_key_twice", name)));
        }
    }
}
