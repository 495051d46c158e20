//! Leads as rows: raised, updated, lapsed; their reasons behind them.

use super::change::Change;
use crate::StoreError;
use crate::database::{Row, values};
use crate::log::write::Event;
use model::{Day, Lead};

/// State of a lead whose evidence has gone before anybody began to work on it.
pub(crate) const LAPSED: &str = "lapsed";

/// What the door needs to know of a lead that is held.
pub(super) struct Held {
    pub(super) lead_id: String,
    pub(super) household_no: i64,
    pub(super) region: String,
    pub(super) state: String,
    pub(super) stale: bool,
    pub(super) urgency: i64,
    pub(super) content: i64,
    pub(super) rules: String,
}

const SELECT_HELD: &str = "select lead_id, household_no, region, state, stale, urgency, content, \
     (select string_agg(rule, ' ' order by position) from lead_reason where lead_reason.lead_id = lead.lead_id) from lead";

fn held(row: &Row<'_>) -> Result<Held, StoreError> {
    Ok(Held {
        lead_id: row.get(0)?,
        household_no: row.get(1)?,
        region: row.get(2)?,
        state: row.get(3)?,
        stale: row.get(4)?,
        urgency: row.get(5)?,
        content: row.get(6)?,
        rules: row.get::<Option<String>>(7)?.unwrap_or_default(),
    })
}

