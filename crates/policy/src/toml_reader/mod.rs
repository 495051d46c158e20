//! Reads TOML as declarations, and says in words where a text is none and why.

mod fault;
mod value;

use fault::FaultKind;
use serde::de::DeserializeOwned;
use toml::de::DeTable;
use value::ValueReader;

pub(crate) use fault::TomlFault;

/// The declaration in a text; the same values as `toml::from_str` reads.
///
/// # Errors
/// The first place where the text is not TOML, or not this declaration.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, TomlFault> {
    let root = DeTable::parse(text).map_err(|error| {
        let kind = FaultKind::Other(error.message().replace('\n', "; "));
        TomlFault { kind, span: error.span() }
    })?;
    T::deserialize(ValueReader::of_table(root))
}
