//! A whole import taken back: what it added is withdrawn, what it changed is put back. What was worked on since, or changed by a
//! later import, stays; when that import is taken back too, nothing comes back of an import that was itself taken back.

use super::act::Act;
use super::change::{AuditedObject, UnitOfWork};
use super::conflict::NO_CHANGES;
use super::draft::draft_of;
use super::imports::file_named;
use crate::database::{Row, Sql};
use crate::error::refusal;
use crate::stored::calculated::calculated_again;
use crate::stored::keys::BY_PACKAGE;
use crate::stored::old_codes::OldCodes;
use crate::stored::record::{FileRow, StoredRecord};
use crate::stored::tables::RegisterTable;
use crate::{Receipt, Refusal, RefusalKind, StoreError};
use model::{RecordId, RegionCode};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeSet, HashMap};
use words::wording;

impl UnitOfWork<'_> {
    /// Takes an import of a register back. The receipt counts `changed` records that were put back or withdrawn and
    /// `outside` ones that were changed since and stay as they are.
    pub(super) fn undo_import(&mut self, import: &str) -> Result<Receipt, Refusal> {
        let missing = || Refusal::not_found(wording!("thing_import"));
        let sql = "select dataset, file_hash, account, state from import where import_id = ?1";
        let found = self.transaction.first(sql, &[import.into()], |row| {
            Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?, row.get::<String>(3)?))
        })?;
        let (dataset, file_hash, account, state) = found.ok_or_else(missing)?;
        let Some(table) = self.inner.tables.get(self.inner.declarations.changes.register_now(&dataset)) else {
            return self.undo_delivery(import, &dataset, &account, &state);
        };
        let may = table.register.may_import.contains(&self.actor.role) && self.keeps(&table.register);
        let own = account == self.actor.account && may;
        if !self.is_system() && !own {
            return Err(missing());
        }
        self.names_deputies(table)?;
        not_open(&state)?;
        let file = file_named(&file_hash);
        let taken_back = self.taken_back(table)?;
        let mut receipt = Receipt { id: Some(import.to_owned()), ..Receipt::default() };
        for id in self.records_of(table, import, &file)? {
            let stored = table.stored_by_id(self.transaction, &self.inner.cipher, id)?;
            // The same file may have been taken in for another place as well: what it brought there stays.
            let stored = stored.filter(|stored| !stored.meta.is_withdrawn && self.reaches_record(stored.meta.place));
            let Some(stored) = stored else { continue };
            match self.undo_record(table, stored, &file, &taken_back)? {
                Some(true) => receipt.changed += 1,
                Some(false) => receipt.outside += 1,
                None => {}
            }
        }
        let done = "update import set state = 'undone' where import_id = ?1";
        self.transaction.execute(done, &[import.into()])?;
        Ok(receipt)
    }

    /// Notes that a delivery of a department was taken back; its rows stand in the lake.
    fn undo_delivery(&mut self, import: &str, dataset: &str, account: &str, state: &str) -> Result<Receipt, Refusal> {
        let missing = || Refusal::not_found(wording!("thing_import"));
        let source = self.inner.declarations.sources.get(dataset).ok_or_else(missing)?;
        let is_of = self.inner.declarations.is_of(self.actor, Some(&source.department));
        let own = account == self.actor.account && source.may_hand_in.contains(&self.actor.role) && is_of;
        if !self.is_system() && !own {
            return Err(missing());
        }
        not_open(state)?;
        let sql = "update import set state = 'undone' where import_id = ?1";
        self.transaction.execute(sql, &[import.into()])?;
        let region =
            self.transaction.first("select region from import where import_id = ?1", &[import.into()], |row| {
                row.get::<String>(0)
            })?;
        let region = region.and_then(|region| region.parse().ok());
        self.object_event(region, AuditedObject::Import(import), "undone", "")?;
        Ok(Receipt { id: Some(import.to_owned()), changed: 1, ..Receipt::default() })
    }

    /// Records that this file was the last to bring, and those that it brought or changed before another file did. `import`
    /// began before it changed anything.
    fn records_of(&self, table: &RegisterTable, import: &str, file: &str) -> Result<Vec<RecordId>, StoreError> {
        let sql = format!(
            "select id from {} where origin_file = ?1 and coalesce(is_withdrawn, 0) = 0 order by origin_row",
            table.table
        );
        let mut records: Vec<RecordId> = self.transaction.all(&sql, &[file.into()], |row| row.get(0))?;
        let began = "select min(seq) from event where register = 'import' and record = ?1";
        let began = self.transaction.first(began, &[import.into()], |row| row.get::<Option<i64>>(0))?.flatten();
        let sql = "select distinct record_id from event where register = ?1 and seq > ?2 and action = 'changed' \
                   and record_id is not null and (after like ?3 or before like ?3) order by record_id";
        let with_file = format!("%\"_file\":\"{file}\"%");
        let values: [Sql; 3] = [table.kept.as_str().into(), began.unwrap_or_default().into(), with_file.into()];
        let known: BTreeSet<RecordId> = records.iter().copied().collect();
        let others: Vec<RecordId> = self.transaction.all(sql, &values, |row| row.get(0))?;
        records.extend(others.into_iter().filter(|id| !known.contains(id)));
        Ok(records)
    }

    /// True where the file's part in the record was taken back, false where the record was changed since and stays; `None` where
    /// nothing in it is of the file.
    fn undo_record(
        &mut self,
        table: &RegisterTable,
        mut stored: StoredRecord,
        file: &str,
        taken_back: &TakenBack,
    ) -> Result<Option<bool>, Refusal> {
        let mut past = self.past_of(table, &stored)?;
        if !past.has(file) {
            return Ok(None);
        }
        if past.last_file() != Some(file) {
            return Ok(Some(false));
        }
        // What comes to light may be of a file that was itself taken back, while this one lay above it.
        while past.last_file().is_some_and(|last| last == file || taken_back.includes(last, stored.meta.place)) {
            let Some(Part::Import { before, .. }) = past.parts.pop() else {
                self.withdraw(table, &stored, Act::of("withdrawn"))?;
                break;
            };
            let was_withdrawn = self.put_back(table, &stored, &before)?;
            let now = table.stored_by_id(self.transaction, &self.inner.cipher, stored.id)?;
            let Some(now) = now else { break };
            stored = now;
            if was_withdrawn {
                self.withdraw(table, &stored, Act::of("withdrawn"))?;
                break;
            }
        }
        Ok(Some(true))
    }

    /// Puts a record back to what it was before an import changed it; true where it was withdrawn then.
    fn put_back(
        &mut self,
        table: &RegisterTable,
        stored: &StoredRecord,
        before: &Map<String, Json>,
    ) -> Result<bool, Refusal> {
        let mut draft = draft_of(stored);
        let mut children = stored.children.clone();
        table.put_back(&self.inner.cipher, before, &mut draft.fields, &mut children)?;
        // What was put back is older than what the package changed since.
        for codes in OldCodes::of(&self.inner.cipher, table, &self.inner.declarations, Some(self.now.day)) {
            codes.replace(table, &mut draft.fields, &mut children, &self.inner.declarations);
        }
        let put_back = StoredRecord { fields: draft.fields, children, ..stored.clone() };
        let put_back = calculated_again(&self.inner.declarations, table, &put_back, self.now.day);
        draft.fields = put_back.fields;
        draft.children = Some(put_back.children);
        let earlier = StoredRecord {
            origin: FileRow {
                file: before.get("_file").and_then(Json::as_str).unwrap_or_default().to_owned(),
                row: before
                    .get("_row")
                    .and_then(Json::as_u64)
                    .and_then(|row| u32::try_from(row).ok())
                    .unwrap_or_default(),
            },
            ..stored.clone()
        };
        let place = self.place_of(table, &draft)?.or(stored.meta.place);
        let meta = crate::stored::record::RecordMeta { place, ..stored.meta.clone() };
        self.change_record(table, &earlier, &draft, &meta, Act::of("import_undone"))?;
        Ok(before.get("_withdrawn").and_then(Json::as_bool) == Some(true))
    }

    /// What a record is made of, from its events.
    fn past_of(&self, table: &RegisterTable, stored: &StoredRecord) -> Result<Past, StoreError> {
        let [recalculated, recoded] = BY_PACKAGE;
        let sql = format!(
            "select action, before, after from event where record_id = ?1 and register = ?2 \
             and action not in ('{recalculated}', '{recoded}', {NO_CHANGES}) order by seq"
        );
        let values: [Sql; 2] = [stored.id.into(), table.kept.as_str().into()];
        let read = |row: &Row<'_>| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?));
        Past::new(&stored.origin.file, self.transaction.all(&sql, &values, read)?)
    }

    /// Which files of a register were taken back, and where.
    fn taken_back(&self, table: &RegisterTable) -> Result<TakenBack, StoreError> {
        let sql = "select file_hash, region, state from import where dataset = ?1";
        let imports = self.transaction.all(sql, &[table.kept.as_str().into()], |row| {
            let region = row.get::<String>(1)?.parse::<RegionCode>().ok();
            Ok((file_named(&row.get::<String>(0)?), region, row.get::<String>(2)? == "undone"))
        })?;
        let mut files: HashMap<String, Vec<(RegionCode, bool)>> = HashMap::new();
        for (file, region, is_undone) in imports {
            files.entry(file).or_default().extend(region.map(|region| (region, is_undone)));
        }
        Ok(TakenBack { files })
    }
}

