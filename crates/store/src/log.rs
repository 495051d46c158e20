//! The event log: every change leaves an event, chained by hashes per county.
//!
//! An event's hash is SHA-256 over the hash before it in its chain and all its parts. The head of every chain, a checkpoint
//! every thousand events, and the number of all events and chains are signed with the installation's key,
//! so that neither the end of a chain nor a whole chain can be cut off unseen.

use crate::StoreError;
use crate::cipher::Cipher;
use crate::verify::Chained;
use model::{Actor, Day, Level, RegionCode};
use rusqlite::{OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Positions between two checkpoints of a chain.
const CHECKPOINT_EVERY: i64 = 1000;

/// Name under which the signed number of events and chains is kept.
pub(crate) const SEAL: &str = "log_seal";

const INSERT_EVENT: &str = include_str!("sql/insert_event.sql");

/// What happened to a record.
pub(crate) struct Event<'a> {
    /// Place of the record; `None` for what belongs to the installation.
    pub(crate) region: Option<RegionCode>,
    pub(crate) register: &'a str,
    /// Key of the record, without identity numbers.
    pub(crate) record: &'a str,
    pub(crate) household_no: Option<i64>,
    pub(crate) action: &'a str,
    /// JSON objects; empty texts where there is nothing.
    pub(crate) before: &'a str,
    pub(crate) after: &'a str,
}

struct Head {
    position: i64,
    hash: String,
    began_at: i64,
}

/// The log within one writing transaction.
pub(crate) struct Log<'a> {
    actor: &'a Actor,
    day: String,
    at_ms: i64,
    home: RegionCode,
    heads: BTreeMap<String, Head>,
    next_seq: Option<i64>,
    pub(crate) events: u64,
}

impl<'a> Log<'a> {
    pub(crate) fn new(actor: &'a Actor, today: Day, at_ms: i64, home: RegionCode) -> Log<'a> {
        Log { actor, day: today.to_string(), at_ms, home, heads: BTreeMap::new(), next_seq: None, events: 0 }
    }

    /// Writes one event.
    pub(crate) fn write(&mut self, transaction: &Transaction<'_>, event: &Event<'_>) -> Result<(), StoreError> {
        let chain = event.region.unwrap_or(self.home).at(Level::County).to_string();
        let seq = self.take_seq(transaction)?;
        let head = match self.heads.entry(chain.clone()) {
            std::collections::btree_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::btree_map::Entry::Vacant(entry) => entry.insert(read_head(transaction, &chain)?),
        };
        let chained = Chained {
            seq,
            chain: &chain,
            position: head.position + 1,
            account: &self.actor.account,
            role: &self.actor.role,
            day: &self.day,
            at_ms: self.at_ms,
            register: event.register,
            record: event.record,
            household_no: event.household_no,
            action: event.action,
            before: event.before,
            after: event.after,
        };
        let hash = chained.hash_after(&head.hash);
        transaction.prepare_cached(INSERT_EVENT)?.execute(params![
            chained.seq,
            chained.chain,
            chained.position,
            chained.account,
            chained.role,
            chained.day,
            chained.at_ms,
            chained.register,
            chained.record,
            chained.household_no,
            chained.action,
            chained.before,
            chained.after,
            hash,
        ])?;
        head.position += 1;
        head.hash = hash;
        self.events += 1;
        Ok(())
    }

    /// Number that the next event will have.
    fn take_seq(&mut self, transaction: &Transaction<'_>) -> Result<i64, StoreError> {
        let seq = match self.next_seq {
            Some(seq) => seq,
            None => transaction.query_row("select coalesce(max(seq), 0) + 1 from event", [], |row| row.get(0))?,
        };
        self.next_seq = Some(seq + 1);
        Ok(seq)
    }

    /// Signs the new heads; to be called once, just before the commit.
    pub(crate) fn close(&self, transaction: &Transaction<'_>, cipher: &Cipher) -> Result<(), StoreError> {
        if self.events == 0 {
            return Ok(());
        }
        for (chain, head) in &self.heads {
            let signature = sign_head(cipher, "head", chain, head.position, &head.hash);
            transaction
                .prepare_cached(
                    "insert or replace into chain_head (chain, position, hash, signature) values (?1, ?2, ?3, ?4)",
                )?
                .execute(params![chain, head.position, head.hash, signature])?;
            if head.position / CHECKPOINT_EVERY > head.began_at / CHECKPOINT_EVERY {
                let signature = sign_head(cipher, "checkpoint", chain, head.position, &head.hash);
                transaction.prepare_cached(include_str!("sql/insert_checkpoint.sql"))?.execute(params![
                    chain,
                    head.position,
                    head.hash,
                    self.at_ms,
                    signature
                ])?;
            }
        }
        let (events, chains) = count_log(transaction)?;
        let sealed = format!("{events} {chains} {}", sign_totals(cipher, events, chains));
        transaction
            .prepare_cached("insert or replace into installation (name, value) values (?1, ?2)")?
            .execute(params![SEAL, sealed])?;
        Ok(())
    }
}

/// Events and chains as the heads count them.
pub(crate) fn count_log(transaction: &Transaction<'_>) -> Result<(i64, i64), StoreError> {
    let counted = "select coalesce(sum(position), 0), count(*) from chain_head";
    Ok(transaction.query_row(counted, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

pub(crate) fn sign_head(cipher: &Cipher, what: &str, chain: &str, position: i64, hash: &str) -> String {
    cipher.sign(&[what.as_bytes(), chain.as_bytes(), &position.to_le_bytes(), hash.as_bytes()])
}

pub(crate) fn sign_totals(cipher: &Cipher, events: i64, chains: i64) -> String {
    cipher.sign(&[b"totals", &events.to_le_bytes(), &chains.to_le_bytes()])
}

fn read_head(transaction: &Transaction<'_>, chain: &str) -> Result<Head, StoreError> {
    let found = transaction
        .prepare_cached("select position, hash from chain_head where chain = ?1")?
        .query_row([chain], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (position, hash) = found.unwrap_or_default();
    Ok(Head { position, hash, began_at: position })
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
