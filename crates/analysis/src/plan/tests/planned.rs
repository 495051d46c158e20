//! Planning one expression: names that are not there, parameters that are not set, types that do not fit.

use super::{day, ints};
use crate::plan::columns::Columns;
use crate::plan::compile::plan;
use lake::values::{ColumnType, value_at};
use model::{Fen, Type, Value};
use policy::expression::parse;
use std::collections::BTreeMap;
use std::sync::Arc;

fn columns() -> Columns {
    let mut columns = Columns::default();
    columns.add("paid_fen", ColumnType::whole(Type::Fen));
    columns.add("members", ColumnType::whole(Type::Int));
    columns
}

/// The value of an expression where so much was paid for so many members.
fn value(text: &str, paid: Option<i64>, members: Option<i64>) -> Value {
    let parameters =
        BTreeMap::from([("line".to_owned(), Value::Fen(Fen(500_000))), ("unset_line".to_owned(), Value::Null)]);
    let expression = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    let planned = plan("test", &expression, &columns(), &parameters, day("2024-02-29")).expect("it can be planned");
    let own = [ints(&[paid]), ints(&[members])];
    let found = planned.evaluate("test", 1, |place| Ok(Arc::clone(&own[place]))).expect("it can be calculated");
    value_at(&found, planned.result, 0)
}

#[test]
fn parameters_names_and_the_day_have_their_values() {
    let (yes, no) = (Value::Bool(true), Value::Bool(false));
    for (text, paid, members, expected) in [
        ("paid_fen > p.line", Some(500_001), None, yes.clone()),
        ("paid_fen > p.line", Some(500_000), None, no.clone()),
        ("paid_fen >= p.line", Some(500_000), None, yes.clone()),
        ("paid_fen > p.line", None, None, Value::Null),
        ("paid_fen > p.unset_line", Some(1), None, Value::Null),
        ("coalesce(paid_fen > p.unset_line, false)", Some(1), None, no.clone()),
        ("paid_fen is null", None, None, yes.clone()),
        ("paid_fen is not null", None, None, no.clone()),
        ("paid_fen > p.line or members > 2", None, Some(3), yes.clone()),
        ("paid_fen > p.line and members > 2", None, Some(3), Value::Null),
        ("paid_fen > p.line and members > 2", None, Some(2), no.clone()),
        ("per(paid_fen, members)", Some(1_000), Some(3), Value::Fen(Fen(333))),
        ("per(paid_fen, members)", Some(-1_000), Some(3), Value::Fen(Fen(-334))),
        ("per(paid_fen, members)", Some(1_000), Some(0), Value::Null),
        ("members in (1, 2)", None, Some(2), yes.clone()),
        ("members not in (1, 2)", None, Some(3), yes.clone()),
        ("members not in (1, 2)", None, None, Value::Null),
        ("members between 2 and 3", None, Some(3), yes.clone()),
        ("members between 2 and 3", None, Some(4), no.clone()),
        ("case when members > 2 then 1 else 0 end", None, None, Value::Int(0)),
        ("year(day)", None, None, Value::Int(2024)),
        ("month(day)", None, None, Value::Int(2)),
        ("day = date '2024-02-29'", None, None, yes),
        ("not (members > 2)", None, None, Value::Null),
    ] {
        assert_eq!(value(text, paid, members), expected, "{text} with {paid:?} and {members:?}");
    }
}

#[test]
fn a_plan_reads_only_the_columns_that_it_names() {
    for (text, expected) in [
        ("members > 2", vec![1]),
        ("paid_fen > p.line", vec![0]),
        ("paid_fen > 3 and members > 2", vec![0, 1]),
        ("day = date '2024-01-01'", vec![]),
    ] {
        let line = BTreeMap::from([("line".to_owned(), Value::Null)]);
        let planned = plan("test", &parse(text).expect("it parses"), &columns(), &line, day("2024-02-29"));
        let mut inputs = planned.expect("it can be planned").inputs;
        inputs.sort_unstable();
        assert_eq!(inputs, expected, "{text}");
    }
}

#[test]
fn an_unknown_name_is_refused_with_what_it_belongs_to() {
    for (text, told) in
        [("membrs > 2", "there is no column `membrs`"), ("members > p.lines", "there is no parameter `lines`")]
    {
        let expression = parse(text).expect("it parses");
        let refused = plan("low_income", &expression, &columns(), &BTreeMap::new(), day("2024-02-29"));
        assert_eq!(refused.expect_err("it is not there").to_string(), format!("cannot plan `low_income`: {told}"));
    }
}

#[test]
fn a_known_column_keeps_its_place_and_type() {
    let mut columns = columns();
    assert_eq!(columns.add("paid_fen", ColumnType::whole(Type::Text)), 0);
    assert_eq!(columns.add("new", ColumnType::whole(Type::Day)), 2);
    assert_eq!((columns.len(), columns.name_at(2), columns.place("none")), (3, "new", None));
    assert_eq!(columns.type_at(0), ColumnType::whole(Type::Fen));
}
