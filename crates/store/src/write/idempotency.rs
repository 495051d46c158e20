//! Keys under which a request may be sent again: the same request gets the first receipt, and nothing is done twice.

use crate::cipher::Cipher;
use crate::database::{Sql, Transaction};
use crate::error::refusal;
use crate::{Receipt, Refusal, RefusalKind, StoreError};
use serde::{Deserialize, Serialize};

/// How long a key is kept.
const KEPT_MS: i64 = 24 * 3_600_000;

/// A request that may be sent again.
#[derive(Clone, Copy, Debug)]
pub struct Once<'a> {
    /// Whose key it is: keys of different tokens never meet.
    pub token: &'a str,
    pub key: &'a str,
    /// Method, path and body. Only a keyed hash of it is kept.
    pub request: &'a [u8],
}

/// What a key says about a request.
pub(crate) enum Claim {
    /// It is the first; its receipt is to be kept.
    Fresh,
    /// It was done; this is the first receipt.
    Answered(Box<Receipt>),
    /// The key belongs to another request.
    Other,
}

/// A receipt as it is kept: sealed, because it may hold an unmasked value.
#[derive(Serialize, Deserialize)]
struct Kept {
    receipt: Receipt,
    text: Option<String>,
}

const SEAL_PLACE: &str = "answer";

/// Takes the key for this transaction. Where another transaction holds it, the database lets this one wait for it.
pub(crate) fn claim(
    transaction: &Transaction<'_>,
    cipher: &Cipher,
    once: &Once<'_>,
    at_ms: i64,
) -> Result<Claim, StoreError> {
    transaction.execute("delete from answer where at_ms <= ?1", &[(at_ms - KEPT_MS).into()])?;
    let request = fingerprint(cipher, once);
    let insert = "insert into answer (token_id, key, request, at_ms) values (?1, ?2, ?3, ?4) \
                  on conflict (token_id, key) do nothing";
    let values = [once.token.into(), once.key.into(), request.as_str().into(), at_ms.into()];
    if transaction.execute(insert, &values)? == 1 {
        return Ok(Claim::Fresh);
    }
    let select = "select request, sealed from answer where token_id = ?1 and key = ?2";
    let found =
        transaction.first(select, &values[..2], |row| Ok((row.get::<String>(0)?, row.get::<Option<Vec<u8>>>(1)?)))?;
    match found {
        Some((known, Some(sealed))) if known == request => {
            let kept: Kept = serde_json::from_str(&cipher.open(SEAL_PLACE, &sealed)?)?;
            Ok(Claim::Answered(Box::new(Receipt { text: kept.text, ..kept.receipt })))
        }
        _ => Ok(Claim::Other),
    }
}

/// Keeps the receipt of the change that the key was taken for.
pub(crate) fn keep(
    transaction: &Transaction<'_>,
    cipher: &Cipher,
    once: &Once<'_>,
    receipt: &Receipt,
) -> Result<(), StoreError> {
    let kept = Kept { receipt: receipt.clone(), text: receipt.text.clone() };
    let sealed = cipher.seal(SEAL_PLACE, &serde_json::to_string(&kept)?)?;
    let update = "update answer set sealed = ?3 where token_id = ?1 and key = ?2";
    transaction.execute(update, &[once.token.into(), once.key.into(), Sql::Bytes(sealed)])?;
    Ok(())
}

pub(crate) fn key_reused() -> Refusal {
    refusal!("idempotency_key_reused", RefusalKind::KeyReused)
}

fn fingerprint(cipher: &Cipher, once: &Once<'_>) -> String {
    cipher.sign(&[b"request", once.token.as_bytes(), once.request])
}
