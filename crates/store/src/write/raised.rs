//! Records that a screening raises: raised, given other evidence, lapsed. They are records of a register like any other.

use super::act::Act;
use super::change::UnitOfWork;
use super::draft::{Draft, draft_of};
use crate::database::{Row, values};
use crate::stored::keys::RegionSpan;
use crate::stored::raised::{self, RaisedNumber};
use crate::stored::record::{RecordMeta, StoredRecord};
use crate::stored::tables::RegisterTable;
use crate::{Refusal, StoreError};
use model::{Day, Lead, RecordId, Value};
use policy::declare::State;
use std::collections::BTreeMap;

/// Actions of the events that a screening leaves.
const RAISED: &str = "raised";
const EVIDENCE_CHANGED: &str = "evidence_changed";
const EVIDENCE_GONE: &str = "evidence_gone";
const LAPSED: &str = "lapsed";

/// What a screening needs to know of a raised record that is not at its end.
pub(super) struct OpenLead {
    id: RecordId,
    pub(super) household_no: i64,
    region: String,
    urgency: i64,
    risk: String,
    evidence: String,
    is_stale: bool,
}

impl OpenLead {
    /// True when a later screening found just the same.
    pub(super) fn says(&self, lead: &Lead, evidence: &str) -> bool {
        !self.is_stale
            && self.region == lead.region.to_string()
            && self.urgency == lead.urgency
            && self.risk == lead.risk
            && self.evidence == evidence
    }
}

fn open_lead(row: &Row<'_>) -> Result<OpenLead, StoreError> {
    let evidence: String = row.get::<Option<String>>(5)?.unwrap_or_default();
    Ok(OpenLead {
        id: row.get(0)?,
        household_no: row.get(1)?,
        region: row.get::<Option<String>>(2)?.unwrap_or_default(),
        urgency: row.get::<Option<i64>>(3)?.unwrap_or_default(),
        risk: row.get::<Option<String>>(4)?.unwrap_or_default(),
        evidence: raised::evidence_hash(&evidence).to_owned(),
        is_stale: row.get::<Option<i64>>(6)?.unwrap_or_default() != 0,
    })
}

