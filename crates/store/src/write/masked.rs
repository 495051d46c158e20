//! Rows that were exported come back with masks in them, and without the columns that somebody left out: neither says anything, and
//! what is stored stays.

use super::change::UnitOfWork;
use super::draft::{Draft, unkeepable};
use super::folded::fold_names;
use super::naming::{Otherwise, keep_key, take_key};
use super::prepared::Prepared;
use crate::command::{Record, Unsaid};
use crate::stored::field_column::FieldColumn;
use crate::stored::mask::{is_mask, masks};
use crate::stored::record::{Children, StoredRecord};
use crate::stored::tables::RegisterTable;
use crate::{Receipt, Refusal, RefusedRow};
use model::{RecordId, ResidentKey, Value};
use std::collections::{HashMap, HashSet};
use words::{Wording, advice};

/// Rows of each kind of child record, as far as something is said of them.
type Said = Vec<Option<Vec<Vec<Value>>>>;

/// The rows of a chunk with what is stored of them, each record once.
#[derive(Default)]
pub(super) struct Incoming {
    pub(super) drafts: Vec<Draft>,
    pub(super) ids: Vec<RecordId>,
    pub(super) stored: HashMap<RecordId, StoredRecord>,
    /// Rows about records that another row is about already: what they leave unsaid is what that row leaves.
    pub(super) again: Vec<MaskedClaim>,
}

/// A row with the record that it is about.
pub(super) struct MaskedClaim {
    id: RecordId,
    /// True where its key told; otherwise the number did, and the key is still to be compared.
    by_key: bool,
    /// The number that the row gives itself.
    number: Option<RecordId>,
    draft: Draft,
    said: Option<Said>,
    unsaid: Unsaid,
}

impl UnitOfWork<'_> {
    /// Tells which records rows are about. Rows that do not say it are refused.
    pub(super) fn claims(
        &self,
        table: &RegisterTable,
        records: Vec<Record>,
        receipt: &mut Receipt,
    ) -> Result<Vec<MaskedClaim>, Refusal> {
        let cipher = &self.inner.cipher;
        let mut claims = Vec::with_capacity(records.len());
        for mut record in records {
            let number = record.id.as_deref().and_then(|name| name.parse::<RecordId>().ok());
            let (said, unsaid) = (record.children.take(), std::mem::take(&mut record.unsaid));
            let mut draft = Draft::from(record);
            fold_names(table, &mut draft);
            let by_key = !has_open_key(table, &draft, &unsaid);
            let id = if by_key { Some(Prepared::id_of(cipher, table, &draft)?) } else { number };
            match id {
                Some(id) => claims.push(MaskedClaim { id, by_key, number, draft, said, unsaid }),
                None => receipt.refused.push(unknown_record(table, draft.row)),
            }
        }
        Ok(claims)
    }

    /// Finds what is stored of the records that rows are about, and puts it in the place of masks and of what is not said. Rows that
    /// cannot be understood are refused.
    pub(super) fn incoming(
        &self,
        table: &RegisterTable,
        claims: Vec<MaskedClaim>,
        receipt: &mut Receipt,
    ) -> Result<Incoming, Refusal> {
        // Most rows give themselves the number of their key; the records of the others are asked for, too.
        let others = claims.iter().filter_map(|claim| claim.number.filter(|number| *number != claim.id));
        let otherwise = Otherwise::fetch(self.transaction, table, claims.iter().map(|claim| claim.id))?;
        let ids: Vec<RecordId> = claims.iter().map(|claim| claim.id).chain(others).chain(otherwise.ids()).collect();
        let mut incoming = Incoming { stored: self.stored_of(table, &ids)?, ..Incoming::default() };
        let mut named = HashSet::with_capacity(claims.len());
        for mut claim in claims {
            match otherwise.meant(claim.id, claim.number, &incoming.stored) {
                Ok(id) if !named.insert(id) => {
                    incoming.again.push(claim);
                    continue;
                }
                Ok(id) => claim.id = id,
                Err(alike) => {
                    receipt.refused.push(alike.refused(table, claim.draft.row));
                    continue;
                }
            }
            match self.understand(table, &mut claim, &incoming.stored)? {
                Some(refused) => receipt.refused.push(refused),
                None => {
                    incoming.drafts.push(claim.draft);
                    incoming.ids.push(claim.id);
                }
            }
        }
        Ok(incoming)
    }

    /// Fills a row in from what is stored; what is wrong with it, if it cannot be understood.
    fn understand(
        &self,
        table: &RegisterTable,
        claim: &mut MaskedClaim,
        stored: &HashMap<RecordId, StoredRecord>,
    ) -> Result<Option<RefusedRow>, Refusal> {
        let seen = |id: RecordId| stored.get(&id).filter(|stored| self.reaches_record(stored.meta.place));
        let (id, row) = (claim.id, claim.draft.row);
        let known = seen(id);
        claim.draft.id = Some(id);
        if let Err(refused) = fill_from_stored(table, claim, known) {
            return Ok(Some(refused));
        }
        if let Some(refused) = unkeepable(table, &claim.draft) {
            return Ok(Some(refused));
        }
        match known {
            Some(known) if claim.by_key => keep_key(table, &mut claim.draft, known),
            Some(known) if !take_key(&self.inner.cipher, table, &mut claim.draft, known)? => {
                return Ok(Some(unknown_record(table, row)));
            }
            None if !claim.by_key && Prepared::id_of(&self.inner.cipher, table, &claim.draft)? != id => {
                return Ok(Some(unknown_record(table, row)));
            }
            _ => {}
        }
        let Some(number) = claim.number else { return Ok(None) };
        if number != id && seen(number).is_some() {
            return Ok(Some(renamed(table, row)));
        }
        Ok(known.filter(|known| known.meta.is_withdrawn && number == id).map(|_| withdrawn(table, row)))
    }
}

