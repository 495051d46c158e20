//! Checks rules and settles their expressions.

use super::facts::{report, settle_truth};
use super::found::{Findings, text_of};
use crate::declare::{Grain, Rule, RuleKind};
use crate::expression::{Expr, Scope, Typed, nearest, parse_spanned, settle_spanned};
use crate::forms::{Origin, RuleForm};
use crate::order;
use crate::package::{Package, Thing};
use crate::sentence::placeholders;
use crate::text::FileText;
use model::Type;

/// Checks all rules; fills `rule_forms`.
pub(super) fn check(package: &mut Package, found: &mut Findings) {
    let names: Vec<String> = package.rules.keys().cloned().collect();
    for name in names {
        let rule = &package.rules[&name];
        let file = text_of(package, Thing::Rule, &name);
        head(package, found, &file, rule);
        sentences(package, found, &file, rule);
        evidence(package, found, &file, rule);
        if let Some(form) = settle(package, found, &file, rule) {
            package.rule_forms.insert(name, form);
        }
    }
}

fn head(package: &Package, found: &mut Findings, file: &FileText, rule: &Rule) {
    found.articles(package, file, &rule.article);
    for (key, text) in [("label", &rule.label), ("label_en", &rule.label_en), ("source", &rule.source)] {
        found.filled(file, key, text);
    }
    if rule.over == Grain::Village {
        found.add(file.at("over", "规则只能按户或按人", "写 over = \"household\" 或 \"resident\";村的数写成指标"));
    }
    match (&rule.risk, rule.kind) {
        (Some(risk), _) => found.code(package, file, "risk", "risk_type", risk),
        (None, RuleKind::Screening) => {
            found.add(file.at("", "筛查规则要写风险类型", "risk = \"代码表 risk_type 的代码\""))
        }
        (None, _) => {}
    }
    match (&rule.owner, rule.kind) {
        (Some(owner), _) => found.code(package, file, "owner", "department", owner),
        (None, RuleKind::Quality) => {
            found.add(file.at("", "质量规则要写数据归谁管", "owner = \"代码表 department 的代码\""))
        }
        (None, _) => {}
    }
    if rule.kind == RuleKind::Screening {
        if !(1..=100).contains(&rule.points) {
            found.add(file.at("points", "筛查规则的分值要在 1 到 100 之间", "points = 1 到 100"));
        }
        if rule.value.is_none() {
            found.add(file.at("", "筛查规则要写出所述的值", "value = \"事实名\""));
        }
    }
    let is_sorted = rule.bands.is_sorted_by(|a, b| a < b) || rule.bands.is_sorted_by(|a, b| a > b);
    if !is_sorted {
        found.add(file.at("bands", "档次要依次变大(或依次变小)", "例如 [1.0, 1.5, 2.0]"));
    }
}

fn settle(package: &Package, found: &mut Findings, file: &FileText, rule: &Rule) -> Option<RuleForm> {
    let scope = package.scope(rule.over);
    let when = settle_truth(found, file, "when", &rule.when, scope);
    let value = optional(found, file, "value", rule.value.as_deref(), scope);
    let line = optional(found, file, "line", rule.line.as_deref(), scope);
    let (when, value, line) = (when?, value?, line?);
    if let (Some((_, value)), Some((_, line))) = (&value, &line)
        && (!is_number(value) || !is_number(line) || value.is_money != line.is_money)
    {
        let message = format!("value 是{},line 是{},不能相比", words(value), words(line));
        found.add(file.at("line", message, "两边要同一种单位"));
    }
    if let Some((_, value)) = value.as_ref().filter(|(_, value)| !rule.bands.is_empty() && !is_number(value)) {
        found.add(file.at("bands", format!("{}不能分档", words(value)), "value 写数或金额,或删去 bands"));
    }
    Some(RuleForm { when, value, line })
}

fn optional(
    found: &mut Findings,
    file: &FileText,
    key: &str,
    text: Option<&str>,
    scope: &Scope,
) -> Option<Option<(Expr, Typed)>> {
    let Some(text) = text else { return Some(None) };
    let settled = parse_spanned(text).and_then(|parsed| settle_spanned(&parsed, scope));
    report(found, file, key, text, settled).map(Some)
}

fn is_number(typed: &Typed) -> bool {
    matches!(typed.ty, Type::Int | Type::Decimal | Type::Fen)
}

fn words(typed: &Typed) -> &'static str {
    crate::expression::name_of(typed)
}

/// Every placeholder must be a name of the grain, a parameter, or the rule's own value or line.
fn sentences(package: &Package, found: &mut Findings, file: &FileText, rule: &Rule) {
    let scope = package.scope(rule.over);
    for (key, template) in [("because", &rule.because), ("because_en", &rule.because_en)] {
        found.filled(file, key, template);
        if template.matches('{').count() != template.matches('}').count() {
            found.add(file.at(key, "花括号不成对", "写成 {事实名} 或 {p.参数名}"));
            continue;
        }
        for (name, offset) in placeholders(template) {
            let problem = match name.strip_prefix("p.") {
                Some(parameter) if scope.parameters.contains_key(parameter) => continue,
                Some(parameter) => {
                    (format!("没有参数 `{parameter}`"), nearest(parameter, scope.parameters.keys(), "p."))
                }
                None if scope.typed(&name).is_some() => continue,
                None if name == "value" && rule.value.is_some() => continue,
                None if name == "line" && rule.line.is_some() => continue,
                None => {
                    let hint = scope.elsewhere.get(&name).cloned();
                    (format!("这里没有 `{name}`"), hint.unwrap_or_else(|| nearest(&name, scope.names.keys(), "")))
                }
            };
            let error = crate::expression::ExpressionError {
                what: problem.0.into(),
                hint: problem.1.into(),
                offset,
                length: name.len() + 2,
            };
            found.add(file.in_expression(key, template, &error));
        }
    }
}

/// Evidence must be aggregates, or lead to some.
fn evidence(package: &Package, found: &mut Findings, file: &FileText, rule: &Rule) {
    if rule.kind == RuleKind::Screening && rule.evidence.is_empty() {
        found.add(file.at("", "筛查规则要写依据", "evidence = [\"汇总事实名\"]"));
    }
    for (at, name) in rule.evidence.iter().enumerate() {
        let key = format!("evidence.{at}");
        let Some(fact) = package.facts.get(name) else {
            found.add(file.at(&key, format!("没有事实 `{name}`"), nearest(name, package.facts.keys(), "")));
            continue;
        };
        let fits = fact.over == rule.over || (rule.over == Grain::Resident && fact.over == Grain::Household);
        if !fits {
            found.add(file.at(&key, format!("事实 `{name}` 和规则不在同一级"), "依据要和规则按同一级(户或人)"));
        } else if package.fact_forms.contains_key(name) && !leads_to_rows(package, name, 0) {
            found.add(file.at(&key, format!("事实 `{name}` 不是汇总,背后没有数据行"), "依据写它用到的汇总事实"));
        }
    }
}

fn leads_to_rows(package: &Package, fact: &str, depth: usize) -> bool {
    match package.fact_forms.get(fact) {
        _ if depth > 64 => false,
        None => false,
        Some(form) => match &form.origin {
            Origin::Aggregate(_) => true,
            Origin::Derived(expr) => {
                let read = crate::expression::names_of(expr);
                read.iter()
                    .filter_map(|name| order::fact_of(&package.facts, name))
                    .any(|name| leads_to_rows(package, &name, depth + 1))
            }
        },
    }
}
