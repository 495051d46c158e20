//! What opening with a newer package leaves to be done on records: codes that became others are carried over, and what hangs
//! on a changed formula or parameter is calculated again. In batches; what is done stays done when the program is killed.

use crate::database::Transaction;
use crate::stored::named;
use crate::stored::old_codes::OldCodes;
use crate::stored::tables::RegisterTable;
use crate::write::basis::{Basis, CALCULATED, FORMULAS, STALE, basis_of, key, noted, read};
use crate::write::change::as_system;
use crate::{Declarations, Refusal, RefusalKind, Store, StoreError};
use model::{Moment, RecordId};
use std::collections::BTreeSet;
use words::{Language, Wording, wording};

/// The same of a register that is being calculated again: how far that has come.
const CALCULATING: &str = "calculating ";

/// What was done on records, by register.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Backfill {
    /// Records of an earlier form that were filled in.
    pub filled_in: u64,
    /// Records whose codes were carried over.
    pub recoded: Vec<(String, u64)>,
    /// Records of which a calculated field changed.
    pub recalculated: Vec<(String, u64)>,
}

/// How far a register has come, as it is kept.
#[derive(serde::Serialize, serde::Deserialize)]
struct Progress {
    basis: Basis,
    /// The last record that was looked at.
    after: RecordId,
    why: Wording,
}

impl Store {
    /// Completes the database ([`Store::finish_upgrade`]), then carries codes over that `changes/` says became others by the day of `now`, and
    /// calculates the records anew whose formulas, or the parameters that they read, are not those of the last time. To be
    /// called behind [`Store::open_at_once`], and on every new day: a
    /// standard may come into force. Each record that really changes leaves one event of the system that names the reason;
    /// constraints do not refuse here. Records in a locked or final state keep what was calculated when they got there; only
    /// what was unknown is filled in.
    ///
    /// # Errors
    /// When a record cannot be read or written; what was done before stays, and the next call goes on from there.
    pub fn backfill(&self, now: Moment) -> Result<Backfill, StoreError> {
        let mut backfill = Backfill { filled_in: self.finish_upgrade()?, ..Backfill::default() };
        for table in self.inner.tables.values() {
            let codes = OldCodes::of(&self.inner.cipher, table, &self.inner.declarations, Some(now.day));
            let mut done = 0;
            for one in &codes {
                done += self.carry_over(table, one, now)?;
            }
            if done > 0 {
                backfill.recoded.push((table.name.clone(), done));
            }
        }
        for table in self.inner.tables.values() {
            let done = self.recalculate(table, now)?;
            if done > 0 {
                backfill.recalculated.push((table.name.clone(), done));
            }
        }
        Ok(backfill)
    }

    /// Forgets what the calculated fields hang on, so that the next [`Store::backfill`] looks at every record.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn look_at_all_again(&self) -> Result<(), StoreError> {
        self.inner.database.write(|transaction| {
            for table in self.inner.tables.values() {
                for name in [CALCULATED, CALCULATING] {
                    named::forget(transaction, &format!("{name}{}", table.kept))?;
                }
            }
            Ok(())
        })
    }

    fn carry_over(&self, table: &RegisterTable, codes: &OldCodes, now: Moment) -> Result<u64, StoreError> {
        let mut done = 0;
        loop {
            // Opening a database that is up to date writes nothing.
            if self.inner.database.read(|transaction| codes.count(transaction, 1))? == 0 {
                return Ok(done);
            }
            done += self.in_batch(now, |change| change.recode_some(table, codes))?;
        }
    }

    fn recalculate(&self, table: &RegisterTable, now: Moment) -> Result<u64, StoreError> {
        let Some(basis) = basis_of(table, &self.inner.declarations, now.day) else { return Ok(0) };
        let mut changed = 0;
        loop {
            if self.inner.database.read(|transaction| noted(transaction, table))?.as_ref() == Some(&basis) {
                return Ok(changed);
            }
            changed += self.in_batch(now, |change| {
                let progress = match progress(change.transaction(), table)?.filter(|known| known.basis == basis) {
                    Some(progress) => progress,
                    None => {
                        let why = why(noted(change.transaction(), table)?.as_ref(), &basis, &self.inner.declarations);
                        Progress { basis: basis.clone(), after: RecordId::MIN, why }
                    }
                };
                let (last, changed) = change.recalculate_some(table, progress.after, &progress.why)?;
                let transaction = change.transaction();
                let (calculating, calculated) = (key(CALCULATING, table), key(CALCULATED, table));
                match last {
                    Some(after) => {
                        named::keep(
                            transaction,
                            &calculating,
                            &serde_json::to_string(&Progress { after, ..progress })?,
                        )?;
                    }
                    None => {
                        named::keep(transaction, &calculated, &serde_json::to_string(&basis)?)?;
                        named::forget(transaction, &calculating)?;
                    }
                }
                Ok(changed)
            })?;
        }
    }

    fn in_batch<T>(
        &self,
        now: Moment,
        work: impl FnOnce(&mut crate::write::change::UnitOfWork<'_>) -> Result<T, Refusal>,
    ) -> Result<T, StoreError> {
        let inner = &*self.inner;
        let done = inner.database.change(|transaction| as_system(inner, transaction, now, work));
        done.map_err(|refusal| match refusal.kind {
            RefusalKind::Store(error) => *error,
            _ => StoreError::StoredValue { column: refusal.what.of(Language::ENGLISH).to_owned() },
        })
    }
}

/// What changed since the last time, for people.
fn why(before: Option<&Basis>, now: &Basis, declarations: &Declarations) -> Wording {
    let differs = |before: &Basis, name: &&String| before.get(*name) != now.get(*name);
    let named = |name: &&String| match name.as_str() {
        FORMULAS => Some(wording!("formulas_changed")),
        STALE => None,
        name => Some(wording!("standard_changed", standard = declarations.parameters.label(name))),
    };
    let changed: BTreeSet<&String> = before.map_or_else(BTreeSet::new, |before| {
        before.keys().chain(now.keys()).filter(|name| differs(before, name)).collect()
    });
    let changes = words::list(changed.iter().filter_map(named));
    if changes.is_empty() { wording!("calculated_as_in_force") } else { wording!("calculated_again_after", changes) }
}

fn progress(transaction: &Transaction<'_>, table: &RegisterTable) -> Result<Option<Progress>, StoreError> {
    read(transaction, &key(CALCULATING, table))
}
