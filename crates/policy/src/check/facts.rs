//! Checks facts and settles their expressions, in the order in which they read one another.

use super::found::{Findings, text_of};
use crate::declare::{Aggregate, Fact, Grain};
use crate::expression::{
    AggregateCall, AggregateFunction, Expr, ExpressionError, Parsed, Scope, Spans, Typed, Window, names_of, nearest,
    parse_aggregate_spanned, parse_spanned, settle_spanned,
};
use crate::forms::{AggregateForm, FactForm, Origin};
use crate::order;
use crate::package::{Package, Thing};
use crate::scope;
use crate::text::FileText;
use model::Type;
use std::collections::{BTreeMap, BTreeSet};

/// Checks all facts; fills `fact_forms`, `fact_order` and the scopes.
pub(super) fn check(package: &mut Package, found: &mut Findings) {
    let reads: BTreeMap<String, BTreeSet<String>> =
        package.facts.iter().map(|(name, fact)| (name.clone(), facts_read(package, fact))).collect();
    let (ordered, circular) = order::sorted(&reads);
    let names: Vec<String> = package.facts.keys().cloned().collect();
    for name in &names {
        head(package, found, name);
    }
    for name in &circular {
        if !order::reaches_itself(&reads, name) {
            continue;
        }
        let around: Vec<&str> = reads[name].iter().filter(|read| circular.contains(read)).map(String::as_str).collect();
        let file = text_of(package, Thing::Fact, name);
        let message = format!("事实 `{name}` 绕回了自己(经由 {})", around.join("、"));
        let is_derived = package.facts[name].derived.is_some();
        found.add(file.at(
            if is_derived { "derived.value" } else { "aggregate.value" },
            message,
            "让其中一个不再引用另一个",
        ));
    }
    for name in ordered {
        let Some(form) = settle(package, found, &name) else { continue };
        scope::register_fact(package, &name, &form.typed);
        package.fact_forms.insert(name.clone(), form);
        package.fact_order.push(name);
    }
}

/// Facts that the texts name; texts that do not parse name none.
fn facts_read(package: &Package, fact: &Fact) -> BTreeSet<String> {
    let mut texts: Vec<Expr> = Vec::new();
    if let Some(derived) = &fact.derived {
        texts.extend(parse_spanned(&derived.value).map(|parsed| parsed.expr));
    }
    if let Some(aggregate) = fact.aggregate.as_ref().filter(|aggregate| climbs_from(&aggregate.from).is_some()) {
        texts.extend(parse_aggregate_spanned(&aggregate.value).ok().and_then(|(call, _)| call.argument));
        texts.extend(
            aggregate.filter.as_deref().and_then(|filter| parse_spanned(filter).ok()).map(|parsed| parsed.expr),
        );
    }
    texts.iter().flat_map(names_of).filter_map(|name| order::fact_of(&package.facts, &name)).collect()
}

/// The grain whose records a climbing aggregate is over.
fn climbs_from(from: &str) -> Option<Grain> {
    match from {
        "resident" => Some(Grain::Resident),
        "household" => Some(Grain::Household),
        _ => None,
    }
}

fn head(package: &Package, found: &mut Findings, name: &str) {
    let fact = &package.facts[name];
    let file = text_of(package, Thing::Fact, name);
    found.articles(package, &file, &fact.article);
    found.filled(&file, "label", &fact.label);
    found.filled(&file, "label_en", &fact.label_en);
    let field_of = |register: &str| {
        package.registers.get(register).is_some_and(|declared| declared.field.iter().any(|field| field.name == name))
    };
    let is_taken = match fact.over {
        Grain::Resident => field_of("resident"),
        Grain::Household => field_of("household"),
        Grain::Village => false,
    };
    if is_taken {
        found.add(file.at("", format!("`{name}` 已经是台账字段的名称"), "给事实另取一个名称"));
    }
    match (&fact.aggregate, &fact.derived) {
        (Some(_), Some(_)) => {
            found.add(file.at("derived", "aggregate 和 derived 只能写一个", "汇总写 [aggregate],算式写 [derived]"))
        }
        (None, None) => found.add(file.at("", "没有写怎样得到这个事实", "写 [aggregate] 或 [derived] 之一")),
        _ => {}
    }
}

fn settle(package: &Package, found: &mut Findings, name: &str) -> Option<FactForm> {
    let fact = &package.facts[name];
    let file = text_of(package, Thing::Fact, name);
    let form = match (&fact.aggregate, &fact.derived) {
        (Some(aggregate), None) => settle_aggregate(package, found, &file, fact.over, aggregate)?,
        (None, Some(derived)) => {
            let settled =
                parse_spanned(&derived.value).and_then(|parsed| settle_spanned(&parsed, package.scope(fact.over)));
            let (expr, typed) = report(found, &file, "derived.value", &derived.value, settled)?;
            FactForm { typed, origin: Origin::Derived(expr) }
        }
        _ => return None,
    };
    if form.typed.ty == Type::Decimal && form.typed.is_money {
        let key = if fact.derived.is_some() { "derived.value" } else { "aggregate.value" };
        found.add(file.at(key, "事实的金额要是整分", "用 whole(…) 取整"));
        return None;
    }
    Some(form)
}

/// The result, or `None` after its error was reported at the key.
pub(super) fn report<T>(
    found: &mut Findings,
    file: &FileText,
    key: &str,
    text: &str,
    result: Result<T, ExpressionError>,
) -> Option<T> {
    match result {
        Ok(result) => Some(result),
        Err(error) => {
            found.add(file.in_expression(key, text, &error));
            None
        }
    }
}

