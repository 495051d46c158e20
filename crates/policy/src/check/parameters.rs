//! Checks parameters: one value kind each, formulas without cycles.

use super::found::{Findings, text_of};
use crate::declare::{ParameterUnit, ParameterValue};
use crate::expression::{Scope, Typed, parameters_of, parse_spanned, settle_spanned};
use crate::order;
use crate::package::{Package, Thing};
use crate::problem::Problem;
use crate::text::FileText;
use model::{Decimal, Type};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The type of a parameter's value.
pub(crate) fn type_of(unit: ParameterUnit) -> Type {
    match unit {
        ParameterUnit::Fen => Type::Fen,
        ParameterUnit::Rate => Type::Decimal,
        ParameterUnit::Int | ParameterUnit::Days | ParameterUnit::Months => Type::Int,
        ParameterUnit::Bool => Type::Bool,
    }
}

/// Makes the types of all parameters known to all scopes.
pub(super) fn types(package: &mut Package) {
    let types =
        package.parameters.iter().map(|(name, declared)| (name.clone(), Typed::of(type_of(declared.unit)))).collect();
    package.resident_scope.parameters = Arc::new(types);
}

/// Problems of one value: exactly one kind, the kind that the unit asks for, a source, a grade.
pub(crate) fn shape(
    file: &FileText,
    key: &str,
    value: &ParameterValue,
    unit: ParameterUnit,
    is_overlay: bool,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    let said = [
        ("amount", value.amount.is_some()),
        ("rate", value.rate.is_some()),
        ("truth", value.truth.is_some()),
        ("formula", value.formula.is_some()),
        ("unset", value.unset),
    ];
    let kinds: Vec<&str> = said.iter().filter(|(_, is_said)| *is_said).map(|(kind, _)| *kind).collect();
    let wanted = match unit {
        ParameterUnit::Rate => "rate",
        ParameterUnit::Bool => "truth",
        _ => "amount",
    };
    match kinds.as_slice() {
        [] => problems.push(file.at(key, "没有给值", format!("写 {wanted}、formula 或 unset = true 之一"))),
        [kind] if ["formula", "unset", wanted].contains(kind) => {}
        [kind] => problems.push(file.at(
            &format!("{key}.{kind}"),
            format!("单位 {unit:?} 的值不写在 {kind}"),
            format!("写 {wanted} = …"),
        )),
        [_, second, ..] => {
            problems.push(file.at(&format!("{key}.{second}"), format!("给了两种值:{}", kinds.join("、")), "只留一种"));
        }
    }
    let is_negative =
        value.amount.is_some_and(|amount| amount < 0) || value.rate.is_some_and(|rate| rate < Decimal::ZERO);
    if is_negative {
        problems.push(file.at(key, "值不能是负数", "标准和线都不小于 0"));
    }
    let grades: &[&str] = if is_overlay { &["A", "B", "example"] } else { &["A", "B"] };
    if !grades.contains(&value.grade.as_str()) && !value.unset {
        let hint = format!("可用:{};示例值(example)只能放在叠加层", grades.join("、"));
        problems.push(file.at(&format!("{key}.grade"), format!("不认识的来源等级 `{}`", value.grade), hint));
    }
    if value.source.trim().is_empty() {
        problems.push(file.at(&format!("{key}.source"), "没有写来源", "写发文机关、文号和日期"));
    }
    problems
}

/// Checks all parameters and settles their formulas.
pub(super) fn check(package: &mut Package, found: &mut Findings) {
    let mut formulas = BTreeMap::new();
    let mut reads: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let scope =
        Scope { parameters: package.resident_scope.parameters.clone(), only_parameters: true, ..Scope::default() };
    for (name, declared) in &package.parameters {
        let file = text_of(package, Thing::Parameter, name);
        found.articles(package, &file, &declared.article);
        found.filled(&file, "label", &declared.label);
        found.filled(&file, "label_en", &declared.label_en);
        if declared.value.is_empty() {
            found.add(file.at("", "没有任何值", "没有可靠来源时写 [[value]] unset = true"));
        }
        let wanted = type_of(declared.unit);
        if declared.at_least.is_some() && wanted == Type::Bool {
            found.add(file.at("at_least", "是否值没有最低线", "删去 at_least"));
        }
        places(package, found, &file, &declared.value);
        let mut settled = Vec::with_capacity(declared.value.len());
        for (at, value) in declared.value.iter().enumerate() {
            let Some(text) = &value.formula else {
                settled.push(None);
                continue;
            };
            let key = format!("value.{at}.formula");
            match parse_spanned(text).and_then(|parsed| settle_spanned(&parsed, &scope)) {
                Ok((expr, typed)) if typed.ty == wanted => {
                    reads.entry(name.clone()).or_default().extend(parameters_of(&expr));
                    settled.push(Some(expr));
                }
                Ok((_, typed)) => {
                    let message = format!(
                        "公式的结果是{},单位要{}",
                        words(&typed).chinese(),
                        words(&Typed::of(wanted)).chinese()
                    );
                    found.add(file.at(&key, message, "金额乘比例后用 whole(…) 取整"));
                    settled.push(None);
                }
                Err(error) => {
                    found.add(file.in_expression(&key, text, &error));
                    settled.push(None);
                }
            }
        }
        formulas.insert(name.clone(), settled);
    }
    let (_, circular) = order::sorted(&reads);
    for name in circular {
        let file = text_of(package, Thing::Parameter, &name);
        let at = package
            .parameters
            .get(&name)
            .and_then(|declared| declared.value.iter().position(|value| value.formula.is_some()));
        found.add(file.at(
            &format!("value.{}.formula", at.unwrap_or(0)),
            format!("参数 `{name}` 的公式绕回了自己"),
            "让其中一个写出数额",
        ));
    }
    package.formulas = formulas;
}

fn words(typed: &Typed) -> words::Wording {
    crate::expression::name_of(typed)
}

/// Places must exist; no two values for the same place and days.
fn places(package: &Package, found: &mut Findings, file: &FileText, values: &[ParameterValue]) {
    let mut seen = BTreeSet::new();
    for (at, value) in values.iter().enumerate() {
        let place = value.region.unwrap_or(package.head.region);
        let is_known = package.divisions.all().is_empty() || package.divisions.get(place).is_some();
        if !is_known {
            found.add(file.at(&format!("value.{at}.region"), format!("区划表里没有 {place}"), "检查区划代码"));
        }
        if !seen.insert((place, value.from, value.published.unwrap_or(value.from))) {
            found.add(file.at(&format!("value.{at}.from"), "同一地区、同一日期给了两个值", "更正时写不同的 published"));
        }
    }
}
