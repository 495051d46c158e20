//! Texts of the description: in every language, because it is read by people of all of them.

use words::{Language, Wording};

/// A text in every language, one behind the other.
pub fn every_language(text: &Wording, between: &str) -> String {
    let mut texts: Vec<&str> = Language::all().map(|language| text.of(language)).collect();
    texts.dedup();
    texts.join(between)
}

/// The text under a key in every language.
pub fn text_of(key: &str) -> String {
    every_language(&words::wording(key, &[]), " · ")
}
