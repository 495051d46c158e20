//! Every register as it stands, kept under a year's name: what an inspection of that year looks at, whatever is corrected later.

use super::change::UnitOfWork;
use crate::error::refusal;
use crate::log::write::Event;
use crate::stored::event_fields::EventFields;
use crate::stored::keys::digest_of;
use crate::stored::record::StoredRecord;
use crate::stored::tables::RegisterTable;
use crate::{Receipt, Refusal, RefusalKind, StoreError};
use model::RegionCode;
use serde_json::{Map, Value as Json};
use std::collections::BTreeMap;
use words::wording;

/// Records of one chunk.
const CHUNK: usize = 500;

impl UnitOfWork<'_> {
    /// Freezes all registers. A year is frozen once, when it is over; the digests of its chunks stand in the log.
    pub(super) fn freeze(&mut self, year: i32) -> Result<Receipt, Refusal> {
        self.only_system(wording!("act_freeze"))?;
        if year >= self.now.day.year() {
            return Err(refusal!("year_not_over", RefusalKind::Invalid, year));
        }
        let known = "select count(*) from frozen where year = ?1";
        if self.transaction.first(known, &[i64::from(year).into()], |row| row.get::<i64>(0))?.unwrap_or_default() > 0 {
            return Err(refusal!("year_frozen", RefusalKind::Conflict, year));
        }
        let mut receipt = Receipt { id: Some(year.to_string()), ..Receipt::default() };
        let inner = self.inner;
        for table in inner.tables.values() {
            receipt.added += self.freeze_register(table, year)?;
        }
        Ok(receipt)
    }

    fn freeze_register(&mut self, table: &RegisterTable, year: i32) -> Result<u64, StoreError> {
        let sql = format!(
            "select {} from {} t where coalesce(t.is_withdrawn, 0) = 0 order by t.county, t.id",
            table.stored_columns(),
            table.table
        );
        let mut counties: BTreeMap<Option<RegionCode>, (i64, Vec<Json>)> = BTreeMap::new();
        let mut frozen = 0;
        let mut digests: BTreeMap<Option<RegionCode>, Vec<u8>> = BTreeMap::new();
        let transaction = self.transaction;
        transaction.each(&sql, &[], |row| {
            let mut stored = table.stored(&self.inner.cipher, row)?;
            table.give_children(transaction, &self.inner.cipher, [&mut stored])?;
            let county = crate::stored::keys::county_of(stored.meta.place);
            let (chunk, documents) = counties.entry(county).or_default();
            documents.push(self.frozen_document(table, &stored)?);
            frozen += 1;
            if documents.len() == CHUNK {
                *chunk += 1;
                let digest = self.write_frozen(table, year, county, *chunk, std::mem::take(documents))?;
                digests.entry(county).or_default().extend(digest.bytes());
            }
            Ok(())
        })?;
        for (county, (chunk, documents)) in counties {
            if !documents.is_empty() {
                let digest = self.write_frozen(table, year, county, chunk + 1, documents)?;
                digests.entry(county).or_default().extend(digest.bytes());
            }
        }
        for (county, all) in digests {
            let mut after = EventFields::default();
            after.note("_year", year);
            after.note("_digest", digest_of(&self.inner.cipher, &all));
            self.event(&Event {
                region: county,
                register: &table.kept,
                record: &year.to_string(),
                household_no: None,
                action: "frozen",
                before: "",
                after: &after.text(),
            })?;
        }
        Ok(frozen)
    }

    fn frozen_document(&self, table: &RegisterTable, stored: &StoredRecord) -> Result<Json, StoreError> {
        let mut payload = table.whole(&self.inner.cipher, stored.contents())?;
        payload.note("_id", stored.id.to_string());
        payload.note("_place", stored.meta.place.map(|place| place.to_string()));
        payload.note("_state", stored.meta.state.clone());
        payload.note("_version", stored.meta.version.0);
        let object: Map<String, Json> = serde_json::from_str(&payload.text())?;
        Ok(Json::Object(object))
    }

    fn write_frozen(
        &self,
        table: &RegisterTable,
        year: i32,
        county: Option<RegionCode>,
        chunk: i64,
        documents: Vec<Json>,
    ) -> Result<String, StoreError> {
        let records = documents.len() as i64;
        let document = Json::Array(documents).to_string();
        let digest = digest_of(&self.inner.cipher, document.as_bytes());
        let county = county.map_or(String::new(), |county| county.to_string());
        let sql = "insert into frozen (register, year, county, chunk, records, document, digest) \
                   values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.transaction.execute(
            sql,
            &[
                table.kept.as_str().into(),
                i64::from(year).into(),
                county.into(),
                chunk.into(),
                records.into(),
                document.into(),
                digest.as_str().into(),
            ],
        )?;
        Ok(digest)
    }
}
