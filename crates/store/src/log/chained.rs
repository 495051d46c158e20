//! An event with its place in its chain, and its hash.

use sha2::{Digest, Sha256};

/// An event with its place in its chain; all of it goes into the hash.
pub(crate) struct Chained<'a> {
    pub(crate) seq: i64,
    pub(crate) chain: &'a str,
    pub(crate) position: i64,
    pub(crate) account: &'a str,
    pub(crate) role: &'a str,
    pub(crate) day: &'a str,
    pub(crate) at_ms: i64,
    pub(crate) register: &'a str,
    pub(crate) record: &'a str,
    pub(crate) household_no: Option<i64>,
    pub(crate) action: &'a str,
    pub(crate) before: &'a str,
    pub(crate) after: &'a str,
}

impl Chained<'_> {
    /// The event's hash after the hash before it in the chain (empty for the first), hexadecimal.
    pub(crate) fn hash_after(&self, previous: &str) -> String {
        let mut hasher = Sha256::new();
        let texts = [previous, self.chain, self.account, self.role, self.day, self.register, self.record, self.action];
        for text in texts.into_iter().chain([self.before, self.after]) {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        for number in [self.seq, self.position, self.at_ms, self.household_no.unwrap_or(i64::MIN)] {
            hasher.update(number.to_le_bytes());
        }
        hexadecimal(&hasher.finalize())
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    digits.map(char::from).collect()
}
