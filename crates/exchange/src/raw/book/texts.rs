//! The table of texts that the cells of a workbook share, and how texts are written in cells.

use super::Trouble;
use super::xml::{Node, Xml};
use std::borrow::Cow;
use std::io::BufRead;

/// All shared texts in one piece of memory.
#[derive(Default)]
pub(super) struct SharedTexts {
    all: String,
    /// Where each text ends.
    ends: Vec<u32>,
}

impl SharedTexts {
    /// `bytes`: how large the part is, which is more than its texts are.
    pub fn read(part: impl BufRead, bytes: u64) -> Result<SharedTexts, Trouble> {
        let mut xml = Xml::new(part);
        let all = String::with_capacity(usize::try_from(bytes).unwrap_or_default());
        let (mut texts, mut text) = (SharedTexts { all, ends: Vec::new() }, String::new());
        loop {
            let depth = xml.depth();
            match xml.next()? {
                Node::Start(start) if depth == 1 && start.local_name().as_ref() == "si" => {
                    text.clear();
                    item(&mut xml, &mut text)?;
                    texts.all.push_str(&unescaped(&text));
                    texts
                        .ends
                        .push(u32::try_from(texts.all.len()).map_err(|_| Trouble::Broken("damaged_shared_texts"))?);
                }
                Node::Eof if depth > 0 => return Err(Trouble::Broken(super::xml::CUT)),
                Node::Eof => return Ok(texts),
                _ => {}
            }
        }
    }

    /// The shared text of this number; `None` where a cell names one that is not there.
    pub fn get(&self, at: usize) -> Option<&str> {
        let end = *self.ends.get(at)? as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.all.get(start..end)
    }
}

/// The text of an `si` or `is`: its runs one after another. How a text is pronounced (`rPh`) is no part of it.
pub(super) fn item<R: BufRead>(xml: &mut Xml<R>, text: &mut String) -> Result<(), Trouble> {
    let outside = xml.depth().saturating_sub(1);
    while xml.depth() > outside {
        let is_text = match xml.next()? {
            Node::Start(start) => match start.local_name().as_ref() {
                "t" => Some(true),
                "r" => None,
                _ => Some(false),
            },
            Node::Eof => return Err(Trouble::Broken(super::xml::CUT)),
            _ => None,
        };
        match is_text {
            Some(true) => xml.text(text)?,
            Some(false) => xml.skip()?,
            None => {}
        }
    }
    Ok(())
}

/// A text without the marks that stand for letters XML cannot hold: `_x000D_` is a line end, `_x005F_` the underline itself.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let (mut plain, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("_x") {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        match escaped(rest) {
            Some((letter, length)) => {
                plain.push(letter);
                rest = &rest[length..];
            }
            None => {
                plain.push('_');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The letter of `_x000D_`, or of two such units that make one, with the bytes that it takes.
fn escaped(text: &str) -> Option<(char, usize)> {
    const UNIT: usize = 7;
    let unit = |text: &str| {
        let digits =
            text.strip_prefix("_x")?.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        text[6..].starts_with('_').then(|| u16::from_str_radix(digits, 16).ok()).flatten()
    };
    let first = unit(text)?;
    if let Some(letter) = char::from_u32(u32::from(first)) {
        return Some((letter, UNIT));
    }
    let second = unit(text.get(UNIT..)?)?;
    let letter = char::decode_utf16([first, second]).next()?.ok()?;
    Some((letter, 2 * UNIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_for_letters_that_xml_cannot_hold_are_taken_out() {
        let cases = [
            ("甲_x000D_\n乙", "甲\r\n乙"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD842__xDFB7_", "𠮷"),
            ("_xD842_", "_xD842_"),
            ("_x00D_", "_x00D_"),
            ("_x000G_", "_x000G_"),
            ("_x+00D_", "_x+00D_"),
            ("a_x", "a_x"),
            ("_x床位_", "_x床位_"),
            ("__x0041_", "_A"),
            ("_x0041", "_x0041"),
        ];
        for (text, expected) in cases {
            assert_eq!(unescaped(text), expected, "{text}");
        }
    }

    #[test]
    fn runs_are_joined_and_what_tells_the_sound_is_left_out() {
        let text = "<?xml version=\"1.0\"?><x:sst xmlns:x='n'><x:si><x:t xml:space='preserve'> 甲&amp;乙 </x:t></x:si><x:si/>\
             <x:si><x:r><x:rPr><x:b/></x:rPr><x:t>王</x:t></x:r><x:r><x:t>&#x4F1F;</x:t></x:r><x:rPh sb='0' eb='1'><x:t>wáng</x:t>\
             </x:rPh></x:si><x:si><x:t><![CDATA[<丙>]]></x:t></x:si></x:sst>";
        let texts = SharedTexts::read(text.as_bytes(), text.len() as u64).expect("is read");
        let found: Vec<Option<&str>> = (0..5).map(|at| texts.get(at)).collect();
        assert_eq!(found, [Some(" 甲&乙 "), Some(""), Some("王伟"), Some("<丙>"), None]);
    }
}
