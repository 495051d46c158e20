//! Evaluates an expression for one record: exact, with SQL's three-valued logic.
//!
//! Unknown (`Null`) in, unknown out, except where `and`, `or`, `is null`, `coalesce` and `case` decide without it. A number
//! that does not fit (64 bits for whole numbers and money, 28 digits for decimals) is unknown, never wrapped or rounded.

use super::{BinaryOp, Expr, Function};
use crate::functions;
use model::{Day, Decimal, Fen, Value};
use std::borrow::Cow;
use std::cmp::Ordering;

/// The value of the expression. `names` gives facts, fields and columns, `parameters` gives parameters without `p.`;
/// `Null` stands for what is not known. Values of types that the check refuses give `Null`. The expression should come from
/// `settle`, so that its result has the type that `settle` said.
pub fn evaluate(expr: &Expr, names: &dyn Fn(&str) -> Value, parameters: &dyn Fn(&str) -> Value, day: Day) -> Value {
    let names = |name: &str| Cow::Owned(names(name));
    Context { names: &names, parameters, day }.value(expr).into_owned()
}

/// The value of every name and parameter that the expression reads (parameters as `p.name`), in the order of the text, each
/// once: the trace behind "why" and "why not".
pub fn explain(
    expr: &Expr,
    names: &dyn Fn(&str) -> Value,
    parameters: &dyn Fn(&str) -> Value,
    day: Day,
) -> Vec<(String, Value)> {
    let names = |name: &str| Cow::Owned(names(name));
    let context = Context { names: &names, parameters, day };
    let mut trace: Vec<(String, Value)> = Vec::new();
    super::walk::visit(expr, &mut |part| {
        let shown = match part {
            Expr::Name(name) => name.clone(),
            Expr::Parameter(name) => format!("p.{name}"),
            _ => return,
        };
        if trace.iter().all(|(known, _)| *known != shown) {
            trace.push((shown, context.value(part).into_owned()));
        }
    });
    trace
}

/// What an expression is evaluated in. Values are lent where they stand already: most are only compared.
pub(crate) struct Context<'a> {
    pub names: &'a dyn Fn(&str) -> Cow<'a, Value>,
    pub parameters: &'a dyn Fn(&str) -> Value,
    pub day: Day,
}

