//! The shape of a dataset: which columns enter the lake, as what they are kept, and which values do not fit.

use crate::support::{day, row};
use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, StringViewArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use lake::values::{ColumnType, bool_at, day_at, int_at, row_number_at, text_at, value_at};
use lake::{DatasetSchema, LakeColumn, Spared, batch_of, decimal, stored_name};
use model::{Class, Decimal, Fen, Kind, Type, Value};
use policy::declare::Column;
use std::sync::Arc;

fn declared(name: &str, kind: Kind, class: Class) -> Column {
    Column { name: name.to_owned(), kind, class, ..Column::default() }
}

/// One column of each kind that expressions can read.
fn every_kind() -> DatasetSchema {
    let kinds = [
        ("count", Kind::Int),
        ("share", Kind::Decimal),
        ("paid_fen", Kind::Fen),
        ("paid_on", Kind::Day),
        ("paid_month", Kind::Month),
        ("is_paid", Kind::Bool),
        ("visit_code", Kind::Code),
    ];
    let column = |(name, kind): (&str, Kind)| LakeColumn { name: name.to_owned(), kind };
    DatasetSchema { name: "bill".to_owned(), columns: kinds.into_iter().map(column).collect() }
}

#[test]
fn nothing_personal_or_sensitive_enters_the_lake() {
    let columns = [
        declared("household_no", Kind::Text, Class::default()),
        declared("identity_no", Kind::Identity, Class::default()),
        declared("name", Kind::Name, Class::default()),
        declared("phone", Kind::Phone, Class::default()),
        declared("account", Kind::Account, Class::default()),
        declared("illness", Kind::Text, Class::Sensitive),
        declared("remark", Kind::Text, Class::Personal),
        declared("photo", Kind::File, Class::default()),
        declared("visit_code", Kind::Code, Class::default()),
        declared("paid_fen", Kind::Fen, Class::default()),
        declared("row", Kind::Int, Class::default()),
    ];
    let schema = DatasetSchema::of_columns("bill", &columns);
    let names: Vec<&str> = schema.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["visit_code", "paid_fen", "row"]);
    for (name, expected) in [("visit_code", Some(0)), ("row", Some(2)), ("illness", None), ("household_no", None)] {
        assert_eq!(schema.position(name), expected, "{name}");
    }
}

#[test]
fn every_file_begins_with_whose_and_where_from() {
    let own = ["household_no", "resident_key", "key_hash", "file", "row", "delivered_on"];
    let mut schema = every_kind();
    schema.columns.push(LakeColumn { name: "row".to_owned(), kind: Kind::Int });
    for (read, text) in [(false, DataType::Utf8), (true, DataType::Utf8View)] {
        let fields = if read { schema.read_schema() } else { schema.file_schema() };
        let names: Vec<&str> = fields.fields().iter().map(|field| field.name().as_str()).collect();
        assert_eq!(names[..6], own);
        assert_eq!(
            names[6..],
            ["count", "share", "paid_fen", "paid_on", "paid_month", "is_paid", "visit_code", "declared_row"]
        );
        let types: Vec<&DataType> = fields.fields().iter().skip(6).map(|field| field.data_type()).collect();
        let expected = [
            DataType::Int64,
            DataType::Decimal128(18, 4),
            DataType::Int64,
            DataType::Date32,
            DataType::Date32,
            DataType::Boolean,
            text,
            DataType::Int64,
        ];
        assert_eq!(types, expected.iter().collect::<Vec<_>>());
        let may_be_unknown: Vec<bool> = fields.fields().iter().map(|field| field.is_nullable()).collect();
        assert_eq!(may_be_unknown[..6], [false, true, false, false, false, false]);
        assert!(may_be_unknown[6..].iter().all(|nullable| *nullable), "any declared value may be unknown");
    }
    for (name, stored) in
        [("row", "declared_row"), ("file", "declared_file"), ("rows", "rows"), ("paid_fen", "paid_fen")]
    {
        assert_eq!(stored_name(name), stored);
    }
}

