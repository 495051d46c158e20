//! What opening with a newer package leaves to be done on records: codes that became others are carried over, and what hangs
//! on a changed formula or parameter is calculated again. In batches; what is done stays done when the program is killed.

use crate::database::Transaction;
use crate::door::{OldCodes, as_system};
use crate::store::Inner;
use crate::tables::RegisterTable;
use crate::{Declarations, Refusal, RefusalKind, Store, StoreError, named};
use model::Day;
use policy::expression::{Expr, parameters_of};
use policy::{Calculated, How};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// What stands before a register's kept name: what its calculated fields hang on.
const CALCULATED: &str = "calculated ";
/// The same of a register that is being calculated again: how far that has come.
const CALCULATING: &str = "calculating ";
/// What a program that calculates otherwise leaves behind: records were written that are to be looked at again.
const STALE: &str = "stale";
/// Name of the formulas among what a register hangs on; parameters go by theirs.
const FORMULAS: &str = "=";

/// What was done on records, by register.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Settled {
    /// Records of an earlier form that were filled in.
    pub filled_in: u64,
    /// Records whose codes were carried over.
    pub recoded: Vec<(String, u64)>,
    /// Records of which a calculated field changed.
    pub recalculated: Vec<(String, u64)>,
}

/// What the calculated fields of a register hang on: a digest of the formulas, and the values of the parameters that they read.
pub(crate) type Basis = BTreeMap<String, String>;

/// The bases of all registers on the day for which they were asked last, as they are kept.
#[derive(Default)]
pub(crate) struct Bases(Mutex<Option<(Day, KeptBases)>>);

type KeptBases = Arc<BTreeMap<String, String>>;

/// How far a register has come, as it is kept.
#[derive(serde::Serialize, serde::Deserialize)]
struct Progress {
    basis: Basis,
    /// The last record that was looked at.
    after: i64,
    why: String,
}

impl Store {
    /// Completes the database ([`Store::complete`]), then carries codes over that `changes/` says became others by `today`, and
    /// calculates the records anew whose formulas, or the parameters that they read, are not those of the last time. To be
    /// called behind [`Store::open_at_once`], and on every new day: a
    /// standard may come into force. Each record that really changes leaves one event of the system that names the reason;
    /// constraints do not refuse here. Records in a locked or final state keep what was calculated when they got there; only
    /// what was unknown is filled in.
    ///
    /// # Errors
    /// When a record cannot be read or written; what was done before stays, and the next call goes on from there.
    pub fn settle(&self, today: Day, at_ms: i64) -> Result<Settled, StoreError> {
        let mut settled = Settled { filled_in: self.complete()?, ..Settled::default() };
        for table in self.inner.tables.values() {
            let codes = OldCodes::of(&self.inner.cipher, table, &self.inner.declarations, Some(today));
            let mut done = 0;
            for one in &codes {
                done += self.carry_over(table, one, (today, at_ms))?;
            }
            if done > 0 {
                settled.recoded.push((table.name.clone(), done));
            }
        }
        for table in self.inner.tables.values() {
            let done = self.recalculate(table, (today, at_ms))?;
            if done > 0 {
                settled.recalculated.push((table.name.clone(), done));
            }
        }
        Ok(settled)
    }

    /// Forgets what the calculated fields hang on, so that the next [`Store::settle`] looks at every record.
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

    fn carry_over(&self, table: &RegisterTable, codes: &OldCodes, when: (Day, i64)) -> Result<u64, StoreError> {
        let mut done = 0;
        loop {
            // Opening a database that is up to date writes nothing.
            if self.inner.database.read(|transaction| codes.count(transaction, 1))? == 0 {
                return Ok(done);
            }
            done += self.in_batch(when, |change| change.recode_some(table, codes))?;
        }
    }

