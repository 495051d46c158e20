//! Rows that were exported come back with masks in them: a mask says nothing, and what is held stays.

use super::Change;
use super::draft::{Draft, unkeepable};
use super::prepared::{Prepared, record_id};
use crate::command::Record;
use crate::held::{Children, Held};
use crate::mask::{is_mask, masks};
use crate::tables::{FieldColumn, RegisterTable};
use crate::{Receipt, Refusal, RefusedRow};
use model::{ResidentKey, Value};
use std::collections::HashMap;

/// Rows of each kind of child record, as far as something is said of them.
type Said = Vec<Option<Vec<Vec<Value>>>>;

/// The rows of a chunk with what is held of them.
pub(super) struct Incoming {
    pub(super) drafts: Vec<Draft>,
    pub(super) ids: Vec<i64>,
    pub(super) held: HashMap<i64, Held>,
}

impl Change<'_> {
    /// Finds the records that rows are about, and puts what is held in the place of masks. Rows that cannot be understood are
    /// refused.
    pub(super) fn incoming(
        &self,
        table: &RegisterTable,
        records: Vec<Record>,
        receipt: &mut Receipt,
    ) -> Result<Incoming, Refusal> {
        let cipher = &self.inner.cipher;
        let mut rows = Vec::with_capacity(records.len());
        for mut record in records {
            let said = record.children.take();
            let number = record.id.take();
            let draft = Draft::from(record);
            let has_masked_key = has_masked_key(table, &draft);
            let id = match has_masked_key {
                true => number.as_deref().and_then(record_id),
                false => Some(Prepared::id_of(cipher, table, &draft)?),
            };
            match id {
                Some(id) => rows.push((id, draft, said, has_masked_key)),
                None => receipt.refused.push(unknown_record(table, draft.row)),
            }
        }
        let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
        let mut incoming = Incoming { held: self.held_of(table, &ids)?, drafts: Vec::new(), ids: Vec::new() };
        for (id, mut draft, said, has_masked_key) in rows {
            let held = incoming.held.get(&id).filter(|held| self.reaches_record(held.standing.place));
            if let Err(refused) = unmask(table, &mut draft, said, held) {
                receipt.refused.push(refused);
            } else if let Some(refused) = unkeepable(table, &draft) {
                receipt.refused.push(refused);
            } else if has_masked_key && Prepared::id_of(cipher, table, &draft)? != id {
                receipt.refused.push(unknown_record(table, draft.row));
            } else {
                incoming.drafts.push(draft);
                incoming.ids.push(id);
            }
        }
        Ok(incoming)
    }
}

/// True where the key says nothing: the record's number then tells which one it is.
fn has_masked_key(table: &RegisterTable, draft: &Draft) -> bool {
    let is_key = |column: &FieldColumn| table.register.key.contains(&column.field.name);
    let cells = table.columns.iter().zip(&draft.fields);
    cells.filter(|(column, _)| is_key(column)).any(|(column, value)| is_mask(&column.field, value))
}

/// Puts what is held in the place of masks, and of child records of which nothing is said.
fn unmask(table: &RegisterTable, draft: &mut Draft, said: Option<Said>, held: Option<&Held>) -> Result<(), RefusedRow> {
    let wrong: Vec<String> = table
        .columns
        .iter()
        .enumerate()
        .filter(|(at, column)| {
            let Some(cell) = draft.fields.get_mut(*at).filter(|cell| is_mask(&column.field, cell)) else {
                return false;
            };
            let known = held.and_then(|held| held.fields.get(*at)).filter(|known| masks(&column.field, cell, known));
            known.is_none_or(|known| {
                *cell = known.clone();
                false
            })
        })
        .map(|(_, column)| column.field.name.clone())
        .collect();
    if !wrong.is_empty() {
        return Err(unknown_mask(draft.row, wrong));
    }
    if draft.resident_key.is_none() {
        draft.resident_key = held.and_then(|held| held.resident_key).map(ResidentKey);
    }
    draft.children = children(table, said, held).map_err(|name| unknown_mask(draft.row, vec![name]))?;
    Ok(())
}

fn children(table: &RegisterTable, said: Option<Said>, held: Option<&Held>) -> Result<Option<Children>, String> {
    let Some(said) = said else { return Ok(held.map(|held| held.children.clone())) };
    let mut all = Vec::with_capacity(table.children.len());
    let mut said = said.into_iter();
    for (at, child) in table.children.iter().enumerate() {
        let known = held.and_then(|held| held.children.get(at)).map(Vec::as_slice).unwrap_or_default();
        all.push(match said.next().flatten() {
            Some(rows) => unmask_rows(&child.columns, rows, known)?,
            None => known.to_vec(),
        });
    }
    Ok(Some(all))
}

/// A child row has no number of its own: a masked one is the first held one, not taken yet, that agrees in all that is seen;
/// otherwise the one in its place whose masks agree.
fn unmask_rows(columns: &[FieldColumn], rows: Vec<Vec<Value>>, held: &[Vec<Value>]) -> Result<Vec<Vec<Value>>, String> {
    let mut taken = vec![false; held.len()];
    let mut all = Vec::with_capacity(rows.len());
    for (at, mut row) in rows.into_iter().enumerate() {
        let masked: Vec<bool> = columns.iter().zip(&row).map(|(column, cell)| is_mask(&column.field, cell)).collect();
        let Some(first) = masked.iter().position(|masked| *masked) else {
            all.push(row);
            continue;
        };
        let fits = |other: &[Value], whole: bool| {
            let mut cells = columns.iter().zip(&row).zip(other).zip(&masked);
            cells.all(|(((column, cell), known), masked)| match masked {
                true => masks(&column.field, cell, known),
                false => !whole || cell == known || !column.field.is_entered(),
            })
        };
        let same = (0..held.len()).find(|at| !taken[*at] && fits(&held[*at], true));
        let there = || Some(at).filter(|at| held.get(*at).is_some_and(|other| !taken[*at] && fits(other, false)));
        let found = same.or_else(there).ok_or_else(|| columns[first].field.name.clone())?;
        taken[found] = true;
        for (cell, (known, masked)) in row.iter_mut().zip(held[found].iter().zip(&masked)) {
            if *masked {
                *cell = known.clone();
            }
        }
        all.push(row);
    }
    Ok(all)
}

/// The row whose key is masked, and that says no number of a record that is held.
fn unknown_record(table: &RegisterTable, row: u32) -> RefusedRow {
    RefusedRow {
        row,
        what: "标识这条记录的单元格是脱敏后的值,无法确定是哪条记录".to_owned(),
        hint: "请保留导出文件中的系统记录号,或填写完整的值".to_owned(),
        columns: table.register.key.clone(),
    }
}

fn unknown_mask(row: u32, columns: Vec<String>) -> RefusedRow {
    RefusedRow {
        row,
        what: "单元格是脱敏后的值,与已登记的内容对不上".to_owned(),
        hint: "不改动请保留导出时的原样,要更正请填写完整的值".to_owned(),
        columns,
    }
}