/// The declared values of one row as they are read back.
fn back(schema: &DatasetSchema, values: Vec<Value>) -> lake::Result<Vec<Value>> {
    let row = row(7, Some(-3), 5, values);
    let batch = batch_of(schema, day("2024-06-30"), &[&row])?;
    let read = schema.read_schema();
    let columns = batch.columns().iter().zip(read.fields()).skip(6);
    let columns = columns.map(|(column, field)| cast(column, field.data_type()).expect("texts become views"));
    let types = schema.columns.iter().map(|column| ColumnType::of_kind(column.kind).expect("it can be read"));
    Ok(columns.zip(types).map(|(column, column_type)| value_at(&column, column_type, 0)).collect())
}

#[test]
fn values_of_every_kind_come_back() {
    let decimal = |text: &str| Value::Decimal(text.parse().expect("a number"));
    let schema = every_kind();
    for values in [
        vec![Value::Null; 7],
        vec![
            Value::Int(i64::MIN),
            decimal("-0.5"),
            Value::Fen(Fen(i64::MAX)),
            Value::Day(day("1900-01-01")),
            Value::Day(day("2024-02-01")),
            Value::Bool(false),
            Value::Text("01".into()),
        ],
        vec![
            Value::Int(0),
            decimal("99999999999999.9999"),
            Value::Fen(Fen(0)),
            Value::Day(day("2024-02-29")),
            Value::Day(day("9999-12-01")),
            Value::Bool(true),
            Value::Text(String::new()),
        ],
    ] {
        assert_eq!(back(&schema, values.clone()).expect("they fit"), values);
    }
    // The fifth digit behind the point is rounded, half away from nought; a whole number is a decimal, too.
    for (given, kept) in [
        (decimal("1.00005"), decimal("1.0001")),
        (decimal("-1.00005"), decimal("-1.0001")),
        (Value::Int(12), decimal("12")),
    ] {
        let mut values = vec![Value::Null; 7];
        values[1] = given;
        assert_eq!(back(&schema, values).expect("they fit")[1], kept);
    }
}

#[test]
fn a_value_that_does_not_fit_is_refused_with_its_place() {
    let schema = every_kind();
    let text = Value::Text("三".into());
    for (at, value, what) in [
        (0, text.clone(), "a value of type Text in `count`"),
        (1, text.clone(), "a value of type Text in `share`"),
        (1, Value::Decimal("100000000000000".parse().expect("a number")), "a value of type Decimal in `share`"),
        (2, Value::Bool(true), "a value of type Bool in `paid_fen`"),
        (3, Value::Int(20_240_630), "a value of type Int in `paid_on`"),
        (5, Value::Int(1), "a value of type Int in `is_paid`"),
        (6, Value::Int(1), "a value of type Int in `visit_code`"),
    ] {
        let mut values = vec![Value::Null; 7];
        values[at] = value;
        let refused = back(&schema, values).expect_err("it does not fit").to_string();
        assert_eq!(refused, format!("row 5 of file `0123456789ab` does not fit `bill`: {what}"));
    }
    for count in [0, 6, 8] {
        let refused = back(&schema, vec![Value::Null; count]).expect_err("it does not fit").to_string();
        assert!(refused.ends_with(&format!("{count} values for 7 columns")), "{refused}");
    }
    assert_eq!(batch_of(&schema, day("2024-06-30"), &[]).expect("no rows").num_rows(), 0);
}

