//! Events as a time line shows them.

use super::paging::day;
use crate::StoreError;
use crate::database::{Row, Sql, Transaction, values};
use crate::read::{HistoryRow, View};
use crate::stored::event_fields::said;
use crate::stored::raised;
use crate::stored::record::StoredRecord;
use crate::stored::tables::{ChildTable, RegisterTable};
use crate::stored::values::household_no;
use model::{Class, Kind};
use policy::declare::Column;

/// Events of a household at most.
const EVENTS_MAX: u32 = 200;

/// What an event says besides fields that people may read: the state, why and what for, the field that was looked at.
const NOTES: [&str; 4] = ["_field", "_purpose", "_state", "_why"];

const SELECT_EVENT: &str = "select e.seq, e.day, e.at_ms, e.account, coalesce(a.shown_name, ''), e.role, e.register, e.record, \
     e.action, e.before, e.after, case when a.role <> e.role then 1 else 0 end from event e left join account a on a.name = e.account";

impl View<'_> {
    /// Events of a household, its members and its leads, newest first. The caller has checked the place.
    pub(super) fn history_of_household(
        &self,
        transaction: &Transaction<'_>,
        household_no: i64,
    ) -> Result<Vec<HistoryRow>, StoreError> {
        let raised = self.store.inner.raised()?;
        let hidden = if self.sees(&raised.register) { "" } else { raised.kept.as_str() };
        let sql = format!("{SELECT_EVENT} where e.household_no = ?1 and e.register <> ?3 order by e.seq desc limit ?2");
        self.events(transaction, &sql, values![household_no, EVENTS_MAX, hidden])
    }

    /// Events of a record of a register, newest first. The caller has checked that the actor may see it.
    pub(super) fn events_of(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        stored: &StoredRecord,
    ) -> Result<Vec<HistoryRow>, StoreError> {
        let (own, values) = own_events(table, stored);
        let sql = format!("{SELECT_EVENT} where {own} order by e.seq desc limit {EVENTS_MAX}");
        self.events(transaction, &sql, values)
    }

    fn events(
        &self,
        transaction: &Transaction<'_>,
        sql: &str,
        values: impl AsRef<[Sql]>,
    ) -> Result<Vec<HistoryRow>, StoreError> {
        transaction.all(sql, values, |row| self.history_row(row))
    }

    fn history_row(&self, row: &Row<'_>) -> Result<HistoryRow, StoreError> {
        let register: String = row.get(6)?;
        let before: String = row.get(9)?;
        let after: String = row.get(10)?;
        Ok(HistoryRow {
            seq: row.get(0)?,
            day: day(row, 1)?,
            at_ms: row.get(2)?,
            account: row.get(3)?,
            shown_name: row.get(4)?,
            role: row.get(5)?,
            key: row.get(7)?,
            action: row.get(8)?,
            changes: self.changes(&register, &before, &after)?,
            for_office: row.get(11)?,
            register: self.store.inner.declarations.changes.register_now(&register).to_owned(),
        })
    }

    /// Fields with their values before and after, as the role may see them, under their present names. `register` is the kept
    /// name. Of fields that are not declared any more nobody knows whether they are sensitive: their values are not shown.
    fn changes(&self, register: &str, before: &str, after: &str) -> Result<Vec<(String, String, String)>, StoreError> {
        let (before, after) = (said(before)?, said(after)?);
        let inner = &self.store.inner;
        let table = inner.tables.get(inner.declarations.changes.register_now(register));
        let declared = inner.declarations.registers.get(register).filter(|_| table.is_none());
        let named =
            before.keys().chain(after.keys()).filter(|name| !name.starts_with('_') || NOTES.contains(&name.as_str()));
        let names: std::collections::BTreeSet<&String> = named.collect();
        let shown = |values: &serde_json::Map<String, serde_json::Value>, name: &String| {
            let Some(value) = values.get(name) else { return String::new() };
            match table.filter(|_| !name.starts_with('_')) {
                Some(table) => self.value_text(table, name, value),
                None => {
                    let column = declared.and_then(|register| register.field_named(name));
                    let value = match (table, name.as_str(), value) {
                        (Some(table), "_field", serde_json::Value::String(kept)) => table.now(kept).to_owned().into(),
                        _ => value.clone(),
                    };
                    self.event_value(column, &value)
                }
            }
        };
        let now = |name: &String| table.map_or(name.as_str(), |table| table.now(name)).to_owned();
        Ok(names.into_iter().map(|name| (now(name), shown(&before, name), shown(&after, name))).collect())
    }

    /// A value that an event tells of a field or a kind of child record of the table.
    fn value_text(&self, table: &RegisterTable, kept: &str, value: &serde_json::Value) -> String {
        if let Some(column) = table.columns.iter().find(|column| column.name == kept) {
            return self.event_value(Some(&column.field), value);
        }
        match (table.children.iter().find(|child| child.kept == kept), value) {
            (Some(child), serde_json::Value::Array(rows)) => {
                let row = |row: &serde_json::Value| match row {
                    serde_json::Value::Object(cells) => {
                        let cells = cells.iter().map(|(name, value)| (child.now(name).to_owned(), value.clone()));
                        serde_json::Value::Object(cells.collect())
                    }
                    other => other.clone(),
                };
                serde_json::Value::Array(rows.iter().map(row).collect()).to_string()
            }
            _ if value.is_null() => String::new(),
            _ => "***".to_owned(),
        }
    }

    fn event_value(&self, column: Option<&Column>, value: &serde_json::Value) -> String {
        let text = match value {
            serde_json::Value::Null => return String::new(),
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match column {
            Some(column) if column.effective_class() == Class::Sensitive => "***".to_owned(),
            Some(column) if column.kind == Kind::Name => self.name_shown(&text),
            _ => text,
        }
    }
}

/// The condition under which an event `e` is one of the record, with its values: it names the record, or the number of the lead that
/// the record was before leads were records.
pub(super) fn own_events(table: &RegisterTable, stored: &StoredRecord) -> (&'static str, Vec<Sql>) {
    let values = vec![stored.id.into(), table.kept.as_str().into()];
    let household = table.household.and_then(|at| household_no(&stored.fields[at]));
    let lead_no = table.value(&stored.fields, raised::LEAD_NO).as_text().filter(|_| table.register.is_raised());
    match household.zip(lead_no) {
        None => ("e.record_id = ?1 and e.register = ?2", values),
        Some((household, lead_no)) => {
            let of_lead = [household.0.into(), lead_no.into()];
            let own = "(e.record_id = ?1 or (e.household_no = ?3 and e.record = ?4)) and e.register = ?2";
            (own, values.into_iter().chain(of_lead).collect())
        }
    }
}

impl RegisterTable {
    /// The present name of the field or the kind of child record that is kept under this one.
    fn now<'n>(&'n self, kept: &'n str) -> &'n str {
        let field = self.columns.iter().find(|column| column.name == kept).map(|column| column.field.name.as_str());
        let child = || {
            let at = self.children.iter().position(|child| child.kept == kept)?;
            Some(self.register.child.get(at)?.name.as_str())
        };
        field.or_else(child).unwrap_or(kept)
    }
}

impl ChildTable {
    fn now<'n>(&'n self, kept: &'n str) -> &'n str {
        self.columns.iter().find(|column| column.name == kept).map_or(kept, |column| column.field.name.as_str())
    }
}
