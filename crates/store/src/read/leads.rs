//! Leads as the workbench, their list and their page show them: records of the register that screenings raise, with the household
//! and the evidence beside them.

use super::paging::{day, empty, region};
use crate::database::{Sql, Transaction, statement, values};
use crate::read::{
    Condition, HouseholdRow, LeadFile, LeadFilter, LeadRow, Page, RecordFilter, RecordOrder, RecordQuery, RecordRow,
    View,
};
use crate::stored::raised;
use crate::stored::tables::RegisterTable;
use crate::{Refusal, RefusalKind, StoreError};
use model::{Day, HouseholdNo, RegionCode, Value};
use std::collections::HashMap;

/// Leads of one household at most.
const OF_HOUSEHOLD_MAX: u32 = 100;
/// Fields of a lead that a list shows.
const COLUMNS: [&str; 11] = [
    raised::LEAD_NO,
    "household_no",
    raised::RISK,
    raised::URGENCY,
    raised::BECAUSE,
    raised::BECAUSE_EN,
    raised::REASONS,
    raised::DOUBTS,
    raised::IS_STALE,
    raised::RAISED_ON,
    raised::EVIDENCE_ON,
];

/// What stands around leads: their households, townships, and the last screenings of places.
struct Around {
    households: HashMap<i64, HouseholdRow>,
    townships: HashMap<String, String>,
    screened: Vec<(RegionCode, Day)>,
}

impl View<'_> {
    /// Leads, most urgent first, then by number; `limit` at most 500. `after`: `next` of the page before; what is none begins anew.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn leads(&self, filter: &LeadFilter, after: Option<&str>, limit: u32) -> Result<Page<LeadRow>, StoreError> {
        let order = RecordOrder { field: raised::RANK.to_owned(), descending: false };
        self.leads_in_order(&filter.records(), &order, after, limit)
    }

    /// Leads of one household, newest first.
    pub(super) fn leads_of(&self, household_no: HouseholdNo) -> Result<Vec<LeadRow>, StoreError> {
        let of_household = Condition::is("household_no", Value::Text(household_no.to_string()));
        let filter = RecordFilter { conditions: vec![of_household], ..RecordFilter::default() };
        let order = RecordOrder { field: raised::RAISED_ON.to_owned(), descending: true };
        Ok(self.leads_in_order(&filter, &order, None, OF_HOUSEHOLD_MAX)?.rows)
    }

    fn leads_in_order(
        &self,
        filter: &RecordFilter,
        order: &RecordOrder,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<LeadRow>, StoreError> {
        let Some(table) = self.raised_seen()? else { return Ok(empty()) };
        let columns = COLUMNS.map(str::to_owned);
        let query = RecordQuery { filter, order: Some(order), columns: &columns };
        let read = |after| if_allowed(self.records(&table.name, query, after, limit));
        let page = match read(after)? {
            None if after.is_some() => read(None)?,
            found => found,
        };
        let page = page.unwrap_or_else(empty);
        let around = self.around(&page.rows)?;
        let rows = page.rows.into_iter().map(|row| lead_row(table, row, &around)).collect::<Result<_, _>>()?;
        Ok(Page { rows, total: page.total, next: page.next })
    }

    /// A lead with everything behind it, by its number; `today` decides on the steps offered.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn lead(&self, lead_no: &str, today: Day) -> Result<Option<LeadFile>, StoreError> {
        let Some(table) = self.raised_seen()? else { return Ok(None) };
        let key = Condition::is(raised::LEAD_NO, Value::Text(lead_no.to_owned()));
        let filter = RecordFilter { conditions: vec![key], ..RecordFilter::default() };
        let columns = COLUMNS.map(str::to_owned);
        let query = RecordQuery { filter: &filter, order: None, columns: &columns };
        let found = if_allowed(self.records(&table.name, query, None, 1))?.unwrap_or_else(empty);
        let around = self.around(&found.rows)?;
        let Some(row) = found.rows.into_iter().next() else { return Ok(None) };
        let Some(record) = if_allowed(self.record(&table.name, &row.id, today))?.flatten() else { return Ok(None) };
        let evidence = self.read(|transaction| {
            let stored = self.stored(transaction, table, &row.id)?;
            stored.map(|stored| self.store.inner.evidence(transaction, table, &stored.fields)).transpose()
        })?;
        let evidence = evidence.unwrap_or_default();
        let field = |name: &str| record.fields.iter().find(|field| field.name == name).map(|field| &field.value);
        let known = field(raised::KNOWN_ON).and_then(Value::as_day);
        let is_given = |field: &&crate::read::FieldShown| {
            !field.value.is_null() && table.register.step.iter().any(|step| step.asks_for(&field.name))
        };
        let given = record.fields.iter().filter(is_given).map(|field| (field.name.clone(), field.value.clone()));
        Ok(Some(LeadFile {
            known: known.unwrap_or(today),
            entered_state_on: record.state_on.unwrap_or(today),
            fields: given.collect(),
            history: record.history.iter().rev().cloned().collect(),
            offers: record.course.offers.clone(),
            reasons: evidence.reasons,
            flags: evidence.flags,
            row: lead_row(table, row, &around)?,
            record,
        }))
    }

    /// Number of the lead that this record is; `None` for records of other registers, and for what the actor may not see.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn lead_number(&self, register: &str, id: &str) -> Result<Option<String>, StoreError> {
        let Some(table) = self.raised_seen()?.filter(|table| table.name == register) else { return Ok(None) };
        let stored = self.read(|transaction| self.stored(transaction, table, id))?;
        Ok(stored.and_then(|stored| table.value(&stored.fields, raised::LEAD_NO).as_text().map(str::to_owned)))
    }

    /// Households, townships and screenings around these leads.
    fn around(&self, rows: &[RecordRow]) -> Result<Around, StoreError> {
        let numbers: Vec<i64> = rows.iter().filter_map(household_of).map(|number| number.0).collect();
        let mut codes: Vec<String> = rows.iter().filter_map(|row| row.place).map(township_of).collect();
        codes.sort_unstable();
        codes.dedup();
        let codes: Vec<Sql> = codes.into_iter().map(Sql::Text).collect();
        self.read(|transaction| {
            Ok(Around {
                households: self.households_of(transaction, &numbers)?,
                townships: self.place_names(transaction, &codes)?,
                screened: screened(transaction)?,
            })
        })
    }

    /// Names of the places with these codes.
    fn place_names(&self, transaction: &Transaction<'_>, codes: &[Sql]) -> Result<HashMap<String, String>, StoreError> {
        let code = &self.store.inner.tables["region"].key[0];
        let sql = format!("select \"{code}\", coalesce(name, '') from r_region where \"{code}\" in (:list)");
        let named = statement::all_of(transaction, &sql, codes, |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(named.into_iter().collect())
    }
}

