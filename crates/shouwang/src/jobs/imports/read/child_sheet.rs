//! The child records of one kind, held in memory until their record comes.

use super::super::order::Order;
use super::piece::{Piece, Spot};
use exchange::{ChildRows, Chunk, HeadingUse, Part, Summary};
use model::{Fault, Value};
use policy::declare::{Child, Column};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::RefusedRow;
use words::{Advice, Wording, advice, wording};

/// Rows of one kind of child record that a file may hold; longer files are refused, and are handed in in parts.
pub const CHILD_ROWS_MAX: u64 = 200_000;

/// The child records of one kind.
pub struct ChildSheet<'a> {
    part: &'a Part,
    child: &'a Child,
    pub spot: Spot,
    /// By what their record is called in their row: number and cells, until their record has taken them.
    rows: HashMap<String, Vec<(u32, Vec<Value>)>>,
    /// Rows that are taken, but for a cell that could not be read.
    unread: BTreeSet<u32>,
    faults: Vec<Fault>,
    pub summary: Option<Summary>,
    /// How many rows the records had when the file was exported.
    pub then: Arc<ChildRows>,
}

impl<'a> ChildSheet<'a> {
    /// A sheet of which nothing is read yet.
    pub fn new(part: &'a Part, child: &'a Child, order: &Order<'_>) -> ChildSheet<'a> {
        let spot = Spot { file: order.file_name.to_owned(), sheet: Some(part.sheet.clone()), headings: Arc::default() };
        let (rows, unread, faults, then) = (HashMap::new(), BTreeSet::new(), Vec::new(), Arc::default());
        ChildSheet { part, child, spot, rows, unread, faults, summary: None, then }
    }

    /// Takes rows of the sheet.
    pub fn take(&mut self, chunk: Chunk) {
        // Of sheets that go on in others the one with fewer columns counts: what it leaves out, stays.
        let fed = |headings: &[HeadingUse]| headings.iter().filter(|heading| heading.is_fed).count();
        if self.spot.headings.is_empty() || fed(&chunk.headings) < fed(&self.spot.headings) {
            self.spot.headings = chunk.headings;
        }
        self.unread.extend(unread(&self.child.field, &self.spot.headings, &chunk.faults).into_keys());
        self.faults.extend(chunk.faults);
        for mut row in chunk.rows {
            let id = row.cells.pop();
            let id = id.as_ref().and_then(Value::as_text);
            let Some(name) = names(self.part, &self.part.parent_key, &row.cells, id).into_iter().next() else {
                continue;
            };
            let at = |field: &Column| self.part.columns.iter().position(|column| column.name == field.name);
            let cell = |field| at(field).and_then(|at| row.cells.get(at)).cloned().unwrap_or_default();
            self.rows.entry(name).or_default().push((row.number, self.child.field.iter().map(cell).collect()));
        }
    }

    /// A sheet with rows that had to be left out does not say what all the children of a record are.
    fn is_whole(&self) -> bool {
        self.summary.as_ref().is_some_and(|summary| summary.rows_dropped == 0)
    }

    /// How many rows the record with that number had when the file was exported, where the file says so.
    pub fn rows_then(&self, id: Option<&str>) -> Option<u32> {
        self.then.count(&self.part.name, id?)
    }

    /// Rows of the record with these names; `None` where the sheet says nothing of it, or a cell of them could not be read: then those
    /// that are held stay.
    pub fn of(&mut self, names: &[String], id: Option<&str>) -> Option<Vec<Vec<Value>>> {
        let mut rows: Vec<(u32, Vec<Value>)> =
            names.iter().filter_map(|name| self.rows.remove(name)).flatten().collect();
        rows.sort_by_key(|(number, _)| *number);
        let is_said = !rows.is_empty() || self.rows_then(id).is_some();
        let is_read = !rows.iter().any(|(number, _)| self.unread.contains(number));
        (self.is_whole() && is_said && is_read).then(|| rows.into_iter().map(|(_, cells)| cells).collect())
    }

    /// What is said of rows that were not taken as they stand.
    fn remark(&self, file: &str) -> Option<Wording> {
        let (label, count) = (Wording::pair(&self.part.label, &self.part.label_en), self.unread.len());
        match (self.is_whole(), count) {
            (true, 0) => None,
            (true, _) => Some(wording!("child_cells_unread", file, label, count)),
            (false, _) => Some(wording!("child_rows_refused", file, label)),
        }
    }

    /// Faults of the sheet, those of rows without a record among them.
    pub fn finish(mut self, order: &Order<'_>) -> (Piece, Option<Wording>, Summary) {
        let left = self.rows.values().flatten().map(|(number, _)| *number);
        let Advice { what: _, hint: _ } = advice!("child_row_alone");
        let alone = left.flat_map(|row| {
            let words::Advice { what, hint } = words::advice!("row_without_parent");
            let alone = RefusedRow { row, what, hint, columns: self.part.parent_key.clone() };
            self.spot.faults(&alone, true)
        });
        let mut faults: Vec<Fault> = alone.collect();
        faults.append(&mut self.faults);
        faults.sort_by_key(|fault| (fault.place.sheet.clone(), fault.place.row));
        let remark = self.remark(order.file_name);
        let mut summary = self.summary.unwrap_or_else(|| unreachable!("kinds without a sheet were left out"));
        summary.chosen.iter_mut().for_each(|(column, _)| *column = format!("{}.{column}", self.part.name));
        summary.faults.clear();
        for fault in &faults {
            *summary.faults.entry(fault.kind).or_default() += 1;
        }
        let piece = Piece { rows: Vec::new(), faults, spot: self.spot, done: 0, total: 0 };
        (piece, remark, summary)
    }
}

/// Adds what was read of a child's sheet.
pub fn add(summary: &mut Summary, part: Summary) {
    for (kind, count) in part.faults {
        *summary.faults.entry(kind).or_default() += count;
    }
    let is_read = |left: &exchange::SheetLeft| part.sheets.iter().any(|sheet| sheet.name.as_ref() == Some(&left.name));
    summary.sheets_left.retain(|left| !is_read(left));
    summary.notes.extend(part.notes);
    summary.chosen.extend(part.chosen);
    summary.sheets.extend(part.sheets);
}

/// What a record is called in the file: its number, and its key, however that is spelled.
pub fn names(part: &Part, key: &[String], cells: &[Value], id: Option<&str>) -> Vec<String> {
    let at = |name: &String| part.columns.iter().position(|column| column.name == *name);
    let texts = key.iter().filter_map(at).filter_map(|at| cells.get(at)).map(Value::to_string);
    let texts = texts.map(|text| model::written::fold_key(&text).into_owned());
    let key = texts.collect::<Vec<_>>().join("\u{1f}");
    id.map(|id| format!("#{id}")).into_iter().chain([key]).collect()
}

/// By row: places of the fields whose cells could not be read, in rows that are taken.
pub fn unread(columns: &[Column], headings: &[HeadingUse], faults: &[Fault]) -> HashMap<u32, BTreeSet<usize>> {
    let mut unread: HashMap<u32, BTreeSet<usize>> = HashMap::new();
    for fault in faults.iter().filter(|fault| !fault.drops_row && !fault.is_remark()) {
        let (Some(row), Some(column)) = (fault.place.row, fault.place.column) else { continue };
        // Names of places stand beside the column that they feed.
        let has_own = headings.iter().any(|heading| heading.index == Some(column));
        let feeds = |heading: &&HeadingUse| match has_own {
            true => heading.index == Some(column),
            false => heading.is_fed && heading.index.is_none(),
        };
        let at = |heading: &HeadingUse| columns.iter().position(|field| field.name == heading.column);
        unread.entry(row).or_default().extend(headings.iter().filter(feeds).filter_map(at));
    }
    unread
}
