//! A whole import taken back: what it added is withdrawn, what it changed is put back. What was worked on since stays.

use super::Change;
use super::entry::draft_of;
use super::settle::{BY_PACKAGE, OldCodes, calculated_again};
use crate::database::Sql;
use crate::held::Held;
use crate::tables::RegisterTable;
use crate::{Receipt, Refusal, RefusalKind, StoreError};
use serde_json::{Map, Value as Json};

impl Change<'_> {
    /// Takes an import of a register back. The receipt counts `changed` records that were put back or withdrawn and
    /// `outside` ones that were changed since and stay as they are.
    pub(super) fn undo_import(&mut self, import: &str) -> Result<Receipt, Refusal> {
        let missing = || Refusal::not_found("该导入批次", "import");
        let sql = "select dataset, file_hash, account, state from import where import_id = ?1";
        let found = self.transaction.first(sql, &[import.into()], |row| {
            Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?, row.get::<String>(3)?))
        })?;
        let (dataset, file_hash, account, state) = found.ok_or_else(missing)?;
        let Some(table) = self.inner.tables.get(self.inner.declarations.changes.register_now(&dataset)) else {
            return self.undo_delivery(import, &dataset, (&account, &state));
        };
        let may = table.register.may_import.contains(&self.actor.role) && self.keeps(&table.register);
        let own = account == self.actor.account && may;
        if !self.is_system() && !own {
            return Err(missing());
        }
        not_open(&state)?;
        let file: String = file_hash.chars().take(12).collect();
        let mut receipt = Receipt { id: Some(import.to_owned()), ..Receipt::default() };
        for id in self.records_of(table, &file)? {
            let held = table.held_by_id(self.transaction, &self.inner.cipher, id)?;
            // The same file may have been taken in for another place as well: what it brought there stays.
            let Some(held) = held.filter(|held| self.reaches_record(held.standing.place)) else { continue };
            match self.undo_record(table, &held, &file)? {
                true => receipt.changed += 1,
                false => receipt.outside += 1,
            }
        }
        let done = "update import set state = 'undone' where import_id = ?1";
        self.transaction.execute(done, &[import.into()])?;
        Ok(receipt)
    }

    /// Notes that a delivery of a department was taken back; its rows stand in the lake.
    fn undo_delivery(
        &mut self,
        import: &str,
        dataset: &str,
        (account, state): (&str, &str),
    ) -> Result<Receipt, Refusal> {
        let missing = || Refusal::not_found("该导入批次", "import");
        let source = self.inner.declarations.sources.get(dataset).ok_or_else(missing)?;
        let other = self.actor.department.as_ref().is_some_and(|department| *department != source.department);
        let own = account == self.actor.account && source.may_hand_in.contains(&self.actor.role) && !other;
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
        self.thing_event(region, ("import", import), "undone", "")?;
        Ok(Receipt { id: Some(import.to_owned()), changed: 1, ..Receipt::default() })
    }

    /// Records whose last file is this one.
    fn records_of(&self, table: &RegisterTable, file: &str) -> Result<Vec<i64>, StoreError> {
        let sql = format!(
            "select id from {} where origin_file = ?1 and coalesce(is_withdrawn, 0) = 0 order by origin_row",
            table.table
        );
        self.transaction.all(&sql, &[file.into()], |row| row.get(0))
    }

    /// False where somebody worked on the record since the import.
    fn undo_record(&mut self, table: &RegisterTable, held: &Held, file: &str) -> Result<bool, Refusal> {
        if !self.reaches_record(held.standing.place) {
            return Ok(false);
        }
        let [recalculated, recoded] = BY_PACKAGE;
        let sql = format!(
            "select action, before, after from event where record_id = ?1 and register = ?2 \
             and action not in ('{recalculated}', '{recoded}') order by seq desc limit 1"
        );
        let values: [Sql; 2] = [held.id.into(), table.kept.as_str().into()];
        let last = self
            .transaction
            .first(&sql, &values, |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?)))?;
        let Some((action, before, after)) = last else {
            // No event of its own: the import added it, and nobody touched it since.
            self.withdraw(table, held, None)?;
            return Ok(true);
        };
        let after: Map<String, Json> = serde_json::from_str(&after).unwrap_or_default();
        let by_import = action == "changed" && after.get("_file").and_then(Json::as_str) == Some(file);
        if !by_import {
            return Ok(false);
        }
        let before: Map<String, Json> = serde_json::from_str(&before).map_err(StoreError::from)?;
        let mut draft = draft_of(held);
        let mut children = held.children.clone();
        table.put_back(&self.inner.cipher, &before, &mut draft.fields, &mut children)?;
        // What was put back is older than what the package changed since.
        for codes in OldCodes::of(&self.inner.cipher, table, &self.inner.declarations, Some(self.today)) {
            codes.replace(table, (&mut draft.fields, &mut children), &self.inner.declarations);
        }
        let put_back = Held { fields: draft.fields, children, ..held.clone() };
        let (fields, children) = calculated_again(&self.inner.declarations, table, &put_back, self.today);
        draft.fields = fields;
        draft.children = Some(children);
        let earlier = Held {
            origin: (
                before.get("_file").and_then(Json::as_str).unwrap_or_default().to_owned(),
                before.get("_row").and_then(Json::as_u64).and_then(|row| u32::try_from(row).ok()).unwrap_or_default(),
            ),
            ..held.clone()
        };
        let was_withdrawn = before.get("_withdrawn").and_then(Json::as_bool) == Some(true);
        let place = self.place_of(table, &draft)?.or(held.standing.place);
        let standing = crate::held::Standing { place, ..held.standing.clone() };
        self.change_record(table, &earlier, &draft, &standing, ("import_undone", ""))?;
        if was_withdrawn {
            self.withdraw(table, held, None)?;
        }
        Ok(true)
    }
}

/// An import can be taken back once, when it has ended.
fn not_open(state: &str) -> Result<(), Refusal> {
    if state != "undone" && state != "running" {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Conflict,
        ["该导入批次尚未结束或已经撤销", "请刷新页面后查看"],
        ["The import is still running, or was taken back already", "Reload the page."],
    ))
}
