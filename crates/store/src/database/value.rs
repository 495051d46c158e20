//! Values on their way into and out of a database.

use model::{RecordId, Version};
use sea_query::{Value, Values};
use std::fmt;

/// A value as both databases keep it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Sql {
    Null,
    Whole(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// Shows the kind only: what is bound may be a person's data, and drivers write what they bind into their traces.
impl fmt::Debug for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Sql::Null => "Null",
            Sql::Whole(_) => "Whole(..)",
            Sql::Text(_) => "Text(..)",
            Sql::Bytes(_) => "Bytes(..)",
        })
    }
}

impl Sql {
    pub(crate) fn is_null(&self) -> bool {
        *self == Sql::Null
    }
}

/// What can be bound to a statement.
pub(crate) trait ToValue {
    fn to_value(&self) -> Sql;
}

/// The values of a statement in the order of its places: `values![id, state, day.to_string()]`.
macro_rules! values {
    () => { [] as [$crate::database::Sql; 0] };
    ($($value:expr),+ $(,)?) => { [$($crate::database::ToValue::to_value(&$value)),+] };
}

pub(crate) use values;

impl ToValue for Sql {
    fn to_value(&self) -> Sql {
        self.clone()
    }
}

impl ToValue for str {
    fn to_value(&self) -> Sql {
        Sql::Text(self.to_owned())
    }
}

impl ToValue for String {
    fn to_value(&self) -> Sql {
        Sql::Text(self.clone())
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Sql {
        Sql::Bytes(self.clone())
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Sql {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Sql {
        self.as_ref().map_or(Sql::Null, ToValue::to_value)
    }
}

macro_rules! whole_to_value {
    ($($number:ty),+) => { $(
        impl ToValue for $number {
            fn to_value(&self) -> Sql {
                Sql::Whole(i64::from(*self))
            }
        }

        impl From<$number> for Sql {
            fn from(number: $number) -> Sql {
                Sql::Whole(i64::from(number))
            }
        }
    )+ };
}
whole_to_value!(i64, i32, u32, u16, u8, bool);

impl ToValue for RecordId {
    fn to_value(&self) -> Sql {
        Sql::Whole(self.0)
    }
}

impl From<RecordId> for Sql {
    fn from(id: RecordId) -> Sql {
        Sql::Whole(id.0)
    }
}

impl ToValue for Version {
    fn to_value(&self) -> Sql {
        Sql::Whole(self.0)
    }
}

impl From<Version> for Sql {
    fn from(version: Version) -> Sql {
        Sql::Whole(version.0)
    }
}

impl From<&str> for Sql {
    fn from(text: &str) -> Sql {
        Sql::Text(text.to_owned())
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Sql {
        Sql::Text(text)
    }
}

impl From<Vec<u8>> for Sql {
    fn from(bytes: Vec<u8>) -> Sql {
        Sql::Bytes(bytes)
    }
}

impl<T: Into<Sql>> From<Option<T>> for Sql {
    fn from(value: Option<T>) -> Sql {
        value.map_or(Sql::Null, Into::into)
    }
}

/// What can be read from a row.
pub(crate) trait FromValue: Sized {
    /// `None` where the value is of another kind.
    fn from_value(value: Sql) -> Option<Self>;
}

impl FromValue for Sql {
    fn from_value(value: Sql) -> Option<Sql> {
        Some(value)
    }
}

impl FromValue for String {
    fn from_value(value: Sql) -> Option<String> {
        if let Sql::Text(text) = value { Some(text) } else { None }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Sql) -> Option<Vec<u8>> {
        if let Sql::Bytes(bytes) = value { Some(bytes) } else { None }
    }
}

impl FromValue for i64 {
    fn from_value(value: Sql) -> Option<i64> {
        if let Sql::Whole(number) = value { Some(number) } else { None }
    }
}

impl FromValue for RecordId {
    fn from_value(value: Sql) -> Option<RecordId> {
        i64::from_value(value).map(RecordId)
    }
}

impl FromValue for Version {
    fn from_value(value: Sql) -> Option<Version> {
        i64::from_value(value).map(Version)
    }
}

impl FromValue for u32 {
    fn from_value(value: Sql) -> Option<u32> {
        i64::from_value(value).and_then(|number| number.try_into().ok())
    }
}

impl FromValue for u64 {
    fn from_value(value: Sql) -> Option<u64> {
        i64::from_value(value).and_then(|number| number.try_into().ok())
    }
}

impl FromValue for bool {
    fn from_value(value: Sql) -> Option<bool> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Sql) -> Option<Option<T>> {
        if value == Sql::Null { Some(None) } else { T::from_value(value).map(Some) }
    }
}

/// Values of a statement of sea-query; every whole number is widened to 64 bits.
pub(super) fn bound(values: Values) -> Vec<Sql> {
    values.0.into_iter().map(to_sql).collect()
}

fn to_sql(value: Value) -> Sql {
    fn whole<T: Into<i64>>(number: Option<T>) -> Sql {
        number.map_or(Sql::Null, |number| Sql::Whole(number.into()))
    }
    match value {
        Value::Bool(truth) => whole(truth),
        Value::TinyInt(number) => whole(number),
        Value::SmallInt(number) => whole(number),
        Value::Int(number) => whole(number),
        Value::BigInt(number) => whole(number),
        Value::TinyUnsigned(number) => whole(number),
        Value::SmallUnsigned(number) => whole(number),
        Value::Unsigned(number) => whole(number),
        Value::BigUnsigned(number) => whole(number.map(|number| i64::try_from(number).unwrap_or(i64::MAX))),
        Value::String(text) => text.into(),
        Value::Char(letter) => letter.map(|letter| letter.to_string()).into(),
        Value::Bytes(bytes) => bytes.into(),
        // No column of the store holds a fraction in binary form.
        Value::Float(number) => number.map(|number| number.to_string()).into(),
        Value::Double(number) => number.map(|number| number.to_string()).into(),
        Value::Enum(_) => Sql::Null,
    }
}