/// Imports of a register by their file: for which place, and whether they were taken back.
struct TakenBack {
    files: HashMap<String, Vec<(RegionCode, bool)>>,
}

impl TakenBack {
    /// True where every import of the file that reached the place was taken back.
    fn includes(&self, file: &str, place: Option<RegionCode>) -> bool {
        let imports = self.files.get(file).into_iter().flatten();
        let mut there = imports.filter(|(region, _)| place.is_none_or(|place| region.holds(place))).peekable();
        there.peek().is_some() && there.all(|(_, is_undone)| *is_undone)
    }
}

/// One change of a record that still counts.
enum Part {
    /// By an import: its file, and what the event tells of before.
    Import { file: String, before: Map<String, Json> },
    /// By people; no import below it is taken back.
    Work,
}

/// What a record is made of, oldest first.
struct Past {
    /// The file that added it; `None` where it was entered by hand.
    added_by: Option<String>,
    parts: Vec<Part>,
}

impl Past {
    /// `origin`: file that the record names now; `events`: action, before and after, oldest first. An import that was taken back
    /// takes what it brought with it.
    fn new(origin: &str, events: Vec<(String, String, String)>) -> Result<Past, StoreError> {
        let mut past = Past { added_by: Some(origin.to_owned()), parts: Vec::new() };
        let mut is_first = true;
        for (action, before, after) in events {
            let after: Map<String, Json> = if after.is_empty() { Map::new() } else { serde_json::from_str(&after)? };
            let file = after.get("_file").and_then(Json::as_str).filter(|_| action == "changed");
            match (action.as_str(), file) {
                ("changed", Some(file)) => {
                    let before: Map<String, Json> = serde_json::from_str(&before)?;
                    if std::mem::take(&mut is_first) {
                        past.added_by = before.get("_file").and_then(Json::as_str).map(str::to_owned);
                    }
                    past.parts.push(Part::Import { file: file.to_owned(), before });
                }
                ("import_undone", _) => {
                    past.parts.pop_if(|part| matches!(part, Part::Import { .. }));
                }
                _ => {
                    if action == "added" {
                        (past.added_by, is_first) = (None, false);
                    }
                    past.parts.push(Part::Work);
                }
            }
        }
        past.added_by = past.added_by.filter(|file| !file.is_empty());
        Ok(past)
    }

    fn has(&self, file: &str) -> bool {
        let of_part = |part: &Part| matches!(part, Part::Import { file: known, .. } if known == file);
        self.added_by.as_deref() == Some(file) || self.parts.iter().any(of_part)
    }

    /// The file that brought what the record holds now; `None` where people worked on it last.
    fn last_file(&self) -> Option<&str> {
        match self.parts.last() {
            Some(Part::Import { file, .. }) => Some(file),
            Some(Part::Work) => None,
            None => self.added_by.as_deref(),
        }
    }
}

/// An import can be taken back once, when it has ended.
fn not_open(state: &str) -> Result<(), Refusal> {
    if state != "undone" && state != "running" {
        return Ok(());
    }
    Err(refusal!("import_not_open", RefusalKind::Conflict))
}
