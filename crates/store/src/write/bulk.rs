//! Records of registers come in, in bulk. What is the same already is left alone and leaves no event.
//!
//! New records go to the database while those behind them are still being judged: `Transaction::bulk` takes them one by one
//! from [`Chunk::next_new`]. Nothing may ask the database meanwhile; what changes is written when the new ones are.

use super::act::Act;
use super::change::UnitOfWork;
use super::draft::Draft;
use super::entry::by_hand;
use super::lookups::Lookups;
use super::masked::{Incoming, MaskedClaim, rows_gone};
use super::prepared::Prepared;
use super::records::{child_columns, numbered};
use crate::database::{Sql, statement};
use crate::log::write::Event;
use crate::stored::event_fields::EventFields;
use crate::stored::keys::county_of;
use crate::stored::record::{RecordMeta, StoredRecord};
use crate::stored::tables::{MANY, RegisterTable};
use crate::stored::values::household_no;
use crate::{Receipt, Record, Refusal, StoreError};
use model::{RecordId, RegionCode, Value};
use std::collections::{BTreeMap, HashMap};
use words::wording;

/// Changed records that a receipt names at most.
const CHANGED_NAMED: usize = 20;

/// What is to be done with a record that came in.
enum Found {
    /// It is new: its row.
    New(Vec<Sql>),
    /// Another one is held under its id.
    Changed(Box<(StoredRecord, Draft, RecordMeta)>),
    /// Nothing more.
    Done,
}

/// Records that came in together.
struct Chunk<'c> {
    table: &'c RegisterTable,
    file: &'c str,
    /// Each record once.
    waiting: std::iter::Zip<std::vec::IntoIter<Draft>, std::vec::IntoIter<RecordId>>,
    /// What is held of them.
    stored: HashMap<RecordId, StoredRecord>,
    places: Places,
    lookups: Lookups<'c>,
    /// Where new records start; their place aside.
    start: RecordMeta,
    fresh: Fresh,
    changed: Vec<(StoredRecord, Draft, RecordMeta)>,
    receipt: Receipt,
    fault: Option<Refusal>,
}

/// What belongs to the new records besides their rows.
struct Fresh {
    /// Per kind of child record.
    children: Vec<Vec<Vec<Sql>>>,
    /// Per county: how many, first and last row, and what goes into the digest.
    counties: BTreeMap<Option<RegionCode>, Batch>,
}

#[derive(Default)]
struct Batch {
    records: u64,
    rows: (u32, u32),
    digest: Vec<u8>,
}

