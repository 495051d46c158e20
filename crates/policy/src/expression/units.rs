//! Units: which values meet, and what comes of it.

use super::parse::Spans;
use super::scope::{Scope, Typed};
use super::{Expr, ExpressionError};
use model::{Decimal, Fen, Type, Value};
use words::{Advice, Wording, wording};

/// An error about a part.
pub(super) fn wrong(spans: &Spans, advice: Advice) -> ExpressionError {
    ExpressionError::new(advice, spans.offset, spans.length)
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
            wording!("amounts_meet_amounts")
        }
        _ if a.codes.is_some() && b.codes.is_some() => wording!("lists_apart"),
        _ if [a, b].iter().any(|typed| typed.ty == Type::Day) => wording!("write_date"),
        _ if [a, b].iter().any(|typed| typed.codes.is_some()) => wording!("write_code"),
        _ => wording!("types_to_be_one"),
    };
    wrong(spans, Advice { what: wording!("types_apart", one = name_of(a), other = name_of(b)), hint })
}

/// The type in words.
pub(crate) fn name_of(typed: &Typed) -> Wording {
    match typed.ty {
        Type::Bool => wording!("type_truth"),
        Type::Int => wording!("type_whole_number"),
        Type::Decimal if typed.is_money => wording!("type_amount_with_fractions"),
        Type::Decimal => wording!("type_decimal"),
        Type::Fen => wording!("type_amount"),
        Type::Day => wording!("type_day"),
        Type::Text if typed.codes.is_some() => wording!("type_code"),
        Type::Text => wording!("type_text"),
    }
}

/// A hint with the nearest known name.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a String>, prefix: &str) -> Wording {
    let known: Vec<&str> = known.map(String::as_str).collect();
    match nearest_of(name, &known) {
        Some(known) => wording!("name_nearest", name = format!("{prefix}{known}")),
        None => wording!("name_without_nearest"),
    }
}

/// What to write instead of a name that cannot be used in the scope.
pub(crate) fn instead_of(name: &str, scope: &Scope) -> Wording {
    scope.elsewhere.get(name).cloned().unwrap_or_else(|| nearest(name, scope.names.keys(), ""))
}

/// The known name that is most like this one, if any is like it.
pub(crate) fn nearest_of<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let closest =
        known.iter().map(|known| (strsim::jaro_winkler(known, name), *known)).max_by(|a, b| a.0.total_cmp(&b.0));
    closest.filter(|(closeness, _)| *closeness > 0.75).map(|(_, known)| known)
}
