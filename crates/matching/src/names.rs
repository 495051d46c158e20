//! Is it the same name? Asked of keyed marks, so that no register of names lies beside the database.

use crate::spellings::{Parts, Spellings};

/// What is kept of a name: enough to tell whether another is the same, and nothing by which it could be read without the key.
///
/// 32 bits of a keyed hash of the whole name, 16 of its first and of its last part; 0 where there is none. Of other names one in
/// four thousand million has the same whole, one in thirty thousand the same part: a conflict is missed as seldom as that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameMark {
    whole: u32,
    first: u16,
    last: u16,
}

impl NameMark {
    /// No name.
    pub const NONE: NameMark = NameMark { whole: 0, first: 0, last: 0 };

    pub(crate) fn bytes(self) -> [u8; 8] {
        let mut bytes = [0; 8];
        bytes[..4].copy_from_slice(&self.whole.to_be_bytes());
        bytes[4..6].copy_from_slice(&self.first.to_be_bytes());
        bytes[6..].copy_from_slice(&self.last.to_be_bytes());
        bytes
    }

    pub(crate) fn of_bytes(bytes: [u8; 8]) -> NameMark {
        let [a, b, c, d, e, f, g, h] = bytes;
        NameMark {
            whole: u32::from_be_bytes([a, b, c, d]),
            first: u16::from_be_bytes([e, f]),
            last: u16::from_be_bytes([g, h]),
        }
    }
}

/// Makes and compares the marks of names.
#[derive(Clone)]
pub struct NameBook {
    key: [u8; 32],
    spellings: Spellings,
}

impl NameBook {
    /// `key`: a secret of the installation, for this purpose alone.
    pub fn new(key: [u8; 32], spellings: Spellings) -> NameBook {
        NameBook { key, spellings }
    }

    /// The mark of a name as a register has it. What stands in brackets is a remark there.
    pub fn mark(&self, name: &str) -> NameMark {
        let Some(parts) = self.spellings.names(name).into_iter().next() else { return NameMark::NONE };
        let part = |part: Option<&String>| part.map_or(0, |part| short(self.hash(part)));
        NameMark { whole: self.hash(&parts.whole), first: part(parts.first.as_ref()), last: part(parts.last.as_ref()) }
    }

    /// False where the name is that of somebody else than all of the marks say; true where either side has no name.
    ///
    /// A name that is the first or the last part of the other one does not contradict it.
    pub fn agrees(&self, name: &str, marks: &[NameMark]) -> bool {
        // Most names are simply the same.
        if let Some(whole) = self.spellings.whole(name).map(|whole| self.hash(&whole))
            && marks.iter().any(|mark| mark.whole == whole)
        {
            return true;
        }
        let names = self.spellings.names(name);
        let mut known = marks.iter().filter(|mark| **mark != NameMark::NONE).peekable();
        if names.is_empty() || known.peek().is_none() {
            return true;
        }
        let written: Vec<[u32; 3]> = names.iter().map(|parts| self.hashes(parts)).collect();
        known.any(|mark| written.iter().any(|hashes| is_same(hashes, *mark)))
    }

    fn hashes(&self, parts: &Parts) -> [u32; 3] {
        let part = |part: Option<&String>| part.map_or(0, |part| self.hash(part));
        [self.hash(&parts.whole), part(parts.first.as_ref()), part(parts.last.as_ref())]
    }

    /// Never 0.
    fn hash(&self, text: &str) -> u32 {
        let hash = blake3::keyed_hash(&self.key, text.as_bytes());
        let [a, b, c, d, ..] = *hash.as_bytes();
        u32::from_be_bytes([a, b, c, d]).max(1)
    }
}

impl std::fmt::Debug for NameBook {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NameBook")
    }
}

fn is_same([whole, first, last]: &[u32; 3], mark: NameMark) -> bool {
    let called = short(*whole);
    [whole, first, last].contains(&&mark.whole) || mark.first == called || mark.last == called
}

/// Never 0.
fn short(hash: u32) -> u16 {
    (hash as u16).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> NameBook {
        let letters = "form,letter\n劉,刘\n爾,尔\n蕭,萧\n肖,萧\n";
        let forms = "group,people,form\n1,yi,木呷\n1,yi,木嘎\n2,yi,沙马\n2,yi,沙玛\n3,yi,阿呷\n3,yi,阿嘎\n";
        NameBook::new([7; 32], Spellings::from_csv(letters, forms).expect("well written"))
    }

    #[test]
    fn spellings_of_one_name_agree_and_other_names_do_not() {
        let cases = [
            ("阿说·尔哈", "阿说·尔哈", true),
            ("阿说·尔哈", "阿说尔哈", true),
            ("阿说尔哈", "阿说•尔哈", true),
            ("阿说·尔哈", " 阿说 ．爾哈 ", true),
            ("阿说·尔哈", "尔哈", true),
            ("尔哈", "阿说·尔哈", true),
            ("阿说·尔哈", "阿说", true),
            ("阿说·尔哈", "阿说·木呷", false),
            ("阿说·尔哈", "沙马·尔哈", false),
            ("阿说·尔哈", "说尔", false),
            ("沙玛·木嘎", "沙马木呷", true),
            ("沙马·木呷", "沙马·阿呷", false),
            ("刘小珍", "劉 小 珍", true),
            ("刘小珍", "刘小珍（曾用名刘珍）", true),
            ("刘小珍", "刘阿妹(刘小珍)", true),
            ("刘小珍（小名珍珍）", "珍珍", false),
            ("刘小珍", "刘珍", false),
            ("刘小珍", "小珍", false),
            ("刘小珍", "王大锤", false),
            ("肖勇", "蕭勇", true),
            ("扎西卓玛", "卓玛", true),
            ("Ｌｉ Ming", "li ming", true),
            ("刘小珍", " · ", true),
            ("", "刘小珍", true),
        ];
        let book = book();
        for (registered, written, agree) in cases {
            assert_eq!(book.agrees(written, &[book.mark(registered)]), agree, "{registered} {written}");
        }
        assert!(book.agrees("刘小珍", &[book.mark("王大锤"), NameMark::NONE, book.mark("刘小珍")]));
        assert!(!book.agrees("刘小珍", &[book.mark("王大锤"), NameMark::NONE]));
    }

    #[test]
    fn marks_come_back_from_their_bytes_and_depend_on_the_key() {
        let (book, other) = (book(), NameBook::new([8; 32], Spellings::default()));
        let mark = book.mark("阿说·尔哈");
        assert_eq!(NameMark::of_bytes(mark.bytes()), mark);
        assert_ne!(mark, other.mark("阿说·尔哈"));
        assert_eq!(format!("{book:?}"), "NameBook");
    }

    #[test]
    fn hardly_any_other_name_is_taken_for_the_same() {
        let book = book();
        let marks: Vec<NameMark> = (0..400_u32).map(|at| book.mark(&name(at))).collect();
        let others = (0..400).flat_map(|at| (0..400).map(move |other| (at, other))).filter(|(at, other)| at != other);
        let missed = others.filter(|(at, other)| book.agrees(&name(*at), &marks[*other as usize..=*other as usize]));
        assert!(missed.count() < 20, "of 159,600 pairs");
    }

    fn name(at: u32) -> String {
        let letter = |number: u32| char::from_u32(0x4E00 + number).expect("a Chinese letter");
        [letter(at), letter(at + 1000), '·', letter(at + 2000), letter(at + 3000)].iter().collect()
    }
}
