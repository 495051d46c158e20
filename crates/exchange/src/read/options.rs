//! How a file is read: by which limits and choices, and other shapes to compare a wrong file with.

use crate::{FileHash, Limits, Mapping, Part, Shape};

/// Everything about a reading besides the file and its shape. `Options::default()` is right for a plain import.
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    /// The defaults of `Limits` where there is none.
    pub limits: Option<&'a Limits>,
    pub mapping: Option<&'a Mapping>,
    /// Other shapes: when the file fits none of its own, the refusal names the one it looks like.
    pub others: &'a [Shape<'a>],
    /// Name of the file as the person knows it; the name in the path where there is none.
    pub file_name: Option<&'a str>,
    /// Hash of the file, where it is known; the file is hashed where it is not.
    pub hash: Option<&'a FileHash>,
    /// Of a workbook, only the sheets of this part; all that fit where there is none.
    pub part: Option<&'a Part>,
    /// Parts whose sheets hold something else, such as child records.
    pub other_parts: &'a [Part],
}

impl Options<'_> {
    /// True when a sheet of that name is read.
    pub(crate) fn takes_sheet(&self, name: &str) -> bool {
        self.part.is_none_or(|part| part.is_on(name)) && !self.other_parts.iter().any(|part| part.is_on(name))
    }
}
