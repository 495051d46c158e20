//! What is said to people, made where its figures are known, in every language; who shows it chooses.

use crate::Language;
use crate::fill::filled;
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// Stands between the languages of a wording that is kept; no text has it.
const BETWEEN: char = '\u{1f}';

/// A text in every language: that of each language at the language's place, empty where there is none.
///
/// It is kept as one text, in columns of text and in JSON alike: the Chinese text, U+001F, the English one, and so on. So a text of an
/// earlier release is read as one in Chinese alone, and the earlier release reads a later one as the text that it expects.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Wording {
    texts: Vec<String>,
}

/// What happened and what to do next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// What was attempted and why it did not work.
    pub what: Wording,
    /// What to do next.
    pub hint: Wording,
}

/// A parameter of a text: the same in every language (numbers, names, days), or a wording of its own.
pub trait Value {
    /// How it stands in a text of this language.
    fn in_language(&self, language: Language) -> String;
}

impl<T: Display + ?Sized> Value for T {
    fn in_language(&self, _: Language) -> String {
        self.to_string()
    }
}

impl Value for Wording {
    fn in_language(&self, language: Language) -> String {
        self.of(language).to_owned()
    }
}

impl Value for &Wording {
    fn in_language(&self, language: Language) -> String {
        self.of(language).to_owned()
    }
}

impl Wording {
    /// A Chinese and an English text, as packages declare them; the English one may be empty.
    pub fn pair(chinese: impl Into<String>, english: impl Into<String>) -> Wording {
        Wording::from_texts(vec![chinese.into(), english.into()])
    }

    /// One text for every language, e.g. a name or a number.
    pub fn same(text: impl Display) -> Wording {
        Wording::each(|_| text.to_string())
    }

    /// A text for each language.
    pub fn each(text: impl Fn(Language) -> String) -> Wording {
        Wording::from_texts(Language::all().map(text).collect())
    }

    /// Empty texts at the end are not kept: a text that lacks and an empty one are the same.
    fn from_texts(mut texts: Vec<String>) -> Wording {
        for text in &mut texts {
            if text.contains(BETWEEN) {
                *text = text.replace(BETWEEN, " ");
            }
        }
        while texts.last().is_some_and(String::is_empty) {
            texts.pop();
        }
        Wording { texts }
    }

    fn own(&self, language: Language) -> &str {
        self.texts.get(language.place()).map_or("", String::as_str)
    }

    /// The text in this language; where there is none, the one that its readers read besides.
    pub fn of(&self, language: Language) -> &str {
        let own = self.own(language);
        if own.is_empty() { language.pick(self.chinese(), self.english()) } else { own }
    }

    /// The Chinese text.
    pub fn chinese(&self) -> &str {
        self.own(Language::CHINESE)
    }

    /// The English text; empty where there is none.
    pub fn english(&self) -> &str {
        self.own(Language::ENGLISH)
    }

    /// True when it says nothing in any language.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Sentences one behind the other; in a language in which one of them lacks there is none, so that nothing is left out.
    pub fn joined(sentences: &[Wording]) -> Wording {
        let said: Vec<&Wording> = sentences.iter().filter(|one| !one.is_empty()).collect();
        Wording::each(|language| {
            let texts: Vec<&str> = said.iter().map(|one| one.own(language)).collect();
            let is_whole = language == Language::CHINESE || texts.iter().all(|text| !text.is_empty());
            if is_whole { texts.join(language.separator("between_sentences")) } else { String::new() }
        })
    }
}

impl From<String> for Wording {
    fn from(kept: String) -> Wording {
        Wording::from_texts(kept.split(BETWEEN).map(str::to_owned).collect())
    }
}

impl From<Wording> for String {
    fn from(wording: Wording) -> String {
        wording.texts.join(&BETWEEN.to_string())
    }
}

/// The text under `key` with each `{name}` replaced by its value, in every language. [`wording!`](crate::wording!) is shorter.
pub fn wording(key: &str, values: &[(&str, &dyn Value)]) -> Wording {
    Wording::each(|language| {
        let text = language.say(key);
        filled(text, |name| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.in_language(language))
        })
    })
}

/// The texts `key.what` and `key.hint`, filled in. [`advice!`](crate::advice!) is shorter.
pub fn advice(key: &str, values: &[(&str, &dyn Value)]) -> Advice {
    let part = |part: &str| wording(&format!("{key}.{part}"), values);
    Advice { what: part("what"), hint: part("hint") }
}

/// Things one behind the other, as each language separates them.
pub fn list<T: Value>(things: impl IntoIterator<Item = T>) -> Wording {
    between("between_listed", things)
}

