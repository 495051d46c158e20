//! Checks registers and settles what they calculate and demand.

use super::columns::{columns, listed, refers, roles};
use super::names::{is_column_name, is_reserved_field};
use super::{Found, calculated, lifecycles, text_of};
use crate::declare::{Column, Register};
use crate::package::{Package, Thing};
use crate::text::FileText;
use model::Kind;

/// Checks all registers; fills `register_forms`.
pub(super) fn check(package: &mut Package, found: &mut Found) {
    let mut forms = std::collections::BTreeMap::new();
    for (name, register) in &package.registers {
        of_register(package, found, &text_of(package, Thing::Register, name), name, register);
        forms.insert(name.clone(), calculated::form_of(package, found, name, register));
    }
    package.register_forms = forms;
}

fn of_register(package: &Package, found: &mut Found, file: &FileText, name: &str, register: &Register) {
    found.articles(package, file, &register.article);
    found.filled(file, "label", &register.label);
    found.filled(file, "label_en", &register.label_en);
    columns(package, found, file, "field", &register.field);
    reserved(found, file, "field", &register.field);
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
        let list = format!("child.{at}.field");
        columns(package, found, file, &list, &child.field);
        reserved(found, file, &list, &child.field);
    }
    roles(package, found, file, "may_import", &register.may_import);
    for (at, check) in register.check.iter().enumerate() {
        let key = |name: &str| format!("check.{at}.{name}");
        found.filled(file, &key("what"), &check.what);
        found.filled(file, &key("hint"), &check.hint);
        listed(found, file, &key("columns"), &check.columns, &register.field);
    }
    lifecycles::lifecycle(package, found, file, register);
}

/// Fields may not have the names of columns that the engine keeps with every record.
fn reserved(found: &mut Found, file: &FileText, list: &str, columns: &[Column]) {
    for (at, column) in columns.iter().enumerate().filter(|(_, column)| is_column_name(&column.name)) {
        if is_reserved_field(&column.name) {
            let message = format!("`{}` 是系统自用的列名", column.name);
            found.add(file.at(&format!("{list}.{at}.name"), message, "换一个名称,例如在前面加上所指的事物"));
        }
    }
}
