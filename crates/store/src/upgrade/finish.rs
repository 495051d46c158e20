//! What opening leaves to be done because it takes the longer the more records there are: records of an earlier form are
//! filled in, what is beside their fields is made, and indexes are built that a register with many records lacks. Done bit by bit; what is done stays done when
//! the program is killed.
//!
//! Until every record is filled in, nothing is read in anybody's name and nothing is changed: a list or a sum that misses some
//! would be false. Indexes that are missing make lists slow, and nothing false.

use super::beside::{count_beside, make_beside};
use super::fill::{count_waiting, fill_in};
use super::import_troubles;
use super::leads::{carry_over, count_leads};
use crate::log::tally::count_anew;
use crate::store::Inner;
use crate::stored::old_codes::OldCodes;
use crate::stored::tables::RegisterTable;
use crate::{Store, StoreError};
use std::sync::atomic::Ordering;

impl Inner {
    /// Counts the records that are to be filled in.
    pub(crate) fn count_incomplete(&self) -> Result<u64, StoreError> {
        let records = self.database.read(|transaction| {
            self.tables.values().try_fold(count_leads(transaction)?, |sum, table| {
                Ok(sum + count_waiting(transaction, table, i64::MAX as u64)? + count_beside(transaction, table)?)
            })
        })?;
        self.waiting.0.store(records, Ordering::Release);
        Ok(records)
    }
}

impl Store {
    /// True when every record is filled in. Until then reading and changing in somebody's name is refused as `Incomplete`.
    pub fn is_complete(&self) -> bool {
        self.inner.must_be_complete().is_ok()
    }

    /// Does what [`Store::open_at_once`] left to be done; gives how many records were filled in. Where there is nothing to do,
    /// nothing is written.
    ///
    /// # Errors
    /// When the database cannot be read or written; what was done stays, and the next call goes on from there.
    pub fn finish_upgrade(&self) -> Result<u64, StoreError> {
        let Inner { database, cipher, declarations, tables, waiting, .. } = &*self.inner;
        let done = |records: u64| {
            // Other programs may have filled in some of those that were counted.
            let one_left = |left: u64| Some(left.saturating_sub(records).max(1));
            let _ = waiting.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, one_left);
        };
        import_troubles::fill_in(database)?;
        carry_over(database, cipher, self.inner.raised()?, &done)?;
        let filled = fill_in(database, cipher, tables, declarations.region, &done)?;
        for table in tables.values() {
            let alike = make_beside(database, cipher, table, &done)?;
            if alike > 0 {
                tracing::warn!(register = table.name, alike, "keys that differ by spelling only");
            }
        }
        count_anew(database, tables)?;
        waiting.0.store(0, Ordering::Release);
        if filled > 0 {
            tracing::info!(filled, "records of an earlier form were filled in");
        }
        // One at a time, so that those who want to write wait for one index at most.
        let wanted: Vec<_> = tables.values().flat_map(RegisterTable::indexes).collect();
        for index in database.read(|transaction| transaction.missing_indexes(&wanted))? {
            database.write(|transaction| transaction.create_indexes(&[index]))?;
        }
        let of_old_codes = tables.values().flat_map(|table| OldCodes::of(cipher, table, declarations, None));
        let of_old_codes: Vec<OldCodes> = of_old_codes.collect();
        for codes in database.read(|transaction| OldCodes::not_indexed(transaction, of_old_codes))? {
            database.write(|transaction| transaction.batch(&codes.index()))?;
        }
        Ok(filled)
    }
}
