//! Checks sources.

use super::columns::{columns, listed, of_source_only, refers, roles};
use super::facts::settle_truth;
use super::found::{Findings, text_of};
use crate::declare::{Column, Grain, RowCheck, Source};
use crate::package::{Package, Thing};
use crate::scope;
use crate::text::FileText;
use model::Kind;

/// How often a source may be handed in.
const CADENCES: &[&str] = &["month", "quarter", "year", "event", "day"];

/// Beyond this nobody can say that an event belongs to a membership.
const TOLERANCE_DAYS_MAX: u16 = 92;

/// Checks all sources.
pub(super) fn check(package: &Package, found: &mut Findings) {
    for (name, source) in &package.sources {
        of_source(package, found, &text_of(package, Thing::Source, name), name, source);
    }
}

fn of_source(package: &Package, found: &mut Findings, file: &FileText, name: &str, source: &Source) {
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
    if source.leaving_percent_max.is_some_and(|percent| percent > 100) {
        found.add(file.at("leaving_percent_max", "比例超过100", "写0到100的整数,单位为百分之一"));
    }
    if found.is_too_long(file, &[("column", source.column.len()), ("check", source.check.len())]) {
        return;
    }
    columns(package, found, file, "column", &source.column);
    of_source_only(found, file, &source.column);
    refers(found, file, "identity", source.identity.as_ref(), &source.column, &[Kind::Identity]);
    refers(found, file, "name", source.name.as_ref(), &source.column, &[Kind::Name]);
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
    of_identity(found, file, source);
    listed(found, file, "key", &source.key, &source.column);
    if source.key.is_empty() {
        found.add(file.at("key", "没有写哪些列确定一行", "key = [\"列名\", …]"));
    }
    roles(package, found, file, "may_hand_in", &source.may_hand_in);
    row_checks(package, found, file, &source.column, &source.check);
}

/// What only says something of a person who is found by an identity number.
fn of_identity(found: &mut Findings, file: &FileText, source: &Source) {
    let hint = "补写 identity = \"列名\",或删去这一行";
    if source.name.is_some() && source.identity.is_none() {
        found.add(file.at("name", "没有证件号码列,姓名无从核对", hint));
    }
    let days = source.member_tolerance_days;
    if days > 0 && source.identity.is_none() {
        found.add(file.at("member_tolerance_days", "没有证件号码列,不按人员对应农户", hint));
    }
    if days > 0 && source.day.is_none() {
        let hint = "补写 day = \"列名\",或删去这一行";
        found.add(file.at("member_tolerance_days", "没有业务发生日列,按报送日对应农户", hint));
    }
    if days > TOLERANCE_DAYS_MAX {
        let message = format!("与在户日期相差 {days} 天,已不能确定是哪一户");
        found.add(file.at("member_tolerance_days", message, format!("最多 {TOLERANCE_DAYS_MAX} 天")));
    }
}

fn row_checks(package: &Package, found: &mut Findings, file: &FileText, columns: &[Column], checks: &[RowCheck]) {
    let scope = scope::of_columns(package, columns, false);
    for (at, check) in checks.iter().enumerate() {
        let key = |name: &str| format!("check.{at}.{name}");
        settle_truth(found, file, &key("holds"), &check.holds, &scope);
        found.filled(file, &key("what"), &check.what);
        found.english(file, &key("what_en"), &check.what_en);
        found.filled(file, &key("hint"), &check.hint);
        found.english(file, &key("hint_en"), &check.hint_en);
        listed(found, file, &key("columns"), &check.columns, columns);
    }
}
