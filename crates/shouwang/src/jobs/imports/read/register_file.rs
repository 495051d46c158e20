//! A register's file, read piece by piece: its records with the child records that stand on sheets of their own.
//!
//! Child sheets are read first and held in memory, at most `CHILD_ROWS_MAX` rows of each kind; the records themselves stream.
//!
//! What a file does not have it does not speak of: columns, child sheets, and of a sheet with faults the whole. A record none of
//! whose rows are left on a child sheet has lost them only where the file is an export of this register that says that it had some
//! (`ChildRows`): in a form that people fill in, and for rows copied from elsewhere, an empty sheet says nothing.

use super::super::order::Order;
use super::super::stop::Stop;
use super::child_sheet::{CHILD_ROWS_MAX, ChildSheet, add, names, unread};
use super::flow;
use super::piece::{Piece, RecordRow, Spot};
use crate::trouble::{Attempt, Outcome};
use exchange::{ChildRows, Chunk, HeadingUse, Limits, Options, Part, Places, Shape, Summary, read_part};
use model::{Row, Value};
use policy::Package;
use policy::declare::{Column, Register};
use std::io::Read as _;
use std::ops::ControlFlow;
use std::sync::Arc;
use store::Unsaid;
use words::{Wording, advice};

/// A register's file, ready to be read.
pub struct RegisterFile<'a> {
    order: &'a Order<'a>,
    register: &'a Register,
    parts: Vec<Part>,
    package: &'a Package,
    places: &'a dyn Places,
}

/// What a file says besides its rows.
pub struct FileRead {
    pub summary: Summary,
    /// For who handed it in: an older form, child sheets that were left aside.
    pub remarks: Vec<Wording>,
}

type Sink<'s> = &'s mut dyn FnMut(Piece) -> Outcome<bool>;

impl<'a> RegisterFile<'a> {
    pub fn new(
        order: &'a Order<'a>,
        register: &'a Register,
        package: &'a Package,
        places: &'a dyn Places,
    ) -> RegisterFile<'a> {
        let parts = Part::all_with_record(order.dataset, register);
        RegisterFile { order, register, parts, package, places }
    }

    /// Reads the whole file; `sink` gets its pieces in order and says whether to go on.
    ///
    /// # Errors
    /// Where the file is refused, `sink` fails or says no.
    pub fn read(&self, options: &Options<'_>, sink: Sink<'_>) -> Result<FileRead, Stop> {
        let mut kinds = self.read_kinds(options)?;
        let own = options.mapping.map(|mapping| mapping.of_part(None));
        let options = &Options { mapping: own.as_ref(), ..*options };
        let mut failed = None;
        let read = read_part(self.order.path, &self.parts, 0, &self.shape(0), options, &mut |chunk| {
            let went = sink(self.piece(&mut kinds, chunk));
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
        Ok(FileRead { summary, remarks })
    }

    /// The shape of a part. The store holds rows against the register's checks, because it knows what is calculated.
    fn shape(&self, at: usize) -> Shape<'_> {
        self.parts[at].shape(&self.package.codes, self.order.day, self.places)
    }

    /// The child records of each kind; `None` where the file says nothing of them. Only workbooks have sheets for children.
    fn read_kinds(&self, options: &Options<'_>) -> Result<Vec<Option<ChildSheet<'_>>>, Stop> {
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

    fn read_kind(&self, at: usize, options: &Options<'_>) -> Result<Option<ChildSheet<'_>>, Stop> {
        let limits = Limits { rows_max: CHILD_ROWS_MAX, ..Limits::default() };
        let (part, child) = (&self.parts[at], &self.register.child[at - 1]);
        let own = options.mapping.map(|mapping| mapping.of_part(Some(&part.name)));
        let file_name = Some(self.order.file_name);
        let options = Options { file_name, limits: Some(&limits), mapping: own.as_ref(), ..Options::default() };
        let mut kind = ChildSheet::new(part, child, self.order);
        let read = read_part(self.order.path, &self.parts, at, &self.shape(at), &options, &mut |chunk| {
            kind.take(chunk);
            ControlFlow::Continue(())
        });
        kind.summary = read.map_err(|refusal| Stop::Refused(refusal.of_child(&part.name)))?;
        Ok(kind.summary.is_some().then_some(kind))
    }

    /// The rows of a chunk, each with its children.
    fn piece(&self, kinds: &mut [Option<ChildSheet<'_>>], chunk: Chunk) -> Piece {
        let spot = Spot { file: self.order.file_name.to_owned(), sheet: chunk.sheet, headings: chunk.headings };
        let fields = unfed(&self.register.field, &spot.headings);
        let of_kinds = kinds.iter().zip(&self.register.child).map(|(kind, child)| match kind {
            Some(kind) => unfed(&child.field, &kind.spot.headings),
            None => Arc::default(),
        });
        let of_kinds: Arc<[Arc<[usize]>]> = of_kinds.collect();
        let mut unread = unread(&self.register.field, &spot.headings, &chunk.faults);
        let record_row = |mut row: Row| {
            let id = row.cells.pop().as_ref().and_then(Value::as_text).map(str::to_owned);
            let names = names(&self.parts[0], &self.register.key, &row.cells, id.as_deref());
            let of_kind = |kind: &mut Option<ChildSheet<'_>>| match kind {
                Some(kind) => (kind.rows_then(id.as_deref()), kind.of(&names, id.as_deref())),
                None => (None, None),
            };
            let (rows_then, children) = kinds.iter_mut().map(of_kind).unzip::<_, _, Vec<_>, Vec<_>>();
            let children = children.iter().any(Option::is_some).then_some(children);
            // A cell that could not be read says as little as one that is not there.
            let fields = match unread.remove(&row.number) {
                Some(unread) => fields.iter().copied().chain(unread).collect(),
                None => Arc::clone(&fields),
            };
            RecordRow { row, id, children, unsaid: Unsaid { fields, children: Arc::clone(&of_kinds), rows_then } }
        };
        let rows = chunk.rows.into_iter().map(record_row).collect();
        Piece { rows, faults: chunk.faults, spot, done: chunk.progress.done, total: chunk.progress.total }
    }
}

/// Places of the columns that people fill in and that nothing in the file feeds.
fn unfed(columns: &[Column], headings: &[HeadingUse]) -> Arc<[usize]> {
    let is_fed = |name: &str| headings.iter().any(|heading| heading.column == name && heading.is_fed);
    let entered = columns.iter().enumerate().filter(|(_, column)| column.is_entered());
    entered.filter(|(_, column)| !is_fed(&column.name)).map(|(at, _)| at).collect()
}

fn is_workbook(order: &Order<'_>) -> Outcome<bool> {
    let unread = || advice!("file_unread", file = order.file_name);
    let mut first = [0; 2];
    let mut file = std::fs::File::open(order.path).attempt(unread)?;
    let read = file.read(&mut first).attempt(unread)?;
    Ok(&first[..read] == b"PK")
}
