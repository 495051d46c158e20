//! How many records each county holds, by state and deadline: kept with every change, so that a register's home is counted
//! without reading the register.
//!
//! An earlier program that knows nothing of this writes to the same database: the number of the last event that was counted
//! tells, and what it left uncounted is counted anew when this program opens the database. Without that number all is.

use super::write::last_event;
use crate::database::{Database, Row, Sql, Transaction, values};
use crate::store::Inner;
use crate::stored::keys::{COUNTED, RegionSpan, county_of};
use crate::stored::named;
use crate::stored::record::RecordMeta;
use crate::stored::tables::RegisterTable;
use crate::{Store, StoreError};
use std::collections::BTreeMap;

/// Register, county, state and deadline; empty where there is none.
type Heap = (String, String, String, String);

/// What one change adds to the counts, and takes from them.
#[derive(Default)]
pub(crate) struct Tally {
    changes: BTreeMap<Heap, i64>,
}

impl Tally {
    /// Notes that so many records that stood here now stand there. Withdrawn records are not counted.
    pub(crate) fn note(
        &mut self,
        table: &RegisterTable,
        before: Option<&RecordMeta>,
        after: Option<&RecordMeta>,
        records: u64,
    ) {
        let records = i64::try_from(records).unwrap_or(i64::MAX);
        for (meta, change) in [(before, -records), (after, records)] {
            if let Some(meta) = meta.filter(|meta| !meta.is_withdrawn) {
                *self.changes.entry(heap(table, meta)).or_default() += change;
            }
        }
    }

    /// Keeps the counts; to be called once, before the log is closed, which notes how far they reach.
    pub(crate) fn close(self, transaction: &Transaction<'_>) -> Result<(), StoreError> {
        let add = "insert into tally (register, county, state, due_on, records) values (?1, ?2, ?3, ?4, ?5) \
             on conflict (register, county, state, due_on) do update set records = tally.records + excluded.records";
        let clear =
            "delete from tally where register = ?1 and county = ?2 and state = ?3 and due_on = ?4 and records = 0";
        for ((register, county, state, due_on), change) in self.changes.into_iter().filter(|(_, change)| *change != 0) {
            transaction.execute(add, values![register, county, state, due_on, change])?;
            if change < 0 {
                transaction.execute(clear, values![register, county, state, due_on])?;
            }
        }
        Ok(())
    }
}

fn heap(table: &RegisterTable, meta: &RecordMeta) -> Heap {
    let county = county_of(meta.place).map(|county| county.to_string());
    let due_on = meta.due_on.map(|day| day.to_string());
    (table.kept.clone(), county.unwrap_or_default(), meta.state.clone().unwrap_or_default(), due_on.unwrap_or_default())
}

/// Counts all registers anew where something was written that was not counted.
pub(crate) fn count_anew(database: &Database, tables: &BTreeMap<String, RegisterTable>) -> Result<(), StoreError> {
    let is_counted = |transaction: &Transaction<'_>| {
        let counted = named::value(transaction, COUNTED)?;
        Ok(counted == Some(last_event(transaction)?.to_string()))
    };
    if database.read(is_counted)? {
        return Ok(());
    }
    database.write(|transaction| {
        if is_counted(transaction)? {
            return Ok(());
        }
        transaction.execute("delete from tally", values![])?;
        for table in tables.values() {
            let insert = format!("insert into tally (register, county, state, due_on, records) {}", counting(table));
            transaction.execute(&insert, values![])?;
        }
        named::keep(transaction, COUNTED, &last_event(transaction)?.to_string())
    })
}

/// Counts a register, record by record.
fn counting(table: &RegisterTable) -> String {
    format!(
        "select '{}', coalesce(county, ''), coalesce(state, ''), coalesce(due_on, ''), count(*) from {} \
         where coalesce(is_withdrawn, 0) = 0 group by county, state, due_on",
        table.kept, table.table
    )
}

impl Store {
    /// Counts every register record by record, and tells in which of them the kept counts were wrong; they are right then.
    ///
    /// # Errors
    /// When the database cannot be read or written.
    pub fn recount(&self) -> Result<Vec<String>, StoreError> {
        let Inner { database, tables, .. } = &*self.inner;
        let mut wrong = Vec::new();
        database.read(|transaction| {
            for table in tables.values() {
                let kept = "select register, county, state, due_on, records from tally where register = ?1";
                let heap = |row: &Row<'_>| {
                    let texts: [String; 4] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
                    Ok((texts, row.get::<i64>(4)?))
                };
                let mut kept = transaction.all(kept, values![table.kept], heap)?;
                let mut counted = transaction.all(&counting(table), values![], heap)?;
                kept.sort();
                counted.sort();
                if kept != counted {
                    wrong.push(table.name.clone());
                }
            }
            Ok(())
        })?;
        if !wrong.is_empty() {
            database.write(|transaction| named::forget(transaction, COUNTED))?;
            count_anew(database, tables)?;
        }
        Ok(wrong)
    }
}

/// A register's records whose counties lie in the span: by state and how many, and how many are due before the day.
pub(crate) fn figures(
    transaction: &Transaction<'_>,
    table: &RegisterTable,
    span: &RegionSpan,
    today: &str,
) -> Result<Vec<(Option<String>, u64, u64)>, StoreError> {
    let sql = "select state, sum(records), sum(case when due_on <> '' and due_on < ?4 then records else 0 end) from tally \
         where register = ?1 and county between ?2 and ?3 group by state";
    let values: [Sql; 4] =
        [table.kept.as_str().into(), span.first.as_str().into(), span.last.as_str().into(), today.into()];
    transaction.all(sql, values, |row| {
        let state: String = row.get(0)?;
        let records = |index: usize| Ok::<u64, StoreError>(row.get::<Option<u64>>(index)?.unwrap_or_default());
        Ok((Some(state).filter(|state| !state.is_empty()), records(1)?, records(2)?))
    })
}
