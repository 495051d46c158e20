//! The languages, each a folder of flat TOML files under the same keys.

use crate::fill::filled;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{LazyLock, OnceLock};

include!(concat!(env!("OUT_DIR"), "/folders.rs"));

/// A language in which something is said to people. The default is Chinese.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(u8);

/// The words of every language, in the order of the folders.
static WORDS: LazyLock<Vec<BTreeMap<String, String>>> =
    LazyLock::new(|| folders().map(|folder| read(folder.1)).collect());
/// Whether the readers of each language read English, in the same order: worked out once, because every text of a pair asks for it.
static READS_ENGLISH: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let english = FOLDERS.get(Language::ENGLISH.place()).map(|(tag, _)| *tag);
    WORDS.iter().map(|words| words.get("language_reads").map(String::as_str) == english).collect()
});
/// A folder that stands behind the embedded ones.
static LAST: OnceLock<Folder> = OnceLock::new();

/// A folder: its name, and the texts of its files.
type Folder = (&'static str, &'static [&'static str]);

fn folders() -> impl Iterator<Item = &'static Folder> {
    FOLDERS.iter().chain(LAST.get())
}

/// Adds a language as if its folder had been embedded, for tests of what a copied folder does: once, and before any word is said.
///
/// # Errors
/// The tag, where a language was added or a word said before.
#[doc(hidden)]
pub fn add_folder(tag: &'static str, parts: &'static [&'static str]) -> Result<Language, &'static str> {
    let place = u8::try_from(FOLDERS.len()).map_err(|_| tag)?;
    LAST.set((tag, parts)).map_err(|(tag, _)| tag)?;
    let language = Language(place);
    if language.words().is_empty() { Err(tag) } else { Ok(language) }
}

impl Language {
    /// 中文, `zh-CN`.
    pub const CHINESE: Language = Language(0);
    /// English, `en`.
    pub const ENGLISH: Language = Language(1);

    /// Every language that there is, Chinese first.
    pub fn all() -> impl Iterator<Item = Language> {
        (0..folders().count()).filter_map(|place| u8::try_from(place).ok()).map(Language)
    }

    /// The language of a tag, e.g. `en`, `en-GB`, `zh-Hans-CN`, in any case: the one with that tag, otherwise the one of the same
    /// primary part.
    pub fn of_tag(tag: &str) -> Option<Language> {
        let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let is_same = |language: &Language| language.tag().eq_ignore_ascii_case(tag);
        Language::all()
            .find(is_same)
            .or_else(|| Language::all().find(|language| primary(language.tag()) == primary(tag)))
    }

    /// The tag, as an attribute `lang` or a header has it: the name of the folder.
    pub fn tag(self) -> &'static str {
        folders().nth(self.place()).map_or("", |(tag, _)| tag)
    }

    /// What its speakers call it.
    pub fn name(self) -> &'static str {
        self.say("language_name")
    }

    /// The text under `key`; `??` where the words have none (a test proves that nothing asks for such a key).
    pub fn say(self, key: &str) -> &'static str {
        self.words().get(key).map_or("??", String::as_str)
    }

    /// The text under `key` with each `{name}` replaced by its value, and `{name|row|rows}` by the word that goes with it.
    pub fn fill(self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        filled(self.say(key), |name| {
            values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
        })
    }

    /// The Chinese or the English one of two texts of a package, as the language says which of them its readers read; the Chinese one
    /// where the other is empty.
    pub fn pick<'text>(self, chinese: &'text str, english: &'text str) -> &'text str {
        if self.reads_english() && !english.is_empty() { english } else { chinese }
    }

    /// True when its readers are better served by English than by Chinese where there is nothing in their own language.
    pub fn reads_english(self) -> bool {
        READS_ENGLISH.get(self.place()).copied().unwrap_or_default()
    }

    /// All words of the language, by key.
    pub fn words(self) -> &'static BTreeMap<String, String> {
        static NONE: BTreeMap<String, String> = BTreeMap::new();
        WORDS.get(self.place()).unwrap_or(&NONE)
    }

    /// What stands between parts, under this key, without the lines that show its spaces.
    pub(crate) fn separator(self, key: &str) -> &'static str {
        self.say(key).trim_matches('|')
    }

    pub(crate) fn place(self) -> usize {
        usize::from(self.0)
    }
}

