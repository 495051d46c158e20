//! One declared field: how it is shown, how it is asked for, and how what was typed becomes its value.
//!
//! Everything here follows from the declaration (`policy::declare::Column`); nothing knows one register.

mod asked;
mod reading;
mod shown;

pub use asked::{AskedField, Asking};
pub use reading::{FieldReader, typed_texts};
pub use shown::{Showing, ShownField, event_value_text, file_lines, text_of};
