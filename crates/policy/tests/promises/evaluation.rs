//! Values: exact numbers, three-valued logic, nothing wrapped.

use crate::day;
use model::{Decimal, Fen, Type, Value};
use policy::expression::{evaluate, evaluate_aggregate, explain, parse, parse_aggregate};

fn names(name: &str) -> Value {
    match name {
        "yes" => Value::Bool(true),
        "no" => Value::Bool(false),
        "three" => Value::Int(3),
        "most" => Value::Int(i64::MAX),
        "money" => Value::Fen(Fen(1_000)),
        "half" => Value::Decimal("0.5".parse().expect("a decimal")),
        "born_on" => Value::Day(day("2008-06-30")),
        "code" => Value::Text("1".to_owned()),
        _ => Value::Null,
    }
}

fn value(text: &str) -> Value {
    let parameters = |name: &str| if name == "line" { Value::Fen(Fen(900)) } else { Value::Null };
    evaluate(&parse(text).expect(text), &names, &parameters, day("2024-06-30"))
}

#[test]
fn logic_is_three_valued() {
    let t = Value::Bool(true);
    let f = Value::Bool(false);
    let n = Value::Null;
    let cases = [
        ("yes and unknown", &n),
        ("no and unknown", &f),
        ("unknown and no", &f),
        ("yes or unknown", &t),
        ("unknown or yes", &t),
        ("no or unknown", &n),
        ("not unknown", &n),
        ("unknown = 1", &n),
        ("unknown is null", &t),
        ("three is not null", &t),
        ("code in ('1', '2')", &t),
        ("code in ('2', '3')", &f),
        ("code not in ('2', '3')", &t),
        ("code in ('2', null)", &n),
        ("code in ('1', null)", &t),
        ("code not in ('2', null)", &n),
        ("unknown in ('1')", &n),
        ("three between 3 and 3", &t),
        ("three between 4 and unknown", &f),
        ("three between 3 and unknown", &n),
        ("three not between 4 and unknown", &t),
        ("case when unknown then yes else no end", &f),
        ("case when unknown then yes end", &n),
        ("coalesce(unknown, no)", &f),
        ("least(three, unknown)", &n),
        ("greatest(unknown, three)", &n),
    ];
    for (text, expected) in cases {
        assert_eq!(value(text), *expected, "{text}");
    }
}

