//! What a column of a table holds.

/// How a column is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storage {
    Whole,
    Text,
    /// Encrypted bytes; found by hash.
    Sealed,
}

impl Storage {
    /// What a column of this type of the database is for.
    pub(super) fn made(as_type: &str) -> Storage {
        match as_type {
            "blob" | "bytea" => Storage::Sealed,
            "text" => Storage::Text,
            _ => Storage::Whole,
        }
    }
}
