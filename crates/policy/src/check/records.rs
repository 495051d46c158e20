//! Checks sources, registers, roles and code lists.

use super::facts::settle_truth;
use super::{Found, text_of};
use crate::declare::{Column, Grain, Register, RowCheck, Source};
use crate::expression::nearest;
use crate::package::{Package, Thing};
use crate::scope;
use crate::text::FileText;
use model::{Decimal, Kind};
use std::collections::BTreeSet;

/// How often a source may be handed in.
const CADENCES: &[&str] = &["month", "quarter", "year", "event", "day"];

pub(super) fn check(package: &Package, found: &mut Found) {
    for (name, codes) in package.codes.iter() {
        let file = text_of(package, Thing::Codes, name);
        for (key, text) in [("label", &codes.label), ("label_en", &codes.label_en), ("source", &codes.source)] {
            found.filled(&file, key, text);
        }
        let mut seen = BTreeSet::new();
        for (at, code) in codes.code.iter().enumerate() {
            if code.code.trim().is_empty() || !seen.insert(&code.code) {
                found.add(file.at(
                    &format!("code.{at}.code"),
                    format!("代码 `{}` 空着或重复", code.code),
                    "每个代码只写一次",
                ));
            }
            found.filled(&file, &format!("code.{at}.label"), &code.label);
        }
    }
    for (name, role) in &package.roles {
        let file = text_of(package, Thing::Role, name);
        found.filled(&file, "label", &role.label);
        found.filled(&file, "label_en", &role.label_en);
        if role.may.is_empty() {
            found.add(file.at("may", "这个角色什么也不能做", "may = [\"see_leads\", …]"));
        }
    }
    for (name, source) in &package.sources {
        of_source(package, found, &text_of(package, Thing::Source, name), name, source);
    }
    for (name, register) in &package.registers {
        of_register(package, found, &text_of(package, Thing::Register, name), name, register);
    }
}

fn of_source(package: &Package, found: &mut Found, file: &FileText, name: &str, source: &Source) {
    found.articles(package, file, &source.article);
    for (key, text) in [("label", &source.label), ("label_en", &source.label_en), ("legal_basis", &source.legal_basis)]
    {
        found.filled(file, key, text);
    }
    if package.registers.contains_key(name) {
        found.add(file.at("", format!("`{name}` 也是台账的名称"), "数据源和台账不能同名"));
    }
    found.code(package, file, "department", "department", &source.department);
    if !CADENCES.contains(&source.cadence.as_str()) {
        found.add(file.at(
            "cadence",
            format!("不认识的报送频次 `{}`", source.cadence),
            format!("可用:{}", CADENCES.join("、")),
        ));
    }
    columns(package, found, file, "column", &source.column);
    refers(found, file, "identity", source.identity.as_ref(), &source.column, &[Kind::Identity]);
    refers(found, file, "household", source.household.as_ref(), &source.column, &[Kind::Text]);
    refers(found, file, "day", source.day.as_ref(), &source.column, &[Kind::Day, Kind::Month]);
    match source.of {
        Grain::Resident if source.identity.is_none() => {
            found.add(file.at("of", "按人的数据源要有证件号码列", "identity = \"列名\""));
        }
        Grain::Household if source.identity.is_none() && source.household.is_none() => {
            found.add(file.at(
                "of",
                "按户的数据源要有户编号列或成员证件号码列",
                "household = \"列名\" 或 identity = \"列名\"",
            ));
        }
        Grain::Village => found.add(file.at("of", "数据源只能按人或按户", "of = \"resident\" 或 \"household\"")),
        _ => {}
    }
    listed(found, file, "key", &source.key, &source.column);
    if source.key.is_empty() {
        found.add(file.at("key", "没有写哪些列确定一行", "key = [\"列名\", …]"));
    }
    roles(package, found, file, "may_hand_in", &source.may_hand_in);
    row_checks(package, found, file, &source.column, &source.check);
}

fn of_register(package: &Package, found: &mut Found, file: &FileText, name: &str, register: &Register) {
    found.articles(package, file, &register.article);
    found.filled(file, "label", &register.label);
    found.filled(file, "label_en", &register.label_en);
    columns(package, found, file, "field", &register.field);
    let needed: &[&str] = match name {
        "resident" => &["household_no", "member_from", "member_to"],
        "household" => &["household_no", "region_code"],
        _ => &[],
    };
    for field in needed {
        if register.field.iter().all(|declared| declared.name != *field) {
            found.add(file.at(
                "field",
                format!("缺字段 `{field}`,系统离不开它"),
                format!("加 [[field]] name = \"{field}\""),
            ));
        }
    }
    listed(found, file, "key", &register.key, &register.field);
    if register.key.is_empty() {
        found.add(file.at("key", "没有写哪些字段确定一条记录", "key = [\"字段名\", …]"));
    }
    refers(found, file, "region", register.region.as_ref(), &register.field, &[Kind::Region]);
    listed(found, file, "list.columns", &register.list.columns, &register.field);
    listed(found, file, "list.sort", &register.list.sort, &register.field);
    listed(found, file, "list.filter", &register.list.filter, &register.field);
    found.names(file, register.child.iter().map(|child| &child.name), |at| format!("child.{at}.name"));
    for (at, child) in register.child.iter().enumerate() {
        columns(package, found, file, &format!("child.{at}.field"), &child.field);
    }
    roles(package, found, file, "may_import", &register.may_import);
    row_checks(package, found, file, &register.field, &register.check);
    lifecycle(package, found, file, register);
}

