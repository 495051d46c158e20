//! From a raw row to a good row and faults: the one place that decides what becomes of a row.

mod doubt;
mod flaw;
mod layout;
mod plan;
mod seen_text;

use crate::cell::{self, CellPlan, KeyNumbers, KeyTexts, Problem, cell_plan, is_mask};
use crate::ground::letters::letters;
use crate::heading::{Headings, Twin};
use crate::raw::{RawRow, own_rows};
use crate::register::part::RECORD_COLUMN;
use crate::register::place_columns;
use crate::{Format, Limits, NoteKind, Shape, SkipReason};
pub(crate) use doubt::Doubt;
use model::{Class, Fault, FaultKind, Kind, Place, RegionCode, Row, Value, written};
pub(crate) use plan::{ColumnPlan, Problems};
use words::{Advice, Wording, wording};

/// Digits of a number that only counts the rows.
const RUNNING_DIGITS_MAX: usize = 6;

/// Judges the rows of one sheet. Holds nothing that changes, so several threads can share it.
pub(crate) struct Judge<'a> {
    shape: &'a Shape<'a>,
    pub plans: Vec<ColumnPlan<'a>>,
    /// Normal spelling of each column's heading in the file.
    headings: &'a Headings,
    origin: SheetOrigin<'a>,
    key: Vec<usize>,
}

/// Where a sheet comes from.
#[derive(Clone, Copy)]
pub(crate) struct SheetOrigin<'a> {
    pub format: Format,
    pub file: &'a str,
    pub sheet: Option<&'a str>,
    /// An export of ours, whose texts are taken as they stand.
    pub is_export: bool,
    /// The workbook says which form it was made with.
    pub is_stamped: bool,
    /// Place below which its places were chosen.
    pub within: Option<RegionCode>,
    /// Serial numbers of days are of the calendar of 1904.
    pub is_1904: bool,
    /// Walks a column of the file for the texts of digits in it.
    pub key_texts: &'a (dyn Fn(usize) -> KeyTexts + Sync),
}

/// What became of a row.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    /// Its number, as a spreadsheet counts.
    pub number: u32,
    pub row: Option<Row>,
    /// What could be read of a row that its faults leave out.
    pub left_out: Option<Row>,
    pub faults: Vec<Fault>,
    /// The row held nothing at all.
    pub is_blank: bool,
    /// Why it is no row of data at all.
    pub skipped: Option<SkipReason>,
    /// What was done with its cells that is no fault.
    pub notes: Vec<NoteKind>,
    /// Why nobody can say what the rows below it, or all rows, mean.
    pub doubt: Option<Doubt>,
}

/// The row that a later one repeats.
pub(crate) struct EarlierRow<'s> {
    /// Its sheet, where it is another.
    pub sheet: Option<&'s str>,
    pub row: u32,
    /// It agrees in all other cells, too.
    pub is_same: bool,
}

impl EarlierRow<'_> {
    fn told(&self) -> Wording {
        match self.sheet {
            Some(sheet) => wording!("earlier_row_on_sheet", sheet, row = self.row),
            None => wording!("earlier_row", row = self.row),
        }
    }
}

