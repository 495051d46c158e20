//! One record with everything behind it, now and as of any day.

use super::history::own_events;
use super::records::Scoped;
use crate::database::{Sql, Transaction};
use crate::log::course::Subject;
use crate::log::tally;
use crate::read::course_shown::course_of;
use crate::read::{ChildShown, CourseShown, FieldShown, HistoryRow, RecordFile, ReferenceShown, RegisterFigures, View};
use crate::stored::record::StoredRecord;
use crate::stored::tables::{ChildTable, RegisterTable};
use crate::{Refusal, StoreError};
use model::{Day, Level, RecordId, Value};
use serde_json::{Map, Value as Json};

/// Records that a field may refer to, shown at once at most.
const REFERENCES_MAX: u32 = 50;

/// Actions with which a record begins.
const BEGINNINGS: [&str; 3] = ["added", "opened", "raised"];

impl View<'_> {
    /// A record with its history and the steps that may be taken; `None` for what does not exist or lies outside.
    ///
    /// # Errors
    /// `NotFound` for a register that the actor does not see.
    pub fn record(&self, register: &str, id: &str, today: Day) -> Result<Option<RecordFile>, Refusal> {
        let table = self.table(register)?;
        let Some(span) = self.span(None) else { return Ok(None) };
        let found = self.read_within(&span, |transaction| {
            let Some(stored) = self.stored(transaction, table, id)? else { return Ok(None) };
            self.record_file(transaction, table, &stored, today).map(Some)
        })?;
        Ok(found)
    }

    /// The record as it stood at the end of a day: no steps, and only what had happened by then. `None` where it was not
    /// entered yet.
    ///
    /// # Errors
    /// `NotFound` for a register that the actor does not see.
    pub fn record_as_of(&self, register: &str, id: &str, day: Day) -> Result<Option<RecordFile>, Refusal> {
        let table = self.table(register)?;
        let Some(span) = self.span(None) else { return Ok(None) };
        let found = self.read_within(&span, |transaction| {
            let Some(mut stored) = self.stored(transaction, table, id)? else { return Ok(None) };
            self.turn_back(transaction, table, &mut stored, day)?;
            if stored.meta.entered_on.is_some_and(|entered| entered > day) {
                return Ok(None);
            }
            let mut file = self.record_file(transaction, table, &stored, day)?;
            file.history.retain(|event| event.day <= day);
            file.course = CourseShown::default();
            file.may_correct = false;
            Ok(Some(file))
        })?;
        Ok(found)
    }

    /// Figures of a register within the actor's place; `today` decides what is overdue.
    ///
    /// # Errors
    /// `NotFound` for a register that the actor does not see.
    pub fn register_figures(&self, register: &str, today: Day) -> Result<RegisterFigures, Refusal> {
        let table = self.table(register)?;
        let mut figures = RegisterFigures { register: register.to_owned(), ..RegisterFigures::default() };
        let Some(Scoped { span, conditions }) = self.scope(table, &crate::read::RecordFilter::default())? else {
            return Ok(figures);
        };
        let today = today.to_string();
        let rows = self.read_within(&span, |transaction| {
            // Counties are counted as they change; what lies inside one is few records.
            if self.actor.region.level() <= Level::County {
                return tally::figures(transaction, table, &span, &today);
            }
            let sql = format!(
                "select t.state, count(*), sum(case when t.due_on < ? then 1 else 0 end) from {} t{} group by t.state",
                table.table, conditions.text
            );
            let values: Vec<Sql> = [Sql::from(today.as_str())].into_iter().chain(conditions.values.clone()).collect();
            transaction.all(&sql, &values, |row| {
                Ok((row.get(0)?, row.get(1)?, row.get::<Option<u64>>(2)?.unwrap_or_default()))
            })
        })?;
        figures.records = rows.iter().map(|(_, count, _)| count).sum();
        figures.overdue = rows.iter().map(|(.., overdue)| overdue).sum();
        for state in &table.register.state {
            let count = rows.iter().find(|(name, ..)| name.as_ref() == Some(&state.name)).map_or(0, |row| row.1);
            figures.by_state.push((state.name.clone(), count));
        }
        Ok(figures)
    }

    /// Records that a reference to `register` may name, whose key or name begins with `text`; those of the actor's place and
    /// those around it.
    ///
    /// # Errors
    /// `NotFound` for a register that the actor does not see.
    pub fn references(&self, register: &str, text: &str) -> Result<Vec<ReferenceShown>, Refusal> {
        let table = self.table(register)?;
        let Some(span) = self.span(None) else { return Ok(Vec::new()) };
        let Some(key) = table.register.key.first().and_then(|key| table.column(key)) else { return Ok(Vec::new()) };
        let named = table.register.list.columns.iter().find(|name| **name != key.1.field.name);
        let named = named.and_then(|name| table.column(name)).filter(|(_, column)| column.find.is_none());
        let label = named.map_or(key, |named| named);
        let sql = format!(
            "select t.\"{key}\", t.\"{label}\" from {table} t where t.place between ?1 and ?2 \
             and coalesce(t.is_withdrawn, 0) = 0 and ((t.\"{key}\" >= ?3 and t.\"{key}\" < ?4) \
             or (t.\"{label}\" >= ?3 and t.\"{label}\" < ?4)) order by 1 limit {REFERENCES_MAX}",
            key = key.1.name,
            label = label.1.name,
            table = table.table,
        );
        let end = format!("{text}{}", char::MAX);
        let values = [span.first.as_str().into(), span.last.as_str().into(), text.into(), end.into()];
        let cipher = &self.store.inner.cipher;
        let found = self.read_within(&span, |transaction| {
            transaction.all(&sql, &values, |row| {
                let key = crate::stored::values::from_row(cipher, key.1, row, 0)?;
                let shown = crate::stored::values::from_row(cipher, label.1, row, 1)?;
                Ok(ReferenceShown {
                    key: key.to_string(),
                    label: self.field_shown(&label.1.field, shown).value.to_string(),
                })
            })
        })?;
        Ok(found)
    }

    /// The id of the record with this key text in a register with one key field, if the actor sees it.
    ///
    /// # Errors
    /// `NotFound` for a register that the actor does not see.
    pub fn record_by_key(&self, register: &str, key: &str) -> Result<Option<String>, Refusal> {
        let table = self.table(register)?;
        let Some(span) = self.span(None) else { return Ok(None) };
        let found = self.read_within(&span, |transaction| {
            let Some(id) = table.id_by_key(transaction, &self.store.inner.cipher, key)? else { return Ok(None) };
            let sql = format!(
                "select t.id from {} t where t.id = ?1 and t.place between ?2 and ?3 and coalesce(t.is_withdrawn, 0) = 0",
                table.table
            );
            let values = [id.into(), span.first.as_str().into(), span.last.as_str().into()];
            transaction.first(&sql, &values, |row| row.get::<RecordId>(0))
        })?;
        Ok(found.map(|id| id.to_string()))
    }

    /// The record of that name, or with that text in its one key field, if the actor may see it.
    pub(super) fn stored(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        id: &str,
    ) -> Result<Option<StoredRecord>, StoreError> {
        let named = match id.parse::<RecordId>().ok() {
            Some(id) => Some(id),
            None => table.id_by_key(transaction, &self.store.inner.cipher, id)?,
        };
        let Some(id) = named else { return Ok(None) };
        let stored = table.stored_by_id(transaction, &self.store.inner.cipher, id)?;
        Ok(stored.filter(|stored| stored.meta.place.is_some_and(|place| self.actor.region.holds(place))))
    }

    fn record_file(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        stored: &StoredRecord,
        today: Day,
    ) -> Result<RecordFile, StoreError> {
        let meta = &stored.meta;
        let shown = table.columns.iter().zip(&stored.fields);
        let fields = shown.map(|(column, value)| self.field_shown(&column.field, value.clone())).collect();
        let history = self.history_of_record(transaction, table, stored)?;
        let course = match meta.is_withdrawn || meta.state.is_none() {
            true => CourseShown::default(),
            false => self.course(transaction, table, stored, today, &history)?,
        };
        let state = meta.state.as_ref().and_then(|state| table.register.state_named(state));
        let is_open = !meta.is_withdrawn
            && state.is_none_or(|state| {
                let takes_objections = table.objections_in(Some(&state.name)).is_some();
                !state.is_final && (!state.is_locked || takes_objections)
            });
        Ok(RecordFile {
            id: stored.id.to_string(),
            version: meta.version,
            place: meta.place,
            place_name: self.place_name(transaction, meta.place)?,
            state: meta.state.clone(),
            state_on: meta.state_on,
            due_on: meta.due_on,
            entered_by: self.shown_account(transaction, meta.entered_by.as_deref())?,
            entered_on: meta.entered_on,
            is_withdrawn: meta.is_withdrawn,
            origin: (!stored.origin.file.is_empty()).then(|| (stored.origin.file.clone(), stored.origin.row)),
            fields,
            children: self.children_shown(table, stored),
            history,
            course,
            may_correct: is_open && self.has_right(&table.register, &table.register.may_enter),
            may_unmask: self.has_right(&table.register, &table.register.may_unmask),
        })
    }

    fn course(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        stored: &StoredRecord,
        today: Day,
        history: &[HistoryRow],
    ) -> Result<CourseShown, StoreError> {
        let subject = Subject {
            stored: Some(stored),
            place: stored.meta.place,
            fields: &stored.fields,
            children: &stored.children,
            given: &[],
            actor: &self.actor,
            today,
        };
        let inner = &self.store.inner;
        let mut shown = inner.weigh(transaction, table, &subject, |asked, course| course_of(table, asked, course))?;
        self.tell_last_step(transaction, table, stored, history, &mut shown)?;
        Ok(shown)
    }

    fn children_shown(&self, table: &RegisterTable, stored: &StoredRecord) -> Vec<ChildShown> {
        let none = Vec::new();
        let shown = |child: &ChildTable, index: usize| {
            let declared = &table.register.child[index];
            let rows = stored.children.get(index).unwrap_or(&none);
            let row = |row: &Vec<Value>| -> Vec<FieldShown> {
                let cells = child.columns.iter().zip(row);
                cells.map(|(column, value)| self.field_shown(&column.field, value.clone())).collect()
            };
            ChildShown {
                name: declared.name.clone(),
                label: declared.label.clone(),
                label_en: declared.label_en.clone(),
                rows: rows.iter().map(row).collect(),
            }
        };
        table.children.iter().zip(0..).map(|(child, index)| shown(child, index)).collect()
    }

    /// Undoes, newest first, what happened to a record after a day.
    fn turn_back(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        stored: &mut StoredRecord,
        day: Day,
    ) -> Result<(), StoreError> {
        for told in self.befores(transaction, table, stored, Some(day))? {
            table.put_back(&self.store.inner.cipher, &told, &mut stored.fields, &mut stored.children)?;
            let text = |name: &str| told.get(name).map(|value| value.as_str().map(str::to_owned));
            // `state`: as it stood in the events of leads before they were records.
            if let Some(state) = text("_state").or_else(|| text("state")) {
                stored.meta.state = state;
                stored.meta.state_on = text("_state_on").flatten().and_then(|text| text.parse().ok());
                stored.meta.due_on = None;
            }
            if let Some(withdrawn) = told.get("_withdrawn").and_then(Json::as_bool) {
                stored.meta.is_withdrawn = withdrawn;
            }
            if let Some(entered_on) = text("_entered_on") {
                stored.meta.entered_on = entered_on.and_then(|text| text.parse().ok());
                stored.meta.entered_by = text("_entered_by").flatten();
            }
        }
        Ok(())
    }

    /// What each event of the record says was before, newest first; of those behind a day, or of all.
    pub(super) fn befores(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        stored: &StoredRecord,
        behind: Option<Day>,
    ) -> Result<Vec<Map<String, Json>>, StoreError> {
        let (own, mut values) = own_events(table, stored);
        values.push(behind.map(|day| day.to_string()).unwrap_or_default().into());
        let sql = format!(
            "select e.before from event e where {own} and e.day > ?{} and e.before <> '' order by e.seq desc",
            values.len()
        );
        transaction.all(&sql, &values, |row| Ok(serde_json::from_str(&row.get::<String>(0)?)?))
    }

    pub(super) fn history_of_record(
        &self,
        transaction: &Transaction<'_>,
        table: &RegisterTable,
        stored: &StoredRecord,
    ) -> Result<Vec<HistoryRow>, StoreError> {
        let mut history = self.events_of(transaction, table, stored)?;
        let has_beginning = history.iter().any(|event| BEGINNINGS.contains(&event.action.as_str()));
        if !has_beginning && let Some(day) = stored.meta.entered_on {
            let account = stored.meta.entered_by.clone().unwrap_or_default();
            let shown_name = self.shown_account(transaction, Some(&account))?.map_or(String::new(), |(_, name)| name);
            let role = if account == crate::stored::keys::SYSTEM_ROLE { account.clone() } else { String::new() };
            history.push(HistoryRow {
                seq: 0,
                day,
                at_ms: 0,
                account,
                shown_name,
                role,
                register: table.name.clone(),
                key: stored.id.to_string(),
                action: "added".to_owned(),
                changes: Vec::new(),
                for_office: false,
            });
        }
        Ok(history)
    }

    fn place_name(
        &self,
        transaction: &Transaction<'_>,
        place: Option<model::RegionCode>,
    ) -> Result<String, StoreError> {
        self.store.inner.place_name(transaction, place)
    }

    pub(super) fn shown_account(
        &self,
        transaction: &Transaction<'_>,
        account: Option<&str>,
    ) -> Result<Option<(String, String)>, StoreError> {
        let Some(account) = account else { return Ok(None) };
        let sql = "select shown_name from account where name = ?1";
        let name = transaction.first(sql, &[account.into()], |row| row.get::<String>(0))?;
        Ok(Some((account.to_owned(), name.unwrap_or_else(|| account.to_owned()))))
    }
}