impl Change<'_> {
    /// The open lead of a household; there is at most one.
    pub(super) fn open_lead(&self, household_no: i64) -> Result<Option<Held>, StoreError> {
        let sql = format!("{SELECT_HELD} where household_no = ?1 and is_open = 1 order by lead_id");
        self.transaction.first(&sql, values![household_no], held)
    }

    /// The lead with that id.
    pub(super) fn lead_by_id(&self, lead_id: &str) -> Result<Option<Held>, StoreError> {
        let sql = format!("{SELECT_HELD} where lead_id = ?1");
        self.transaction.first(&sql, values![lead_id], held)
    }

    /// Open leads within a span of places, or of one household.
    pub(super) fn open_leads_in(
        &self,
        first: &str,
        last: &str,
        household_no: Option<i64>,
    ) -> Result<Vec<Held>, StoreError> {
        let sql = format!(
            "{SELECT_HELD} where is_open = 1 and region between ?1 and ?2 and household_no = coalesce(?3, household_no) \
             order by lead_id"
        );
        self.transaction.all(&sql, values![first, last, household_no], held)
    }

    /// Writes a new lead in its initial state, or a lapsed one of the same id anew.
    pub(super) fn raise_lead(&mut self, lead_id: &str, lead: &Lead, content: i64) -> Result<(), StoreError> {
        let initial = self.initial_state();
        let register = &self.inner.declarations.registers["lead"];
        let calendar = &self.inner.declarations.calendar;
        let due_on = lifecycle::due_on(register, &initial, lead.day, calendar).map(|day| day.to_string());
        self.transaction.execute("delete from lead where lead_id = ?1", values![lead_id])?;
        self.transaction.execute(
            include_str!("../sql/insert_lead.sql"),
            values![lead_id, lead.household_no.0, lead.region.to_string(), initial, lead.day.to_string(), due_on,],
        )?;
        self.write_content(lead_id, lead, content)?;
        self.lead_event(lead_id, lead, "raised", "", &content_json(lead))
    }

    /// Gives an open lead the reasons of a later screening.
    pub(super) fn update_lead(&mut self, held: &Held, lead: &Lead, content: i64) -> Result<(), StoreError> {
        let before = serde_json::json!({
            "urgency": held.urgency, "rules": held.rules, "stale": held.stale,
        });
        self.write_content(&held.lead_id, lead, content)?;
        self.lead_event(&held.lead_id, lead, "evidence_changed", &before.to_string(), &content_json(lead))
    }

    /// Notes that a later screening found the same; no event of its own, the screening's event covers it.
    pub(super) fn touch_lead(&self, lead_id: &str, day: Day, known: Day) -> Result<(), StoreError> {
        self.transaction.execute(
            "update lead set seen_on = ?2, known = ?3 where lead_id = ?1 and (seen_on, known) <> (?2, ?3)",
            values![lead_id, day.to_string(), known.to_string()],
        )?;
        Ok(())
    }

    /// Ends a lead whose evidence has gone, or marks it stale where somebody had begun.
    pub(super) fn lapse_lead(&mut self, held: &Held, day: Day) -> Result<bool, StoreError> {
        let untouched = held.state == self.initial_state();
        if !untouched && held.stale {
            return Ok(false);
        }
        let (sql, action, after) = match untouched {
            true => (include_str!("../sql/lapse_lead.sql"), LAPSED, r#"{"state":"lapsed"}"#),
            false => {
                ("update lead set stale = 1 where lead_id = ?1 and ?2 <> ''", "evidence_gone", r#"{"stale":true}"#)
            }
        };
        self.transaction.execute(sql, values![held.lead_id, day.to_string()])?;
        let before = serde_json::json!({ "state": held.state, "stale": held.stale }).to_string();
        self.event(&Event {
            region: held.region.parse().ok(),
            register: "lead",
            record: &held.lead_id,
            household_no: Some(held.household_no),
            action,
            before: &before,
            after,
        })?;
        Ok(untouched)
    }

    pub(super) fn initial_state(&self) -> String {
        let register = &self.inner.declarations.registers["lead"];
        lifecycle::initial_state(register).map_or_else(|| "open".to_owned(), |state| state.name.clone())
    }

    fn write_content(&self, lead_id: &str, lead: &Lead, content: i64) -> Result<(), StoreError> {
        let first = lead.reasons.first();
        self.transaction.execute(
            include_str!("../sql/update_lead.sql"),
            values![
                lead_id,
                lead.region.to_string(),
                lead.urgency,
                lead.risk,
                first.map_or("", |reason| reason.because.as_str()),
                first.map_or("", |reason| reason.because_en.as_str()),
                lead.reasons.len() as i64,
                lead.flags.len() as i64,
                lead.day.to_string(),
                lead.known.to_string(),
                serde_json::to_string(&lead.flags)?,
                content,
            ],
        )?;
        self.transaction.execute("delete from lead_reason where lead_id = ?1", values![lead_id])?;
        let insert = include_str!("../sql/insert_lead_reason.sql");
        for (position, reason) in lead.reasons.iter().enumerate() {
            let values = values![
                lead_id,
                position as i64 + 1,
                reason.rule,
                reason.risk,
                reason.resident_key.map(|key| key.0),
                reason.band,
                serde_json::to_string(reason)?,
            ];
            self.transaction.execute(insert, values)?;
        }
        Ok(())
    }

    fn lead_event(
        &mut self,
        lead_id: &str,
        lead: &Lead,
        action: &str,
        before: &str,
        after: &str,
    ) -> Result<(), StoreError> {
        self.event(&Event {
            region: Some(lead.region),
            register: "lead",
            record: lead_id,
            household_no: Some(lead.household_no.0),
            action,
            before,
            after,
        })
    }
}

/// What an event says about a lead: its reasons with value and band; the rows behind them stay in the lead.
fn content_json(lead: &Lead) -> String {
    let reasons: Vec<serde_json::Value> = lead
        .reasons
        .iter()
        .map(|reason| {
            serde_json::json!({
                "rule": reason.rule, "rule_version": reason.rule_version, "band": reason.band,
                "resident_key": reason.resident_key, "value": reason.value, "line": reason.line,
                "files": files(reason),
            })
        })
        .collect();
    let rules: Vec<&str> = lead.reasons.iter().map(|reason| reason.rule.as_str()).collect();
    serde_json::json!({
        "urgency": lead.urgency, "rules": rules.join(" "), "stale": false, "day": lead.day, "known": lead.known,
        "risk": lead.risk, "reasons": reasons,
    })
    .to_string()
}

/// Files and row numbers behind a reason.
fn files(reason: &model::Reason) -> Vec<String> {
    reason.evidence.iter().map(|row| format!("{}:{}:{}", row.dataset, row.file, row.row)).collect()
}
