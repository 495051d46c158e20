//! Imports of files: opened, filled with faults and unmatched rows, ended.

use super::change::{AuditedObject, UnitOfWork};
use crate::database::values;
use crate::error::refusal;
use crate::{ImportState, ImportSummary, Leaver, NewImport, Receipt, Refusal, RefusalKind, UnmatchedRow};
use model::{Day, Fault, RegionCode};
use words::{Wording, wording};

/// Digits of a file's hash that name the file everywhere.
const FILE_DIGITS: usize = 12;

/// What is known of a delivery that came earlier.
struct EarlierDelivery {
    day: String,
    /// First and last day that it covers, where it is taken in.
    days: Option<(Day, Day)>,
}

impl EarlierDelivery {
    /// True unless it is taken in for other days than were said now.
    fn may_be_of(&self, from: Option<Day>, to: Option<Day>) -> bool {
        let agrees = |said: Option<Day>, own: Day| said.is_none_or(|said| said == own);
        self.days.is_none_or(|days| agrees(from, days.0) && agrees(to, days.1))
    }
}

impl UnitOfWork<'_> {
    pub(super) fn begin_import(&mut self, import: &NewImport) -> Result<Receipt, Refusal> {
        let department = self.may_hand_in(import)?;
        let hexadecimal = import.file_hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if import.file_hash.len() < FILE_DIGITS || !hexadecimal {
            return Err(refusal!("file_hash_incomplete", RefusalKind::Invalid));
        }
        // Under the first name of a register, so that a program with the earlier package finds it too.
        let dataset = self.inner.declarations.changes.kept_register(&import.dataset);
        let id = self.import_id(import, dataset)?;
        for table in ["fault", "unmatched", "noted", "leaver"] {
            self.transaction.execute(&format!("delete from {table} where import_id = ?1"), values![id])?;
        }
        let inserted = self.transaction.execute(
            include_str!("../sql/begin_import.sql"),
            values![
                id,
                dataset,
                department,
                import.file_name,
                import.file_hash,
                i64::try_from(import.bytes).unwrap_or(i64::MAX),
                import.region.to_string(),
                import.delivered_on.to_string(),
                self.actor.account,
                self.now.at_ms,
                serde_json::to_string(&ImportSummary::default())?,
            ],
        )?;
        let after = serde_json::json!({
            "file_name": import.file_name, "file_hash": import.file_hash, "delivered_on": import.delivered_on,
        });
        self.object_event(Some(import.region), AuditedObject::Import(&id), "begun", &after.to_string())?;
        Ok(Receipt { id: Some(id), added: inserted, ..Receipt::default() })
    }

    /// The place is part of it: the same file handed in for another place is another import, of which nothing is told. Of a delivery
    /// of a department the day is part of it too, and the days that were said, where the file was taken in for other days before: then
    /// it is another delivery, and the earlier one stays. Earlier versions named deliveries without days; such a one that was of the
    /// same day is the same.
    fn import_id(&self, import: &NewImport, dataset: &str) -> Result<String, Refusal> {
        let digits = file_named(&import.file_hash).to_ascii_lowercase();
        let plain = format!("{dataset}-{digits}-{}", import.region);
        if !self.inner.declarations.sources.contains_key(&import.dataset) {
            return Ok(plain);
        }
        let (day, (from, to)) = (import.delivered_on.to_string(), import.said_days);
        if self.earlier_delivery(&plain)?.is_some_and(|earlier| earlier.day == day && earlier.may_be_of(from, to)) {
            return Ok(plain);
        }
        let compact = |day: String| day.replace('-', "");
        let dated = format!("{plain}-{}", compact(day));
        if self.earlier_delivery(&dated)?.is_none_or(|earlier| earlier.may_be_of(from, to)) {
            return Ok(dated);
        }
        let [from, to] = [from, to].map(|day| day.map_or(String::new(), |day| compact(day.to_string())));
        Ok(format!("{dated}-{from}-{to}"))
    }

    fn earlier_delivery(&self, id: &str) -> Result<Option<EarlierDelivery>, Refusal> {
        let sql = "select delivered_on, state, summary from import where import_id = ?1";
        let found: Option<(String, String, String)> =
            self.transaction.first(sql, values![id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let Some((day, state, summary)) = found else { return Ok(None) };
        let summary: ImportSummary = serde_json::from_str(&summary)?;
        let coverage = summary.coverage.filter(|_| state == state_name(ImportState::Done));
        Ok(Some(EarlierDelivery { day, days: coverage.map(|coverage| (coverage.from, coverage.to)) }))
    }

    pub(super) fn add_faults(&mut self, import: &str, faults: &[Fault]) -> Result<Receipt, Refusal> {
        self.own_running_import(import)?;
        let mut number = self.last_number("fault", import)?;
        let mut rows = Vec::with_capacity(faults.len());
        for fault in faults {
            number += 1;
            let kind = serde_json::to_value(fault.kind)?;
            rows.push(values![import, number, kind.as_str(), serde_json::to_string(fault)?].to_vec());
        }
        self.transaction.bulk("fault", &["import_id", "number", "kind", "document"], rows)?;
        Ok(Receipt { id: Some(import.to_owned()), added: faults.len() as u64, ..Receipt::default() })
    }

    /// Rows for which nobody was found (`unmatched`), or that were taken and are to be looked at (`noted`).
    pub(super) fn add_rows(&mut self, table: &str, import: &str, rows: &[UnmatchedRow]) -> Result<Receipt, Refusal> {
        self.own_running_import(import)?;
        let mut number = self.last_number(table, import)?;
        let columns = ["import_id", "number", "row", "reason", "what", "seen"];
        let rows = rows.iter().map(|row| {
            number += 1;
            values![import, number, row.row, row.reason, String::from(row.what.clone()), row.seen].to_vec()
        });
        let added = self.transaction.bulk(table, &columns, rows)?;
        Ok(Receipt { id: Some(import.to_owned()), added, ..Receipt::default() })
    }

    pub(super) fn add_leavers(&mut self, import: &str, leavers: &[Leaver]) -> Result<Receipt, Refusal> {
        self.own_running_import(import)?;
        let mut number = self.last_number("leaver", import)?;
        let columns = ["import_id", "number", "household_no", "resident_key"];
        let rows = leavers.iter().map(|leaver| {
            number += 1;
            values![import, number, leaver.household_no.0, leaver.resident_key.map(|key| key.0)].to_vec()
        });
        let added = self.transaction.bulk("leaver", &columns, rows)?;
        Ok(Receipt { id: Some(import.to_owned()), added, ..Receipt::default() })
    }

    pub(super) fn finish_import(&mut self, import: &str, summary: &ImportSummary) -> Result<Receipt, Refusal> {
        let region = self.own_running_import(import)?;
        let document = serde_json::to_string(summary)?;
        let dataset = "select dataset from import where import_id = ?1";
        if let Some(dataset) = self.transaction.first(dataset, values![import], |row| row.get::<String>(0))? {
            self.index_lists(self.inner.declarations.changes.register_now(&dataset))?;
        }
        self.transaction.execute(
            "update import set state = ?2, ended_ms = ?3, summary = ?4, troubles = ?5 where import_id = ?1",
            values![import, state_name(summary.state), self.now.at_ms, document, summary.troubles()],
        )?;
        self.object_event(Some(region), AuditedObject::Import(import), state_name(summary.state), &document)?;
        Ok(Receipt { id: Some(import.to_owned()), changed: 1, ..Receipt::default() })
    }

    /// The department of the dataset, if the actor may hand it in for that place.
    fn may_hand_in(&self, import: &NewImport) -> Result<Option<String>, Refusal> {
        let declarations = &self.inner.declarations;
        let source = declarations.sources.get(&import.dataset);
        let register = declarations.registers.get(&import.dataset);
        let (label, roles, department) = match (source, register) {
            (Some(source), _) => {
                (Wording::pair(&source.label, &source.label_en), &source.may_hand_in, Some(source.department.clone()))
            }
            (None, Some(register)) => {
                let label = Wording::pair(&register.label, &register.label_en);
                (label, &register.may_import, register.department.clone())
            }
            (None, None) => return Err(Refusal::not_found(wording!("thing_dataset"))),
        };
        let is_own = declarations.is_of(self.actor, department.as_deref());
        let refused = !roles.contains(&self.actor.role) || !is_own || !self.reaches(import.region);
        if refused && !self.is_system() {
            return Err(Refusal::not_allowed(wording!("act_hand_in", dataset = label)));
        }
        Ok(department)
    }

    /// The place of an import that is running and that the actor began.
    fn own_running_import(&self, import: &str) -> Result<RegionCode, Refusal> {
        let sql = "select region, account, state from import where import_id = ?1";
        let found: Option<(String, String, String)> =
            self.transaction.first(sql, values![import], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let missing = || Refusal::not_found(wording!("thing_import"));
        let (region, account, state) = found.ok_or_else(missing)?;
        if !self.is_system() && account != self.actor.account {
            return Err(missing());
        }
        if state != "running" {
            return Err(refusal!("import_ended", RefusalKind::Conflict));
        }
        region.parse().map_err(|_| missing())
    }

    fn last_number(&self, table: &str, import: &str) -> Result<i64, Refusal> {
        let sql = format!("select coalesce(max(number), 0) from {table} where import_id = ?1");
        Ok(self.transaction.first(&sql, values![import], |row| row.get(0))?.unwrap_or(0))
    }
}

/// What names a file everywhere: the first digits of its hash.
pub(super) fn file_named(hash: &str) -> String {
    hash.chars().take(FILE_DIGITS).collect()
}

/// The name under which a state is kept.
pub(crate) fn state_name(state: ImportState) -> &'static str {
    match state {
        ImportState::Running => "running",
        ImportState::Done => "done",
        ImportState::Refused => "refused",
        ImportState::Failed => "failed",
        ImportState::Undone => "undone",
    }
}