#[test]
fn numbers_are_exact_and_keep_their_unit() {
    let decimal = |text: &str| Value::Decimal(text.parse().expect("a decimal"));
    let cases = [
        ("three + 1", Value::Int(4)),
        ("money + money", Value::Fen(Fen(2_000))),
        ("money - yuan(10)", Value::Fen(Fen(0))),
        ("money * three", Value::Fen(Fen(3_000))),
        ("three * money", Value::Fen(Fen(3_000))),
        ("money * half", decimal("500.0")),
        ("0.1 + 0.2", decimal("0.3")),
        ("-money", Value::Fen(Fen(-1_000))),
        ("-half", decimal("-0.5")),
        ("per(money, three)", Value::Fen(Fen(333))),
        ("per(-money, three)", Value::Fen(Fen(-334))),
        ("per(-7, 2)", Value::Int(-4)),
        ("per(7, -2)", Value::Int(-4)),
        ("per(-7, -2)", Value::Int(3)),
        ("per(money, 0)", Value::Null),
        ("whole(0.5)", Value::Int(1)),
        ("whole(-0.5)", Value::Int(-1)),
        ("whole(0.49)", Value::Int(0)),
        ("whole(money * 0.0005) + yuan(0)", Value::Fen(Fen(1))),
        ("least(three, 2, 5)", Value::Int(2)),
        ("greatest(money, p.line)", Value::Fen(Fen(1_000))),
        ("money > p.line", Value::Bool(true)),
        ("money * 0.9 <= p.line", Value::Bool(true)),
        ("money * 0.9 < p.line", Value::Bool(false)),
        ("0.50 = half", Value::Bool(true)),
    ];
    for (text, expected) in cases {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn what_does_not_fit_is_unknown() {
    let cases = [
        "most + 1",
        "-most - 2",
        "most * 2",
        "most * 1.0000000000000000000000000001",
        "0.0000000000000000000000000001 * 0.1",
        "most + 0.0000000000000000000000000001",
        "whole(most * 10.0)",
        "plus_days(day, most)",
        "plus_days(day, 999999999)",
        "yes + 1",
        "day = 1",
    ];
    for text in cases {
        assert_eq!(value(text), Value::Null, "{text}");
    }
}

#[test]
fn days_are_counted_on_the_screening_day() {
    let cases = [
        ("age(born_on)", 16),
        ("age(born_on, date '2024-06-29')", 15),
        ("months_between(born_on, day)", 192),
        ("days_between(born_on, date '2008-07-01')", 1),
        ("days_between(day, date '2024-06-29')", -1),
        ("year(day)", 2024),
        ("month(day)", 6),
        ("days_between(day, plus_days(day, -3))", -3),
    ];
    for (text, expected) in cases {
        assert_eq!(value(text), Value::Int(expected), "{text}");
    }
    assert_eq!(value("age(unknown)"), Value::Null);
}

#[test]
fn aggregates_leave_out_unknown_values_and_say_what_nothing_is() {
    let rows = [Some(5), None, Some(-2)];
    let aggregate = |call: &str, filter: Option<&str>, ty: Type, count: usize| {
        let filter = filter.map(|text| parse(text).expect(text));
        let cell = |row: usize, _: &str| rows[row].map_or(Value::Null, Value::Int);
        let call = parse_aggregate(call).expect(call);
        evaluate_aggregate(&call, filter.as_ref(), ty, count, &cell, &|_| Value::Null, day("2024-06-30"))
    };
    let cases = [
        ("sum(x)", None, 3, Value::Int(3)),
        ("count()", None, 3, Value::Int(3)),
        ("count()", Some("x > 0"), 3, Value::Int(1)),
        ("min(x)", None, 3, Value::Int(-2)),
        ("max(x)", None, 3, Value::Int(5)),
        ("any(x > 4)", None, 3, Value::Bool(true)),
        ("any(x > 5)", None, 3, Value::Bool(false)),
        ("all(x > -3)", None, 3, Value::Bool(true)),
        ("all(x > -2)", None, 3, Value::Bool(false)),
        ("sum(x)", None, 0, Value::Int(0)),
        ("count()", None, 0, Value::Int(0)),
        ("min(x)", None, 0, Value::Null),
        ("max(x)", Some("x > 9"), 3, Value::Null),
        ("any(x > 0)", None, 0, Value::Bool(false)),
        ("all(x > 0)", None, 0, Value::Bool(true)),
        ("sum(x + 9223372036854775800)", None, 3, Value::Null),
    ];
    for (call, filter, count, expected) in cases {
        assert_eq!(aggregate(call, filter, Type::Int, count), expected, "{call} {filter:?} {count}");
    }
    assert_eq!(aggregate("sum(x)", None, Type::Fen, 0), Value::Fen(Fen(0)));
    assert_eq!(aggregate("sum(x)", None, Type::Decimal, 0), Value::Decimal(Decimal::ZERO));
}

#[test]
fn the_trace_holds_each_value_once_in_the_order_of_the_text() {
    let expr = parse("money > p.line and three > 1 and money < yuan(50) and day > date '2020-01-01'").expect("parses");
    let trace = explain(&expr, &names, &|_| Value::Fen(Fen(900)), day("2024-06-30"));
    let expected = [
        ("money", Value::Fen(Fen(1_000))),
        ("p.line", Value::Fen(Fen(900))),
        ("three", Value::Int(3)),
        ("day", Value::Day(day("2024-06-30"))),
    ];
    assert_eq!(trace, expected.map(|(name, value)| (name.to_owned(), value)));
}