impl UnitOfWork<'_> {
    /// Records that are not at their end within a span of places, or of one household, by household.
    pub(super) fn open_leads_in(
        &self,
        span: &RegionSpan,
        household_no: Option<i64>,
    ) -> Result<BTreeMap<i64, OpenLead>, StoreError> {
        let sql = format!(
            "{} and t.place between ?1 and ?2 and t.household_no = coalesce(?3, t.household_no) order by t.id",
            self.select_open()?
        );
        let found = self.transaction.all(&sql, values![span.first, span.last, household_no], open_lead)?;
        Ok(found.into_iter().map(|lead| (lead.household_no, lead)).collect())
    }

    /// The open record of a household, wherever it lies; there is at most one.
    pub(super) fn open_lead_of(&self, household_no: i64) -> Result<Option<OpenLead>, StoreError> {
        let sql = format!("{} and t.household_no = ?1 order by t.id", self.select_open()?);
        self.transaction.first(&sql, values![household_no], open_lead)
    }

    fn select_open(&self) -> Result<String, StoreError> {
        let table = self.inner.raised()?;
        let column = |name: &str| table.column_sql("t", name);
        Ok(format!(
            "select t.id, t.household_no, t.place, {}, {}, {}, {} from {} t \
             where t.state in ({}) and coalesce(t.is_withdrawn, 0) = 0",
            column(raised::URGENCY),
            column(raised::RISK),
            column(raised::EVIDENCE),
            column(raised::IS_STALE),
            table.table,
            table.states_sql(|state| !state.is_final),
        ))
    }

    /// Writes a new record in its first state, or one of the same number that lapsed on the same day anew.
    pub(super) fn raise_lead(&mut self, lead: &Lead, evidence: &[u8]) -> Result<(), Refusal> {
        let table = self.inner.raised()?;
        let hash = self.keep_file("application/json", evidence)?.0;
        let (lead_no, stored) = self.free_number(table, lead)?;
        let mut draft = match &stored {
            Some(stored) => draft_of(stored),
            None => Draft {
                resident_key: None,
                id: None,
                row: 0,
                fields: vec![Value::Null; table.columns.len()],
                children: None,
            },
        };
        let mut children = draft.children_or_none();
        let number = RaisedNumber { lead_no: &lead_no, raised_on: lead.day, evidence: &hash };
        raised::fill_in(table, &mut draft.fields, &mut children, lead, &number);
        draft.children = Some(children);
        let meta = self.raised_meta(table, lead)?;
        self.fill_derived(table, &mut draft, meta.place, meta.state.as_deref());
        match stored {
            Some(stored) => {
                let meta = RecordMeta { version: stored.meta.version, ..meta };
                self.change_record(table, &stored, &draft, &meta, Act::of(RAISED))?;
            }
            None => {
                self.add_record(table, &draft, &meta, Act::of(RAISED))?;
            }
        }
        Ok(())
    }

    /// Gives an open record the reasons of a later screening. What was only watched waits for somebody again.
    pub(super) fn update_lead(&mut self, open: &OpenLead, lead: &Lead, evidence: &[u8]) -> Result<(), Refusal> {
        let table = self.inner.raised()?;
        let hash = self.keep_file("application/json", evidence)?.0;
        let stored = self.open_record(table, open)?;
        let mut draft = draft_of(&stored);
        let lead_no = table.value(&stored.fields, raised::LEAD_NO).to_string();
        let raised_on = table.value(&stored.fields, raised::RAISED_ON).as_day().unwrap_or(lead.day);
        let mut children = stored.children.clone();
        let number = RaisedNumber { lead_no: &lead_no, raised_on, evidence: &hash };
        raised::fill_in(table, &mut draft.fields, &mut children, lead, &number);
        draft.children = Some(children);
        let meta = match state_of(table, &stored).is_some_and(|state| state.is_watched) {
            true => RecordMeta { version: stored.meta.version, ..self.raised_meta(table, lead)? },
            false => RecordMeta { place: Some(lead.region), ..stored.meta.clone() },
        };
        self.fill_derived(table, &mut draft, meta.place, meta.state.as_deref());
        self.change_record(table, &stored, &draft, &meta, Act::of(EVIDENCE_CHANGED))?;
        Ok(())
    }

    /// Ends a record whose evidence has gone, or marks it stale where somebody had begun. True when it ended.
    pub(super) fn lapse_lead(&mut self, open: &OpenLead, day: Day) -> Result<bool, Refusal> {
        let table = self.inner.raised()?;
        let stored = self.open_record(table, open)?;
        let state = state_of(table, &stored);
        let untouched = state.is_none_or(|state| state.initial || state.is_watched);
        if !untouched && open.is_stale {
            return Ok(false);
        }
        let mut draft = draft_of(&stored);
        let lapsed = table.register.state.iter().find(|state| state.is_lapsed).filter(|_| untouched);
        let (meta, action) = match lapsed {
            Some(lapsed) => {
                let state = Some(lapsed.name.clone());
                (RecordMeta { state, state_on: Some(day), due_on: None, ..stored.meta.clone() }, LAPSED)
            }
            None => {
                table.set(&mut draft.fields, raised::IS_STALE, Value::Bool(true));
                (stored.meta.clone(), EVIDENCE_GONE)
            }
        };
        self.change_record(table, &stored, &draft, &meta, Act::of(action))?;
        Ok(lapsed.is_some())
    }

    /// Keeps household, rule, resident and band of every reason of a closed record with the outcome, so that the same is not
    /// raised again.
    pub(super) fn remember_closing(
        &self,
        table: &RegisterTable,
        stored: &StoredRecord,
        draft: &Draft,
    ) -> Result<(), Refusal> {
        let confirming = self.inner.declarations.confirming(&table.register);
        let confirmed = confirming
            .iter()
            .any(|(name, codes)| table.value(&draft.fields, name).as_text().is_some_and(|code| codes.contains(code)));
        let lead_no = table.value(&stored.fields, raised::LEAD_NO).to_string();
        let household = table.household.and_then(|at| crate::stored::values::household_no(&stored.fields[at]));
        let place = stored.meta.place.map(|place| place.to_string());
        let evidence = self.inner.evidence(self.transaction, table, &stored.fields)?;
        let columns = [
            "lead_id",
            "position",
            "household_no",
            "region",
            "rule",
            "resident_key",
            "band",
            "confirmed",
            "closed_on",
            "account",
        ];
        let rows = (1_i64..).zip(&evidence.reasons).map(|(position, reason)| {
            values![
                lead_no,
                position,
                household.map(|number| number.0),
                place,
                reason.rule,
                reason.resident_key.map(|key| key.0),
                reason.band,
                confirmed,
                self.now.day.to_string(),
                self.actor.account,
            ]
            .to_vec()
        });
        self.transaction.bulk("closing", &columns, rows)?;
        Ok(())
    }

    /// Where a record stands that a screening raises: the days run from that of the screening.
    fn raised_meta(&self, table: &RegisterTable, lead: &Lead) -> Result<RecordMeta, StoreError> {
        let first = self.first_meta_on(table, Some(lead.region), lead.day)?;
        Ok(RecordMeta { state_on: Some(lead.day), ..first })
    }

    fn open_record(&self, table: &RegisterTable, open: &OpenLead) -> Result<StoredRecord, StoreError> {
        let stored = table.stored_by_id(self.transaction, &self.inner.cipher, open.id)?;
        stored.ok_or_else(|| StoreError::StoredValue { column: table.table.clone() })
    }

    /// `<household_no>-<yyyymmdd>`; a second record of the same day that follows a closed one ends in `-2`, and so on. The
    /// number of one that lapsed on the same day is used again: then also the record that is kept under it.
    fn free_number(&self, table: &RegisterTable, lead: &Lead) -> Result<(String, Option<StoredRecord>), Refusal> {
        let plain = format!("{}-{}", lead.household_no, lead.day.to_string().replace('-', ""));
        let sql = format!("select t.id from {} t where {} = ?1", table.table, table.column_sql("t", raised::LEAD_NO));
        let mut lead_no = plain.clone();
        for number in 2.. {
            let Some(id) = self.transaction.first(&sql, values![lead_no], |row| row.get::<RecordId>(0))? else { break };
            let stored = table.stored_by_id(self.transaction, &self.inner.cipher, id)?;
            if let Some(stored) = stored.filter(|stored| state_of(table, stored).is_some_and(|state| state.is_lapsed)) {
                return Ok((lead_no, Some(stored)));
            }
            lead_no = format!("{plain}-{number}");
        }
        Ok((lead_no, None))
    }
}

fn state_of<'t>(table: &'t RegisterTable, stored: &StoredRecord) -> Option<&'t State> {
    stored.meta.state.as_ref().and_then(|name| table.register.state_named(name))
}