/// One key stands in one part only: joined, the parts are one flat TOML file. A table `[key]` with `what` and `hint` is read as
/// `key.what` and `key.hint`.
fn read(parts: &[&str]) -> BTreeMap<String, String> {
    let mut words = BTreeMap::new();
    for part in parts {
        let table: toml::Table = part.parse().expect("the embedded words are TOML, as a test proves");
        for (key, value) in table {
            match value {
                toml::Value::String(text) => drop(words.insert(key, text)),
                toml::Value::Table(texts) => words.extend(
                    texts.iter().filter_map(|(part, text)| Some((format!("{key}.{part}"), text.as_str()?.to_owned()))),
                ),
                _ => {}
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_keys_and_placeholders_of_chinese() {
        assert_eq!(Language::all().take(2).map(Language::tag).collect::<Vec<_>>(), ["zh-CN", "en"]);
        for language in Language::all().skip(1) {
            let keys = |language: Language| language.words().keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(Language::CHINESE), keys(language), "{}", language.tag());
            for (key, chinese) in Language::CHINESE.words() {
                assert_eq!(placeholders(chinese), placeholders(language.say(key)), "{key} in {}", language.tag());
            }
        }
    }

    #[test]
    fn a_key_stands_once_in_a_language_and_is_a_text_or_a_pair_of_texts() {
        for (tag, parts) in FOLDERS {
            let mut seen = std::collections::BTreeSet::new();
            for part in *parts {
                for (key, value) in part.parse::<toml::Table>().unwrap_or_else(|error| panic!("{tag}: {error}")) {
                    assert!(seen.insert(key.clone()), "{tag}: `{key}` stands twice");
                    if let toml::Value::Table(texts) = &value {
                        let names: Vec<&str> = texts.keys().map(String::as_str).collect();
                        assert_eq!(names, ["hint", "what"], "{tag}: {key}");
                    }
                    assert!(value.is_str() || value.is_table(), "{tag}: {key}");
                }
            }
        }
    }

    #[test]
    fn no_text_is_empty_and_no_chinese_text_is_left_in_english() {
        for language in Language::all() {
            for (key, text) in language.words() {
                assert!(!text.trim().is_empty(), "{key}");
            }
        }
        for (key, text) in Language::ENGLISH.words() {
            let has_chinese = text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
            assert!(!has_chinese, "{key}: {text}");
        }
    }

    /// Values before a verb that are no count, or never one.
    const NO_COUNTS: [&str; 5] = ["year", "shown", "limit", "period", "register"];

    #[test]
    fn a_number_agrees_with_its_verb_in_english() {
        for (key, text) in Language::ENGLISH.words() {
            for (before, behind) in text.match_indices('}').map(|(at, _)| text.split_at(at + 1)) {
                let name = before.trim_end_matches('}').rsplit('{').next().unwrap_or_default();
                let is_value = !name.contains('|') && !NO_COUNTS.contains(&name);
                let verb = behind.strip_prefix(' ').and_then(|rest| rest.split([' ', ',', ';', '.']).next());
                let is_plural = verb.is_some_and(|verb| ["are", "were", "have", "deliveries", "forms"].contains(&verb));
                assert!(!(is_value && is_plural), "{key}: write {{x|is|are}}: {text}");
            }
        }
    }

    #[test]
    fn a_day_stands_apart_from_digits_and_letters_in_chinese() {
        for (key, text) in Language::CHINESE.words() {
            for day in ["day}", "from}", "until}", "free_on}", "today}"] {
                let touches = |(at, _): (usize, &str)| {
                    text[at + day.len()..].starts_with(|next: char| next.is_ascii_alphanumeric())
                };
                assert!(!text.match_indices(day).any(touches), "{key}: {text}");
            }
        }
    }

    #[test]
    fn placeholders_are_filled_and_unknown_keys_are_seen() {
        assert_eq!(Language::CHINESE.say("no such key"), "??");
        let text = Language::ENGLISH.fill("due_days", &[("days", &2)]);
        assert!(text.contains('2') && !text.contains('{'), "{text}");
    }

    #[test]
    fn a_tag_finds_its_language_or_the_one_of_its_primary_part() {
        let cases = [
            ("zh-CN", Some(Language::CHINESE)),
            ("ZH-cn", Some(Language::CHINESE)),
            ("zh-Hant-TW", Some(Language::CHINESE)),
            ("en", Some(Language::ENGLISH)),
            ("en-GB", Some(Language::ENGLISH)),
            ("enm", None),
            ("fr", None),
            ("", None),
        ];
        for (tag, language) in cases {
            assert_eq!(Language::of_tag(tag), language, "{tag:?}");
        }
    }

    #[test]
    fn of_a_pair_the_language_chooses_the_text_that_its_readers_read() {
        let cases = [
            (Language::CHINESE, ("户", "household"), "户"),
            (Language::ENGLISH, ("户", "household"), "household"),
            (Language::ENGLISH, ("户", ""), "户"),
        ];
        for (language, (chinese, english), picked) in cases {
            assert_eq!(language.pick(chinese, english), picked);
        }
    }

    fn placeholders(text: &str) -> Vec<String> {
        let parts = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
        let mut found: Vec<String> =
            parts.map(|(part, _)| part.split('|').next().unwrap_or_default().to_owned()).collect();
        found.sort();
        found.dedup();
        found
    }
}