    fn recalculate(&self, table: &RegisterTable, when: (Day, i64)) -> Result<u64, StoreError> {
        let Some(basis) = basis_of(table, &self.inner.declarations, when.0) else { return Ok(0) };
        let mut changed = 0;
        loop {
            if self.inner.database.read(|transaction| noted(transaction, table))?.as_ref() == Some(&basis) {
                return Ok(changed);
            }
            changed += self.in_batch(when, |change| {
                let progress = match progress(change.transaction(), table)?.filter(|known| known.basis == basis) {
                    Some(progress) => progress,
                    None => {
                        let why = why(noted(change.transaction(), table)?.as_ref(), &basis, &self.inner.declarations);
                        Progress { basis: basis.clone(), after: i64::MIN, why }
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
        when: (Day, i64),
        work: impl FnOnce(&mut crate::door::Change<'_>) -> Result<T, Refusal>,
    ) -> Result<T, StoreError> {
        let inner = &*self.inner;
        let done = inner.database.change(|transaction| as_system(inner, transaction, when, work));
        done.map_err(|refusal| match refusal.kind {
            RefusalKind::Store(error) => *error,
            _ => StoreError::StoredValue { column: refusal.why_en },
        })
    }
}

impl Inner {
    /// Notes that records were written by a program that calculates otherwise than the one that settled the register: the
    /// next one that settles looks at all of them again. `registers`: by kept names.
    pub(crate) fn note_otherwise(
        &self,
        transaction: &Transaction<'_>,
        registers: &BTreeSet<String>,
        today: Day,
    ) -> Result<(), StoreError> {
        if registers.is_empty() {
            return Ok(());
        }
        let bases = self.bases(today)?;
        for (register, own) in registers.iter().filter_map(|register| Some((register, bases.get(register)?))) {
            let name = format!("{CALCULATED}{register}");
            let Some(known) = named::value(transaction, &name)?.filter(|known| known != own) else { continue };
            let mut basis: Basis = serde_json::from_str(&known)?;
            if basis.insert(STALE.to_owned(), String::new()).is_none() {
                named::keep(transaction, &name, &serde_json::to_string(&basis)?)?;
            }
        }
        Ok(())
    }

    fn bases(&self, today: Day) -> Result<KeptBases, StoreError> {
        let mut known = self.bases.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bases)) = known.as_ref().filter(|(day, _)| *day == today) {
            return Ok(bases.clone());
        }
        let mut bases = BTreeMap::new();
        for table in self.tables.values() {
            if let Some(basis) = basis_of(table, &self.declarations, today) {
                bases.insert(table.kept.clone(), serde_json::to_string(&basis)?);
            }
        }
        let bases = Arc::new(bases);
        *known = Some((today, bases.clone()));
        Ok(bases)
    }
}

/// What the calculated fields of a register hang on today; `None` where nothing is calculated.
pub(crate) fn basis_of(table: &RegisterTable, declarations: &Declarations, today: Day) -> Option<Basis> {
    let of_children = table.form.child_calculated.iter().flatten();
    let calculated: Vec<&Calculated> = table.form.calculated.iter().chain(of_children).collect();
    if calculated.is_empty() {
        return None;
    }
    let mut basis = Basis::from([(FORMULAS.to_owned(), formulas_of(table))]);
    let book = &declarations.parameters;
    for name in calculated.iter().flat_map(|one| expressions_of(one)).flat_map(parameters_of) {
        let home = crate::told::plain(&book.value(&name, declarations.region, today)).to_string();
        let mut text = home.clone();
        for place in book.places() {
            let there = crate::told::plain(&book.value(&name, *place, today)).to_string();
            if there != home {
                text.push_str(&format!(" {place}:{there}"));
            }
        }
        basis.insert(name, text);
    }
    Some(basis)
}

fn expressions_of(calculated: &Calculated) -> Vec<&Expr> {
    match &calculated.how {
        How::Derived(expr) => vec![expr],
        How::Total { call, filter, .. } => call.argument.iter().chain(filter).collect(),
    }
}

/// A digest of all formulas as they are written, with the fields that they fill by their kept names.
fn formulas_of(table: &RegisterTable) -> String {
    let mut lines: Vec<String> = Vec::new();
    let of_children = table.children.iter().flat_map(|child| &child.columns);
    for column in table.columns.iter().chain(of_children).filter(|column| !column.field.is_entered()) {
        let total = column.field.total.as_ref();
        let total = total.map(|total| (total.of.as_str(), total.filter.as_deref().unwrap_or(""), total.value.as_str()));
        lines.push(format!("{} {:?} {:?} {total:?}\n", column.place, column.field.kind, column.field.derived));
    }
    blake3::hash(lines.concat().as_bytes()).to_hex()[..16].to_owned()
}

/// What changed since the last time, for people.
fn why(before: Option<&Basis>, now: &Basis, declarations: &Declarations) -> String {
    let Some(before) = before else { return "按现行算式和标准核算".to_owned() };
    let differs = |name: &&String| before.get(*name) != now.get(*name);
    let changed: BTreeSet<&String> = before.keys().chain(now.keys()).filter(differs).collect();
    let named = |name: &&String| match name.as_str() {
        FORMULAS => Some("算式调整".to_owned()),
        STALE => None,
        name => Some(format!("标准“{}”调整", declarations.parameters.label(name))),
    };
    let parts: Vec<String> = changed.iter().filter_map(named).collect();
    if parts.is_empty() {
        "按现行算式和标准核算".to_owned()
    } else {
        format!("{},重新核算", parts.join("、"))
    }
}

fn key(what: &str, table: &RegisterTable) -> String {
    format!("{what}{}", table.kept)
}

/// What the register's calculated fields hung on when they were settled last.
pub(crate) fn noted(transaction: &Transaction<'_>, table: &RegisterTable) -> Result<Option<Basis>, StoreError> {
    read(transaction, &key(CALCULATED, table))
}

fn progress(transaction: &Transaction<'_>, table: &RegisterTable) -> Result<Option<Progress>, StoreError> {
    read(transaction, &key(CALCULATING, table))
}

fn read<T: serde::de::DeserializeOwned>(transaction: &Transaction<'_>, name: &str) -> Result<Option<T>, StoreError> {
    Ok(named::value(transaction, name)?.map(|text| serde_json::from_str(&text)).transpose()?)
}
