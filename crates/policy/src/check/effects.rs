//! Checks what follows from a step elsewhere: records that it opens or leads on, and the document that it makes.

use super::calculated::FieldPlace;
use super::columns::{known, listed};
use super::facts::report;
use super::found::Findings;
use crate::declare::{Column, Register, Step};
use crate::expression::{nearest, parse_spanned, settle_spanned};
use crate::forms::{Carried, CarriedField, How};
use crate::names::is_column_name;
use crate::order;
use crate::package::Package;
use crate::scope;
use crate::text::FileText;
use model::{Class, Kind};
use std::collections::{BTreeMap, BTreeSet};

/// The fields of the record that a step opens: every required one is given, and those by which an open one is found.
pub(super) fn opens(place: &FieldPlace<'_>, found: &mut Findings, at: usize, open: usize) -> Vec<CarriedField> {
    let declared = &place.register.step[at].opens[open];
    let key = |name: &str| format!("step.{at}.opens.{open}.{name}");
    let Some(there) = register(place, found, &key("register"), &declared.register) else { return Vec::new() };
    listed(found, place.file, &key("key"), &declared.key, &there.field);
    if declared.key.is_empty() {
        let hint = "key = [\"那边的字段\", …],同一对象只开一条";
        found.add(place.file.at(&key("key"), "没有写按什么看是不是已经有一条没办完的", hint));
    }
    for (index, name) in declared.key.iter().enumerate() {
        let column = there.field_named(name);
        if column.is_some() && !declared.fields.contains_key(name) {
            let message = format!("`{name}` 没有写取什么值");
            found.add(place.file.at(&key(&format!("key.{index}")), message, format!("在 fields 里写 {name} = …")));
        }
        if column.is_some_and(|column| column.many || column.kind == Kind::File) {
            let message = format!("`{name}` 不能用来找记录");
            found.add(place.file.at(&key(&format!("key.{index}")), message, "附件和多选字段不能写进 key"));
        }
    }
    let required = there.field.iter().filter(|field| field.required && field.is_entered());
    let missing: Vec<&str> =
        required.map(|field| field.name.as_str()).filter(|name| !declared.fields.contains_key(*name)).collect();
    if !missing.is_empty() {
        let message = format!("《{}》必填的字段没有给:{}", there.label, missing.join("、"));
        found.add(place.file.at(&key("fields"), message, "在 fields 里写出它们的值"));
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
    known(found, place.file, &key("step"), "步骤", &declared.step, &names);
    let step = there.step.iter().find(|step| step.name == declared.step);
    if step.is_some_and(|step| step.approvals.is_some() || step.not_by_who_entered) {
        let message = format!("《{}》的 `{}` 要由他人同意,不能由别的步骤带着办", there.label, declared.step);
        found.add(place.file.at(&key("step"), message, "换一个不是审批的步骤"));
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
        let hint = "of = \"指向它的字段\",或 match = { 那边的字段 = \"这边的字段\" }";
        found.add(place.file.at(&key("of"), "要写明带着办的是哪条记录,of 和 match 写且只写一个", hint));
    }
    for (field_there, field_here) in matching {
        place.matched(found, &key(&format!("match.{field_there}")), there, field_there, field_here);
    }
    let Some(of) = of else { return };
    let names: Vec<String> = place.register.field.iter().map(|field| field.name.clone()).collect();
    known(found, place.file, &key("of"), "字段", of, &names);
    let field = place.register.field_named(of);
    if field.is_some_and(|field| field.kind != Kind::Reference || field.to.as_deref() != Some(register)) {
        let message = format!("`{of}` 不指向 `{register}`");
        found.add(place.file.at(&key("of"), message, "写 kind = \"reference\"、to 为那个台账的字段,或改用 match"));
    }
}

fn register<'a>(place: &FieldPlace<'a>, found: &mut Findings, key: &str, name: &str) -> Option<&'a Register> {
    let there = place.package.registers.get(name);
    if there.is_none() {
        let hint = nearest(name, place.package.registers.keys(), "");
        found.add(place.file.at(key, format!("没有台账 `{name}`"), hint));
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
            known(found, place.file, &key, "字段", name, &names);
            continue;
        };
        if !column.is_entered() {
            let message = format!("`{name}` 是算出来的,不能给值");
            found.add(place.file.at(&key, message, "给它所依据的字段"));
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
            let hint = "把那边的字段也写成 class = \"sensitive\"";
            found.add(place.file.at(key, "这边是敏感信息,带到那边会露出来", hint));
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
        let message = format!("`{}` 只能照搬这边同一种字段的值", column.name);
        found.add(place.file.at(key, message, "写这边 kind(和代码表)相同的字段名"));
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
        found.add(file.at(key, "文书的名称写得不对", "只用小写字母、数字和下划线,以字母开头"));
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
            let message = format!("步骤 `{}` 带着别的台账办理,会绕回它自己", step.name);
            found.add(file.at(&format!("step.{at}.advances"), message, "断开其中一处"));
        }
    }
}
