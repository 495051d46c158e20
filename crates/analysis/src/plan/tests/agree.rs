//! The promise that both evaluators agree: random expressions over random rows, from a printed seed.

use crate::plan::columns::Columns;
use crate::plan::compile::plan;
use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, StringViewArray};
use lake::decimal;
use lake::values::{ColumnType, value_at};
use model::{Day, Decimal, Fen, Type, Value};
use policy::expression::{BinaryOp, Expr, Function, evaluate};
use std::collections::BTreeMap;
use std::sync::Arc;

const ROWS: usize = 40;
const EXPRESSIONS: usize = 1_500;

/// A generator of numbers: the same seed gives the same numbers.
struct Dice(u64);

impl Dice {
    fn below(&mut self, below: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        i64::try_from((mixed ^ (mixed >> 31)) >> 1).expect("63 bits") % below
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as i64)).expect("not negative")]
    }
}

const TYPES: [Type; 6] = [Type::Bool, Type::Int, Type::Decimal, Type::Fen, Type::Day, Type::Text];

fn name_of(kind: Type, number: i64) -> String {
    format!("{kind:?}_{number}").to_lowercase()
}

fn today() -> Day {
    Day::new(2024, 2, 29).expect("a leap day")
}

fn constant(dice: &mut Dice, kind: Type) -> Value {
    match kind {
        Type::Bool => Value::Bool(dice.below(2) == 0),
        Type::Int => Value::Int(dice.pick(&[0, 1, -1, 2, 7, -13, 100, i64::MAX, i64::MIN, 4_000_000_000])),
        Type::Decimal => Value::Decimal(Decimal::new(dice.below(40_000) - 20_000, 4)),
        Type::Fen => Value::Fen(Fen(dice.pick(&[0, 1, -1, 99, 600_000, -5_000, i64::MAX]))),
        Type::Day => Value::Day(today().plus_days(dice.below(2_000) - 1_000)),
        Type::Text => Value::Text(dice.pick(&["", "01", "02", "文字"]).to_owned()),
    }
}

/// A random expression of a type, with at most `depth` levels.
fn expression(dice: &mut Dice, kind: Type, depth: u32) -> Expr {
    if depth == 0 || dice.below(5) == 0 {
        return match dice.below(4) {
            0 => Expr::Literal(constant(dice, kind)),
            1 => Expr::Parameter(name_of(kind, dice.below(2))),
            _ => Expr::Name(name_of(kind, dice.below(3))),
        };
    }
    match dice.below(4) {
        0 => {
            let branches = (0..1 + dice.below(2))
                .map(|_| (expression(dice, Type::Bool, depth - 1), expression(dice, kind, depth - 1)))
                .collect();
            let otherwise = (dice.below(2) == 0).then(|| Box::new(expression(dice, kind, depth - 1)));
            Expr::Case { branches, otherwise }
        }
        1 => call(Function::Coalesce, (0..2).map(|_| expression(dice, kind, depth - 1)).collect()),
        _ => match kind {
            Type::Bool => truth(dice, depth - 1),
            Type::Int => whole_number(dice, depth - 1),
            Type::Decimal | Type::Fen => number(dice, kind, depth - 1),
            Type::Day if dice.below(2) == 0 => call(
                Function::PlusDays,
                vec![expression(dice, Type::Day, depth - 1), expression(dice, Type::Int, depth - 1)],
            ),
            Type::Day => extreme(dice, Type::Day, depth - 1),
            Type::Text => expression(dice, Type::Text, 0),
        },
    }
}

fn call(function: Function, arguments: Vec<Expr>) -> Expr {
    Expr::Call { function, arguments }
}

fn extreme(dice: &mut Dice, kind: Type, depth: u32) -> Expr {
    let function = dice.pick(&[Function::Least, Function::Greatest]);
    call(function, (0..2 + dice.below(2)).map(|_| expression(dice, kind, depth)).collect())
}

fn truth(dice: &mut Dice, depth: u32) -> Expr {
    let kind = dice.pick(&TYPES);
    let part = |dice: &mut Dice, kind| Box::new(expression(dice, kind, depth));
    let negated = dice.below(2) == 0;
    match dice.below(7) {
        0 => Expr::Not(part(dice, Type::Bool)),
        1 => Expr::IsNull { of: part(dice, kind), negated },
        2 => {
            let list = (0..1 + dice.below(4)).map(|_| Expr::Literal(constant(dice, kind))).collect();
            Expr::In { of: part(dice, kind), list, negated }
        }
        3 => {
            let kind = dice.pick(&[Type::Int, Type::Decimal, Type::Fen, Type::Day]);
            Expr::Between { of: part(dice, kind), low: part(dice, kind), high: part(dice, kind), negated }
        }
        4 => {
            let op = dice.pick(&[BinaryOp::And, BinaryOp::Or]);
            Expr::Binary { op, left: part(dice, Type::Bool), right: part(dice, Type::Bool) }
        }
        5 => {
            let op = dice.pick(&[BinaryOp::Equal, BinaryOp::NotEqual]);
            Expr::Binary { op, left: part(dice, kind), right: part(dice, kind) }
        }
        _ => {
            let op = dice.pick(&[BinaryOp::Less, BinaryOp::LessOrEqual, BinaryOp::Greater, BinaryOp::GreaterOrEqual]);
            let (left, right) = dice.pick(&[
                (Type::Int, Type::Decimal),
                (Type::Decimal, Type::Int),
                (Type::Fen, Type::Decimal),
                (Type::Day, Type::Day),
                (Type::Fen, Type::Fen),
            ]);
            Expr::Binary { op, left: part(dice, left), right: part(dice, right) }
        }
    }
}