fn lifecycle(package: &Package, found: &mut Found, file: &FileText, register: &Register) {
    found.names(file, register.state.iter().map(|state| &state.name), |at| format!("state.{at}.name"));
    found.names(file, register.step.iter().map(|step| &step.name), |at| format!("step.{at}.name"));
    let initial = register.state.iter().filter(|state| state.initial).count();
    if !register.state.is_empty() && initial != 1 {
        found.add(file.at(
            "state",
            format!("起始状态要有且只有一个,现在有 {initial} 个"),
            "在一个 [[state]] 里写 initial = true",
        ));
    }
    let states: Vec<String> = register.state.iter().map(|state| state.name.clone()).collect();
    for (at, step) in register.step.iter().enumerate() {
        let key = |name: &str| format!("step.{at}.{name}");
        for (index, from) in step.from.iter().enumerate() {
            known(found, file, &key(&format!("from.{index}")), "状态", from, &states);
            if register.state.iter().any(|state| state.name == *from && state.is_final) {
                found.add(file.at(
                    &key(&format!("from.{index}")),
                    format!("`{from}` 是终止状态,不能再走"),
                    "删去它,或去掉 is_final",
                ));
            }
        }
        known(found, file, &key("to"), "状态", &step.to, &states);
        listed(found, file, &key("required"), &step.required, &register.field);
        roles(package, found, file, &key("roles"), &step.roles);
        if step.due_days.is_some_and(|due| due < step.wait_days) {
            found.add(file.at(&key("due_days"), "期限比等待的天数还短", "due_days 不小于 wait_days"));
        }
    }
}

/// Names, code lists, headings and ranges of columns.
fn columns(package: &Package, found: &mut Found, file: &FileText, list: &str, columns: &[Column]) {
    if columns.is_empty() {
        found.add(file.at("", "没有任何列", format!("写 [[{list}]]")));
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
                found.add(file.at(&key(place), format!("表头「{heading}」在两列里都有"), "一个表头只能属于一列"));
            }
        }
        match (&column.codes, column.kind) {
            (Some(codes), Kind::Code) if !package.codes.contains_key(codes) => {
                found.add(file.at(
                    &key("codes"),
                    format!("没有代码表 `{codes}`"),
                    nearest(codes, package.codes.keys(), ""),
                ));
            }
            (None, Kind::Code) => {
                found.add(file.at(&key("kind"), "kind = \"code\" 要写代码表", "codes = \"代码表名\""))
            }
            (Some(_), kind) if kind != Kind::Code => {
                found.add(file.at(&key("codes"), "只有 kind = \"code\" 才写代码表", "改 kind,或删去 codes"));
            }
            _ => {}
        }
        range(found, file, &key, column);
    }
}

fn range(found: &mut Found, file: &FileText, key: &dyn Fn(&str) -> String, column: &Column) {
    let is_number = matches!(column.kind, Kind::Int | Kind::Decimal | Kind::Fen);
    let bounds: [(&str, Option<Decimal>); 2] = [("min", column.min), ("max", column.max)];
    for (name, _) in bounds.iter().filter(|(_, bound)| bound.is_some() && !is_number) {
        found.add(file.at(&key(name), "只有数和金额有范围", format!("删去 {name}")));
    }
    if column.min.zip(column.max).is_some_and(|(min, max)| min > max) {
        found.add(file.at(&key("max"), "max 比 min 还小", "金额以元写"));
    }
    if column.may_be_future && !matches!(column.kind, Kind::Day | Kind::Month) {
        found.add(file.at(&key("may_be_future"), "只有日期才写 may_be_future", "删去它"));
    }
}

/// A key that names a column of some kinds.
fn refers(found: &mut Found, file: &FileText, key: &str, name: Option<&String>, columns: &[Column], kinds: &[Kind]) {
    let Some(name) = name else { return };
    match columns.iter().find(|column| column.name == *name) {
        None => {
            let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
            known(found, file, key, "列", name, &names);
        }
        Some(column) if !kinds.contains(&column.kind) => {
            found.add(file.at(key, format!("列 `{name}` 的 kind 不对"), format!("应是 {kinds:?}(小写)")));
        }
        Some(_) => {}
    }
}

/// A list of names of columns.
fn listed(found: &mut Found, file: &FileText, key: &str, names: &[String], columns: &[Column]) {
    let all: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    for (at, name) in names.iter().enumerate() {
        known(found, file, &format!("{key}.{at}"), "列", name, &all);
    }
}

fn roles(package: &Package, found: &mut Found, file: &FileText, key: &str, roles: &[String]) {
    for (at, role) in roles.iter().enumerate() {
        if !package.texts.contains_key(&(Thing::Role, role.clone())) {
            found.add(file.at(
                &format!("{key}.{at}"),
                format!("没有角色 `{role}`"),
                nearest(role, package.roles.keys(), ""),
            ));
        }
    }
}

fn known(found: &mut Found, file: &FileText, key: &str, what: &str, name: &str, all: &[String]) {
    if !all.iter().any(|known| known == name) {
        found.add(file.at(key, format!("没有{what} `{name}`"), nearest(name, all.iter(), "")));
    }
}

fn row_checks(package: &Package, found: &mut Found, file: &FileText, columns: &[Column], checks: &[RowCheck]) {
    let scope = scope::of_columns(package, columns, false);
    for (at, check) in checks.iter().enumerate() {
        let key = |name: &str| format!("check.{at}.{name}");
        settle_truth(found, file, &key("holds"), &check.holds, &scope);
        found.filled(file, &key("what"), &check.what);
        found.filled(file, &key("hint"), &check.hint);
        listed(found, file, &key("columns"), &check.columns, columns);
    }
}