#[test]
fn what_a_column_does_not_hold_is_unknown_and_never_nought() {
    let ints: ArrayRef = Arc::new(Int64Array::from(vec![Some(7), None]));
    let bools: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), None]));
    let days: ArrayRef = Arc::new(Date32Array::from(vec![Some(19_782), None]));
    let texts: ArrayRef = Arc::new(StringViewArray::from(vec![Some("一"), None]));
    for (array, int, truth, on, text) in [
        (&ints, Some(7), None, None, None),
        (&bools, None, Some(true), None, None),
        (&days, None, None, Some("2024-02-29"), None),
        (&texts, None, None, None, Some("一")),
    ] {
        assert_eq!((int_at(array, 0), bool_at(array, 0), day_at(array, 0)), (int, truth, on.map(day)));
        assert_eq!(text_at(array, 0), text);
        assert_eq!(
            (int_at(array, 1), bool_at(array, 1), day_at(array, 1), text_at(array, 1)),
            (None, None, None, None)
        );
    }
    let numbers: ArrayRef = Arc::new(Int32Array::from(vec![7, -1]));
    assert_eq!((row_number_at(&numbers, 0), row_number_at(&numbers, 1), row_number_at(&ints, 0)), (7, 0, 0));
    // The type says what a number means.
    for (kind, expected) in [
        (Type::Int, Value::Int(7)),
        (Type::Fen, Value::Fen(Fen(7))),
        (Type::Bool, Value::Null),
        (Type::Text, Value::Null),
    ] {
        assert_eq!(value_at(&ints, ColumnType::whole(kind), 0), expected, "{kind:?}");
        assert_eq!(value_at(&ints, ColumnType::whole(kind), 1), Value::Null, "{kind:?}");
    }
    let units = Decimal128Array::from(vec![Some(12_500)]).with_precision_and_scale(38, 4).expect("it fits");
    let units: ArrayRef = Arc::new(units);
    assert_eq!(value_at(&units, ColumnType::decimal(Type::Decimal, 4), 0), Value::Decimal(Decimal::new(125, 2)));
}

#[test]
fn types_are_calculated_with_as_they_are_declared() {
    for (kind, expected) in [
        (Kind::Int, Some(DataType::Int64)),
        (Kind::Fen, Some(DataType::Int64)),
        (Kind::Decimal, Some(DataType::Decimal128(38, 4))),
        (Kind::Day, Some(DataType::Date32)),
        (Kind::Month, Some(DataType::Date32)),
        (Kind::Bool, Some(DataType::Boolean)),
        (Kind::Code, Some(DataType::Utf8View)),
        (Kind::Region, Some(DataType::Utf8View)),
        (Kind::File, None),
        (Kind::Identity, None),
    ] {
        assert_eq!(ColumnType::of_kind(kind).map(ColumnType::arrow), expected, "{kind:?}");
    }
}

#[test]
fn decimals_that_do_not_fit_their_units_are_unknown() {
    let number = |text: &str| text.parse::<Decimal>().expect("a number");
    for (text, scale, units) in [
        ("0", 0, Some(0)),
        ("0.4", 0, Some(0)),
        ("0.5", 0, Some(1)),
        ("-0.5", 0, Some(-1)),
        ("-0.4", 0, Some(0)),
        ("1.23", 2, Some(123)),
        ("1.235", 2, Some(124)),
        ("79228162514264337593543950335", 0, Some(79_228_162_514_264_337_593_543_950_335)),
        ("79228162514264337593543950335", 20, None),
        ("1", -1, None),
    ] {
        assert_eq!(decimal::to_units(number(text), scale), units, "{text} {scale}");
    }
    for (units, digits, expected) in
        [(14, 1, Some(1)), (15, 1, Some(2)), (-15, 1, Some(-2)), (7, 0, Some(7)), (1, 39, None), (i128::MAX, 1, None)]
    {
        assert_eq!(decimal::round_units(units, digits), expected, "{units} {digits}");
    }
    for (units, scale, expected) in [(i128::MAX, 0, None), (1, -1, None), (-1_000, 3, Some("-1")), (5, 2, Some("0.05"))]
    {
        let found = decimal::from_units(units, scale).map(|number| number.to_string());
        assert_eq!(found.as_deref(), expected, "{units} {scale}");
    }
}

#[test]
fn whoever_is_spared_is_found_by_key_or_by_person() {
    let spared = Spared::new(vec![9, -3, 9], vec![7, 7]);
    assert_eq!((&spared.keys, &spared.people), (&vec![-3, 9], &vec![7]));
    for (key, person, holds) in [(9, 0, true), (-3, 0, true), (0, 7, true), (7, 9, false), (0, 0, false)] {
        assert_eq!(spared.holds(key, person), holds, "{key} {person}");
    }
    assert!(!spared.is_none() && Spared::default().is_none() && !Spared::new(vec![], vec![1]).is_none());
    assert!(!Spared::default().holds(0, 0));
}
