//! Attached files: the hash of each and its name, one a line.

use super::problem::Problem;
use crate::raw::RawCell;
use model::{FaultKind, Value};

/// Hexadecimal digits of a hash.
const HASH_DIGITS: usize = 64;

/// The files of a cell, as an export writes them.
pub(super) fn read(raw: &RawCell) -> Result<Value, Problem> {
    let wrong = || Problem::new(FaultKind::BadText, "cell_file");
    let RawCell::Text(text) = raw else { return Err(wrong()) };
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_file = |line: &&str| match line.split_once(':') {
        Some((hash, name)) => {
            let is_hash = hash.len() == HASH_DIGITS && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_hash && !name.trim().is_empty() && !name.contains(char::is_control)
        }
        None => false,
    };
    if !lines.iter().all(is_file) {
        return Err(wrong());
    }
    Ok(if lines.is_empty() { Value::Null } else { Value::Text(lines.join("\n")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_an_export_writes_is_a_file() {
        let hash = "0f".repeat(32);
        let two = format!("{hash}:门牌.jpg\n{hash}:a:b.pdf");
        let cases = [
            (two.clone(), Some(two.clone())),
            (two.replace('\n', "\r\n\r\n"), Some(two)),
            ("门牌.jpg".to_owned(), None),
            (format!("{hash}:"), None),
            (format!("{}:a.jpg", &hash[1..]), None),
        ];
        for (written, expected) in cases {
            let read = read(&RawCell::Text(written.clone())).ok();
            assert_eq!(read.and_then(|value| value.as_text().map(str::to_owned)), expected, "{written}");
        }
    }
}
