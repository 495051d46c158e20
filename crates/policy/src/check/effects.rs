//! Checks what follows from a step elsewhere: records that it opens or leads on, and the document that it makes.

use super::calculated::FieldPlace;
use super::columns::{known, listed};
use super::facts::report;
use super::found::Findings;
use crate::declare::{Column, Register, Step};
use crate::expression::{parse_spanned, settle_spanned};
use crate::forms::{Carried, CarriedField, How};
use crate::names::is_column_name;
use crate::order;
use crate::package::Package;
use crate::scope;
use crate::text::FileText;
use model::{Class, Kind};
use std::collections::{BTreeMap, BTreeSet};
use words::{Wording, advice, list, wording};

/// The fields of the record that a step opens: every required one is given, and those by which an open one is found.
pub(super) fn opens(place: &FieldPlace<'_>, found: &mut Findings, at: usize, open: usize) -> Vec<CarriedField> {
    let declared = &place.register.step[at].opens[open];
    let key = |name: &str| format!("step.{at}.opens.{open}.{name}");
    let Some(there) = register(place, found, &key("register"), &declared.register) else { return Vec::new() };
    listed(found, place.file, &key("key"), &declared.key, &there.field);
    if declared.key.is_empty() {
        found.add(place.file.problem(&key("key"), advice!("package_opens_without_key")));
    }
    for (index, name) in declared.key.iter().enumerate() {
        let column = there.field_named(name);
        if column.is_some() && !declared.fields.contains_key(name) {
            found.add(place.file.problem(&key(&format!("key.{index}")), advice!("package_key_without_value", name)));
        }
        if column.is_some_and(|column| column.many || column.kind == Kind::File) {
            found.add(place.file.problem(&key(&format!("key.{index}")), advice!("package_key_unfit_there", name)));
        }
    }
    let required = there.field.iter().filter(|field| field.required && field.is_entered());
    let missing: Vec<&str> =
        required.map(|field| field.name.as_str()).filter(|name| !declared.fields.contains_key(*name)).collect();
    if !missing.is_empty() {
        found.add(place.file.problem(
            &key("fields"),
            advice!(
                "package_required_there",
                register = Wording::pair(&there.label, &there.label_en),
                fields = list(missing)
            ),
        ));
    }
    let is_needed =
        |name: &String| declared.key.contains(name) || there.field_named(name).is_some_and(|field| field.required);
    carried(place, found, &key("fields"), there, &declared.fields, &is_needed)
}

/// The fields that a step of another record fills.
pub(super) fn advances(place: &FieldPlace<'_>, found: &mut Findings, at: usize, led: usize) -> Vec<CarriedField> {
    let declared = &place.register.step[at].advances[led];
    let key = |name: &str| format!("step.{at}.advances.{led}.{name}");
    let Some(there) = register(place, found, &key("register"), &declared.register) else { return Vec::new() };
    let names: Vec<String> = there.step.iter().map(|step| step.name.clone()).collect();
    known(found, place.file, &key("step"), wording!("package_word_step"), &declared.step, &names);
    let step = there.step.iter().find(|step| step.name == declared.step);
    if step.is_some_and(|step| step.approvals.is_some() || step.not_by_who_entered) {
        found.add(place.file.problem(
            &key("step"),
            advice!(
                "package_step_of_others",
                register = Wording::pair(&there.label, &there.label_en),
                step = declared.step
            ),
        ));
    }
    which(place, found, &key, there, declared.of.as_ref(), &declared.matching, &declared.register);
    let is_needed = |name: &String| step.is_some_and(|step| step.required.contains(name));
    carried(place, found, &key("fields"), there, &declared.fields, &is_needed)
}

/// By a reference, or by fields that are equal.
fn which(
    place: &FieldPlace<'_>,
    found: &mut Findings,
    key: &dyn Fn(&str) -> String,
    there: &Register,
    of: Option<&String>,
    matching: &BTreeMap<String, String>,
    register: &str,
) {
    if of.is_some() != matching.is_empty() {
        found.add(place.file.problem(&key("of"), advice!("package_advances_which", open = '{', close = '}')));
    }
    for (field_there, field_here) in matching {
        place.matched(found, &key(&format!("match.{field_there}")), there, field_there, field_here);
    }
    let Some(of) = of else { return };
    let names: Vec<String> = place.register.field.iter().map(|field| field.name.clone()).collect();
    known(found, place.file, &key("of"), wording!("package_word_field"), of, &names);
    let field = place.register.field_named(of);
    if field.is_some_and(|field| field.kind != Kind::Reference || field.to.as_deref() != Some(register)) {
        found.add(place.file.problem(&key("of"), advice!("package_refers_elsewhere", of, register)));
    }
}

