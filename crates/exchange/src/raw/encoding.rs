//! Which encoding a text file is in, and turning its lines into text.

use crate::Encoding;
use encoding_rs::GB18030;
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// The encoding of a text file, from its first bytes; `None` when it is neither UTF-8 nor GB18030. A few damaged characters do not
/// change the answer. `cut`: the file goes on behind `head`.
pub(super) fn detect(head: &[u8], cut: bool) -> Option<Encoding> {
    if head.starts_with(MARK) {
        return Some(Encoding::Utf8Bom);
    }
    // A cut in the middle of a character is no damage.
    let whole = if cut { head.iter().rposition(|byte| *byte == b'\n').map_or(head, |end| &head[..end]) } else { head };
    if is_mostly(&String::from_utf8_lossy(whole)) {
        return Some(Encoding::Utf8);
    }
    let (text, _) = GB18030.decode_without_bom_handling(whole);
    is_mostly(&text).then_some(Encoding::Gb18030)
}

/// Bytes from the first line on that is not ASCII (1 MiB of them); `head`, with which the file begins, where all lines are.
pub(super) fn first_foreign(path: &Path, head: &[u8]) -> io::Result<Vec<u8>> {
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

/// True when damaged characters are fewer than one in twenty of those that are not ASCII.
fn is_mostly(text: &str) -> bool {
    let damaged = text.chars().filter(|letter| *letter == '\u{FFFD}').count();
    let foreign = text.chars().filter(|letter| !letter.is_ascii()).count();
    damaged == 0 || damaged * 20 < foreign
}

/// The text of some lines. Damaged characters become U+FFFD, which the checks of cells find.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Cow<'_, str> {
    match encoding {
        Encoding::Utf8 | Encoding::Utf8Bom => String::from_utf8_lossy(bytes),
        Encoding::Gb18030 => match std::str::from_utf8(bytes) {
            Ok(text) if text.is_ascii() => Cow::Borrowed(text),
            _ => GB18030.decode_without_bom_handling(bytes).0,
        },
    }
}
