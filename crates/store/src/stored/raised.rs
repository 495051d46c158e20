//! Records that a screening raises (leads): what it fills in, by name, and what is behind it.

use super::record::Children;
use super::tables::RegisterTable;
use crate::StoreError;
use model::{Day, Flag, Lead, Reason, Value};
use serde::{Deserialize, Serialize};

pub(crate) const LEAD_NO: &str = "lead_no";
pub(crate) const RAISED_ON: &str = "raised_on";
pub(crate) const URGENCY: &str = "urgency";
/// Puts leads in order: the most urgent first, then by their numbers.
pub(crate) const RANK: &str = "rank";
pub(crate) const RISK: &str = "risk_code";
pub(crate) const BECAUSE: &str = "because";
pub(crate) const BECAUSE_EN: &str = "because_en";
pub(crate) const REASONS: &str = "reasons";
pub(crate) const DOUBTS: &str = "doubts";
pub(crate) const EVIDENCE: &str = "evidence";
pub(crate) const KNOWN_ON: &str = "known_on";
pub(crate) const IS_STALE: &str = "is_stale";
/// Path of the rule among the reasons of a record, by which lists are filtered.
pub(crate) const REASON_RULE: &str = "reason.rule";
/// The kind of child record with the reasons.
pub(crate) const REASON: &str = "reason";
const DOUBT: &str = "doubt";
const HOUSEHOLD: &str = "household_no";
pub(crate) const EVIDENCE_ON: &str = "evidence_on";

/// What is behind a raised record: kept as a file with it, by its content.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub(crate) struct Evidence {
    /// Strongest first.
    pub(crate) reasons: Vec<Reason>,
    pub(crate) flags: Vec<Flag>,
}

/// The file with what is behind a lead.
///
/// # Errors
/// When it cannot be written as JSON.
pub(crate) fn evidence_of(lead: &Lead) -> Result<Vec<u8>, StoreError> {
    /// As [`Evidence`], of a lead that stays.
    #[derive(Serialize)]
    struct OfLead<'l> {
        reasons: &'l [Reason],
        flags: &'l [Flag],
    }
    Ok(serde_json::to_vec(&OfLead { reasons: &lead.reasons, flags: &lead.flags })?)
}

/// The value of the field with the evidence, for the file with this hash.
pub(crate) fn evidence_text(hash: &str) -> String {
    format!("{hash}:evidence.json")
}

/// The hash of the file behind a value of the field with the evidence.
pub(crate) fn evidence_hash(value: &str) -> &str {
    value.split_once(':').map_or(value, |(hash, _)| hash)
}

/// Digits that grow as the urgency falls, and the number behind them.
fn rank(urgency: i64, lead_no: &str) -> String {
    const MOST: i64 = 9_999;
    format!("{:04} {lead_no}", MOST - urgency.clamp(0, MOST))
}

/// What a lead has from the register in which it is raised.
pub(crate) struct RaisedNumber<'a> {
    pub(crate) lead_no: &'a str,
    pub(crate) raised_on: Day,
    /// The hash of the file with what is behind it.
    pub(crate) evidence: &'a str,
}

