//! Which texts are expressions, and what is said about those that are not.

use crate::in_english;
use model::{Day, Decimal, Fen, Value};
use policy::expression::{AggregateFunction, BinaryOp, Expr, Function, parse, parse_aggregate};

fn name(name: &str) -> Expr {
    Expr::Name(name.to_owned())
}

fn literal(value: Value) -> Expr {
    Expr::Literal(value)
}

#[test]
fn literals_are_exact() {
    let cases = [
        ("12", Value::Int(12)),
        ("-12", Value::Int(-12)),
        ("0.1", Value::Decimal("0.1".parse().expect("a decimal"))),
        ("-0.35", Value::Decimal("-0.35".parse().expect("a decimal"))),
        ("1.0000000000000000000000000001", Value::Decimal(Decimal::from_i128_with_scale(10_i128.pow(28) + 1, 28))),
        ("9223372036854775807", Value::Int(i64::MAX)),
        ("'住院'", Value::Text("住院".to_owned())),
        ("'it''s'", Value::Text("it's".to_owned())),
        ("date '2021-05-27'", Value::Day(Day::new(2021, 5, 27).expect("a day"))),
        ("yuan(6000)", Value::Fen(Fen(600_000))),
        ("yuan(123.4)", Value::Fen(Fen(12_340))),
        ("yuan(123.45)", Value::Fen(Fen(12_345))),
        ("yuan(-0.01)", Value::Fen(Fen(-1))),
        ("true", Value::Bool(true)),
        ("null", Value::Null),
    ];
    for (text, value) in cases {
        assert_eq!(parse(text).expect(text), literal(value), "{text}");
    }
}

#[test]
fn names_parameters_and_operators_are_read() {
    assert_eq!(parse("p.line").expect("parses"), Expr::Parameter("line".to_owned()));
    assert_eq!(parse("household.land_mu").expect("parses"), name("household.land_mu"));
    let sum = parse("a + b * c").expect("parses");
    let product = Expr::Binary { op: BinaryOp::Multiply, left: Box::new(name("b")), right: Box::new(name("c")) };
    assert_eq!(sum, Expr::Binary { op: BinaryOp::Add, left: Box::new(name("a")), right: Box::new(product) });
    let call = parse("age(born_on, day)").expect("parses");
    assert_eq!(call, Expr::Call { function: Function::Age, arguments: vec![name("born_on"), name("day")] });
    for text in [
        "x not in ('1', '2')",
        "x not between 1 and 2",
        "x is not null",
        "case when a then 1 else 2 end",
        "not (a or b)",
        "a = 1\n  and b = 2",
    ] {
        assert!(parse(text).is_ok(), "{text}");
    }
}

#[test]
fn what_is_left_out_is_refused_with_what_to_write_instead() {
    let cases = [
        ("a / 2 > 1", "per("),
        ("a % 2 = 0", "取余"),
        ("x like '1%'", "代码表"),
        ("cast(a as int) > 1", "kind"),
        ("a::int > 1", "kind"),
        ("exists (select 1)", "[aggregate]"),
        ("a in (select b from c)", "[aggregate]"),
        ("(select max(a) from b) > 1", "[aggregate]"),
        ("sum(a) > 1", "[aggregate]"),
        ("a is true", "coalesce"),
        ("extract(year from a) = 1", "year("),
        ("a || b = 'x'", "because"),
        ("interval '1 day'", "plus_days"),
        ("case a when 1 then 2 end", "case when"),
        ("a = \"x\"", "单引号"),
        ("1e5 > a", "指数"),
        ("yuan(1.234)", "两位小数"),
        ("yuan(a)", "两位小数"),
        ("yuan(99999999999999999999)", "两位小数"),
        ("date '2021-02-29'", "date '2021-05-27'"),
        ("mnoths_between(a, b)", "months_between"),
        ("age()", "age("),
        ("per(a)", "per("),
        ("count(*) over ()", "函数"),
        ("a -- b", "TOML"),
        ("a /* b */", "TOML"),
        ("a; drop table b", "一个条件"),
        ("a b", "一个条件"),
        ("a.b.c", "household."),
        ("", "条件"),
        ("99999999999999999999", "28"),
    ];
    for (text, hint) in cases {
        let error = parse(text).expect_err(text);
        in_english::check_error(&error);
        assert!(error.hint.chinese().contains(hint), "{text}: {} / {}", error.what.chinese(), error.hint.chinese());
        assert!(error.length >= 1 && error.offset <= text.len(), "{text}");
    }
}

#[test]
fn errors_point_at_the_part_that_is_wrong() {
    let cases = [
        ("a > 1 and b / 2 > 1", "b / 2"),
        ("甲 = '住院' and x like '1'", "x like '1'"),
        ("a = 1 and\n  nope(b)", "nope(b)"),
        ("a > 1 )", ")"),
    ];
    for (text, part) in cases {
        let error = parse(text).expect_err(text);
        assert_eq!(text.find(part), Some(error.offset), "{text}: {error:?}");
        if part.len() > 1 {
            assert_eq!(&text[error.offset..error.offset + error.length], part, "{text}");
        }
    }
}

#[test]
fn too_long_and_too_deep_texts_are_refused() {
    let chain = |count: usize| vec!["a"; count].join(" and ");
    assert!(parse(&chain(60)).is_ok());
    let deep = [
        chain(200),
        "a and ".repeat(3_000) + "a",
        "(".repeat(1_000) + "a" + &")".repeat(1_000),
        "not ".repeat(900) + "a",
        "-".repeat(1_999) + "a",
        "(".repeat(3_000),
        "case when a then ".repeat(150),
        "whole(".repeat(300) + "a" + &")".repeat(300),
    ];
    for text in deep {
        let Err(error) = parse(&text) else { panic!("{}", &text[..20]) };
        in_english::check_error(&error);
    }
}

#[test]
fn aggregates_are_one_call() {
    let call = parse_aggregate("sum(total_fen - reimbursed_fen)").expect("parses");
    assert_eq!(
        (call.function, call.argument),
        (AggregateFunction::Sum, Some(parse("total_fen - reimbursed_fen").expect("parses")))
    );
    let count = parse_aggregate(" count( ) ").expect("parses");
    assert_eq!((count.function, count.argument), (AggregateFunction::Count, None));
    for bad in [
        "",
        "sum",
        "sum()",
        "count(a)",
        "count(*)",
        "avg(a)",
        "sum(a) + 1",
        "sum(a) + sum(b)",
        "sum(distinct a)",
        "sum(a, b)",
        "(sum(a))",
        "sum(a",
    ] {
        in_english::check_error(&parse_aggregate(bad).expect_err(bad));
    }
    let error = parse_aggregate("sum(a / b)").expect_err("division");
    assert_eq!((error.offset, error.length), (4, 5));
}