impl<'a> Context<'a> {
    pub(crate) fn value(&self, expr: &'a Expr) -> Cow<'a, Value> {
        Cow::Owned(match expr {
            Expr::Literal(value) => return Cow::Borrowed(value),
            Expr::Name(name) if name == "day" => Value::Day(self.day),
            Expr::Name(name) => return (self.names)(name),
            Expr::Parameter(name) => (self.parameters)(name),
            Expr::Not(of) => truth(self.value(of).as_bool().map(|truth| !truth)),
            Expr::Negate(of) => subtract(&zero_like(&self.value(of)), &self.value(of)),
            Expr::Binary { op, left, right } => self.binary(*op, left, right),
            Expr::IsNull { of, negated } => Value::Bool(self.value(of).is_null() != *negated),
            Expr::In { of, list, negated } => {
                let of = self.value(of);
                let found = any(list.iter().map(|item| equal(&of, &self.value(item))));
                truth(found.map(|found| found != *negated))
            }
            Expr::Between { of, low, high, negated } => {
                let of = self.value(of);
                let above = compare(&of, &self.value(low)).map(|order| order != Ordering::Less);
                let below = compare(&of, &self.value(high)).map(|order| order != Ordering::Greater);
                truth(and(above, below).map(|inside| inside != *negated))
            }
            Expr::Case { branches, otherwise } => {
                let taken = branches.iter().find(|(when, _)| *self.value(when) == Value::Bool(true));
                return match (taken, otherwise) {
                    (Some((_, then)), _) => self.value(then),
                    (None, Some(otherwise)) => self.value(otherwise),
                    (None, None) => Cow::Owned(Value::Null),
                };
            }
            Expr::Call { function, arguments } => self.call(*function, arguments),
        })
    }

    fn binary(&self, op: BinaryOp, left: &'a Expr, right: &'a Expr) -> Value {
        let (left, right) = (self.value(left), self.value(right));
        let ordered = |holds: fn(Ordering) -> bool| truth(compare(&left, &right).map(holds));
        match op {
            BinaryOp::And => truth(and(left.as_bool(), right.as_bool())),
            BinaryOp::Or => truth(any([left.as_bool(), right.as_bool()].into_iter())),
            BinaryOp::Equal => truth(equal(&left, &right)),
            BinaryOp::NotEqual => truth(equal(&left, &right).map(|same| !same)),
            BinaryOp::Less => ordered(Ordering::is_lt),
            BinaryOp::LessOrEqual => ordered(Ordering::is_le),
            BinaryOp::Greater => ordered(Ordering::is_gt),
            BinaryOp::GreaterOrEqual => ordered(Ordering::is_ge),
            BinaryOp::Add => add(&left, &right),
            BinaryOp::Subtract => subtract(&left, &right),
            BinaryOp::Multiply => multiply(&left, &right),
        }
    }

    fn call(&self, function: Function, arguments: &'a [Expr]) -> Value {
        let values: Vec<Cow<'_, Value>> = arguments.iter().map(|argument| self.value(argument)).collect();
        match function {
            Function::Coalesce => {
                let known = values.into_iter().find(|value| !value.is_null());
                return known.map_or(Value::Null, Cow::into_owned);
            }
            Function::Least => return outermost(&values, Ordering::Less),
            Function::Greatest => return outermost(&values, Ordering::Greater),
            _ => {}
        }
        let at = |index: usize| values.get(index).map_or(&Value::Null, AsRef::as_ref);
        let day = |index: usize| at(index).as_day().map(Day::epoch_days);
        let int = |value: Option<i64>| value.map_or(Value::Null, Value::Int);
        match function {
            Function::Age if values.len() == 1 => {
                int(day(0).and_then(|born| functions::age(born, self.day.epoch_days())))
            }
            Function::Age => int(both(day(0), day(1)).and_then(|(born, on)| functions::age(born, on))),
            Function::MonthsBetween => {
                int(both(day(0), day(1)).and_then(|(from, to)| functions::months_between(from, to)))
            }
            Function::DaysBetween => int(both(day(0), day(1)).map(|(from, to)| functions::days_between(from, to))),
            Function::PlusDays => {
                let moved = both(day(0), at(1).as_i64()).and_then(|(day, days)| functions::plus_days(day, days));
                moved.and_then(Day::from_epoch_days).map_or(Value::Null, Value::Day)
            }
            Function::Year => int(day(0).and_then(functions::year)),
            Function::Month => int(day(0).and_then(functions::month)),
            Function::Per => {
                let share =
                    both(at(0).as_i64(), at(1).as_i64()).and_then(|(amount, count)| functions::per(amount, count));
                share.map_or(Value::Null, |share| like(at(0), share))
            }
            Function::Whole => whole(at(0)),
            Function::Coalesce | Function::Least | Function::Greatest => Value::Null,
        }
    }
}

/// A decimal does not know that it is money: `settle` adds 0 fen where the result is an amount.
fn whole(value: &Value) -> Value {
    match value {
        Value::Decimal(decimal) => functions::whole(*decimal).map_or(Value::Null, Value::Int),
        Value::Int(_) | Value::Fen(_) => value.clone(),
        _ => Value::Null,
    }
}

fn both<A, B>(a: Option<A>, b: Option<B>) -> Option<(A, B)> {
    a.zip(b)
}

fn truth(value: Option<bool>) -> Value {
    value.map_or(Value::Null, Value::Bool)
}

fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn any(truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut found = Some(false);
    for truth in truths {
        match truth {
            Some(true) => return Some(true),
            Some(false) => {}
            None => found = None,
        }
    }
    found
}

fn outermost(values: &[Cow<'_, Value>], wanted: Ordering) -> Value {
    let mut best: Option<&Value> = None;
    for value in values {
        best = match best {
            None if value.is_null() => return Value::Null,
            None => Some(value),
            Some(before) => match compare(value, before) {
                None => return Value::Null,
                Some(order) if order == wanted => Some(value),
                Some(_) => Some(before),
            },
        };
    }
    best.cloned().unwrap_or_default()
}

fn equal(a: &Value, b: &Value) -> Option<bool> {
    compare(a, b).map(Ordering::is_eq)
}

/// The order of two values of one type; numbers of all kinds compare by value. `None` when one is unknown or they do not compare.
pub(super) fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Day(a), Value::Day(b)) => Some(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        _ => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => Some(decimal(a)?.cmp(&decimal(b)?)),
        },
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Decimal(number) => Some(*number),
        other => other.as_i64().map(Decimal::from),
    }
}

fn like(model: &Value, number: i64) -> Value {
    if matches!(model, Value::Fen(_)) { Value::Fen(Fen(number)) } else { Value::Int(number) }
}

fn zero_like(value: &Value) -> Value {
    match value {
        Value::Fen(_) => Value::Fen(Fen(0)),
        Value::Decimal(_) => Value::Decimal(Decimal::ZERO),
        _ => Value::Int(0),
    }
}

pub(super) fn add(a: &Value, b: &Value) -> Value {
    arithmetic(a, b, i64::checked_add, |a, b| aligned(a, b, i128::checked_add))
}

fn subtract(a: &Value, b: &Value) -> Value {
    arithmetic(a, b, i64::checked_sub, |a, b| aligned(a, b, i128::checked_sub))
}

fn multiply(a: &Value, b: &Value) -> Value {
    arithmetic(a, b, i64::checked_mul, |a, b| {
        let (a, b) = (a.normalize(), b.normalize());
        exact(a.mantissa().checked_mul(b.mantissa())?, a.scale() + b.scale())
    })
}

fn arithmetic(
    a: &Value,
    b: &Value,
    whole: fn(i64, i64) -> Option<i64>,
    fraction: impl Fn(Decimal, Decimal) -> Option<Decimal>,
) -> Value {
    if let (Some(x), Some(y)) = (a.as_i64(), b.as_i64()) {
        let model = if matches!(b, Value::Fen(_)) { b } else { a };
        return whole(x, y).map_or(Value::Null, |number| like(model, number));
    }
    let result = both(decimal(a), decimal(b)).and_then(|(a, b)| fraction(a, b));
    result.map_or(Value::Null, Value::Decimal)
}

fn aligned(a: Decimal, b: Decimal, op: fn(i128, i128) -> Option<i128>) -> Option<Decimal> {
    let scale = a.scale().max(b.scale());
    let raised = |number: Decimal| number.mantissa().checked_mul(10_i128.checked_pow(scale - number.scale())?);
    exact(op(raised(a)?, raised(b)?)?, scale)
}

fn exact(mantissa: i128, scale: u32) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(mantissa, scale).ok()
}
