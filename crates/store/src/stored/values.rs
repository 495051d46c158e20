//! Values of fields on their way into and out of the tables of registers.

use super::field_column::{FieldColumn, found_by};
use super::order::sort_key;
use crate::StoreError;
use crate::cipher::Cipher;
use crate::database::{Row, Sql, Storage};
use model::{Day, Fen, HouseholdNo, Kind, Value};

/// A value that does not fit its field.
pub(crate) struct Misfit;

/// The value as it is kept in a column that is not sealed.
pub(crate) fn to_sql(column: &FieldColumn, value: &Value) -> Result<Sql, Misfit> {
    if value.is_null() {
        return Ok(Sql::Null);
    }
    if column.field.name == "household_no" {
        return household_no(value).map(|number| Sql::Whole(number.0)).ok_or(Misfit);
    }
    match (column.field.kind, value) {
        (Kind::Int, Value::Int(number)) | (Kind::Fen, Value::Fen(Fen(number))) => Ok(Sql::Whole(*number)),
        (Kind::Bool, Value::Bool(truth)) => Ok(Sql::Whole(i64::from(*truth))),
        (Kind::Decimal, Value::Decimal(number)) => Ok(Sql::Text(number.normalize().to_string())),
        (Kind::Decimal, Value::Int(number)) => Ok(Sql::Text(number.to_string())),
        (Kind::Day | Kind::Month, Value::Day(day)) => Ok(Sql::Text(day.to_string())),
        (Kind::Text | Kind::Name | Kind::Code | Kind::Region | Kind::Reference | Kind::File, Value::Text(text)) => {
            Ok(Sql::Text(text.clone()))
        }
        (Kind::Identity | Kind::Phone | Kind::Account, Value::Text(text)) => Ok(Sql::Text(text.clone())),
        _ => Err(Misfit),
    }
}

/// The value as plain text for sealing and hashing; `None` for an unknown value.
pub(crate) fn to_text(column: &FieldColumn, value: &Value) -> Result<Option<String>, Misfit> {
    Ok(match to_sql(column, value)? {
        Sql::Whole(number) => Some(number.to_string()),
        Sql::Text(text) => Some(text),
        _ => None,
    })
}

/// A decimal as a whole number of millionths, by which decimals are put in order; `None` for what is no decimal.
pub(crate) fn ordered(value: &Value) -> Option<i64> {
    let number = match value {
        Value::Decimal(number) => *number,
        Value::Int(number) => model::Decimal::from(*number),
        _ => return None,
    };
    let millionths = number.checked_mul(model::Decimal::from(1_000_000))?;
    let limit = if number.is_sign_negative() { i64::MIN } else { i64::MAX };
    Some(i64::try_from(millionths.round().mantissa()).unwrap_or(limit))
}

/// A household number given as text or as a whole number.
pub(crate) fn household_no(value: &Value) -> Option<HouseholdNo> {
    match value {
        Value::Int(number) => HouseholdNo::parse(&number.to_string()),
        Value::Text(text) => HouseholdNo::parse(text),
        _ => None,
    }
}

/// Characters at the end of an identity number by which it is found.
pub(crate) const TAIL_CHARACTERS: usize = 4;

/// The last four characters of an identity number, in capitals.
pub(crate) fn tail(text: &str) -> String {
    let letters: Vec<char> = text.trim().to_uppercase().chars().collect();
    letters[letters.len().saturating_sub(TAIL_CHARACTERS)..].iter().collect()
}

/// Reads the field at `index` of a row; sealed fields are opened.
pub(crate) fn from_row(
    cipher: &Cipher,
    column: &FieldColumn,
    row: &Row<'_>,
    index: usize,
) -> Result<Value, StoreError> {
    match row.value(index)? {
        Sql::Null => Ok(Value::Null),
        Sql::Whole(number) => Ok(whole(column, number)),
        Sql::Text(text) => from_text(column, text),
        Sql::Bytes(sealed) if column.storage == Storage::Sealed => {
            from_text(column, cipher.open(&column.place, &sealed)?)
        }
        Sql::Bytes(_) => Err(StoreError::StoredValue { column: column.place.clone() }),
    }
}

fn whole(column: &FieldColumn, number: i64) -> Value {
    match column.field.kind {
        Kind::Fen => Value::Fen(Fen(number)),
        Kind::Bool => Value::Bool(number != 0),
        Kind::Int => Value::Int(number),
        _ => Value::Text(number.to_string()),
    }
}

pub(crate) fn from_text(column: &FieldColumn, text: String) -> Result<Value, StoreError> {
    let fault = || StoreError::StoredValue { column: column.place.clone() };
    Ok(match column.field.kind {
        Kind::Day | Kind::Month => Value::Day(text.parse::<Day>().map_err(|_| fault())?),
        Kind::Decimal => Value::Decimal(text.parse().map_err(|_| fault())?),
        Kind::Int | Kind::Fen | Kind::Bool => whole(column, text.parse().map_err(|_| fault())?),
        _ => Value::Text(text),
    })
}

impl FieldColumn {
    /// What stands in the columns beside the field's own, in their order.
    pub(crate) fn values_beside(&self, cipher: &Cipher, value: &Value) -> Result<Vec<Sql>, Misfit> {
        let mut values = Vec::new();
        let text = if self.find.is_some() || self.tail.is_some() { to_text(self, value)? } else { None };
        let hash = |purpose: &str, text: &str| Sql::Whole(cipher.find(purpose, text));
        if self.find.is_some() {
            values.push(text.as_ref().map_or(Sql::Null, |text| hash("whole", text)));
        }
        if self.tail.is_some() {
            values.push(text.as_ref().map_or(Sql::Null, |text| hash("tail", &tail(text))));
        }
        if self.order.is_some() {
            values.push(ordered(value).map_or(Sql::Null, Sql::Whole));
        }
        if self.fold.is_some() {
            values.push(value.as_text().map_or(Sql::Null, |text| Sql::Text(found_by(text))));
        }
        if self.sort.is_some() {
            values.push(value.as_text().map_or(Sql::Null, |text| Sql::Bytes(sort_key(text))));
        }
        Ok(values)
    }
}