/// What was read; nothing where that is not for the actor.
fn if_allowed<T>(read: Result<T, Refusal>) -> Result<Option<T>, StoreError> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(Refusal { kind: RefusalKind::Store(error), .. }) => Err(*error),
        Err(_) => Ok(None),
    }
}

impl LeadFilter {
    /// The same as a filter of the register's records.
    pub fn records(&self) -> RecordFilter {
        let text = |text: &Option<String>| text.as_ref().map(|text| Value::Text(text.clone()));
        let risk = text(&self.risk).map(|risk| Condition::is(raised::RISK, risk));
        let rule = text(&self.rule).map(|rule| Condition::is(raised::REASON_RULE, rule));
        RecordFilter {
            region: self.region,
            state: self.state.clone(),
            open: self.open,
            due_from: self.due_from,
            due_before: self.due_before,
            text: self.text.clone(),
            conditions: risk.into_iter().chain(rule).collect(),
            withdrawn: false,
        }
    }
}

fn lead_row(table: &RegisterTable, row: RecordRow, around: &Around) -> Result<LeadRow, StoreError> {
    let cell = |name: &str| {
        let at = COLUMNS.iter().position(|column| *column == name);
        at.and_then(|at| row.cells.get(at)).unwrap_or(&Value::Null)
    };
    let text = |name: &str| cell(name).as_text().unwrap_or_default().to_owned();
    let count = |name: &str| cell(name).as_i64().and_then(|number| u32::try_from(number).ok()).unwrap_or_default();
    let broken = |column: &str| StoreError::StoredValue { column: format!("{}.{column}", table.table) };
    let household_no = household_of(&row).ok_or_else(|| broken("household_no"))?;
    let household = around.households.get(&household_no.0);
    let region = row.place.ok_or_else(|| broken("place"))?;
    let is_stale = matches!(cell(raised::IS_STALE), Value::Bool(true));
    let raised_on = cell(raised::RAISED_ON).as_day().ok_or_else(|| broken(raised::RAISED_ON))?;
    let evidence_on = cell(raised::EVIDENCE_ON).as_day().unwrap_or(raised_on);
    let state = row.state.clone().unwrap_or_default();
    let is_final = table.register.state_named(&state).is_some_and(|state| state.is_final);
    let latest = around.screened.iter().filter(|(place, _)| place.holds(region)).map(|(_, day)| *day).max();
    let latest = latest.filter(|_| !is_stale && !is_final);
    Ok(LeadRow {
        lead_id: text(raised::LEAD_NO),
        household_no,
        head_name: household.map(|household| household.head_name.clone()).unwrap_or_default(),
        members: household.map(|household| household.members).unwrap_or_default(),
        region,
        village: row.place_name,
        township: around.townships.get(&township_of(region)).cloned().unwrap_or_default(),
        state,
        risk: text(raised::RISK),
        urgency: cell(raised::URGENCY).as_i64().unwrap_or_default(),
        because: text(raised::BECAUSE),
        because_en: text(raised::BECAUSE_EN),
        reasons: count(raised::REASONS),
        flags: count(raised::DOUBTS),
        stale: is_stale,
        raised_on,
        seen_on: latest.map_or(evidence_on, |latest| latest.max(evidence_on)),
        due_on: row.due_on,
    })
}

fn household_of(row: &RecordRow) -> Option<HouseholdNo> {
    let at = COLUMNS.iter().position(|column| *column == "household_no")?;
    row.cells.get(at)?.as_text().and_then(HouseholdNo::parse)
}

/// Code of the township of a village; what lies above stands for itself.
fn township_of(region: RegionCode) -> String {
    region.at(model::Level::Township).to_string()
}

/// Places with the last day for which each was screened.
fn screened(transaction: &Transaction<'_>) -> Result<Vec<(RegionCode, Day)>, StoreError> {
    let sql = "select region, max(day) from screening group by region";
    transaction.all(sql, values![], |row| Ok((region(row, 0)?, day(row, 1)?)))
}