/// Fields and child records of a lead; `fields` and `children` are those that are stored, or empty ones.
pub(crate) fn fill_in(
    table: &RegisterTable,
    fields: &mut [Value],
    children: &mut Children,
    lead: &Lead,
    number: &RaisedNumber<'_>,
) {
    let RaisedNumber { lead_no, raised_on, evidence } = *number;
    let text = |text: &str| Value::Text(text.to_owned());
    let first = lead.reasons.first();
    let filled = [
        (LEAD_NO, text(lead_no)),
        (HOUSEHOLD, Value::Text(lead.household_no.to_string())),
        (RAISED_ON, Value::Day(raised_on)),
        (URGENCY, Value::Int(lead.urgency)),
        (RANK, Value::Text(rank(lead.urgency, lead_no))),
        (RISK, text(&lead.risk)),
        (BECAUSE, text(first.map_or("", |reason| &reason.because))),
        (BECAUSE_EN, text(first.map_or("", |reason| &reason.because_en))),
        (REASONS, Value::Int(lead.reasons.len() as i64)),
        (DOUBTS, Value::Int(lead.flags.len() as i64)),
        (EVIDENCE, Value::Text(evidence_text(evidence))),
        (EVIDENCE_ON, Value::Day(lead.day)),
        (KNOWN_ON, Value::Day(lead.known)),
        (IS_STALE, Value::Bool(false)),
    ];
    for (name, value) in filled {
        table.set(fields, name, value);
    }
    if let Some(place) = table.region {
        fields[place] = Value::Text(lead.region.to_string());
    }
    children.resize(table.children.len(), Vec::new());
    let reasons = lead.reasons.iter().map(|reason| {
        vec![
            ("rule", text(&reason.rule)),
            ("risk_code", text(&reason.risk)),
            ("because", text(&reason.because)),
            ("because_en", text(&reason.because_en)),
            ("band", Value::Int(i64::from(reason.band))),
            ("points", Value::Int(reason.points)),
        ]
    });
    put(table, children, REASON, reasons.collect());
    let doubts = lead.flags.iter().map(|flag| {
        vec![("rule", text(&flag.rule)), ("because", text(&flag.because)), ("because_en", text(&flag.because_en))]
    });
    put(table, children, DOUBT, doubts.collect());
}

/// Puts rows in the place of those of a kind of child record.
fn put(table: &RegisterTable, children: &mut Children, kind: &str, rows: Vec<Vec<(&str, Value)>>) {
    let Some(at) = table.register.child.iter().position(|child| child.name == kind) else { return };
    let columns = &table.children[at].columns;
    let row = |given: Vec<(&str, Value)>| {
        let value = |name: &str| given.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        columns.iter().map(|column| value(&column.field.name).unwrap_or_default()).collect()
    };
    children[at] = rows.into_iter().map(row).collect();
}

impl RegisterTable {
    /// Puts a value into the field of that name, if it is declared.
    pub(crate) fn set(&self, fields: &mut [Value], name: &str, value: Value) {
        if let Some((at, _)) = self.column(name) {
            fields[at] = value;
        }
    }

    /// The value of the field of that name.
    pub(crate) fn value<'v>(&self, fields: &'v [Value], name: &str) -> &'v Value {
        self.column(name).and_then(|(at, _)| fields.get(at)).unwrap_or(&Value::Null)
    }

    /// The column of the field of that name, in quotes, for a statement; `null` where it is not declared.
    pub(crate) fn column_sql(&self, alias: &str, name: &str) -> String {
        self.column(name).map_or_else(|| "null".to_owned(), |(_, column)| format!("{alias}.\"{}\"", column.name))
    }

    /// Texts of the states for which it is true, for `in (…)`; one that no record has where there is none.
    pub(crate) fn states_sql(&self, is_meant: impl Fn(&policy::declare::State) -> bool) -> String {
        let states = self.register.state.iter().filter(|state| is_meant(state));
        let names: Vec<String> = states.map(|state| format!("'{}'", state.name.replace('\'', ""))).collect();
        if names.is_empty() { "''".to_owned() } else { names.join(", ") }
    }

    /// States in which a record waits for somebody: neither at its end, nor only watched.
    pub(crate) fn open_states(&self) -> String {
        self.states_sql(|state| !state.is_final && !state.is_watched)
    }

    /// Name of the table of a kind of child record.
    pub(crate) fn child_table(&self, kind: &str) -> Result<&super::tables::ChildTable, StoreError> {
        let at = self.register.child.iter().position(|child| child.name == kind);
        at.map(|at| &self.children[at]).ok_or_else(|| StoreError::Declaration {
            register: self.name.clone(),
            why: format!("it has no child record `{kind}`"),
        })
    }
}
