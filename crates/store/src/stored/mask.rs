//! What stands in place of a value that its reader may not see.

use model::{Class, Kind, Value};
use policy::declare::Column;

/// How values of a field are masked; `None` for those that everybody sees. Names are masked for some roles only.
pub(crate) fn mask_of(field: &Column) -> Option<fn(&str) -> String> {
    match (field.effective_class(), field.kind) {
        (_, Kind::Identity | Kind::Account) => Some(model::mask_identity),
        (_, Kind::Phone) => Some(model::mask_phone),
        (Class::Sensitive, _) => Some(|_| HIDDEN.to_owned()),
        (_, Kind::Name) => Some(model::mask_name),
        _ => None,
    }
}

/// Stands for a sensitive value that has no shape of its own.
const HIDDEN: &str = "***";

/// True for a text that can only be a mask of a value of the field.
pub(crate) fn is_mask(field: &Column, value: &Value) -> bool {
    let Some(text) = value.as_text() else { return false };
    match field.kind {
        Kind::Identity | Kind::Account | Kind::Phone | Kind::Name => text.contains('*'),
        _ => mask_of(field).is_some() && text == HIDDEN,
    }
}

/// True where the text is the mask of what is held.
pub(crate) fn masks(field: &Column, text: &Value, stored: &Value) -> bool {
    let mask = mask_of(field).filter(|_| !stored.is_null());
    mask.is_some_and(|mask| text.as_text() == Some(mask(stored.as_text().unwrap_or_default()).as_str()))
}
