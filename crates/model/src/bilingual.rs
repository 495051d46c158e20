//! A sentence in both languages, made where its figures are known; who shows it chooses.

use serde::{Deserialize, Serialize};

/// Stands between the languages of a sentence that is kept; no sentence has it.
const BETWEEN: char = '\u{1f}';

/// A sentence in Chinese and in English; the English one is empty where there is none.
///
/// It is kept as one text, in columns of text and in JSON alike: the Chinese sentence, U+001F, the English one. So a text of an
/// earlier release is read as one in Chinese alone, and the earlier release reads a later one as the text that it expects.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Bilingual {
    pub chinese: String,
    pub english: String,
}

impl Bilingual {
    /// One text in both languages.
    pub fn new(chinese: impl Into<String>, english: impl Into<String>) -> Bilingual {
        let plain = |text: String| if text.contains(BETWEEN) { text.replace(BETWEEN, " ") } else { text };
        Bilingual { chinese: plain(chinese.into()), english: plain(english.into()) }
    }

    /// Sentences one behind the other.
    pub fn joined(sentences: &[Bilingual]) -> Bilingual {
        let chinese: String = sentences.iter().map(|one| one.chinese.as_str()).collect();
        // Of sentences some of which are in Chinese alone all are, so that nothing is left out.
        let is_whole = sentences.iter().all(|one| one.chinese.is_empty() || !one.english.is_empty());
        let english: Vec<&str> = sentences.iter().filter(|_| is_whole).map(|one| one.english.as_str()).collect();
        Bilingual { chinese, english: english.join(" ") }
    }

    /// True when it says nothing in either language.
    pub fn is_empty(&self) -> bool {
        self.chinese.is_empty() && self.english.is_empty()
    }
}

impl From<String> for Bilingual {
    fn from(kept: String) -> Bilingual {
        match kept.split_once(BETWEEN) {
            Some((chinese, english)) => Bilingual { chinese: chinese.to_owned(), english: english.to_owned() },
            None => Bilingual { chinese: kept, english: String::new() },
        }
    }
}

impl From<Bilingual> for String {
    fn from(sentence: Bilingual) -> String {
        let Bilingual { chinese, english } = sentence;
        if english.is_empty() { chinese } else { format!("{chinese}{BETWEEN}{english}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again_whoever_kept_it() {
        let cases = [
            ("", Bilingual::default()),
            ("有两列。", Bilingual::new("有两列。", "")),
            ("有两列。\u{1f}Two columns.", Bilingual::new("有两列。", "Two columns.")),
            ("\u{1f}Two columns.", Bilingual::new("", "Two columns.")),
        ];
        for (kept, sentence) in cases {
            assert_eq!(Bilingual::from(kept.to_owned()), sentence, "{kept:?}");
            assert_eq!(String::from(sentence), kept);
        }
        let from_a_file = Bilingual::new("列“甲\u{1f}乙”", "column 甲\u{1f}乙");
        assert_eq!(Bilingual::from(String::from(from_a_file.clone())), from_a_file, "data does not part it");
    }

    #[test]
    fn joined_sentences_are_in_english_where_all_are() {
        let both = Bilingual::new("有两列。", "Two columns.");
        let cases = [
            (vec![], ("", "")),
            (vec![both.clone(), both.clone()], ("有两列。有两列。", "Two columns. Two columns.")),
            (vec![both.clone(), Bilingual::new("旧。", "")], ("有两列。旧。", "")),
        ];
        for (sentences, (chinese, english)) in cases {
            assert_eq!(Bilingual::joined(&sentences), Bilingual::new(chinese, english));
        }
    }
}
