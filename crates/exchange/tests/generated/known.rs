//! What the readers are known to do wrong today, so that the generator leaves it out: one line each, deleted with its fault.

/// A kind that is left out, and what is wrong with it.
pub const KNOWN: &[(&str, &str)] = &[];

/// Panics that are known, by a part of the path of the file that they come from.
pub const KNOWN_PANICS: &[(&str, &str)] = &[
    ("parquet", "a damaged Parquet file makes its reader panic, and the caught panic is printed"),
    ("arrow", "a damaged Parquet file makes its reader panic, and the caught panic is printed"),
];

/// True when a kind may be made.
pub fn is_right(kind: &str) -> bool {
    !KNOWN.iter().any(|(known, _)| *known == kind)
}
