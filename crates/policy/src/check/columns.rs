//! Checks columns of sources and fields of registers, and lists that name them.

use super::found::Findings;
use crate::declare::{Child, Column, Register};
use crate::expression::nearest;
use crate::package::{Package, Thing};
use crate::text::FileText;
use model::{Class, Decimal, Kind};
use std::collections::BTreeSet;

/// Names, code lists, headings and ranges of columns.
pub(super) fn columns(package: &Package, found: &mut Findings, file: &FileText, list: &str, columns: &[Column]) {
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
        several(package, found, file, &key, column);
    }
}

/// What goes with some kinds only: several codes, references, units.
fn several(package: &Package, found: &mut Findings, file: &FileText, key: &dyn Fn(&str) -> String, column: &Column) {
    if column.many && column.kind != Kind::Code {
        found.add(file.at(&key("many"), "只有 kind = \"code\" 才能多选", "改 kind,或删去 many"));
    }
    if column.names_account && column.kind != Kind::Text {
        found.add(file.at(&key("names_account"), "只有 kind = \"text\" 才能填账号名", "改 kind,或删去 names_account"));
    }
    if !column.unit.is_empty() && !matches!(column.kind, Kind::Int | Kind::Decimal) {
        found.add(file.at(&key("unit"), "只有整数和小数写单位", "金额不写单位;删去 unit"));
    }
    if column.known_from.iter().any(|from| from.is_empty()) {
        found.add(file.at(&key("known_from"), "带出的来源不能空着", "写 台账.字段 或 数据源.列"));
    }
    match (&column.to, column.kind) {
        (Some(to), Kind::Reference) => refers_to(package, found, file, &key("to"), to),
        (None, Kind::Reference) => {
            found.add(file.at(&key("kind"), "kind = \"reference\" 要写指向哪个台账", "to = \"台账名\""));
        }
        (Some(_), _) => found.add(file.at(&key("to"), "只有 kind = \"reference\" 才写 to", "改 kind,或删去 to")),
        (None, _) => {}
    }
}

/// A reference leads to a register whose records one open field names.
fn refers_to(package: &Package, found: &mut Findings, file: &FileText, key: &str, to: &str) {
    let Some(register) = package.registers.get(to) else {
        found.add(file.at(key, format!("没有台账 `{to}`"), nearest(to, package.registers.keys(), "")));
        return;
    };
    let kinds = [Kind::Text, Kind::Int, Kind::Region, Kind::Reference];
    let is_open = |name: &String| register.field_named(name).is_some_and(|field| kinds.contains(&field.kind));
    let is_known = ["household", "resident", "region"].contains(&to);
    if !is_known && !matches!(register.key.as_slice(), [one] if is_open(one)) {
        let message = format!("`{to}` 的记录不是由一个编号字段确定的,不能指向它");
        found.add(file.at(key, message, "被指向的台账的 key 只写一个编号(text、int 或 region)字段"));
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
            let message = format!("数据源的列不能这样写 {name}");
            found.add(file.at(&format!("column.{at}.{name}"), message, "这是台账字段才有的写法"));
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
            known(found, file, &key, "列", name, &fields);
            continue;
        };
        let of_child = name.contains('.');
        if column.kind == Kind::File {
            found.add(file.at(&key, format!("`{name}` 是附件,不能筛选"), "从这里删去它"));
        }
        if of_child && (column.effective_class() == Class::Sensitive || column.many) {
            let hint = "子记录里只能按不敏感、不多选的字段筛选";
            found.add(file.at(&key, format!("不能按 `{name}` 筛选"), hint));
        }
    }
}

/// Fields that a list is sorted by: open values of one kind.
pub(super) fn sorted(found: &mut Findings, file: &FileText, key: &str, names: &[String], columns: &[Column]) {
    listed(found, file, key, names, columns);
    for (at, name) in names.iter().enumerate() {
        let Some(column) = columns.iter().find(|column| column.name == *name) else { continue };
        let why = match column {
            _ if column.effective_class() == Class::Sensitive => "是敏感信息",
            _ if column.kind == Kind::File => "是附件",
            _ if column.many => "是多选字段",
            _ => continue,
        };
        found.add(file.at(&format!("{key}.{at}"), format!("`{name}` {why},不能排序"), "从这里删去它"));
    }
}

fn range(found: &mut Findings, file: &FileText, key: &dyn Fn(&str) -> String, column: &Column) {
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
            known(found, file, key, "列", name, &names);
        }
        Some(column) if !kinds.contains(&column.kind) => {
            found.add(file.at(key, format!("列 `{name}` 的 kind 不对"), format!("应是 {kinds:?}(小写)")));
        }
        Some(_) => {}
    }
}

/// A list of names of columns.
pub(super) fn listed(found: &mut Findings, file: &FileText, key: &str, names: &[String], columns: &[Column]) {
    let all: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    for (at, name) in names.iter().enumerate() {
        known(found, file, &format!("{key}.{at}"), "列", name, &all);
    }
}

pub(super) fn roles(package: &Package, found: &mut Findings, file: &FileText, key: &str, roles: &[String]) {
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

pub(super) fn known(found: &mut Findings, file: &FileText, key: &str, what: &str, name: &str, all: &[String]) {
    if !all.iter().any(|known| known == name) {
        found.add(file.at(key, format!("没有{what} `{name}`"), nearest(name, all.iter(), "")));
    }
}
