//! A register's file, read piece by piece: its records with the child records that stand on sheets of their own.
//!
//! Child sheets are read first and held in memory, at most [`CHILD_ROWS_MAX`] rows of each kind; the records themselves stream.
//!
//! What a file does not have it does not speak of: columns, child sheets, and of a sheet with faults the whole. A record none of
//! whose rows are left on a child sheet has lost them only where the file is an export of this register that says that it had some
//! (`ChildRows`): in a form that people fill in, and for rows copied from elsewhere, an empty sheet says nothing.

use super::order::Order;
use super::people::People;
use super::register::RegisterIntake;
use super::stop::Stop;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome};
use exchange::{ChildRows, Chunk, HeadingUse, Limits, Options, Part, Places, Shape, Summary, read_part};
use model::{Bilingual, Fault, FaultKind, Place, Value};
use policy::declare::{Child, Register};
use std::collections::{BTreeSet, HashMap};
use std::io::Read as _;
use std::ops::ControlFlow;
use std::sync::Arc;
use store::{Receipt, Record, RefusedRow, UnmatchedRow, Unsaid};

/// Rows of one kind of child record that a file may hold; longer files are refused, and are handed in in parts.
pub const CHILD_ROWS_MAX: u64 = 200_000;

/// Some rows of the file, ready for the store.
pub struct Piece {
    pub records: Vec<Record>,
    pub unmatched: Vec<UnmatchedRow>,
    pub faults: Vec<Fault>,
    pub spot: Spot,
    pub done: u64,
    pub total: u64,
}

/// Where the rows of a piece stand, so that what the store says of them can be marked.
#[derive(Clone)]
pub struct Spot {
    pub file: String,
    pub sheet: Option<String>,
    pub headings: Arc<[HeadingUse]>,
}

/// A register's file, ready to be read.
pub struct RegisterFile<'a> {
    order: &'a Order<'a>,
    register: &'a Register,
    parts: Vec<Part>,
    installation: &'a Installation,
    places: &'a dyn Places,
}

/// What a file says besides its rows.
pub struct Read {
    pub summary: Summary,
    /// For who handed it in: an older form, child sheets that were left aside.
    pub remarks: Vec<Bilingual>,
}

type Sink<'s> = &'s mut dyn FnMut(Piece) -> Outcome<bool>;

