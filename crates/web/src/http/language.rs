//! The two languages of the pages. Texts stand in `words/<part>.zh.toml` and `words/<part>.en.toml` under the same flat keys.

use model::Bilingual;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::LazyLock;

/// The language in which a page is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    Chinese,
    English,
}

static CHINESE: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    read(&[
        include_str!("../../words/watch.zh.toml"),
        include_str!("../../words/lists.zh.toml"),
        include_str!("../../words/records.zh.toml"),
        include_str!("../../words/exchange.zh.toml"),
        include_str!("../../words/api.zh.toml"),
        include_str!("../../words/unsent.zh.toml"),
        include_str!("../../words/figures.zh.toml"),
    ])
});
static ENGLISH: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    read(&[
        include_str!("../../words/watch.en.toml"),
        include_str!("../../words/lists.en.toml"),
        include_str!("../../words/records.en.toml"),
        include_str!("../../words/exchange.en.toml"),
        include_str!("../../words/api.en.toml"),
        include_str!("../../words/unsent.en.toml"),
        include_str!("../../words/figures.en.toml"),
    ])
});

impl Language {
    /// The text under `key`; `??` where the words have none (a test proves that no page asks for such a key).
    pub fn say(self, key: &str) -> &'static str {
        self.words().get(key).map_or("??", String::as_str)
    }

    /// The text under `key` with each `{name}` replaced by its value.
    pub fn fill(self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        values.iter().fold(self.say(key).to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), &value.to_string())
        })
    }

    /// The Chinese or the English one of two texts; the Chinese one where the other is empty.
    pub fn pick<'text>(self, chinese: &'text str, english: &'text str) -> &'text str {
        if self == Language::English && !english.is_empty() { english } else { chinese }
    }

    /// The sentence in this language; in Chinese where it has no other.
    pub fn of(self, sentence: &Bilingual) -> &str {
        self.pick(&sentence.chinese, &sentence.english)
    }

    /// The text under `key` in both languages, with its values filled in.
    pub fn both(key: &str, values: &[(&str, &dyn Display)]) -> Bilingual {
        Bilingual::new(Language::Chinese.fill(key, values), Language::English.fill(key, values))
    }

    /// The value of the `lang` attribute.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        }
    }

    /// All words of the language, by key.
    pub fn words(self) -> &'static BTreeMap<String, String> {
        match self {
            Language::Chinese => &CHINESE,
            Language::English => &ENGLISH,
        }
    }
}

/// One key stands in one part only: joined, the parts are one flat TOML file.
fn read(parts: &[&str]) -> BTreeMap<String, String> {
    toml::from_str(&parts.join("\n")).expect("the embedded words are flat TOML, as a test proves")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Language; 2] = [Language::Chinese, Language::English];

    #[test]
    fn both_languages_have_the_same_keys_and_placeholders() {
        let keys = |language: Language| language.words().keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(Language::Chinese), keys(Language::English));
        for (key, chinese) in Language::Chinese.words() {
            assert_eq!(placeholders(chinese), placeholders(Language::English.say(key)), "{key}");
        }
    }

    #[test]
    fn no_text_is_empty_and_no_chinese_text_is_left_in_english() {
        for language in BOTH {
            for (key, text) in language.words() {
                assert!(!text.trim().is_empty(), "{key}");
            }
        }
        let left = ["switch_language"];
        for (key, text) in Language::English.words() {
            let has_chinese = text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter));
            assert!(!has_chinese || left.contains(&key.as_str()), "{key}: {text}");
        }
    }

    #[test]
    fn placeholders_are_filled_and_unknown_keys_are_seen() {
        assert_eq!(Language::Chinese.say("no such key"), "??");
        let text = Language::English.fill("due_days", &[("days", &2)]);
        assert!(text.contains('2') && !text.contains('{'), "{text}");
    }

    fn placeholders(text: &str) -> Vec<String> {
        let mut found: Vec<String> =
            text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect();
        found.sort();
        found
    }
}
