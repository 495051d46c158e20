//! Telling the format of a file from its first bytes.

use super::encoding;
use crate::{Format, Refusal};

const ZIP: &[u8] = b"PK\x03\x04";
const EMPTY_ZIP: &[u8] = b"PK\x05\x06";
/// Compound file: a workbook of Excel 97-2003, or an encrypted one of today.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const PARQUET: &[u8] = b"PAR1";

/// Bytes of a compound file's directory that are looked at: 32 entries.
pub(super) const DIRECTORY_BYTES: u64 = 4_096;

/// Where the directory of a compound file begins, from its first bytes; it may stand at the end. `None` for any other file.
pub(super) fn directory_at(head: &[u8]) -> Option<u64> {
    let number = |at: usize| Some(u32::from_le_bytes(head.get(at..at + 4)?.try_into().ok()?));
    let is_compound = head.starts_with(COMPOUND);
    let shift = head.get(30..32).filter(|_| is_compound).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]))?;
    let sector = number(48).filter(|_| (9..=12).contains(&shift))?;
    Some((u64::from(sector) + 1) << shift)
}

/// The format, from the first bytes of the file (up to 1 MiB) and of the directory, if it has one. What stands in the name does not
/// count.
pub(super) fn format(head: &[u8], directory: &[u8], name: &str) -> Result<Format, Refusal> {
    let file = || name.to_owned();
    if head.starts_with(ZIP) || head.starts_with(EMPTY_ZIP) {
        return Ok(Format::Xlsx);
    }
    if head.starts_with(PARQUET) {
        return Ok(Format::Parquet);
    }
    if head.starts_with(COMPOUND) {
        let mark = utf16("EncryptedPackage");
        let encrypted = contains(head, &mark) || contains(directory, &mark);
        return Err(if encrypted { Refusal::Encrypted { file: file() } } else { Refusal::OldExcel { file: file() } });
    }
    if head.starts_with(b"\xFF\xFE\0\0") || head.starts_with(b"\0\0\xFE\xFF") {
        return Err(Refusal::UnknownEncoding { file: file() });
    }
    let utf16 = encoding::utf16(head);
    let head = match utf16 {
        Some(encoding) => &encoding::utf8_of(head, encoding),
        None => head,
    };
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let is_markup = text.starts_with(b"<") || text.starts_with(b"{\\rtf") || text.starts_with(b"%PDF");
    // A few NULs are dirt in a text; many are another format.
    let nuls = head.iter().filter(|byte| **byte == 0).count();
    if is_markup || nuls * 100 > head.len() {
        return Err(Refusal::UnknownFormat { file: file() });
    }
    if text.is_empty() && head.len() < 1 << 20 { Err(Refusal::Empty { file: file() }) } else { Ok(Format::Csv) }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