impl<'a> RegisterFile<'a> {
    /// The file of an order, with one part for the records and one for each kind of child record.
    pub fn new(
        installation: &'a Installation,
        order: &'a Order<'a>,
        register: &'a Register,
        places: &'a dyn Places,
    ) -> RegisterFile<'a> {
        let parts = Part::all_with_record(order.dataset, register);
        RegisterFile { order, register, parts, installation, places }
    }

    /// Reads the whole file; `sink` gets its pieces in order and says whether to go on.
    ///
    /// # Errors
    /// Where the file is refused, `sink` fails or says no.
    pub fn read(&self, people: &People, options: &Options<'_>, sink: Sink<'_>) -> Result<Read, Stop> {
        let mut kinds = self.read_kinds(options)?;
        let own = options.mapping.map(|mapping| mapping.of_part(None));
        let options = &Options { mapping: own.as_ref(), ..*options };
        let intake =
            RegisterIntake::new(self.installation, self.order.dataset, self.register, people, self.order.region);
        let mut failed = None;
        let read = read_part(self.order.path, (&self.parts, 0), &self.shape(0), options, &mut |chunk| {
            let went = self.piece(&intake, people, &mut kinds, chunk).and_then(&mut *sink);
            went.map_or_else(
                |trouble| {
                    failed = Some(trouble);
                    ControlFlow::Break(())
                },
                flow,
            )
        });
        if let Some(trouble) = failed {
            return Err(Stop::Failed(trouble));
        }
        let Some(mut summary) = read.map_err(Stop::Refused)? else { return Err(Stop::nothing(self.order)) };
        let mut remarks = Vec::new();
        let form = Part::all_of(self.order.dataset, self.register);
        remarks.extend(summary.stamp.as_ref().and_then(|stamp| stamp.change_to(&form)).map(|change| change.said()));
        for kind in kinds.into_iter().flatten() {
            let (piece, remark, part) = kind.finish(self.order);
            sink(piece).map_err(Stop::Failed)?;
            remarks.extend(remark);
            add(&mut summary, part);
        }
        Ok(Read { summary, remarks })
    }

    /// The shape of a part. The store holds rows against the register's checks, because it knows what is calculated.
    fn shape(&self, at: usize) -> Shape<'_> {
        self.parts[at].shape(&self.installation.package.codes, self.order.day, self.places)
    }

    /// The child records of each kind; `None` where the file says nothing of them. Only workbooks have sheets for children.
    fn read_kinds(&self, options: &Options<'_>) -> Result<Vec<Option<Kind<'_>>>, Stop> {
        let mut kinds = Vec::new();
        if self.parts.len() == 1 || !is_workbook(self.order).map_err(Stop::Failed)? {
            kinds.resize_with(self.parts.len() - 1, || None);
            return Ok(kinds);
        }
        let mut is_any = false;
        for at in 1..self.parts.len() {
            let kind = self.read_kind(at, options)?;
            is_any |= kind.is_some();
            kinds.push(kind);
        }
        if is_any {
            let then = ChildRows::of_file(self.order.path, self.order.file_name, self.order.dataset);
            let then = Arc::new(then.map_err(Stop::Refused)?);
            kinds.iter_mut().flatten().for_each(|kind| kind.then = Arc::clone(&then));
        }
        Ok(kinds)
    }

    fn read_kind(&self, at: usize, options: &Options<'_>) -> Result<Option<Kind<'_>>, Stop> {
        let limits = Limits { rows_max: CHILD_ROWS_MAX, ..Limits::default() };
        let (part, child) = (&self.parts[at], &self.register.child[at - 1]);
        let own = options.mapping.map(|mapping| mapping.of_part(Some(&part.name)));
        let file_name = Some(self.order.file_name);
        let options = Options { file_name, limits: Some(&limits), mapping: own.as_ref(), ..Options::default() };
        let mut kind = Kind::new(part, child, self.order);
        let read = read_part(self.order.path, (&self.parts, at), &self.shape(at), &options, &mut |chunk| {
            kind.take(chunk);
            ControlFlow::Continue(())
        });
        kind.summary = read.map_err(|refusal| Stop::Refused(refusal.of_child(&part.name)))?;
        Ok(kind.summary.is_some().then_some(kind))
    }

    fn piece(
        &self,
        intake: &RegisterIntake<'_>,
        people: &People,
        kinds: &mut [Option<Kind<'_>>],
        chunk: Chunk,
    ) -> Outcome<Piece> {
        let spot = Spot { file: self.order.file_name.to_owned(), sheet: chunk.sheet, headings: chunk.headings };
        let fields = unfed(&self.register.field, &spot.headings);
        let of_kinds = kinds.iter().zip(&self.register.child).map(|(kind, child)| match kind {
            Some(kind) => unfed(&child.field, &kind.spot.headings),
            None => Arc::default(),
        });
        let of_kinds: Arc<[Arc<[usize]>]> = of_kinds.collect();
        let mut unread = unread(&self.register.field, &spot.headings, &chunk.faults);
        let (mut records, mut unmatched) = (Vec::with_capacity(chunk.rows.len()), Vec::new());
        for mut row in chunk.rows {
            let id = row.cells.pop().as_ref().and_then(Value::as_text).map(str::to_owned);
            let names = names(&self.parts[0], &self.register.key, &row.cells, id.as_deref());
            let of_kind = |kind: &mut Option<Kind<'_>>| match kind {
                Some(kind) => (kind.rows_then(id.as_deref()), kind.of(&names, id.as_deref())),
                None => (None, None),
            };
            let (rows_then, children): (Vec<_>, Vec<_>) = kinds.iter_mut().map(of_kind).unzip();
            let children = children.iter().any(Option::is_some).then_some(children);
            // A cell that could not be read says as little as one that is not there.
            let fields = match unread.remove(&row.number) {
                Some(unread) => fields.iter().copied().chain(unread).collect(),
                None => Arc::clone(&fields),
            };
            let unsaid = Unsaid { fields, children: Arc::clone(&of_kinds), rows_then };
            match intake.record(row, id.is_some()) {
                Ok(record) => records.push(Record { id, children, unsaid, ..record }),
                Err(row) => unmatched.push(row),
            }
        }
        people.check()?;
        let (done, total) = (chunk.progress.done, chunk.progress.total);
        Ok(Piece { records, unmatched, faults: chunk.faults, spot, done, total })
    }
}

fn flow(goes_on: bool) -> ControlFlow<()> {
    if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

/// Places of the columns that people fill in and that nothing in the file feeds.
fn unfed(columns: &[policy::declare::Column], headings: &[HeadingUse]) -> Arc<[usize]> {
    let is_fed = |name: &str| headings.iter().any(|heading| heading.column == name && heading.is_fed);
    let entered = columns.iter().enumerate().filter(|(_, column)| column.is_entered());
    entered.filter(|(_, column)| !is_fed(&column.name)).map(|(at, _)| at).collect()
}

/// By row: places of the fields whose cells could not be read, in rows that are taken.
fn unread(
    columns: &[policy::declare::Column],
    headings: &[HeadingUse],
    faults: &[Fault],
) -> HashMap<u32, BTreeSet<usize>> {
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

fn is_workbook(order: &Order<'_>) -> Outcome<bool> {
    let attempt = || format!("无法读取文件 {}", order.file_name);
    let hint = "请确认文件存在且有读取权限";
    let mut first = [0; 2];
    let mut file = std::fs::File::open(order.path).attempt(attempt, hint)?;
    let read = file.read(&mut first).attempt(attempt, hint)?;
    Ok(&first[..read] == b"PK")
}

/// What a record is called in the file: its number, and its key, however that is spelled.
fn names(part: &Part, key: &[String], cells: &[Value], id: Option<&str>) -> Vec<String> {
    let at = |name: &String| part.columns.iter().position(|column| column.name == *name);
    let texts = key.iter().filter_map(at).filter_map(|at| cells.get(at)).map(Value::to_string);
    let texts = texts.map(|text| model::written::fold_key(&text).into_owned());
    let key = texts.collect::<Vec<_>>().join("\u{1f}");
    id.map(|id| format!("#{id}")).into_iter().chain([key]).collect()
}

/// The child records of one kind.
struct Kind<'a> {
    part: &'a Part,
    child: &'a Child,
    spot: Spot,
    /// By what their record is called in their row: number and cells, until their record has taken them.
    rows: HashMap<String, Vec<(u32, Vec<Value>)>>,
    /// Rows that are taken, but for a cell that could not be read.
    unread: BTreeSet<u32>,
    faults: Vec<Fault>,
    summary: Option<Summary>,
    /// How many rows the records had when the file was exported.
    then: Arc<ChildRows>,
}

impl<'a> Kind<'a> {
    fn new(part: &'a Part, child: &'a Child, order: &Order<'_>) -> Kind<'a> {
        let spot = Spot { file: order.file_name.to_owned(), sheet: Some(part.sheet.clone()), headings: Arc::default() };
        let (rows, unread, faults, then) = (HashMap::new(), BTreeSet::new(), Vec::new(), Arc::default());
        Kind { part, child, spot, rows, unread, faults, summary: None, then }
    }

    fn take(&mut self, chunk: Chunk) {
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
            let at =
                |field: &policy::declare::Column| self.part.columns.iter().position(|column| column.name == field.name);
            let cell = |field| at(field).and_then(|at| row.cells.get(at)).cloned().unwrap_or_default();
            self.rows.entry(name).or_default().push((row.number, self.child.field.iter().map(cell).collect()));
        }
    }

    /// A sheet with rows that had to be left out does not say what all the children of a record are.
    fn is_whole(&self) -> bool {
        self.summary.as_ref().is_some_and(|summary| summary.rows_dropped == 0)
    }

    /// How many rows the record with that number had when the file was exported, where the file says so.
    fn rows_then(&self, id: Option<&str>) -> Option<u32> {
        self.then.count(&self.part.name, id?)
    }

    /// Rows of the record with these names; `None` where the sheet says nothing of it, or a cell of them could not be read: then those
    /// that are held stay.
    fn of(&mut self, names: &[String], id: Option<&str>) -> Option<Vec<Vec<Value>>> {
        let mut rows: Vec<(u32, Vec<Value>)> =
            names.iter().filter_map(|name| self.rows.remove(name)).flatten().collect();
        rows.sort_by_key(|(number, _)| *number);
        let is_said = !rows.is_empty() || self.rows_then(id).is_some();
        let is_read = !rows.iter().any(|(number, _)| self.unread.contains(number));
        (self.is_whole() && is_said && is_read).then(|| rows.into_iter().map(|(_, cells)| cells).collect())
    }

    /// What is said of rows that were not taken as they stand.
    fn remark(&self, file: &str) -> Option<Bilingual> {
        let (label, count) = (&self.part.label, self.unread.len());
        match (self.is_whole(), count) {
            (true, 0) => None,
            (true, _) => Some(Bilingual::new(
                format!(
                    "{file}中“{label}”有{count}行的单元格未能读取,这些行所属的记录本次没有更新这一部分,请改正后重新导入。"
                ),
                format!(
                    "{count} rows of {label} in `{file}` have cells that could not be read; of their records this part was not updated. Correct and import it again."
                ),
            )),
            (false, _) => Some(Bilingual::new(
                format!("{file}中“{label}”有未能导入的行,本次没有更新这一部分,请改正后重新导入。"),
                format!(
                    "{label} of `{file}` has rows that could not be taken, so this part was not updated. Correct and import it again."
                ),
            )),
        }
    }

    /// Faults of the sheet, those of rows without a record among them.
    fn finish(mut self, order: &Order<'_>) -> (Piece, Option<Bilingual>, Summary) {
        let left = self.rows.values().flatten().map(|(number, _)| *number);
        let alone = left.flat_map(|row| {
            let alone = RefusedRow {
                row,
                what: "主表中没有这一行所属的记录".to_owned(),
                hint: "请核对编号,或先在主表中填写这条记录".to_owned(),
                columns: self.part.parent_key.clone(),
            };
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
        let piece = Piece { records: Vec::new(), unmatched: Vec::new(), faults, spot: self.spot, done: 0, total: 0 };
        (piece, remark, summary)
    }
}

/// Adds what was read of a child's sheet.
fn add(summary: &mut Summary, part: Summary) {
    for (kind, count) in part.faults {
        *summary.faults.entry(kind).or_default() += count;
    }
    let is_read = |left: &exchange::SheetLeft| part.sheets.iter().any(|sheet| sheet.name.as_ref() == Some(&left.name));
    summary.sheets_left.retain(|left| !is_read(left));
    summary.notes.extend(part.notes);
    summary.chosen.extend(part.chosen);
    summary.sheets.extend(part.sheets);
}

impl Spot {
    /// What the store said of a row, as faults at the cells of its columns; at the row where it names none.
    pub fn faults(&self, said: &RefusedRow, drops_row: bool) -> Vec<Fault> {
        let fault = |column: Option<&HeadingUse>| Fault {
            place: Place {
                file: self.file.clone(),
                sheet: self.sheet.clone(),
                row: Some(said.row),
                column: column.and_then(|column| column.index),
                heading: column.and_then(|column| column.heading.clone()),
            },
            kind: FaultKind::CheckFailed,
            seen: String::new(),
            what: said.what.clone(),
            hint: said.hint.clone(),
            drops_row,
        };
        let named =
            self.headings.iter().filter(|column| column.index.is_some() && said.columns.contains(&column.column));
        let faults: Vec<Fault> = named.map(|column| fault(Some(column))).collect();
        if faults.is_empty() { vec![fault(None)] } else { faults }
    }
}

impl Piece {
    /// Puts what the store said beside the faults of the reading, in the order of the rows; gives how many were added.
    pub fn hear(&mut self, receipt: &Receipt) -> u64 {
        let refused = receipt.refused.iter().flat_map(|row| self.spot.faults(row, true));
        let remarks = receipt.remarks.iter().flat_map(|row| self.spot.faults(row, false));
        let said: Vec<Fault> = refused.chain(remarks).collect();
        let count = said.len() as u64;
        self.faults.extend(said);
        self.faults.sort_by_key(|fault| fault.place.row);
        count
    }
}
