//! Leads of a database in which they were no records yet, carried over into their register.
//!
//! What a screening had found goes into a file with the record, as it does now. Their events stay as they are and are those
//! of the records, whose number they name; none is added, since nothing happened to them.

use crate::StoreError;
use crate::cipher::Cipher;
use crate::database::{Database, Row, Transaction, values};
use crate::stored::keys::{COUNTED, SYSTEM_ROLE};
use crate::stored::raised::{self, RaisedNumber};
use crate::stored::record::RecordMeta;
use crate::stored::tables::RegisterTable;
use crate::stored::{files, named};
use crate::write::draft::Draft;
use crate::write::prepared::Prepared;
use crate::write::records::{child_columns, numbered};
use model::{Day, HouseholdNo, Lead, RegionCode, Value, Version};
use std::collections::BTreeMap;

/// The table in which leads were kept.
const TABLE: &str = "lead";
/// Leads of one transaction: what is done stays done when the program is killed, and the next start goes on.
const TOGETHER: u32 = 200;

/// A lead as it was kept.
struct OldLead {
    lead_no: String,
    state: String,
    state_on: Day,
    due_on: Option<Day>,
    raised_on: Day,
    is_stale: bool,
    /// Fields given with steps.
    given: BTreeMap<String, Value>,
    lead: Lead,
}

/// How many leads are still to be carried over.
pub(crate) fn count_leads(transaction: &Transaction<'_>) -> Result<u64, StoreError> {
    if !transaction.has_table(TABLE)? {
        return Ok(0);
    }
    Ok(transaction.first("select count(*) from lead", [], |row| row.get(0))?.unwrap_or_default())
}

/// Carries all leads over into their register; their own tables are gone then. `done`: is called with how many each batch carried.
///
/// # Errors
/// When a lead cannot be read or written; what was carried over before stays.
pub(crate) fn carry_over(
    database: &Database,
    cipher: &Cipher,
    table: &RegisterTable,
    done: &dyn Fn(u64),
) -> Result<(), StoreError> {
    if !database.read(|transaction| transaction.has_table(TABLE))? {
        return Ok(());
    }
    loop {
        let carried = database.write(|transaction| carry_some(transaction, cipher, table))?;
        done(carried);
        if carried == 0 {
            return database.write(|transaction| transaction.batch("drop table lead_reason; drop table lead"));
        }
    }
}

fn carry_some(transaction: &Transaction<'_>, cipher: &Cipher, table: &RegisterTable) -> Result<u64, StoreError> {
    let sql = format!(
        "select lead_id, household_no, region, state, entered_state_on, due_on, urgency, risk, stale, raised_on, seen_on, \
                known, fields, flags_document \
           from lead order by lead_id limit {TOGETHER}"
    );
    let mut leads = transaction.all(&sql, [], old_lead)?;
    for old in &mut leads {
        let sql = "select document from lead_reason where lead_id = ?1 order by position";
        old.lead.reasons =
            transaction.all(sql, values![old.lead_no], |row| Ok(serde_json::from_str(&row.get::<String>(0)?)?))?;
        carry(transaction, cipher, table, old)?;
    }
    if !leads.is_empty() {
        named::forget(transaction, COUNTED)?;
    }
    Ok(leads.len() as u64)
}

fn old_lead(row: &Row<'_>) -> Result<OldLead, StoreError> {
    let day = |index: usize| -> Result<Day, StoreError> {
        let text: String = row.get(index)?;
        text.parse().map_err(|_| StoreError::StoredValue { column: TABLE.to_owned() })
    };
    let region: String = row.get(2)?;
    let region: RegionCode =
        region.parse().map_err(|_| StoreError::StoredValue { column: "lead/region".to_owned() })?;
    Ok(OldLead {
        lead_no: row.get(0)?,
        state: row.get(3)?,
        state_on: day(4)?,
        due_on: row.get::<Option<String>>(5)?.and_then(|text| text.parse().ok()),
        raised_on: day(9)?,
        is_stale: row.get(8)?,
        given: serde_json::from_str(&row.get::<String>(12)?)?,
        lead: Lead {
            household_no: HouseholdNo(row.get(1)?),
            region,
            day: day(10)?,
            known: day(11)?,
            urgency: row.get(6)?,
            risk: row.get(7)?,
            reasons: Vec::new(),
            flags: serde_json::from_str(&row.get::<String>(13)?)?,
        },
    })
}

/// The day on which the lead came up, by its first event: what a screening looked at may be of a day long before, and the lead says
/// so beside it.
fn raised_really_on(transaction: &Transaction<'_>, old: &OldLead) -> Result<Option<Day>, StoreError> {
    let sql = "select day from event where household_no = ?1 and register = ?2 and record = ?3 order by seq limit 1";
    let day: Option<String> =
        transaction.first(sql, values![old.lead.household_no.0, TABLE, old.lead_no], |row| row.get(0))?;
    Ok(day.and_then(|day| day.parse().ok()))
}

fn carry(
    transaction: &Transaction<'_>,
    cipher: &Cipher,
    table: &RegisterTable,
    old: &OldLead,
) -> Result<(), StoreError> {
    let OldLead { lead, lead_no, .. } = old;
    let content = raised::evidence_of(lead)?;
    let (hash, _) = files::keep(transaction, "application/json", &content, SYSTEM_ROLE, 0)?;
    let mut fields = vec![Value::Null; table.columns.len()];
    let mut children = Vec::new();
    let number = RaisedNumber { lead_no, raised_on: old.raised_on, evidence: &hash };
    raised::fill_in(table, &mut fields, &mut children, lead, &number);
    table.set(&mut fields, raised::IS_STALE, Value::Bool(old.is_stale));
    for (name, value) in &old.given {
        table.set(&mut fields, name, value.clone());
    }
    let draft = Draft { resident_key: None, id: None, row: 0, fields, children: Some(children) };
    let meta = RecordMeta {
        place: Some(lead.region),
        state: Some(old.state.clone()),
        state_on: Some(old.state_on),
        due_on: old.due_on,
        entered_by: Some(SYSTEM_ROLE.to_owned()),
        entered_on: Some(raised_really_on(transaction, old)?.unwrap_or(old.raised_on)),
        version: Version::FIRST,
        is_withdrawn: false,
    };
    let unreadable = |_| StoreError::StoredValue { column: format!("lead {lead_no}") };
    let prepared = Prepared::new(cipher, table, &draft, &meta, "").map_err(unreadable)?;
    let physical = table.physical();
    let columns: Vec<&str> = physical.iter().map(|(name, _)| name.as_str()).collect();
    transaction.bulk(&table.table, &columns, [prepared.values])?;
    for (child, rows) in table.children.iter().zip(prepared.children) {
        if !rows.is_empty() {
            transaction.bulk(&child.table, &child_columns(child), numbered(prepared.id, rows))?;
        }
    }
    transaction.execute("delete from lead_reason where lead_id = ?1", values![lead_no])?;
    transaction.execute("delete from lead where lead_id = ?1", values![lead_no])?;
    Ok(())
}
