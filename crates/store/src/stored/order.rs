//! The order of Chinese texts: by pinyin, as keys that are kept beside the texts and that both databases compare byte by byte.
//!
//! A database's own order differs from server to server and from version to version. The keys are made here, from tables that come with the
//! program; [`VERSION`] tells which, and keys of another version are made anew.

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;
use std::sync::OnceLock;

/// Of the tables and of the folding that the values beside a field are made by. To be raised when either changes.
pub(crate) const VERSION: u32 = 1;

/// Bytes of a key at most: what a list shows of a text differs long before.
const BYTES_MAX: usize = 400;

/// The key of a text: the texts are in order where their keys are.
pub(crate) fn sort_key(text: &str) -> Vec<u8> {
    static COLLATOR: OnceLock<Option<CollatorBorrowed<'static>>> = OnceLock::new();
    let collator = COLLATOR.get_or_init(|| Collator::try_new(locale!("zh").into(), CollatorOptions::default()).ok());
    let mut key = Vec::with_capacity(text.len() + 8);
    match collator {
        // Writing to memory does not fail.
        Some(collator) => collator.write_sort_key_to(text, &mut key).unwrap_or_default(),
        None => key.extend(text.as_bytes()),
    }
    key.truncate(BYTES_MAX);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By the first reading of each character: 单 stands at dan, also where it is a surname.
    #[test]
    fn texts_are_in_order_by_pinyin() {
        let mut names =
            ["张三", "李四", "阿依", "重庆", "曾荣", "单于", "昌都", "中江", "吉木·阿古", "Anna", "12组", "2组", "王"];
        names.sort_by_key(|name| sort_key(name));
        let expected =
            ["12组", "2组", "阿依", "曾荣", "昌都", "重庆", "单于", "吉木·阿古", "李四", "王", "张三", "中江", "Anna"];
        assert_eq!(names, expected);
        assert!(sort_key(&"长".repeat(2_000)).len() <= BYTES_MAX);
    }
}
