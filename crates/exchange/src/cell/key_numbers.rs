//! What the texts of a key say of numbers that stand among them: may these have lost zeros?

use crate::raw::RawCell;
use model::written::fold;
use std::sync::OnceLock;

/// What is known of the numbers in a column of a key; found out when the first number comes.
#[derive(Default)]
pub(crate) struct KeyNumbers<'a> {
    texts: OnceLock<KeyTexts>,
    find: Option<Box<dyn Fn() -> KeyTexts + Send + Sync + 'a>>,
}

/// The texts of digits that stand in a column of a key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct KeyTexts {
    /// One begins with a zero.
    has_zeros: bool,
    /// Digits of the shortest; none where there is no such text.
    digits_min: Option<usize>,
}

impl KeyTexts {
    /// Nothing is known, and no number is sure.
    pub const UNREADABLE: KeyTexts = KeyTexts { has_zeros: true, digits_min: None };

    /// Takes one more cell of the column into account.
    pub fn note(&mut self, raw: &RawCell) {
        let RawCell::Text(text) = raw else { return };
        let folded = fold(text);
        if folded.is_empty() || !folded.bytes().all(|byte| byte.is_ascii_digit()) {
            return;
        }
        self.has_zeros |= folded.len() > 1 && folded.starts_with('0');
        self.digits_min = Some(self.digits_min.map_or(folded.len(), |least| least.min(folded.len())));
    }

    /// True where a number of so many digits may have had zeros before it.
    pub(super) fn may_lack_zeros(self, digits: usize) -> bool {
        self.has_zeros || self.digits_min.is_some_and(|least| digits < least)
    }
}

impl<'a> KeyNumbers<'a> {
    /// `find` walks the column once, should a number stand in it.
    pub fn found_by(find: impl Fn() -> KeyTexts + Send + Sync + 'a) -> KeyNumbers<'a> {
        KeyNumbers { texts: OnceLock::new(), find: Some(Box::new(find)) }
    }

    pub(super) fn texts(&self) -> KeyTexts {
        *self.texts.get_or_init(|| self.find.as_ref().map(|find| find()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_in_a_key_is_taken_only_where_no_zero_can_have_been_lost() {
        let cases: [(&[&str], usize, bool); 7] = [
            (&[], 4, false),
            (&["甲1", "N25"], 4, false),
            (&["7011", "70123"], 4, false),
            (&["00007011"], 4, true),
            (&["10007011"], 4, true),
            (&["10007011", "０１"], 8, true),
            (&["0"], 1, false),
        ];
        for (texts, digits, expected) in cases {
            let mut known = KeyTexts::default();
            texts.iter().for_each(|text| known.note(&RawCell::Text((*text).to_owned())));
            assert_eq!(known.may_lack_zeros(digits), expected, "{texts:?} {digits}");
        }
    }
}
