//! Files kept with records, by their content.

use crate::StoreError;
use crate::database::{Transaction, values};
use sha2::{Digest, Sha256};

/// The name of a file: SHA-256 of its content, 64 hexadecimal digits.
pub(crate) fn hash_of(content: &[u8]) -> String {
    model::to_hex(Sha256::digest(content))
}

/// Keeps a file by its content; gives its hash, and 1 if it was not there yet. Of one that was it is noted who has it too.
pub(crate) fn keep(
    transaction: &Transaction<'_>,
    media: &str,
    content: &[u8],
    account: &str,
    at_ms: i64,
) -> Result<(String, u64), StoreError> {
    let hash = hash_of(content);
    let sql = "insert into attachment (hash, media, bytes, content, at_ms, account) values (?1, ?2, ?3, ?4, ?5, ?6) \
               on conflict (hash) do nothing";
    let bytes = content.len() as i64;
    let added = transaction.execute(sql, values![hash, media, bytes, content.to_vec(), at_ms, account])?;
    if added == 0 {
        let sql = "insert into attachment_hand (hash, account) values (?1, ?2) on conflict (hash, account) do nothing";
        transaction.execute(sql, values![hash, account])?;
    }
    Ok((hash, added))
}
