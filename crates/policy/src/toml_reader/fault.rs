//! What does not fit in a text of TOML, and where.

use crate::expression::nearest_of;
use serde::de::{Error, Expected, Unexpected};
use std::fmt;
use std::ops::Range;
use words::{Advice, Wording, advice, list, wording};

/// Why a text is not the declaration that is wanted, and at which of its bytes.
#[derive(Debug)]
pub(crate) struct TomlFault {
    pub(super) kind: FaultKind,
    /// `None` until it is known; a fault of the whole text has none.
    pub(crate) span: Option<Range<usize>>,
}

#[derive(Debug)]
pub(super) enum FaultKind {
    UnknownKey { key: String, known: &'static [&'static str] },
    UnknownValue { value: String, known: &'static [&'static str] },
    MissingKey(&'static str),
    KeyTwice(&'static str),
    Unfit { found: Wording, wanted: String },
    Other(String),
}

impl TomlFault {
    /// The same fault; it happened here unless it was known to have happened further inside.
    pub(super) fn at(mut self, span: &Range<usize>) -> TomlFault {
        self.span.get_or_insert_with(|| span.clone());
        self
    }

    /// The same fault; what does not fit is called so.
    pub(super) fn of_value(mut self, value: &Wording) -> TomlFault {
        if let FaultKind::Unfit { found, .. } = &mut self.kind {
            found.clone_from(value);
        }
        self
    }

    /// What is wrong and what to do.
    pub(crate) fn advice(&self) -> Advice {
        match &self.kind {
            FaultKind::UnknownKey { key, known } => {
                let hint = match nearest_of(key, known) {
                    Some(near) => wording!("toml_perhaps", near),
                    None => wording!("package_available", names = list(*known)),
                };
                advice!("toml_key_unknown", key, hint)
            }
            FaultKind::UnknownValue { value, known } => advice!("toml_value_unknown", value, known = list(*known)),
            FaultKind::MissingKey(key) => advice!("toml_key_missing", key),
            FaultKind::KeyTwice(key) => advice!("toml_key_twice", key),
            FaultKind::Unfit { found, wanted } => advice!("toml_value_unfit", found, wanted = wanted_words(wanted)),
            FaultKind::Other(said) => advice!("toml_unread", said = expected_words(said)),
        }
    }
}

/// What serde calls the types that declarations have.
fn wanted_words(wanted: &str) -> Wording {
    match wanted {
        "a string" => wording!("toml_text"),
        "a sequence" => wording!("toml_list"),
        "a map" => wording!("toml_table"),
        "a boolean" => wording!("toml_truth"),
        "f64" => wording!("toml_number"),
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i32" | "i64" => {
            wording!("toml_whole_number", kind = wanted)
        }
        _ if wanted.starts_with("enum ") => wording!("toml_word"),
        _ if wanted.starts_with("struct ") => wording!("toml_table"),
        _ => Wording::same(wanted),
    }
}

/// What declarations that may be written in several ways say by `expecting` is a key of the words.
fn expected_words(said: &str) -> Wording {
    match said {
        "toml_days" => wording!("toml_days"),
        "toml_iso_day" => wording!("toml_iso_day"),
        "toml_approvals" => wording!("toml_approvals"),
        _ => Wording::same(said),
    }
}

fn found_words(found: Unexpected<'_>) -> Wording {
    match found {
        Unexpected::Bool(truth) => Wording::same(truth),
        Unexpected::Unsigned(number) => wording!("toml_this_number", number),
        Unexpected::Signed(number) => wording!("toml_this_number", number),
        Unexpected::Float(number) => wording!("toml_this_number", number),
        Unexpected::Str(text) => wording!("toml_this_text", text = format!("{text:?}")),
        Unexpected::Seq => wording!("toml_list"),
        Unexpected::Map => wording!("toml_table"),
        other => Wording::same(other),
    }
}

impl From<FaultKind> for TomlFault {
    fn from(kind: FaultKind) -> TomlFault {
        TomlFault { kind, span: None }
    }
}

impl Error for TomlFault {
    fn custom<T: fmt::Display>(said: T) -> TomlFault {
        FaultKind::Other(said.to_string()).into()
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> TomlFault {
        FaultKind::Unfit { found: found_words(found), wanted: wanted.to_string() }.into()
    }

    fn invalid_value(found: Unexpected<'_>, wanted: &dyn Expected) -> TomlFault {
        TomlFault::invalid_type(found, wanted)
    }

    fn unknown_variant(value: &str, known: &'static [&'static str]) -> TomlFault {
        FaultKind::UnknownValue { value: value.to_owned(), known }.into()
    }

    fn unknown_field(key: &str, known: &'static [&'static str]) -> TomlFault {
        FaultKind::UnknownKey { key: key.to_owned(), known }.into()
    }

    fn missing_field(key: &'static str) -> TomlFault {
        FaultKind::MissingKey(key).into()
    }

    fn duplicate_field(key: &'static str) -> TomlFault {
        FaultKind::KeyTwice(key).into()
    }
}

impl fmt::Display for TomlFault {
    /// What is wrong, in Chinese.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.advice().what.chinese())
    }
}

impl std::error::Error for TomlFault {}