fn whole_number(dice: &mut Dice, depth: u32) -> Expr {
    let part = |dice: &mut Dice, kind| expression(dice, kind, depth);
    match dice.below(8) {
        0 => call(Function::Age, vec![part(dice, Type::Day)]),
        1 => call(Function::Age, vec![part(dice, Type::Day), part(dice, Type::Day)]),
        2 => call(Function::MonthsBetween, vec![part(dice, Type::Day), part(dice, Type::Day)]),
        3 => call(Function::DaysBetween, vec![part(dice, Type::Day), part(dice, Type::Day)]),
        4 => {
            let function = dice.pick(&[Function::Year, Function::Month]);
            call(function, vec![part(dice, Type::Day)])
        }
        5 => call(Function::Per, vec![part(dice, Type::Int), part(dice, Type::Int)]),
        6 => call(Function::Whole, vec![part(dice, Type::Decimal)]),
        _ => number(dice, Type::Int, depth),
    }
}

fn number(dice: &mut Dice, kind: Type, depth: u32) -> Expr {
    let part = |dice: &mut Dice, kind| Box::new(expression(dice, kind, depth));
    match dice.below(5) {
        0 => Expr::Negate(part(dice, kind)),
        1 => extreme(dice, kind, depth),
        2 if kind == Type::Fen => call(Function::Per, vec![*part(dice, kind), *part(dice, Type::Int)]),
        3 if kind == Type::Decimal => {
            // Products keep all digits; flat sides keep them inside what both evaluators hold.
            let side = |dice: &mut Dice, kind| Box::new(expression(dice, kind, 0));
            let other = dice.pick(&[Type::Int, Type::Decimal, Type::Fen]);
            Expr::Binary { op: BinaryOp::Multiply, left: side(dice, Type::Decimal), right: side(dice, other) }
        }
        3 => Expr::Binary { op: BinaryOp::Multiply, left: part(dice, kind), right: part(dice, Type::Int) },
        _ => {
            let op = dice.pick(&[BinaryOp::Add, BinaryOp::Subtract]);
            Expr::Binary { op, left: part(dice, kind), right: part(dice, kind) }
        }
    }
}

/// Columns of random values, three of each type, with unknowns.
fn rows(dice: &mut Dice) -> (Columns, Vec<ArrayRef>, Vec<Vec<Value>>) {
    let (mut columns, mut arrays, mut values) = (Columns::default(), Vec::new(), Vec::new());
    for kind in TYPES {
        for number in 0..3 {
            let column: Vec<Value> =
                (0..ROWS).map(|_| if dice.below(5) == 0 { Value::Null } else { constant(dice, kind) }).collect();
            let shape = match kind {
                Type::Decimal => ColumnType::decimal(kind, 4),
                _ => ColumnType::whole(kind),
            };
            columns.add(&name_of(kind, number), shape);
            arrays.push(array(kind, &column));
            values.push(column);
        }
    }
    (columns, arrays, values)
}

fn array(kind: Type, values: &[Value]) -> ArrayRef {
    match kind {
        Type::Bool => Arc::new(BooleanArray::from_iter(values.iter().map(Value::as_bool))),
        Type::Int | Type::Fen => Arc::new(Int64Array::from_iter(values.iter().map(Value::as_i64))),
        Type::Day => Arc::new(Date32Array::from_iter(values.iter().map(|value| value.as_day().map(Day::epoch_days)))),
        Type::Text => Arc::new(StringViewArray::from_iter(values.iter().map(Value::as_text))),
        Type::Decimal => {
            let units = values.iter().map(|value| match value {
                Value::Decimal(number) => decimal::to_units(*number, 4),
                _ => None,
            });
            let array = Decimal128Array::from_iter(units).with_precision_and_scale(38, 4);
            Arc::new(array.expect("the scale fits"))
        }
    }
}

/// Equal as numbers where both are numbers: a decimal without fraction equals the whole number.
fn agree(one: &Value, other: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Decimal(number) => Some(*number),
        value => value.as_i64().map(Decimal::from),
    };
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

#[test]
#[allow(clippy::needless_range_loop)]
fn plans_and_the_evaluator_for_single_records_agree() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_240_229);
    println!("seed {seed}");
    let mut dice = Dice(seed);
    let (columns, arrays, values) = rows(&mut dice);
    let mut parameters = BTreeMap::new();
    for kind in TYPES {
        parameters.insert(name_of(kind, 0), constant(&mut dice, kind));
        parameters.insert(name_of(kind, 1), Value::Null);
    }
    let (mut known, mut all) = (0, 0);
    for _ in 0..EXPRESSIONS {
        let kind = dice.pick(&TYPES);
        let expression = expression(&mut dice, kind, 4);
        let planned = plan("test", &expression, &columns, &parameters, today())
            .unwrap_or_else(|error| panic!("seed {seed}: {error}: {expression:?}"));
        let found = planned
            .evaluate("test", ROWS, |place| Ok(Arc::clone(&arrays[place])))
            .unwrap_or_else(|error| panic!("seed {seed}: {error:?}: {expression:?}"));
        for row in 0..ROWS {
            let names = |name: &str| columns.place(name).map_or(Value::Null, |place| values[place][row].clone());
            let parameter = |name: &str| parameters.get(name).cloned().unwrap_or_default();
            let expected = evaluate(&expression, &names, &parameter, today());
            let value = value_at(&found, planned.result, row);
            assert!(
                agree(&value, &expected),
                "seed {seed}, row {row}: {value:?}, expected {expected:?}: {expression:?}"
            );
            known += usize::from(!expected.is_null());
            all += 1;
        }
    }
    assert!(known * 3 > all, "too few known values to mean anything: {known} of {all}");
}
