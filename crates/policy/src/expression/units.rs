//! Units: which values meet, and what comes of it.

use super::parse::Spans;
use super::scope::Typed;
use super::{Expr, ExpressionError};
use model::{Decimal, Fen, Type, Value};
use words::Wording;

/// An error about a part.
pub(super) fn wrong(spans: &Spans, what: impl Into<Wording>, hint: impl Into<Wording>) -> ExpressionError {
    let length = spans.length.max(1);
    ExpressionError { what: what.into(), hint: hint.into(), offset: spans.offset, length }
}

pub(super) fn is_number(typed: &Typed) -> bool {
    matches!(typed.ty, Type::Int | Type::Decimal | Type::Fen)
}

/// A number as it stands, without a unit.
pub(super) fn is_bare(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(Value::Int(_) | Value::Decimal(_)))
}

pub(super) fn is_zero(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(Value::Int(number)) => *number == 0,
        Expr::Literal(Value::Decimal(number)) => number.is_zero(),
        _ => false,
    }
}

/// The type in which two values meet; `None` when they do not.
pub(super) fn common(left: &(Expr, Typed), right: &(Expr, Typed)) -> Option<Typed> {
    let (a, b) = (&left.1, &right.1);
    if is_number(a) && is_number(b) {
        return match (a.is_money, b.is_money) {
            (true, false) if is_zero(&right.0) => Some(a.clone()),
            (false, true) if is_zero(&left.0) => Some(b.clone()),
            (one, other) if one != other => None,
            (is_money, _) if a.ty != b.ty => Some(Typed { ty: Type::Decimal, is_money, codes: None }),
            _ => Some(a.clone()),
        };
    }
    match (&a.codes, &b.codes) {
        _ if a.ty != b.ty => None,
        (Some(one), Some(other)) if one != other => None,
        (Some(_), _) => Some(a.clone()),
        _ => Some(b.clone()),
    }
}

pub(super) fn product(a: &Typed, b: &Typed) -> Typed {
    let is_money = a.is_money || b.is_money;
    let ty = match (a.ty, b.ty) {
        (Type::Decimal, _) | (_, Type::Decimal) => Type::Decimal,
        _ if is_money => Type::Fen,
        _ => Type::Int,
    };
    Typed { ty, is_money, codes: None }
}

/// A bare number takes the type that its place demands.
pub(super) fn adapt(expr: Expr, typed: &Typed) -> Expr {
    match (&expr, typed.ty) {
        (Expr::Literal(Value::Int(0)), Type::Fen) => Expr::Literal(Value::Fen(Fen(0))),
        (Expr::Literal(Value::Decimal(number)), Type::Fen) if number.is_zero() => Expr::Literal(Value::Fen(Fen(0))),
        (Expr::Literal(Value::Int(number)), Type::Decimal) => Expr::Literal(Value::Decimal(Decimal::from(*number))),
        _ => expr,
    }
}

pub(super) fn fits_exactly(expr: &Expr, this: Option<&Typed>, typed: &Typed) -> bool {
    this.is_none_or(|this| this.ty == typed.ty) || is_bare(expr)
}

pub(super) fn units_differ(a: &Typed, b: &Typed, spans: &Spans) -> ExpressionError {
    let hint = match (a.is_money, b.is_money) {
        (true, false) | (false, true) if is_number(a) && is_number(b) => {
            "金额写成 yuan(6000);金额只和金额比较、相加(0 除外)"
        }
        _ if a.codes.is_some() && b.codes.is_some() => "两边来自不同的代码表",
        _ if [a, b].iter().any(|typed| typed.ty == Type::Day) => "日期写成 date '2021-05-27'",
        _ if [a, b].iter().any(|typed| typed.codes.is_some()) => "代码写在单引号里,如 '1'",
        _ => "两边要同一种类型",
    };
    wrong(spans, format!("{}和{}不能放在一起", name_of(a), name_of(b)), hint)
}

/// The type in words.
pub(crate) fn name_of(typed: &Typed) -> &'static str {
    match typed.ty {
        Type::Bool => "是否值",
        Type::Int => "整数",
        Type::Decimal if typed.is_money => "带小数的金额",
        Type::Decimal => "小数",
        Type::Fen => "金额",
        Type::Day => "日期",
        Type::Text if typed.codes.is_some() => "代码",
        Type::Text => "文字",
    }
}

/// A hint with the nearest known name.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a String>, prefix: &str) -> String {
    let known: Vec<&str> = known.map(String::as_str).collect();
    match nearest_of(name, &known) {
        Some(known) => format!("是不是 `{prefix}{known}`?"),
        None => "检查名称是否写对,或先声明它".to_owned(),
    }
}

/// The known name that is most like this one, if any is like it.
pub(crate) fn nearest_of<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let closest =
        known.iter().map(|known| (strsim::jaro_winkler(known, name), *known)).max_by(|a, b| a.0.total_cmp(&b.0));
    closest.filter(|(closeness, _)| *closeness > 0.75).map(|(_, known)| known)
}