fn register<'a>(place: &FieldPlace<'a>, found: &mut Findings, key: &str, name: &str) -> Option<&'a Register> {
    let there = place.package.registers.get(name);
    if there.is_none() {
        found.unknown(place.file, key, wording!("package_word_register"), name, place.package.registers.keys());
    }
    there
}

fn carried(
    place: &FieldPlace<'_>,
    found: &mut Findings,
    key: &str,
    there: &Register,
    fields: &BTreeMap<String, String>,
    is_needed: &dyn Fn(&String) -> bool,
) -> Vec<CarriedField> {
    let mut all = Vec::with_capacity(fields.len());
    for (name, text) in fields {
        let key = format!("{key}.{name}");
        let Some(column) = there.field_named(name) else {
            let names: Vec<String> = there.field.iter().map(|field| field.name.clone()).collect();
            known(found, place.file, &key, wording!("package_word_field"), name, &names);
            continue;
        };
        if !column.is_entered() {
            found.add(place.file.problem(&key, advice!("package_value_of_calculated", name)));
            continue;
        }
        let from = value(place, found, &key, column, text);
        all.extend(from.map(|from| CarriedField { field: name.clone(), from, is_needed: is_needed(name) }));
    }
    all
}

/// A field of the same kind goes over as it is; anything else is an expression of the type that is wanted there.
fn value(place: &FieldPlace<'_>, found: &mut Findings, key: &str, column: &Column, text: &str) -> Option<Carried> {
    let here = place.register.field_named(text.trim());
    if let Some(here) = here.filter(|here| is_alike(here, column)) {
        if here.effective_class() == Class::Sensitive && column.effective_class() < Class::Sensitive {
            found.add(place.file.problem(key, advice!("package_opened_there")));
            return None;
        }
        return Some(Carried::Field(here.name.clone()));
    }
    let carried_only = [Kind::Name, Kind::Identity, Kind::Phone, Kind::Account, Kind::File].into_iter().chain([
        Kind::Region,
        Kind::Reference,
        Kind::Month,
    ]);
    if column.many || carried_only.into_iter().any(|kind| kind == column.kind) {
        found.add(place.file.problem(key, advice!("package_carried_only", name = column.name)));
        return None;
    }
    let scope = scope::of_open_record(place.package, place.register);
    let settled = parse_spanned(text).and_then(|parsed| settle_spanned(&parsed, &scope));
    let (expr, typed) = report(found, place.file, key, text, settled)?;
    let how = How::Derived(expr);
    if !place.fits(found, key, column, &how, &typed) {
        return None;
    }
    let How::Derived(expr) = how else { return None };
    Some(Carried::Value(expr))
}

/// One kind, one code list. Texts and keys of records are written alike.
fn is_alike(here: &Column, there: &Column) -> bool {
    let is_text = |column: &Column| matches!(column.kind, Kind::Text | Kind::Reference | Kind::Region);
    let same_kind = here.kind == there.kind || (is_text(here) && is_text(there) && there.kind != Kind::Region);
    same_kind && here.codes == there.codes && here.many == there.many
}

/// A document is named like every other thing.
pub(super) fn document(found: &mut Findings, file: &FileText, key: &str, step: &Step) {
    if step.document.as_ref().is_some_and(|name| !is_column_name(name)) {
        found.add(file.problem(key, advice!("package_document_unfit")));
    }
}

/// A problem for each step that would lead on to itself through the steps of other registers.
pub(super) fn circles(package: &Package, found: &mut Findings, file: &FileText, name: &str, register: &Register) {
    if register.step.iter().all(|step| step.advances.is_empty()) {
        return;
    }
    let mut leads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, register) in &package.registers {
        for step in &register.step {
            let led = step.advances.iter().map(|led| format!("{}.{}", led.register, led.step)).collect();
            leads.insert(format!("{name}.{}", step.name), led);
        }
    }
    for (at, step) in register.step.iter().enumerate() {
        if order::reaches_itself(&leads, &format!("{name}.{}", step.name)) {
            found.add(
                file.problem(&format!("step.{at}.advances"), advice!("package_step_leads_round", step = step.name)),
            );
        }
    }
}