/// True where the key is masked or not said: the record's number then tells which one a row is about.
fn has_open_key(table: &RegisterTable, draft: &Draft, unsaid: &Unsaid) -> bool {
    let is_key = |column: &FieldColumn| table.register.key.contains(&column.field.name);
    let mut cells = table.columns.iter().zip(&draft.fields).enumerate().filter(|(_, (column, _))| is_key(column));
    cells.any(|(at, (column, value))| is_open(&column.field, value, at, &unsaid.fields))
}

/// True for a cell that says nothing: a mask, or one of a column that the file does not have.
fn is_open(field: &policy::declare::Column, value: &Value, at: usize, unsaid: &[usize]) -> bool {
    is_mask(field, value) || (value.is_null() && unsaid.contains(&at))
}

/// Puts what is stored in the place of masks, of fields and of child records of which nothing is said.
fn fill_from_stored(
    table: &RegisterTable,
    claim: &mut MaskedClaim,
    stored: Option<&StoredRecord>,
) -> Result<(), RefusedRow> {
    let MaskedClaim { draft, said, unsaid, .. } = claim;
    let (mut wrong, mut missing) = (Vec::new(), Vec::new());
    for (at, column) in table.columns.iter().enumerate() {
        let Some(cell) = draft.fields.get_mut(at) else { continue };
        let known = stored.and_then(|stored| stored.fields.get(at));
        if is_mask(&column.field, cell) {
            match known.filter(|known| masks(&column.field, cell, known)) {
                Some(known) => *cell = known.clone(),
                None => wrong.push(column.field.name.clone()),
            }
        } else if cell.is_null() && unsaid.fields.contains(&at) {
            match known {
                Some(known) => *cell = known.clone(),
                None if column.field.required || table.register.key.contains(&column.field.name) => {
                    missing.push(column);
                }
                None => {}
            }
        }
    }
    if !wrong.is_empty() {
        return Err(unknown_mask(draft.row, wrong));
    }
    if !missing.is_empty() {
        return Err(new_without(draft.row, &missing));
    }
    if draft.resident_key.is_none() {
        draft.resident_key = stored.and_then(|stored| stored.resident_key).map(ResidentKey);
    }
    draft.children = children(table, said.take(), unsaid, stored).map_err(|why| why.refused(draft.row))?;
    Ok(())
}

/// Why what is said of child records cannot be taken.
enum Unclear<'t> {
    /// A mask in this field of something else.
    Mask(&'t FieldColumn),
    /// A new row without this field, which must be filled.
    Missing(&'t FieldColumn),
    /// Somebody has worked on the rows of this kind since the file was written: how many there were, and are.
    Overtaken(Wording, u32, usize),
}

impl Unclear<'_> {
    fn refused(self, row: u32) -> RefusedRow {
        match self {
            Unclear::Mask(column) => unknown_mask(row, vec![column.field.name.clone()]),
            Unclear::Missing(column) => new_without(row, &[column]),
            Unclear::Overtaken(label, then, now) => overtaken(row, label, then, now),
        }
    }
}

fn children<'t>(
    table: &'t RegisterTable,
    said: Option<Said>,
    unsaid: &Unsaid,
    stored: Option<&StoredRecord>,
) -> Result<Option<Children>, Unclear<'t>> {
    let Some(said) = said else { return Ok(stored.map(|stored| stored.children.clone())) };
    let mut all = Vec::with_capacity(table.children.len());
    let mut said = said.into_iter();
    for (at, child) in table.children.iter().enumerate() {
        let known = stored.and_then(|stored| stored.children.get(at)).map(Vec::as_slice).unwrap_or_default();
        let Some(rows) = said.next().flatten() else {
            all.push(known.to_vec());
            continue;
        };
        let unsaid_here = unsaid.children.get(at).map(|unsaid| &**unsaid).unwrap_or_default();
        let rows = rows_filled(&child.columns, rows, known, unsaid_here)?;
        let then = unsaid.rows_then.get(at).copied().flatten();
        if let Some(then) =
            then.filter(|then| known.len() != *then as usize && !same_rows(&child.columns, &rows, known))
        {
            let child = table.register.child.get(at);
            let label = child.map_or_else(Wording::default, |child| Wording::pair(&child.label, &child.label_en));
            return Err(Unclear::Overtaken(label, then, known.len()));
        }
        all.push(rows);
    }
    Ok(Some(all))
}

