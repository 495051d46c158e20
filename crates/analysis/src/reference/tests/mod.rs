//! Expressions of the package as text for another engine: each with its own meaning kept.

use super::expression::{Dialect, MACROS, literal};
use super::over_nothing;
use model::{Day, Decimal, Fen, Value};
use policy::expression::{parse, parse_aggregate};
use std::collections::BTreeMap;

fn day(text: &str) -> Day {
    text.parse().expect("test days are well written")
}

fn sql(text: &str) -> String {
    let parameters =
        BTreeMap::from([("line".to_owned(), Value::Fen(Fen(550_000))), ("unset_line".to_owned(), Value::Null)]);
    let dialect = Dialect { parameters: &parameters, day: day("2024-02-29") };
    dialect.text(&parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}")))
}

#[test]
fn every_part_of_the_language_has_its_text() {
    for (text, expected) in [
        ("members", "\"members\""),
        ("household.members", "\"household.members\""),
        // The lake's own columns keep their names, declared ones of the same name step aside.
        ("row", "\"declared_row\""),
        ("day", "date '2024-02-29'"),
        ("p.line", "550000"),
        ("p.unset_line", "null"),
        ("p.not_declared", "null"),
        ("a = 1 and b <> 2", "((\"a\" = 1) and (\"b\" <> 2))"),
        ("a or not b", "(\"a\" or (not \"b\"))"),
        ("a < 1 or a <= 1 or a > 1", "(((\"a\" < 1) or (\"a\" <= 1)) or (\"a\" > 1))"),
        ("-a + b * 2", "((-\"a\") + (\"b\" * 2))"),
        ("a - 2 >= 0", "((\"a\" - 2) >= 0)"),
        ("a is null", "(\"a\" is null)"),
        ("a is not null", "(\"a\" is not null)"),
        ("a in ('1', '2')", "(\"a\" in ('1', '2'))"),
        ("a not in ('1')", "(\"a\" not in ('1'))"),
        ("a between 1 and 3", "(\"a\" between 1 and 3)"),
        ("a not between 1 and 3", "(\"a\" not between 1 and 3)"),
        ("case when a then 1 else 2 end", "(case when \"a\" then 1 else 2 end)"),
        ("case when a then 1 when b then 2 end", "(case when \"a\" then 1 when \"b\" then 2 end)"),
        ("age(born_on)", "sw_age(\"born_on\", date '2024-02-29')"),
        ("age(born_on, joined_on)", "sw_age(\"born_on\", \"joined_on\")"),
        ("months_between(a, b)", "sw_months(\"a\", \"b\")"),
        // Days from the first to the second.
        ("days_between(a, b)", "(\"b\" - \"a\")"),
        ("plus_days(a, 3)", "(\"a\" + cast(3 as integer))"),
        ("year(a) + month(a)", "(year(\"a\") + month(\"a\"))"),
        ("coalesce(a, 0)", "coalesce(\"a\", 0)"),
        ("per(a, b)", "sw_per(\"a\", \"b\")"),
        ("whole(a)", "sw_whole(\"a\")"),
        // Unknown when one is unknown, where the other engine passes it over.
        ("least(a, b)", "(case when \"a\" is null or \"b\" is null then null else least(\"a\", \"b\") end)"),
        ("greatest(a, 1)", "(case when \"a\" is null or 1 is null then null else greatest(\"a\", 1) end)"),
    ] {
        assert_eq!(sql(text), expected, "{text}");
    }
}

#[test]
fn values_are_written_so_that_they_are_read_as_themselves() {
    for (value, expected) in [
        (Value::Null, "null"),
        (Value::Bool(true), "true"),
        (Value::Bool(false), "false"),
        (Value::Int(-7), "-7"),
        (Value::Fen(Fen(600_000)), "600000"),
        (Value::Decimal(Decimal::new(12_500, 4)), "1.25"),
        (Value::Decimal(Decimal::ZERO), "0"),
        (Value::Day(day("2024-02-29")), "date '2024-02-29'"),
        (Value::Text("01".to_owned()), "'01'"),
        (Value::Text("'; drop table lead; --".to_owned()), "'''; drop table lead; --'"),
    ] {
        assert_eq!(literal(&value), expected);
    }
}

#[test]
fn what_an_aggregate_is_over_nothing_is_said_after_a_join() {
    for (call, expected) in [
        ("count()", "coalesce(x, 0)"),
        ("sum(a)", "coalesce(x, 0)"),
        ("any(a)", "coalesce(x, false)"),
        ("all(a)", "coalesce(x, true)"),
        ("min(a)", "x"),
        ("max(a)", "x"),
    ] {
        assert_eq!(over_nothing(&parse_aggregate(call).expect("it parses"), "x"), expected, "{call}");
    }
}

#[test]
fn every_macro_that_is_called_is_there() {
    for text in ["age(a)", "months_between(a, b)", "per(a, b)", "whole(a)"] {
        let called = sql(text);
        let name = called.split('(').next().unwrap_or_default();
        assert!(MACROS.contains(&format!("macro {name}(")), "{name}");
    }
}