fn settle_aggregate(
    package: &Package,
    found: &mut Findings,
    file: &FileText,
    over: Grain,
    aggregate: &Aggregate,
) -> Option<FactForm> {
    let source = package.sources.get(&aggregate.from);
    let scope = match (climbs_from(&aggregate.from), source) {
        (Some(below), _) => {
            let above = if below == Grain::Resident { Grain::Household } else { Grain::Village };
            if over != above {
                found.add(file.at(
                    "aggregate.from",
                    format!("从 {} 汇总得到的是上一级的事实", aggregate.from),
                    format!("写 over = \"{}\"", grain_word(above)),
                ));
                return None;
            }
            package.scope(below).clone()
        }
        (None, Some(source)) => {
            let fits = over == source.of || (source.of, over) == (Grain::Resident, Grain::Household);
            if !fits {
                let hint = format!("该数据源按 {} 报送;先汇总到那一级,再逐级汇总", grain_word(source.of));
                found.add(file.at("over", "数据源的行归不到这一级", hint));
                return None;
            }
            scope::of_columns(package, &source.column, true)
        }
        (None, None) => {
            let broken = package.texts.contains_key(&(Thing::Source, aggregate.from.clone()));
            let hint = if broken {
                "先改正这个数据源本身的错误".to_owned()
            } else {
                nearest(&aggregate.from, package.sources.keys(), "")
            };
            found.add(file.at("aggregate.from", format!("没有数据源 `{}`", aggregate.from), hint));
            return None;
        }
    };
    let window = settle_window(found, file, aggregate, source.and_then(|source| source.day.as_ref()).is_some());
    let (call, typed) = settle_call(found, file, "aggregate.value", &aggregate.value, &scope)?;
    let filter = settle_filter(found, file, "aggregate.where", aggregate.filter.as_deref(), &scope)?;
    let form = AggregateForm { from: aggregate.from.clone(), call, filter, window: window? };
    Some(FactForm { typed, origin: Origin::Aggregate(form) })
}

fn settle_window(found: &mut Findings, file: &FileText, aggregate: &Aggregate, has_day: bool) -> Option<Window> {
    let Some(text) = &aggregate.window else { return Some(Window::All) };
    let window = report(found, file, "aggregate.window", text, Window::parse(text))?;
    if window != Window::All && !has_day {
        found.add(file.at(
            "aggregate.window",
            "没有日期列,不能用时间窗口",
            "在数据源里写 day = \"日期列\",或删去 window",
        ));
        return None;
    }
    Some(window)
}

/// A condition that may be missing; `None` after an error was reported.
pub(super) fn settle_filter(
    found: &mut Findings,
    file: &FileText,
    key: &str,
    text: Option<&str>,
    scope: &Scope,
) -> Option<Option<Expr>> {
    let Some(text) = text else { return Some(None) };
    settle_truth(found, file, key, text, scope).map(Some)
}

/// A condition; `None` after an error was reported.
pub(super) fn settle_truth(
    found: &mut Findings,
    file: &FileText,
    key: &str,
    text: &str,
    scope: &Scope,
) -> Option<Expr> {
    let settled = parse_spanned(text).and_then(|parsed| settle_spanned(&parsed, scope));
    let (expr, typed) = report(found, file, key, text, settled)?;
    if typed.ty != Type::Bool {
        let message = format!("这里要一个条件,得到的是{}", crate::expression::name_of(&typed));
        found.add(file.at(key, message, "加上比较,如 x > 0、x = '1'"));
        return None;
    }
    Some(expr)
}

/// An aggregate and the type of its result; `None` after an error was reported.
pub(super) fn settle_call(
    found: &mut Findings,
    file: &FileText,
    key: &str,
    text: &str,
    scope: &Scope,
) -> Option<(AggregateCall, Typed)> {
    let (call, spans) = report(found, file, key, text, parse_aggregate_spanned(text))?;
    let settled = typed_call(call, spans, scope);
    report(found, file, key, text, settled)
}

fn typed_call(call: AggregateCall, spans: Spans, scope: &Scope) -> Result<(AggregateCall, Typed), ExpressionError> {
    let function = call.function;
    let Some(expr) = call.argument else { return Ok((call, Typed::of(Type::Int))) };
    let (offset, length) = (spans.offset, spans.length.max(1));
    let (argument, typed) = settle_spanned(&Parsed { expr, spans }, scope)?;
    let is_number = matches!(typed.ty, Type::Int | Type::Decimal | Type::Fen);
    let (fits, wanted) = match function {
        AggregateFunction::Sum => (is_number, "数或金额"),
        AggregateFunction::Any | AggregateFunction::All => (typed.ty == Type::Bool, "条件"),
        _ => (is_number || typed.ty == Type::Day, "数、金额或日期"),
    };
    if !fits {
        let message = format!("{} 里要{wanted},得到的是{}", function.name(), crate::expression::name_of(&typed));
        return Err(ExpressionError {
            what: message.into(),
            hint: "计数写 count(),条件放到 where".into(),
            offset,
            length,
        });
    }
    Ok((AggregateCall { function, argument: Some(argument) }, typed))
}

/// The word for a grain as declarations write it.
pub(crate) fn grain_word(grain: Grain) -> &'static str {
    match grain {
        Grain::Resident => "resident",
        Grain::Household => "household",
        Grain::Village => "village",
    }
}