/// Parts of one sentence, as each language separates them.
pub fn clauses<T: Value>(parts: impl IntoIterator<Item = T>) -> Wording {
    between("between_clauses", parts)
}

fn between<T: Value>(key: &str, things: impl IntoIterator<Item = T>) -> Wording {
    let things: Vec<T> = things.into_iter().collect();
    Wording::each(|language| {
        let texts: Vec<String> = things.iter().map(|thing| thing.in_language(language)).collect();
        texts.join(language.separator(key))
    })
}

/// The [`Wording`] under a key: `wording!("due_on", day = due, who)`; a name alone is the variable of that name.
#[macro_export]
macro_rules! wording {
    ($key:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::wording($key, &[$((stringify!($name), $crate::value!($name $(= $value)?))),*])
    };
}

/// The [`Advice`] under a key: `advice!("account_exists", account = account.name)`.
#[macro_export]
macro_rules! advice {
    ($key:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $crate::advice($key, &[$((stringify!($name), $crate::value!($name $(= $value)?))),*])
    };
}

/// A parameter of [`wording!`] and [`advice!`].
#[doc(hidden)]
#[macro_export]
macro_rules! value {
    ($name:ident = $value:expr) => {
        &$value as &dyn $crate::Value
    };
    ($name:ident) => {
        &$name as &dyn $crate::Value
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again_whoever_kept_it() {
        let cases = [
            ("", Wording::default()),
            ("有两列。", Wording::pair("有两列。", "")),
            ("有两列。\u{1f}Two columns.", Wording::pair("有两列。", "Two columns.")),
            ("\u{1f}Two columns.", Wording::pair("", "Two columns.")),
        ];
        for (kept, sentence) in cases {
            assert_eq!(Wording::from(kept.to_owned()), sentence, "{kept:?}");
            assert_eq!(String::from(sentence), kept);
        }
        let from_a_file = Wording::pair("列“甲\u{1f}乙”", "column 甲\u{1f}乙");
        assert_eq!(Wording::from(String::from(from_a_file.clone())), from_a_file, "data does not part it");
    }

    #[test]
    fn joined_sentences_are_in_english_where_all_are() {
        let both = Wording::pair("有两列。", "Two columns.");
        let cases = [
            (vec![], ("", "")),
            (vec![both.clone(), both.clone()], ("有两列。有两列。", "Two columns. Two columns.")),
            (vec![both.clone(), Wording::default()], ("有两列。", "Two columns.")),
            (vec![both.clone(), Wording::pair("旧。", "")], ("有两列。旧。", "")),
        ];
        for (sentences, (chinese, english)) in cases {
            let joined = Wording::joined(&sentences);
            assert_eq!((joined.chinese(), joined.english()), (chinese, english));
        }
    }

    #[test]
    fn a_language_without_its_own_text_shows_what_its_readers_read() {
        let alone = Wording::pair("旧。", "");
        assert_eq!((alone.of(Language::CHINESE), alone.of(Language::ENGLISH)), ("旧。", "旧。"));
        let both = Wording::pair("旧。", "Old.");
        assert_eq!((both.of(Language::CHINESE), both.of(Language::ENGLISH)), ("旧。", "Old."));
    }

    #[test]
    fn values_are_said_in_the_language_of_the_text() {
        let label = Wording::pair("户", "household");
        let listed = list([label, Wording::same(3)]);
        assert_eq!((listed.chinese(), listed.english()), ("户、3", "household, 3"));
        let said = wording!("due_days", days = listed);
        assert!(said.chinese().contains("户、3") && said.english().contains("household, 3"), "{said:?}");
    }

    #[test]
    fn sentences_come_back_from_what_is_kept_whatever_stands_in_them() {
        let pieces = ["", "甲", "two words", "\u{1f}", "\n", "“列”", "\u{1f}\u{1f}", " "];
        for chinese in pieces {
            for english in pieces {
                let sentence = Wording::pair(chinese, english);
                assert_eq!(Wording::from(String::from(sentence.clone())), sentence, "{chinese:?} {english:?}");
                assert!(!sentence.chinese().contains('\u{1f}') && !sentence.english().contains('\u{1f}'));
                assert_eq!(sentence.is_empty(), chinese.is_empty() && english.is_empty());
            }
        }
        let joined =
            Wording::joined(&[Wording::pair("", ""), Wording::pair("甲。", "One."), Wording::pair("乙。", "Two.")]);
        assert_eq!((joined.chinese(), joined.english()), ("甲。乙。", "One. Two."));
    }
}
