//! The event log: every change leaves an event, chained by hashes per county.
//!
//! An event's hash is SHA-256 over the hash before it in its chain and all its parts. The head of every chain, a checkpoint
//! every thousand events, and the number of all events and chains are signed with the installation's key,
//! so that neither the end of a chain nor a whole chain can be cut off unseen.

use super::chained::Chained;
use crate::StoreError;
use crate::cipher::Cipher;
use crate::database::{Sql, Transaction, values};
use crate::stored::keys::{COUNTED, SEAL};
use crate::stored::named;
use model::{Actor, Level, Moment, RecordId, RegionCode};
use std::collections::BTreeMap;

/// Positions between two checkpoints of a chain.
const CHECKPOINT_EVERY: i64 = 1000;

/// Events kept before they are written together.
const WRITTEN_TOGETHER: usize = 1000;

const EVENT_COLUMNS: [&str; 15] = [
    "seq",
    "chain",
    "position",
    "account",
    "role",
    "day",
    "at_ms",
    "register",
    "record",
    "household_no",
    "action",
    "before",
    "after",
    "hash",
    "record_id",
];

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
    /// The role for which the actor acts as a deputy; the events name it.
    pub(crate) office: Option<String>,
    day: String,
    at_ms: i64,
    home: RegionCode,
    heads: BTreeMap<String, Head>,
    next_seq: Option<i64>,
    /// Events that are not written yet.
    waiting: Vec<Vec<Sql>>,
    pub(crate) events: u64,
}

impl<'a> Log<'a> {
    pub(crate) fn new(actor: &'a Actor, now: Moment, home: RegionCode) -> Log<'a> {
        let (heads, waiting) = (BTreeMap::new(), Vec::new());
        Log {
            actor,
            office: None,
            day: now.day.to_string(),
            at_ms: now.at_ms,
            home,
            heads,
            next_seq: None,
            waiting,
            events: 0,
        }
    }

    /// Adds one event; it is written with the next ones, at the latest by [`Log::close`].
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
            role: self.office.as_deref().unwrap_or(&self.actor.role),
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
        let row = values![
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
            event.record.parse::<RecordId>().ok(),
        ];
        self.waiting.push(row.to_vec());
        head.position += 1;
        head.hash = hash;
        self.events += 1;
        if self.waiting.len() < WRITTEN_TOGETHER { Ok(()) } else { self.flush(transaction) }
    }

    /// Number that the next event will have.
    fn take_seq(&mut self, transaction: &Transaction<'_>) -> Result<i64, StoreError> {
        let seq = match self.next_seq {
            Some(seq) => seq,
            None => last_event(transaction)? + 1,
        };
        self.next_seq = Some(seq + 1);
        Ok(seq)
    }

    /// Whoever leaves events through this log has counted what they tell of. Where an earlier program left some uncounted, the
    /// mark stays in front of them, and the next start counts anew.
    fn note_counted(&self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        let Some(last) = self.next_seq.map(|next| next - 1) else { return Ok(()) };
        let before = last - i64::try_from(self.events).unwrap_or(i64::MAX);
        match named::value(transaction, COUNTED)? {
            Some(counted) if counted == before.to_string() => named::keep(transaction, COUNTED, &last.to_string()),
            _ => Ok(()),
        }
    }

    /// Writes the events that wait, so that they are read.
    pub(crate) fn flush(&mut self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        transaction.bulk("event", &EVENT_COLUMNS, self.waiting.drain(..))?;
        Ok(())
    }

    /// Writes what waits and signs the new heads; to be called once, just before the commit.
    pub(crate) fn close(&mut self, transaction: &Transaction<'_>, cipher: &Cipher) -> Result<(), StoreError> {
        if self.events == 0 {
            return Ok(());
        }
        self.flush(transaction)?;
        for (chain, head) in &self.heads {
            let signature = sign_head(cipher, "head", chain, head.position, &head.hash);
            transaction.execute(
                include_str!("../sql/save_chain_head.sql"),
                values![chain, head.position, head.hash, signature],
            )?;
            if head.position / CHECKPOINT_EVERY > head.began_at / CHECKPOINT_EVERY {
                let signature = sign_head(cipher, "checkpoint", chain, head.position, &head.hash);
                transaction.execute(
                    include_str!("../sql/insert_checkpoint.sql"),
                    values![chain, head.position, head.hash, self.at_ms, signature],
                )?;
            }
        }
        let (events, chains) = count_log(transaction)?;
        let sealed = format!("{events} {chains} {}", sign_totals(cipher, events, chains));
        named::keep(transaction, SEAL, &sealed)?;
        self.note_counted(transaction)
    }
}

/// Number of the last event that there is; 0 before the first one.
pub(crate) fn last_event(transaction: &Transaction<'_>) -> Result<i64, StoreError> {
    let last = transaction.first("select coalesce(max(seq), 0) from event", values![], |row| row.get(0))?;
    Ok(last.unwrap_or_default())
}

/// Events and chains as the heads count them.
pub(crate) fn count_log(transaction: &Transaction<'_>) -> Result<(i64, i64), StoreError> {
    let counted = "select coalesce(sum(position), 0), count(*) from chain_head";
    Ok(transaction.first(counted, values![], |row| Ok((row.get(0)?, row.get(1)?)))?.unwrap_or_default())
}

pub(crate) fn sign_head(cipher: &Cipher, what: &str, chain: &str, position: i64, hash: &str) -> String {
    cipher.sign(&[what.as_bytes(), chain.as_bytes(), &position.to_le_bytes(), hash.as_bytes()])
}

pub(crate) fn sign_totals(cipher: &Cipher, events: i64, chains: i64) -> String {
    cipher.sign(&[b"totals", &events.to_le_bytes(), &chains.to_le_bytes()])
}

fn read_head(transaction: &Transaction<'_>, chain: &str) -> Result<Head, StoreError> {
    let sql = "select position, hash from chain_head where chain = ?1";
    let found = transaction.first(sql, values![chain], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (position, hash) = found.unwrap_or_default();
    Ok(Head { position, hash, began_at: position })
}
