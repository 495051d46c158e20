//! Which encoding a text file is in, and turning its lines into text.
//!
//! Files are put together from parts of several programs, so each line is judged on its own where it can be. What is not sure becomes
//! U+FFFD, which the checks of cells find; no character is guessed.

mod evidence;
mod input;

use crate::Encoding;
use encoding_rs::GB18030;
use evidence::Evidence;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

pub(super) use input::Input;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";
/// The mark at the beginning of a text, once it is decoded; files that were put together have it at the beginning of any line.
const MARK: char = '\u{FEFF}';

/// The encoding of a text file of so many bytes that begins with `head`; `None` when it is none that is read. A few damaged characters or
/// lines do not change the answer.
pub(super) fn of_file(path: &Path, head: &[u8], bytes: u64) -> io::Result<Option<Encoding>> {
    if head.starts_with(UTF8_MARK) {
        // Some programs write the mark before a text that is none of UTF-8.
        let behind = &head[UTF8_MARK.len()..];
        let is_gb18030 = of_sample(behind, bytes > head.len() as u64) == Some(Encoding::Gb18030);
        return Ok(Some(if is_gb18030 { Encoding::Gb18030 } else { Encoding::Utf8Bom }));
    }
    if let Some(utf16) = utf16(head) {
        return Ok(Some(utf16));
    }
    let sample = if head.is_ascii() { Cow::Owned(first_foreign(path, head)?) } else { Cow::Borrowed(head) };
    Ok(of_sample(&sample, bytes > sample.len() as u64))
}

/// UTF-8 or GB18030, by what most lines are. `cut`: the file goes on behind `head`.
fn of_sample(head: &[u8], cut: bool) -> Option<Encoding> {
    // A cut in the middle of a character is no damage.
    let whole = if cut { head.iter().rposition(|byte| *byte == b'\n').map_or(head, |end| &head[..end]) } else { head };
    let lines = whole.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_ascii());
    let (mut utf8, mut gb18030, mut neither) = (0, 0, 0);
    for line in lines {
        let evidence = Evidence::of(line);
        let is_utf8 = std::str::from_utf8(line).is_ok() && !evidence.is_sound_gb18030();
        let count = match evidence {
            _ if is_utf8 || evidence.is_damaged_utf8() => &mut utf8,
            // What is sound in both says nothing.
            _ if evidence.is_sound_gb18030() && evidence.is_mostly_utf8() => continue,
            _ if evidence.has_errors() || evidence.is_rather_foreign() => &mut neither,
            _ => &mut gb18030,
        };
        *count += 1;
    }
    let is_gb18030 = gb18030 > utf8 || (utf8 == 0 && std::str::from_utf8(whole).is_err());
    let most = if is_gb18030 { Encoding::Gb18030 } else { Encoding::Utf8 };
    (neither <= utf8 + gb18030).then_some(most)
}

/// UTF-16, by its mark or because nearly every second byte of what is ASCII is zero and no other.
pub(super) fn utf16(head: &[u8]) -> Option<Encoding> {
    match head {
        [0xFF, 0xFE, 0, 0, ..] => return None,
        [0xFF, 0xFE, ..] => return Some(Encoding::Utf16Le),
        [0xFE, 0xFF, ..] => return Some(Encoding::Utf16Be),
        _ => {}
    }
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let is_one_sided = |many: usize, few: usize| many * 20 > head.len() && few * 20 < many;
    let (encoding, found) = match (is_one_sided(odd, even), is_one_sided(even, odd)) {
        (true, _) => (Encoding::Utf16Le, encoding_rs::UTF_16LE),
        (_, true) => (Encoding::Utf16Be, encoding_rs::UTF_16BE),
        _ => return None,
    };
    let (text, _) = found.decode_without_bom_handling(&head[..head.len() & !1]);
    let is_text = |letter: char| !letter.is_control() || matches!(letter, '\r' | '\n' | '\t');
    // A cut may halve the last character.
    let damaged = text.chars().filter(|letter| !is_text(*letter) || *letter == '\u{FFFD}').count();
    (damaged <= 1).then_some(encoding)
}

/// Bytes in UTF-16 as UTF-8.
pub(super) fn utf8_of(bytes: &[u8], encoding: Encoding) -> Vec<u8> {
    let from = if encoding == Encoding::Utf16Be { encoding_rs::UTF_16BE } else { encoding_rs::UTF_16LE };
    from.decode_without_bom_handling(bytes).0.into_owned().into_bytes()
}

/// Bytes from the first line on that is not ASCII (1 MiB of them); `head`, with which the file begins, where all lines are.
fn first_foreign(path: &Path, head: &[u8]) -> io::Result<Vec<u8>> {
    let mut file = BufReader::with_capacity(1 << 17, File::open(path)?);
    let mut line = Vec::new();
    loop {
        line.clear();
        if Read::by_ref(&mut file).take(1 << 20).read_until(b'\n', &mut line)? == 0 {
            return Ok(head.to_vec());
        }
        if !line.is_ascii() {
            file.take(1 << 20).read_to_end(&mut line)?;
            return Ok(line);
        }
    }
}

/// The text of a line, without marks of the encoding before it.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    let text = match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => String::from_utf8_lossy(bytes),
        Encoding::Utf8 | Encoding::Utf8Bom => utf8_line(bytes),
        Encoding::Gb18030 => gb18030_line(bytes),
    };
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_start_matches(MARK)),
        Cow::Owned(text) if text.starts_with(MARK) => Cow::Owned(text.trim_start_matches(MARK).to_owned()),
        text => text,
    }
}

/// A line of a file in UTF-8.
fn utf8_line(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        // Text with Chinese characters is no other by chance.
        Ok(text) if text.is_ascii() || bytes.iter().any(|byte| *byte >= 0xE0) => Cow::Borrowed(text),
        Ok(text) if !Evidence::of(bytes).is_sound_gb18030() => Cow::Borrowed(text),
        Ok(text) => Cow::Owned(masked(text, |_| true)),
        Err(_) => {
            let evidence = Evidence::of(bytes);
            if evidence.is_rather_gb18030() {
                return GB18030.decode_without_bom_handling(bytes).0;
            }
            // Of a damaged line the characters around the damage are sure only where most of the line is Chinese.
            let is_sound = evidence.is_mostly_utf8();
            Cow::Owned(masked(&String::from_utf8_lossy(bytes), |letter| !is_sound || is_by_chance(letter)))
        }
    }
}

/// A line of a file in GB18030.
fn gb18030_line(bytes: &[u8]) -> Cow<'_, str> {
    if !Evidence::line_is_mostly_utf8(bytes) {
        return GB18030.decode_without_bom_handling(bytes).0;
    }
    let evidence = Evidence::of(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if evidence.is_sound_gb18030() => Cow::Owned(masked(text, |_| true)),
        Ok(text) => Cow::Borrowed(text),
        Err(_) if evidence.is_damaged_utf8() => Cow::Owned(masked(&String::from_utf8_lossy(bytes), is_by_chance)),
        Err(_) => GB18030.decode_without_bom_handling(bytes).0,
    }
}

/// Letters of two bytes, which bytes of another encoding often look like; not the marks that Chinese texts have.
fn is_by_chance(letter: char) -> bool {
    ('\u{C0}'..'\u{800}').contains(&letter) && !matches!(letter, '×' | '÷')
}

/// The text with characters that are not sure as damaged ones.
fn masked(text: &str, is_unsure: impl Fn(char) -> bool) -> String {
    text.chars().map(|letter| if !letter.is_ascii() && is_unsure(letter) { '\u{FFFD}' } else { letter }).collect()
}