impl UnitOfWork<'_> {
    pub(super) fn import_records(
        &mut self,
        register: &str,
        file: &str,
        records: Vec<Record>,
    ) -> Result<Receipt, Refusal> {
        let Some(table) = self.inner.tables.get(register) else {
            return Err(Refusal::not_found(wording!("thing_register")));
        };
        let may_import = &table.register.may_import;
        let may = may_import.contains(&self.actor.role) && self.keeps(&table.register);
        if !self.is_system() && !may {
            return Err(Refusal::not_allowed(wording!("act_import", register = table.label())));
        }
        by_hand(table)?;
        self.leave_lists_unindexed(table, records.len())?;
        self.save_records(table, file, records)
    }

    /// Saves records without asking for the permission to import.
    pub(super) fn save_records(
        &mut self,
        table: &RegisterTable,
        file: &str,
        records: Vec<Record>,
    ) -> Result<Receipt, Refusal> {
        let mut receipt = Receipt::default();
        let mut claims = self.claims(table, records, &mut receipt)?;
        // A record that comes again is compared with what its row before left.
        while !claims.is_empty() {
            let incoming = self.incoming(table, std::mem::take(&mut claims), &mut receipt)?;
            (receipt, claims) = self.save_once(table, file, incoming, receipt)?;
        }
        Ok(receipt)
    }

    /// Saves rows of which no two are about one record; gives back those that are left for the next time.
    fn save_once(
        &mut self,
        table: &RegisterTable,
        file: &str,
        incoming: Incoming,
        receipt: Receipt,
    ) -> Result<(Receipt, Vec<MaskedClaim>), Refusal> {
        let Incoming { drafts, ids, stored, again } = incoming;
        let mut chunk = Chunk {
            table,
            file,
            places: Places::fetch(self, table, &drafts)?,
            lookups: Lookups::fetch(self, table, &drafts)?,
            start: self.first_meta(table, None)?,
            waiting: drafts.into_iter().zip(ids),
            stored,
            fresh: Fresh::new(table),
            changed: Vec::new(),
            receipt,
            fault: None,
        };
        let physical = table.physical();
        let columns: Vec<&str> = physical.iter().map(|(name, _)| name.as_str()).collect();
        let rows = std::iter::from_fn(|| chunk.next_new(self));
        self.transaction.bulk(&table.table, &columns, rows)?;
        if let Some(refusal) = chunk.fault.take() {
            return Err(refusal);
        }
        self.flush(&mut chunk)?;
        Ok((chunk.receipt, again))
    }

    /// Writes what belongs to the new records, and those that changed.
    fn flush(&mut self, chunk: &mut Chunk<'_>) -> Result<(), Refusal> {
        let Fresh { children, counties } = std::mem::replace(&mut chunk.fresh, Fresh::new(chunk.table));
        for (child, rows) in chunk.table.children.iter().zip(children) {
            if !rows.is_empty() {
                self.transaction.bulk(&child.table, &child_columns(child), rows)?;
            }
        }
        for (county, batch) in counties {
            let meta = RecordMeta { place: county, ..chunk.start.clone() };
            self.tally.note(chunk.table, None, Some(&meta), batch.records);
            self.added_event(chunk.table, chunk.file, county, &batch)?;
        }
        for (stored, draft, meta) in std::mem::take(&mut chunk.changed) {
            self.change_record(chunk.table, &stored, &draft, &meta, Act::from_file("changed", chunk.file))?;
            chunk.receipt.changed += 1;
            chunk.receipt.rows_gone += rows_gone(&stored, &draft);
            if chunk.receipt.changed_records.len() < CHANGED_NAMED {
                chunk.receipt.changed_records.push((draft.row, stored.id.to_string()));
            }
        }
        Ok(())
    }

    /// One event tells of all new records of a county.
    fn added_event(
        &mut self,
        table: &RegisterTable,
        file: &str,
        county: Option<RegionCode>,
        batch: &Batch,
    ) -> Result<(), StoreError> {
        let mut after = EventFields::default();
        after.note("_file", file);
        after.note("_records", batch.records);
        after.note("_rows", format!("{}-{}", batch.rows.0, batch.rows.1));
        after.note("_digest", format!("{:016x}", self.inner.cipher.content(&batch.digest) as u64));
        self.event(&Event {
            region: county,
            register: &table.kept,
            record: file,
            household_no: None,
            action: "added",
            before: "",
            after: &after.text(),
        })
    }

    /// Indexes that only lists need make a first load several times slower than building them afterwards. They go when many
    /// records come into an empty register, and come back when the import ends, or at the next start.
    fn leave_lists_unindexed(&self, table: &RegisterTable, records: usize) -> Result<(), StoreError> {
        let any_stored = || self.transaction.first(&format!("select 1 from {} limit 1", table.table), [], |_| Ok(()));
        if (records as u64) < MANY || any_stored()?.is_some() {
            return Ok(());
        }
        table.list_indexes().iter().try_for_each(|index| self.transaction.drop_index(index))
    }

    /// Builds the indexes of a register that are not there.
    pub(super) fn index_lists(&self, register: &str) -> Result<(), StoreError> {
        let Some(table) = self.inner.tables.get(register) else { return Ok(()) };
        self.transaction.create_indexes(&table.indexes())
    }
}

