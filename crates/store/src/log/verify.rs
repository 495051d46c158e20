//! Checks the log: finds any event that was altered, removed, inserted or moved.

use super::chain_break::{ChainBreak, broken};
use super::chained::Chained;
use super::verify_documents;
use super::write::{count_log, sign_head, sign_totals};
use crate::cipher::Cipher;
use crate::database::{Row, Transaction, values};
use crate::stored::keys::SEAL;
use crate::stored::named;
use crate::{Store, StoreError};
use model::RecordId;
use std::collections::BTreeMap;

/// What was checked by [`Store::verify`].
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ChainReport {
    pub events: u64,
    /// One per county with events, and one per place above a county with events of its own.
    pub chains: u64,
    pub checkpoints: u64,
    /// Frozen chunks that fit their digests and the log.
    pub frozen: u64,
    /// Attachments whose content fits their hash.
    pub attachments: u64,
}

impl Store {
    /// Checks every event of every chain, every checkpoint and the signed totals, frozen years and attachments.
    ///
    /// What it cannot see: the whole database replaced by an older copy of itself; keep checkpoints elsewhere for that.
    ///
    /// # Errors
    /// [`ChainBreak`] with the first event that was altered, removed, inserted or moved.
    pub fn verify(&self) -> Result<ChainReport, ChainBreak> {
        let (cipher, home) = (&self.inner.cipher, self.inner.declarations.region);
        let verify = |transaction: &Transaction<'_>| -> Result<ChainReport, ChainBreak> {
            let report = verify_log(transaction, cipher)?;
            let frozen = verify_documents::verify_frozen(transaction, cipher, home)?;
            Ok(ChainReport { frozen, attachments: verify_documents::verify_attachments(transaction)?, ..report })
        };
        self.inner.database.read(|transaction| Ok(verify(transaction)))?
    }
}

/// The end of a chain as far as it was walked.
#[derive(Clone, Default)]
struct Walked {
    position: i64,
    hash: String,
}

fn verify_log(transaction: &Transaction<'_>, cipher: &Cipher) -> Result<ChainReport, ChainBreak> {
    let (checkpoints, number) = read_checkpoints(transaction, cipher)?;
    let mut ends: BTreeMap<String, Walked> = BTreeMap::new();
    let mut events = 0;
    let mut found = None;
    let read = transaction.each(include_str!("../sql/events_by_chain.sql"), values![], |row| {
        events += 1;
        walk(row, &mut ends, &checkpoints).map_err(|fault| match fault {
            ChainBreak::Unreadable(error) => error,
            broken => {
                let what = broken.to_string();
                found = Some(broken);
                StoreError::Stopped(what)
            }
        })
    });
    if let Some(broken) = found {
        return Err(broken);
    }
    read?;
    check_heads(transaction, cipher, &ends)?;
    check_totals(transaction, cipher)?;
    for (chain, position) in checkpoints.keys() {
        let reached = ends.get(chain).map_or(0, |walked| walked.position);
        if reached < *position {
            return Err(broken(chain, *position, 0, "a checkpoint stands behind the end of the chain"));
        }
    }
    Ok(ChainReport { events, chains: ends.len() as u64, checkpoints: number, frozen: 0, attachments: 0 })
}

fn walk(
    row: &Row<'_>,
    ends: &mut BTreeMap<String, Walked>,
    checkpoints: &BTreeMap<(String, i64), String>,
) -> Result<(), ChainBreak> {
    let text = |index: usize| -> Result<String, ChainBreak> { Ok(row.get(index)?) };
    let whole = |index: usize| -> Result<i64, ChainBreak> { Ok(row.get(index)?) };
    let chain = text(1)?;
    let texts = [text(3)?, text(4)?, text(5)?, text(7)?, text(8)?, text(10)?, text(11)?, text(12)?];
    let [account, role, day, register, record, action, before, after] = &texts;
    let event = Chained {
        seq: whole(0)?,
        chain: &chain,
        position: whole(2)?,
        account,
        role,
        day,
        at_ms: whole(6)?,
        register,
        record,
        household_no: row.get(9)?,
        action,
        before,
        after,
    };
    let stored = text(13)?;
    let walked = ends.entry(chain.clone()).or_default();
    if event.position != walked.position + 1 {
        let what = format!("position {} should follow; an event was removed or inserted", walked.position + 1);
        return Err(broken(&chain, event.position, event.seq, &what));
    }
    if event.hash_after(&walked.hash) != stored {
        return Err(broken(&chain, event.position, event.seq, "the hash does not fit the event and the one before it"));
    }
    if row.get::<Option<RecordId>>(14)? != event.record.parse::<RecordId>().ok() {
        return Err(broken(&chain, event.position, event.seq, "the number of the record does not fit its name"));
    }
    if checkpoints.get(&(chain.clone(), event.position)).is_some_and(|hash| *hash != stored) {
        return Err(broken(&chain, event.position, event.seq, "the hash differs from the signed checkpoint"));
    }
    *walked = Walked { position: event.position, hash: stored };
    Ok(())
}

type Checkpoints = BTreeMap<(String, i64), String>;

fn read_checkpoints(transaction: &Transaction<'_>, cipher: &Cipher) -> Result<(Checkpoints, u64), ChainBreak> {
    let mut found = Checkpoints::new();
    for (chain, position, hash, signature) in read_signed(transaction, "checkpoint")? {
        if sign_head(cipher, "checkpoint", &chain, position, &hash) != signature {
            return Err(broken(&chain, position, 0, "the signature of a checkpoint is wrong"));
        }
        found.insert((chain, position), hash);
    }
    let number = found.len() as u64;
    Ok((found, number))
}

fn check_heads(
    transaction: &Transaction<'_>,
    cipher: &Cipher,
    ends: &BTreeMap<String, Walked>,
) -> Result<(), ChainBreak> {
    let heads = read_signed(transaction, "chain_head")?;
    for (chain, position, hash, signature) in &heads {
        if sign_head(cipher, "head", chain, *position, hash) != *signature {
            return Err(broken(chain, *position, 0, "the signature of the chain's head is wrong"));
        }
        let walked = ends.get(chain).cloned().unwrap_or_default();
        if walked.position != *position || walked.hash != *hash {
            let what = format!("the chain ends at position {} but was signed at {position}", walked.position);
            return Err(broken(chain, walked.position, 0, &what));
        }
    }
    match ends.keys().find(|chain| !heads.iter().any(|(known, ..)| known == *chain)) {
        Some(chain) => Err(broken(chain, 0, 0, "the chain has no signed head")),
        None => Ok(()),
    }
}

fn check_totals(transaction: &Transaction<'_>, cipher: &Cipher) -> Result<(), ChainBreak> {
    let sealed = named::value(transaction, SEAL)?;
    let (events, chains) = count_log(transaction)?;
    let expected = format!("{events} {chains} {}", sign_totals(cipher, events, chains));
    let fits = match sealed {
        Some(sealed) => sealed == expected,
        None => events == 0,
    };
    if fits { Ok(()) } else { Err(broken("", 0, 0, "the signed number of events and chains does not fit the log")) }
}

type Signed = (String, i64, String, String);

fn read_signed(transaction: &Transaction<'_>, table: &str) -> Result<Vec<Signed>, StoreError> {
    let sql = format!("select chain, position, hash, signature from {table} order by chain, position");
    transaction.all(&sql, values![], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
}