impl<'a> Judge<'a> {
    /// A judge of the rows of one sheet, whose columns were found by their headings.
    pub fn new(shape: &'a Shape<'a>, headings: &'a Headings, origin: SheetOrigin<'a>, limits: &Limits) -> Judge<'a> {
        let plan = |at: usize, column: &'a policy::declare::Column| {
            let index = headings.of_column[at];
            let is_name = |name: Option<&str>| name == Some(column.name.as_str());
            let is_key = shape.key.contains(&column.name);
            ColumnPlan {
                cell: CellPlan {
                    is_1904: origin.is_1904,
                    numbers: KeyNumbers::found_by(move || index.map_or(KeyTexts::default(), origin.key_texts)),
                    is_exact: origin.is_export,
                    has_marks: origin.is_export && origin.format == Format::Xlsx && !origin.is_stamped,
                    ..cell_plan(shape, at, headings.money_tens[at], limits)
                },
                index,
                class: column.effective_class(),
                is_needed: column.required || is_key || shape.needs_identity(&column.name),
                is_required: column.required,
                names_row: is_key || is_name(shape.identity) || is_name(shape.household),
            }
        };
        let plans = shape.columns.iter().enumerate().map(|(at, column)| plan(at, column)).collect();
        // The number of an exported record tells apart rows whose keys are masked.
        let names = shape.key.iter().map(String::as_str);
        let record = (!shape.key.is_empty()).then_some(RECORD_COLUMN);
        let key = names.chain(record).filter_map(|name| shape.position(name)).collect();
        Judge { shape, plans, headings, origin, key }
    }

    /// Judges one row. Rows of the same key are the caller's matter, because it needs the rows in their order.
    pub fn judge(&self, raw: &RawRow) -> Judged {
        let number = raw.number;
        if raw.is_blank() {
            return Judged { number, is_blank: true, ..Judged::default() };
        }
        let is_example = !self.origin.is_export
            && raw.number <= self.headings.row + own_rows::EXAMPLE_ROWS
            && own_rows::is_example(raw);
        if is_example {
            return Judged { number, skipped: Some(SkipReason::Example), ..Judged::default() };
        }
        let mut values = Vec::with_capacity(self.plans.len());
        let mut problems = Problems::new();
        for (at, plan) in self.plans.iter().enumerate() {
            values.push(self.value(at, plan, raw, &mut problems));
        }
        if let Some(doubt) = self.doubt(raw, &values, &problems) {
            return Judged { number, doubt: Some(doubt), ..Judged::default() };
        }
        if let Some(judged) = self.judge_layout(raw, &values, &problems) {
            return Judged { number, ..judged };
        }
        let mut faults: Vec<Fault> = match layout::swapped(&self.plans, raw, &problems) {
            Some((one, other)) => self.swapped(raw, one, other, &problems),
            None => problems.iter().map(|(at, problem)| self.cell_fault(raw, *at, problem)).collect(),
        };
        faults.extend(self.headings.twins.iter().filter_map(|twins| self.twin_fault(raw, *twins)));
        if !faults.iter().any(|fault| fault.drops_row) {
            self.test(raw, &values, &mut faults);
        }
        let is_good = !faults.iter().any(|fault| fault.drops_row);
        let notes = self.notes(raw, &values);
        let row = Some(Row { number: raw.number, cells: values });
        let (row, left_out) = if is_good { (row, None) } else { (None, row) };
        Judged { number, row, left_out, faults, notes, ..Judged::default() }
    }

    /// What is done with the cells of a row that is no fault.
    fn notes(&self, raw: &RawRow, values: &[Value]) -> Vec<NoteKind> {
        let is_moved = |plan: &&ColumnPlan<'_>| plan.index.is_some_and(|at| cell::is_moved(raw.cell(at), &plan.cell));
        let moved = self.plans.iter().filter(is_moved).map(|_| NoteKind::DaysMoved);
        let merged = (0..raw.merged).map(|_| NoteKind::MergedCells);
        let across = (0..raw.merged_across).map(|_| NoteKind::MergedAcross);
        let is_name = |plan: &ColumnPlan<'_>| plan.cell.column.kind == Kind::Name;
        let names =
            self.plans.iter().zip(values).filter(|(plan, _)| is_name(plan)).filter_map(|(_, value)| value.as_text());
        let unknown = names.filter(|name| written::has_unknown_letters(name)).map(|_| NoteKind::UnknownLetters);
        let hidden = raw.is_hidden.then_some(NoteKind::HiddenRows);
        moved.chain(merged).chain(across).chain(unknown).chain(hidden).collect()
    }

    fn value(&self, at: usize, plan: &ColumnPlan<'_>, raw: &RawRow, problems: &mut Problems) -> Value {
        if !plan.cell.column.is_entered() || !self.headings.is_fed(at) {
            return Value::Null;
        }
        let read = plan.index.map_or(Ok(Value::Null), |index| match raw.covered.contains(&index) {
            true => Err(flaw::covered()),
            false => cell::read(raw.cell(index), &plan.cell),
        });
        match read.and_then(|value| self.place_chosen(at, raw, value)) {
            Ok(Value::Null) if plan.is_required => {
                problems.push((at, Problem::new(FaultKind::Missing, "cell_missing")));
                Value::Null
            }
            Ok(value) => value,
            Err(problem) => {
                problems.push((at, problem));
                Value::Null
            }
        }
    }

    /// The value of a column of places with the names beside it, which must agree where both are there.
    fn place_chosen(&self, at: usize, raw: &RawRow, value: Value) -> Result<Value, Problem> {
        let names = self.headings.names_of[at].iter().filter_map(|(level, column)| match raw.cell(*column) {
            crate::raw::RawCell::Text(text) => Some((*level, *column, text.as_str())),
            _ => None,
        });
        let Some(chosen) = place_columns::chosen(names, self.origin.within, self.shape.places)? else {
            return Ok(value);
        };
        let code: Option<RegionCode> = value.as_text().and_then(|text| text.parse().ok());
        match code {
            None => Ok(Value::Text(chosen.to_string())),
            Some(code) if chosen.holds(code) => Ok(value),
            Some(_) => Err(Problem::new(FaultKind::UnknownRegion, "cell_place_differs")),
        }
    }

    /// Faults of the row as a whole, which say more than the faults of its cells.
    fn judge_layout(&self, raw: &RawRow, values: &[Value], problems: &Problems) -> Option<Judged> {
        let fault = if let Some(flaw) = raw.flaw {
            let (column, problem) = flaw::problem(raw, flaw);
            self.row_fault(raw, column, &problem)
        } else if let Some((column, reason)) = self.not_data(raw, values, problems) {
            let problem = Problem::new(FaultKind::NotData, "row_not_data").with("reason", reason.label());
            let fault = self.row_fault(raw, Some(column), &problem);
            return Some(Judged { skipped: Some(reason), faults: vec![fault], ..Judged::default() });
        } else if let Some((column, problem)) =
            layout::cell_count(self.origin.format, self.headings, &self.plans, raw, problems)
        {
            self.row_fault(raw, column, &problem)
        } else {
            return None;
        };
        Some(Judged { faults: vec![fault], ..Judged::default() })
    }

    /// Exports of ours hold no totals and no notes; a row that says whom it is about is data, whatever else stands in it.
    fn not_data(&self, raw: &RawRow, values: &[Value], problems: &Problems) -> Option<(usize, SkipReason)> {
        if self.origin.is_export {
            return None;
        }
        let (column, reason) = layout::not_data(self.headings, &self.plans, raw, problems)?;
        let names = |plan: &ColumnPlan<'_>, value: &Value| {
            let is_day = matches!(plan.cell.column.kind, model::Kind::Day | model::Kind::Month | model::Kind::Code);
            let is_running_number = plan.cell.column.kind == model::Kind::Text
                && value.as_text().is_some_and(|text| {
                    text.len() <= RUNNING_DIGITS_MAX && text.bytes().all(|byte| byte.is_ascii_digit())
                });
            plan.names_row && !is_day && !is_running_number && !value.is_null() && plan.index != Some(column)
        };
        let has_name = self.plans.iter().zip(values).any(|(plan, value)| names(plan, value));
        (!has_name || reason == SkipReason::RepeatedHeadings).then_some((column, reason))
    }

    /// A cell that should repeat its neighbour, because one heading was merged over both, and says something else.
    fn twin_fault(&self, raw: &RawRow, twin: Twin) -> Option<Fault> {
        let Twin { taken, repeating } = twin;
        if raw.cell(repeating).is_empty() || raw.cell(repeating) == raw.cell(taken) {
            return None;
        }
        let problem = Problem::new(FaultKind::CheckFailed, "cell_twin_differs").with("column", letters(taken));
        Some(self.row_fault(raw, Some(repeating), &problem))
    }

    fn swapped(&self, raw: &RawRow, one: usize, other: usize, problems: &Problems) -> Vec<Fault> {
        let fault = |(at, problem): &(usize, Problem)| {
            let partner = match *at {
                at if at == one => other,
                at if at == other => one,
                _ => return self.cell_fault(raw, *at, problem),
            };
            let problem = Problem::new(FaultKind::SwappedCells, "cells_swapped");
            self.cell_fault(raw, *at, &problem.with("column", self.heading(partner)))
        };
        let mut faults: Vec<Fault> = problems.iter().map(fault).collect();
        let drops = self.plans[one].is_needed || self.plans[other].is_needed;
        let is_swap = |fault: &&mut Fault| fault.kind == FaultKind::SwappedCells;
        faults.iter_mut().filter(is_swap).for_each(|fault| fault.drops_row |= drops);
        faults
    }

    fn test(&self, raw: &RawRow, values: &[Value], faults: &mut Vec<Fault>) {
        // Nothing is known of what a mask hides.
        let hides =
            |value: &Value, plan: &ColumnPlan<'_>| value.as_text().is_some_and(|text| is_mask(text, plan.cell.column));
        let seen = || values.iter().zip(&self.plans);
        let has_masks = self.origin.is_export && seen().any(|(value, plan)| hides(value, plan));
        let known: Option<Vec<Value>> = has_masks.then(|| {
            seen().map(|(value, plan)| if hides(value, plan) { Value::Null } else { value.clone() }).collect()
        });
        let values = known.as_deref().unwrap_or(values);
        for test in &self.shape.tests {
            if (test.holds)(values) != Some(false) {
                continue;
            }
            for at in &test.columns {
                let problem = Problem::new(FaultKind::CheckFailed, "check_failed");
                let problem = problem.with("what", &test.advice.what).with("hint", &test.advice.hint);
                let fault = self.cell_fault(raw, *at, &problem);
                faults.push(Fault { drops_row: test.drops_row, ..fault });
            }
        }
    }

    fn cell_fault(&self, raw: &RawRow, at: usize, problem: &Problem) -> Fault {
        let plan = &self.plans[at];
        let index = problem.column.or(plan.index).or_else(|| self.headings.names_of[at].first().map(|(_, at)| *at));
        let seen =
            index.map_or(String::new(), |index| seen_text::masked(raw.cell(index), plan.cell.column.kind, plan.class));
        let Advice { what, hint } = problem.advice();
        let place = self.place(raw.number, index);
        Fault { place, kind: problem.kind, seen, what, hint, drops_row: plan.is_needed }
    }

    /// A fault of the whole row, which leaves it out. `column`: where in the file it is marked.
    fn row_fault(&self, raw: &RawRow, column: Option<usize>, problem: &Problem) -> Fault {
        let plan = column.and_then(|column| self.plans.iter().find(|plan| plan.index == Some(column)));
        let seen = column.map_or(String::new(), |column| match plan {
            Some(plan) => seen_text::masked(raw.cell(column), plan.cell.column.kind, plan.class),
            None => seen_text::masked(raw.cell(column), Kind::Text, Class::Internal),
        });
        let Advice { what, hint } = problem.advice();
        Fault { place: self.place(raw.number, column), kind: problem.kind, seen, what, hint, drops_row: true }
    }

    /// The fault of a row that repeats an earlier one, with the column it is marked at.
    pub fn repeated(&self, row: &Row, earlier: &EarlierRow<'_>) -> Fault {
        let first = self.key.first().and_then(|at| self.plans[*at].index);
        let (column, kind, key) = match earlier.is_same {
            true => (None, FaultKind::DuplicateRow, "row_repeated"),
            false => (first, FaultKind::DuplicateKey, "row_key_repeated"),
        };
        let Advice { what, hint } = Problem::new(kind, key).with("earlier", earlier.told()).advice();
        Fault { place: self.place(row.number, column), kind, seen: String::new(), what, hint, drops_row: true }
    }

    /// Places (in the declared order) of the key columns.
    pub fn key(&self) -> &[usize] {
        &self.key
    }

    /// Places of the key's columns without that of the record's number, and the place of that; `None` where there is no such number, or
    /// the key is hidden by a mask.
    pub fn key_and_number(&self, row: &Row) -> Option<(&[usize], usize)> {
        let (record, keys) = self.key.split_last()?;
        let is_open =
            |at: &usize| !row.cells[*at].as_text().is_some_and(|text| is_mask(text, self.plans[*at].cell.column));
        let is_number = self.plans[*record].cell.column.name == RECORD_COLUMN && !keys.is_empty();
        (is_number && keys.iter().all(is_open)).then_some((keys, *record))
    }

    fn heading(&self, at: usize) -> Wording {
        let plan = &self.plans[at];
        plan.index.map_or_else(|| plan.label(), |index| self.headings.name(index))
    }

    fn place(&self, row: u32, column: Option<usize>) -> Place {
        let heading = column.and_then(|column| self.headings.shown.get(column)).cloned().flatten();
        Place {
            file: self.origin.file.to_owned(),
            sheet: self.origin.sheet.map(str::to_owned),
            row: Some(row),
            column: column.and_then(|column| u32::try_from(column).ok()),
            heading,
        }
    }
}
