//! Telling the format of a file from its first bytes.

use crate::{Format, Refusal};

const ZIP: &[u8] = b"PK\x03\x04";
const EMPTY_ZIP: &[u8] = b"PK\x05\x06";
/// Compound file: a workbook of Excel 97-2003, or an encrypted one of today.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const PARQUET: &[u8] = b"PAR1";

/// The format, from the first bytes of the file (up to 1 MiB). What stands in the name does not count.
pub(super) fn format(head: &[u8], name: &str) -> Result<Format, Refusal> {
    let file = || name.to_owned();
    if head.starts_with(ZIP) || head.starts_with(EMPTY_ZIP) {
        return Ok(Format::Xlsx);
    }
    if head.starts_with(PARQUET) {
        return Ok(Format::Parquet);
    }
    if head.starts_with(COMPOUND) {
        let encrypted = contains(head, &utf16("EncryptedPackage"));
        return Err(if encrypted { Refusal::Encrypted { file: file() } } else { Refusal::OldExcel { file: file() } });
    }
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return Err(Refusal::UnknownEncoding { file: file() });
    }
    let text = head.trim_ascii_start();
    let is_markup = text.starts_with(b"<") || text.starts_with(b"{\\rtf") || text.starts_with(b"%PDF");
    // A few NULs are dirt in a text; many are another format.
    let nuls = head.iter().filter(|byte| **byte == 0).count();
    if is_markup || nuls * 100 > head.len() {
        return Err(Refusal::UnknownFormat { file: file() });
    }
    let is_blank = head.iter().all(|byte| byte.is_ascii_whitespace()) || head == b"\xEF\xBB\xBF";
    if is_blank && head.len() < 1 << 20 { Err(Refusal::Empty { file: file() }) } else { Ok(Format::Csv) }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
