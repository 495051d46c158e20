//! Values on their way into and out of the database, and rows.

use crate::StoreError;
use rusqlite::types::{Value, ValueRef};

/// A value as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Sql {
    Null,
    Whole(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Sql {
    pub(crate) fn is_null(&self) -> bool {
        *self == Sql::Null
    }
}

impl From<i64> for Sql {
    fn from(number: i64) -> Sql {
        Sql::Whole(number)
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

pub(super) fn bound(value: &Sql) -> Value {
    match value {
        Sql::Null => Value::Null,
        Sql::Whole(number) => Value::Integer(*number),
        Sql::Text(text) => Value::Text(text.clone()),
        Sql::Bytes(bytes) => Value::Blob(bytes.clone()),
    }
}

/// A row of an answer.
pub(crate) struct Row<'a>(pub(crate) &'a rusqlite::Row<'a>);

impl Row<'_> {
    pub(crate) fn get<T: Got>(&self, index: usize) -> Result<T, StoreError> {
        T::got(self.value(index)?).ok_or_else(|| StoreError::StoredValue { column: index.to_string() })
    }

    pub(crate) fn value(&self, index: usize) -> Result<Sql, StoreError> {
        Ok(match self.0.get_ref(index)? {
            ValueRef::Null => Sql::Null,
            ValueRef::Integer(number) => Sql::Whole(number),
            ValueRef::Text(text) => Sql::Text(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(bytes) => Sql::Bytes(bytes.to_vec()),
            ValueRef::Real(_) => return Err(StoreError::StoredValue { column: index.to_string() }),
        })
    }
}

/// What a row may hold.
pub(crate) trait Got: Sized {
    fn got(value: Sql) -> Option<Self>;
}

impl Got for i64 {
    fn got(value: Sql) -> Option<i64> {
        if let Sql::Whole(number) = value { Some(number) } else { None }
    }
}
impl Got for u64 {
    fn got(value: Sql) -> Option<u64> {
        i64::got(value).and_then(|number| u64::try_from(number).ok())
    }
}
impl Got for u32 {
    fn got(value: Sql) -> Option<u32> {
        i64::got(value).and_then(|number| u32::try_from(number).ok())
    }
}
impl Got for String {
    fn got(value: Sql) -> Option<String> {
        if let Sql::Text(text) = value { Some(text) } else { None }
    }
}
impl Got for Vec<u8> {
    fn got(value: Sql) -> Option<Vec<u8>> {
        if let Sql::Bytes(bytes) = value { Some(bytes) } else { None }
    }
}
impl<T: Got> Got for Option<T> {
    fn got(value: Sql) -> Option<Option<T>> {
        if value.is_null() { Some(None) } else { T::got(value).map(Some) }
    }
}
