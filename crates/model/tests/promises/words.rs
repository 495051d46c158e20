//! Words that packages, databases and exchanged files hold: they never change, and nothing else is read as one.

use model::{Class, Day, Decimal, FaultKind, Fen, Kind, Level, PeriodKind, RegionCode, Severity, Type, Value};
use serde::de::IntoDeserializer;
use serde::de::value::Error;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A value as the text that it is kept as.
struct Kept<T>(T);

impl<T: Serialize> fmt::Display for Kept<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.serialize(f)
    }
}

fn read<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Error> {
    T::deserialize(text.into_deserializer())
}

/// Each value is kept as its word, the word is read as the value, and neighbours of the word are not.
fn words<T>(known: &[(T, &str)])
where
    T: Serialize + for<'de> Deserialize<'de> + PartialEq + fmt::Debug + Copy,
{
    for (value, word) in known {
        assert_eq!(Kept(*value).to_string(), *word);
        assert_eq!(read::<T>(word).ok(), Some(*value), "{word}");
        for other in [word.to_uppercase(), format!("{word} "), format!("{word}s"), String::new()] {
            assert!(read::<T>(&other).is_err(), "{other:?} is no word");
        }
    }
}

#[test]
fn kinds_types_and_classes_are_called_what_packages_call_them() {
    words(&[
        (Kind::Text, "text"),
        (Kind::Name, "name"),
        (Kind::Code, "code"),
        (Kind::Int, "int"),
        (Kind::Decimal, "decimal"),
        (Kind::Fen, "fen"),
        (Kind::Day, "day"),
        (Kind::Month, "month"),
        (Kind::Bool, "bool"),
        (Kind::Identity, "identity"),
        (Kind::Phone, "phone"),
        (Kind::Account, "account"),
        (Kind::Region, "region"),
        (Kind::Reference, "reference"),
        (Kind::File, "file"),
    ]);
    words(&[
        (Type::Bool, "bool"),
        (Type::Int, "int"),
        (Type::Decimal, "decimal"),
        (Type::Fen, "fen"),
        (Type::Day, "day"),
        (Type::Text, "text"),
    ]);
    words(&[
        (Class::Public, "public"),
        (Class::Internal, "internal"),
        (Class::Personal, "personal"),
        (Class::Sensitive, "sensitive"),
    ]);
}

#[test]
fn levels_periods_and_severities_are_called_what_packages_call_them() {
    words(&[
        (Level::Province, "province"),
        (Level::Prefecture, "prefecture"),
        (Level::County, "county"),
        (Level::Township, "township"),
        (Level::Village, "village"),
    ]);
    words(&[
        (PeriodKind::Day, "day"),
        (PeriodKind::Month, "month"),
        (PeriodKind::Quarter, "quarter"),
        (PeriodKind::Year, "year"),
    ]);
    words(&[(Severity::Low, "low"), (Severity::Middle, "middle"), (Severity::High, "high")]);
}

#[test]
fn faults_are_called_what_lists_of_faults_call_them() {
    words(&[
        (FaultKind::Missing, "missing"),
        (FaultKind::NotANumber, "not_a_number"),
        (FaultKind::NotMoney, "not_money"),
        (FaultKind::NotADay, "not_a_day"),
        (FaultKind::DayOutOfRange, "day_out_of_range"),
        (FaultKind::OutOfRange, "out_of_range"),
        (FaultKind::UnknownCode, "unknown_code"),
        (FaultKind::NotABool, "not_a_bool"),
        (FaultKind::IdentityLength, "identity_length"),
        (FaultKind::IdentityCheckDigit, "identity_check_digit"),
        (FaultKind::IdentityBirthDay, "identity_birth_day"),
        (FaultKind::IdentityArea, "identity_area"),
        (FaultKind::DisabilityDigits, "disability_digits"),
        (FaultKind::NotAPhone, "not_a_phone"),
        (FaultKind::UnknownRegion, "unknown_region"),
        (FaultKind::TooLong, "too_long"),
        (FaultKind::BadText, "bad_text"),
        (FaultKind::FormulaError, "formula_error"),
        (FaultKind::DuplicateKey, "duplicate_key"),
        (FaultKind::DuplicateRow, "duplicate_row"),
        (FaultKind::CellCount, "cell_count"),
        (FaultKind::CheckFailed, "check_failed"),
        (FaultKind::SwappedCells, "swapped_cells"),
        (FaultKind::NotData, "not_data"),
        (FaultKind::UnknownHousehold, "unknown_household"),
    ]);
}

#[test]
fn days_and_places_are_kept_as_they_are_written() {
    let day: Day = "2024-02-29".parse().expect("a day");
    assert_eq!(Kept(day).to_string(), "2024-02-29");
    assert_eq!(read::<Day>("2024-02-29").ok(), Some(day));
    assert!(read::<Day>("2023-02-29").is_err());
    let place: RegionCode = "5134".parse().expect("a place");
    assert_eq!(Kept(String::from(place)).to_string(), "513400000000");
    assert_eq!(read::<RegionCode>("513400000000").ok(), Some(place));
    assert_eq!(read::<RegionCode>("5134").ok(), Some(place), "packages write the short form");
    let wrong = read::<RegionCode>("51340").expect_err("five digits").to_string();
    assert_eq!(wrong, "`51340` is not a division code of 2, 4, 6, 9 or 12 digits");
}

/// Expressions never read names, numbers of people, phones, accounts and files.
#[test]
fn what_expressions_may_read_has_a_type_and_what_they_may_not_has_none() {
    let types = [
        (Kind::Text, Some(Type::Text)),
        (Kind::Code, Some(Type::Text)),
        (Kind::Region, Some(Type::Text)),
        (Kind::Reference, Some(Type::Text)),
        (Kind::Int, Some(Type::Int)),
        (Kind::Decimal, Some(Type::Decimal)),
        (Kind::Fen, Some(Type::Fen)),
        (Kind::Day, Some(Type::Day)),
        (Kind::Month, Some(Type::Day)),
        (Kind::Bool, Some(Type::Bool)),
        (Kind::Name, None),
        (Kind::Identity, None),
        (Kind::Phone, None),
        (Kind::Account, None),
        (Kind::File, None),
    ];
    for (kind, ty) in types {
        assert_eq!(kind.expression_type(), ty, "{kind:?}");
    }
    assert!(Class::Public < Class::Internal && Class::Internal < Class::Personal && Class::Personal < Class::Sensitive);
    assert_eq!(
        (Class::default(), Kind::default(), PeriodKind::default()),
        (Class::Internal, Kind::Text, PeriodKind::Day)
    );
}

#[test]
fn values_have_the_type_of_what_they_hold() {
    let day: Day = "2024-02-29".parse().expect("a day");
    let cases = [
        (Value::Null, None),
        (Value::Bool(false), Some(Type::Bool)),
        (Value::Int(0), Some(Type::Int)),
        (Value::Decimal(Decimal::ZERO), Some(Type::Decimal)),
        (Value::Fen(Fen(0)), Some(Type::Fen)),
        (Value::Day(day), Some(Type::Day)),
        (Value::Text(String::new()), Some(Type::Text)),
    ];
    for (value, ty) in cases {
        assert_eq!(value.type_of(), ty, "{value:?}");
        assert_eq!(value.is_null(), ty.is_none(), "nought, no and nothing written are known: {value:?}");
    }
    assert_eq!(Value::default(), Value::Null);
}