impl Chunk<'_> {
    /// The row of the next new record; `None` at the end and at a fault.
    fn next_new(&mut self, change: &UnitOfWork<'_>) -> Option<Vec<Sql>> {
        while let Some((draft, id)) = self.waiting.next() {
            match self.take(change, draft, id) {
                Ok(Found::New(row)) => return Some(row),
                Ok(Found::Changed(changed)) => self.changed.push(*changed),
                Ok(Found::Done) => {}
                Err(refusal) => {
                    self.fault = Some(refusal);
                    return None;
                }
            }
        }
        None
    }

    fn take(&mut self, change: &UnitOfWork<'_>, mut draft: Draft, id: RecordId) -> Result<Found, Refusal> {
        let table = self.table;
        let region = self.places.of(table, &draft).or_else(|| change.own_place(table));
        if !change.reaches_record(region) {
            self.receipt.outside += 1;
            return Ok(Found::Done);
        }
        let known = self.stored.get(&id);
        if draft.children.is_none() {
            draft.children = known.map(|known| known.children.clone());
        }
        let from = known.map_or(&self.start, |known| &known.meta);
        let meta = RecordMeta { place: region, ..from.clone() };
        let state = meta.state.as_deref();
        change.fill_derived(table, &mut draft, region, state);
        let verdict = change.judge(table, &draft, id, &meta, &self.lookups);
        self.receipt.remarks.extend(verdict.remarks);
        self.receipt.in_two_households += u64::from(verdict.in_two_households);
        if let Some(refused) = verdict.refused {
            self.receipt.refused.push(refused);
            return Ok(Found::Done);
        }
        let prepared = Prepared::new(&change.inner.cipher, table, &draft, &meta, self.file)?;
        self.lookups.note(table, id, &draft.fields, state);
        match known {
            None => {
                self.receipt.added += 1;
                return Ok(Found::New(self.fresh.add(prepared, draft.row, region)));
            }
            Some(known) if known.content == prepared.content && !known.meta.is_withdrawn => {
                self.receipt.unchanged += 1;
            }
            Some(known) if !change.reaches_record(known.meta.place) => self.receipt.outside += 1,
            Some(_) => {
                let stored = self.stored.remove(&id);
                return Ok(stored.map_or(Found::Done, |stored| Found::Changed(Box::new((stored, draft, meta)))));
            }
        }
        Ok(Found::Done)
    }
}

impl Fresh {
    fn new(table: &RegisterTable) -> Fresh {
        Fresh { children: vec![Vec::new(); table.children.len()], counties: BTreeMap::new() }
    }

    /// Notes what belongs to a new record; gives its row.
    fn add(&mut self, prepared: Prepared, row: u32, region: Option<RegionCode>) -> Vec<Sql> {
        let batch = self.counties.entry(county_of(region)).or_default();
        batch.records += 1;
        batch.rows = if batch.records == 1 { (row, row) } else { (batch.rows.0.min(row), batch.rows.1.max(row)) };
        batch.digest.extend(prepared.id.0.to_le_bytes());
        batch.digest.extend(prepared.content.to_le_bytes());
        for (all, rows) in self.children.iter_mut().zip(prepared.children) {
            all.extend(numbered(prepared.id, rows));
        }
        prepared.values
    }
}

/// Places of records: from their own field, or from their household.
#[derive(Default)]
struct Places {
    of_household: HashMap<i64, RegionCode>,
}

impl Places {
    /// Fetches the places of the households that these records belong to.
    fn fetch(change: &UnitOfWork<'_>, table: &RegisterTable, drafts: &[Draft]) -> Result<Places, StoreError> {
        let mut places_of = Places::default();
        let Some(index) = table.household.filter(|_| table.region.is_none()) else { return Ok(places_of) };
        let mut wanted: Vec<i64> =
            drafts.iter().filter_map(|draft| household_no(draft.fields.get(index)?)).map(|number| number.0).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let sql = "select household_no, place from r_household where household_no in (:list)";
        let wanted: Vec<Sql> = wanted.into_iter().map(Sql::Whole).collect();
        let rows = statement::all_of(change.transaction, sql, &wanted, |row| {
            Ok((row.get::<i64>(0)?, row.get::<Option<String>>(1)?))
        })?;
        let known = rows.into_iter().filter_map(|(number, place)| Some((number, place?.parse().ok()?)));
        places_of.of_household.extend(known);
        Ok(places_of)
    }

    fn of(&self, table: &RegisterTable, draft: &Draft) -> Option<RegionCode> {
        let field = |index: usize| -> &Value { draft.fields.get(index).unwrap_or(&Value::Null) };
        match (table.region, table.household) {
            (Some(index), _) => field(index).as_text().and_then(|text| text.parse().ok()),
            (None, Some(index)) => self.of_household.get(&household_no(field(index))?.0).copied(),
            (None, None) => None,
        }
    }
}