/// True where the rows say the same, but for what is calculated.
fn same_rows(columns: &[FieldColumn], rows: &[Vec<Value>], known: &[Vec<Value>]) -> bool {
    let same = |row: &[Value], known: &[Value]| {
        let mut cells = columns.iter().zip(row).zip(known);
        cells.all(|((column, cell), known)| cell == known || !column.field.is_entered())
    };
    rows.len() == known.len() && rows.iter().zip(known).all(|(row, known)| same(row, known))
}

/// A child row has no number of its own: one with open cells is the first stored one, not taken yet, that agrees in all that is seen;
/// once all of those are found, the one in its place whose masks agree.
fn rows_filled<'t>(
    columns: &'t [FieldColumn],
    mut rows: Vec<Vec<Value>>,
    stored: &[Vec<Value>],
    unsaid: &[usize],
) -> Result<Vec<Vec<Value>>, Unclear<'t>> {
    let open_cells = |row: &Vec<Value>| -> Vec<bool> {
        let cells = columns.iter().zip(row).enumerate();
        cells.map(|(at, (column, cell))| is_open(&column.field, cell, at, unsaid)).collect()
    };
    let fits = |row: &[Value], other: &[Value], whole: bool| {
        let mut cells = columns.iter().zip(row).zip(other).enumerate();
        cells.all(|(at, ((column, cell), known))| match is_mask(&column.field, cell) {
            true => masks(&column.field, cell, known),
            false if !whole || is_open(&column.field, cell, at, unsaid) => true,
            false => cell == known || !column.field.is_entered(),
        })
    };
    let mut taken = vec![false; stored.len()];
    let mut found: Vec<Option<usize>> = vec![None; rows.len()];
    let open: Vec<Vec<bool>> = rows.iter().map(open_cells).collect();
    let is_asked = |at: usize| open[at].contains(&true);
    for at in (0..rows.len()).filter(|at| is_asked(*at)) {
        found[at] = (0..stored.len()).find(|other| !taken[*other] && fits(&rows[at], &stored[*other], true));
        found[at].into_iter().for_each(|other| taken[other] = true);
    }
    for at in (0..rows.len()).filter(|at| is_asked(*at)) {
        let there =
            || Some(at).filter(|at| stored.get(*at).is_some_and(|other| !taken[*at] && fits(&rows[*at], other, false)));
        let Some(other) = found[at].or_else(there) else {
            check_new(columns, &rows[at], &open[at])?;
            continue;
        };
        taken[other] = true;
        for (cell, (known, open)) in rows[at].iter_mut().zip(stored[other].iter().zip(&open[at])) {
            if *open {
                *cell = known.clone();
            }
        }
    }
    Ok(rows)
}

/// A child row that is none of those stored must say all that it has to.
fn check_new<'t>(columns: &'t [FieldColumn], row: &[Value], open: &[bool]) -> Result<(), Unclear<'t>> {
    for ((column, cell), _) in columns.iter().zip(row).zip(open).filter(|(_, open)| **open) {
        if is_mask(&column.field, cell) {
            return Err(Unclear::Mask(column));
        }
        if column.field.required {
            return Err(Unclear::Missing(column));
        }
    }
    Ok(())
}

/// Rows of child records that are stored and will not be any more.
pub(super) fn rows_gone(stored: &StoredRecord, draft: &Draft) -> u64 {
    let left = draft.children().map(<[Vec<Value>]>::len);
    stored.children.iter().zip(left).map(|(stored, left)| stored.len().saturating_sub(left) as u64).sum()
}

/// The row whose key is masked, and that says no number of a stored record.
fn unknown_record(table: &RegisterTable, row: u32) -> RefusedRow {
    RefusedRow::new(row, advice!("masked_key"), table.register.key.clone())
}

fn unknown_mask(row: u32, columns: Vec<String>) -> RefusedRow {
    RefusedRow::new(row, advice!("mask_misfit"), columns)
}

/// A new row in a file without columns that a new row must fill.
fn new_without(row: u32, columns: &[&FieldColumn]) -> RefusedRow {
    let labels = words::list(columns.iter().map(|column| column.label()));
    RefusedRow::new(
        row,
        advice!("new_row_without_columns", columns = labels),
        columns.iter().map(|column| column.field.name.clone()).collect(),
    )
}

/// The key was changed, but the row still has the number of another record.
fn renamed(table: &RegisterTable, row: u32) -> RefusedRow {
    RefusedRow::new(row, advice!("record_number_of_other"), table.register.key.clone())
}

fn withdrawn(table: &RegisterTable, row: u32) -> RefusedRow {
    RefusedRow::new(row, advice!("row_of_withdrawn_record"), table.register.key.clone())
}

fn overtaken(row: u32, label: Wording, then: u32, now: usize) -> RefusedRow {
    RefusedRow::new(row, advice!("exported_rows_changed", child = label, then, now), Vec::new())
}
