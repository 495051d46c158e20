//! What is asked for, in the form in which records are found by it.

use crate::cipher::Cipher;
use crate::database::{Sql, Storage};
use crate::stored::field_column::{FieldColumn, found_by};
use crate::stored::keys::compared_value;
use model::written::fold_key;
use model::{Kind, Value};

/// A value as it is found by: folded as what is kept beside the field, or as a key.
pub(super) fn searched_value(cipher: &Cipher, column: &FieldColumn, is_key: bool, value: &Value) -> Option<Sql> {
    match (value.as_text(), column.field.kind) {
        (Some(text), _) if column.fold.is_some() => Some(Sql::Text(found_by(text))),
        (Some(text), Kind::Reference | Kind::Text) if column.storage == Storage::Text && is_key => {
            compared_value(cipher, column, &Value::Text(fold_key(text).into_owned()))
        }
        _ => compared_value(cipher, column, value),
    }
}

/// The beginning of a text as it is found by.
pub(super) fn begun(column: &FieldColumn, text: &str, is_key: bool) -> String {
    match column.field.kind {
        _ if column.fold.is_some() => found_by(text),
        Kind::Text if is_key => fold_key(text).into_owned(),
        _ => text.to_owned(),
    }
}
