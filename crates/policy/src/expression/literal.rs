//! Numbers and amounts as expressions write them.

use model::{Decimal, Fen, Value};
use sqlparser::ast::{Expr as Sql, UnaryOperator, Value as SqlValue};

/// Literals are not negative here, so a number and its negative both fit.
pub(super) fn number(digits: &str) -> Option<Value> {
    let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !is_plain {
        return None;
    }
    if digits.contains('.') {
        Decimal::from_str_exact(digits).ok().map(Value::Decimal)
    } else {
        digits.parse().ok().map(Value::Int)
    }
}

pub(super) fn yuan(arguments: &[&Sql]) -> Option<Fen> {
    let (negative, amount) = match arguments {
        [Sql::UnaryOp { op: UnaryOperator::Minus, expr }] => (true, expr.as_ref()),
        [other] => (false, *other),
        _ => return None,
    };
    let Sql::Value(value) = amount else { return None };
    let SqlValue::Number(digits, _) = &value.value else { return None };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if part.len() > 2 {
        return None;
    }
    let fen: i64 = format!("{whole}{part:0<2}").parse().ok()?;
    Some(Fen(if negative { -fen } else { fen }))
}
