//! Rows that are wrong as a whole: totals and notes, shifted rows, interchanged cells.

use super::plan::{ColumnPlan, Problems};
use crate::cell::{self, Problem, text};
use crate::heading::{Headings, normal};
use crate::raw::{RawCell, RawRow};
use crate::{Format, SkipReason};
use model::{FaultKind, Kind, Value};

/// Words that stand alone at the head of a total.
const TOTALS: [&str; 8] = ["合计", "总计", "小计", "共计", "累计", "本页合计", "本页小计", "总合计"];
/// Letters of what a total is of, as in `本县合计`.
const TOTAL_OF_MAX: usize = 8;
/// Digits that make a text a number of somebody.
const NUMBER_DIGITS: usize = 7;
/// Words that begin a note under a table.
const NOTES: [&str; 14] = [
    "说明",
    "备注:",
    "注:",
    "填表人",
    "填报人",
    "制表人",
    "审核人",
    "负责人",
    "填报单位",
    "填报时间",
    "制表单位",
    "制表时间",
    "联系电话:",
    "数据来源",
];

/// A total, a note or a repeated heading, by its look: its column in the file and what it is.
pub(super) fn not_data(
    headings: &Headings,
    plans: &[ColumnPlan<'_>],
    raw: &RawRow,
    problems: &Problems,
) -> Option<(usize, SkipReason)> {
    let first = raw.cells.iter().position(|cell| !cell.is_empty())?;
    let filled = raw.cells.iter().filter(|cell| !cell.is_empty()).count();
    let mapped = plans.iter().filter(|plan| plan.index.is_some()).count();
    let is_sparse = !problems.is_empty() || filled * 2 <= mapped;
    if !is_sparse {
        return None;
    }
    // First of all: a heading may be called as a note begins.
    if !problems.is_empty() && headings.headings_in(raw) >= 2 && headings.are_repeated_in(raw) {
        return Some((first, SkipReason::RepeatedHeadings));
    }
    // A total may stand behind a running number.
    let words = raw.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).take(3);
    for (at, cell) in words {
        let RawCell::Text(text) = cell else { continue };
        let word = normal(text);
        if is_total(&word) {
            return Some((at, SkipReason::Total));
        }
        let folded = text::fold(text);
        if at == first && NOTES.iter().any(|note| folded.starts_with(note)) {
            return Some((at, SkipReason::Note));
        }
    }
    if problems.is_empty() {
        return None;
    }
    let is_text = matches!(&raw.cells[first], RawCell::Text(text) if !has_long_number(text));
    // A lone code, number or day that its column takes is a row that lacks the rest.
    let mut fed = plans.iter().enumerate().filter(|(_, plan)| plan.index == Some(first));
    let has_value = fed.any(|(at, plan)| {
        let is_strict = !matches!(plan.cell.column.kind, Kind::Text | Kind::Name);
        is_strict && problems.iter().all(|(wrong, _)| *wrong != at)
    });
    let is_note = filled == 1 && mapped >= 3 && is_text && !has_value;
    is_note.then_some((first, SkipReason::Note))
}

/// Another row of headings, below which the cells may mean something else: most of the columns are named in it, and no cell is a value.
pub(super) fn is_other_heading(headings: &Headings, plans: &[ColumnPlan<'_>], raw: &RawRow, values: &[Value]) -> bool {
    let is_strict = |plan: &ColumnPlan<'_>| {
        !matches!(plan.cell.column.kind, Kind::Text | Kind::Name | Kind::Reference | Kind::File)
    };
    if plans.iter().zip(values).any(|(plan, value)| !value.is_null() && is_strict(plan)) {
        return false;
    }
    let filled = raw.cells.iter().filter(|cell| !cell.is_empty()).count();
    let fed = plans.iter().filter(|plan| plan.index.is_some()).count();
    let found = headings.headings_in(raw);
    found >= 2 && found * 2 >= filled.max(fed) && !headings.are_repeated_in(raw)
}

/// `合计`, or the total of something: `本县合计`.
fn is_total(word: &str) -> bool {
    let is_of = |total: &str| word.strip_suffix(total).is_some_and(|of| of.chars().count() <= TOTAL_OF_MAX);
    TOTALS.contains(&word) || TOTALS[..4].iter().any(|total| is_of(total)) && !has_long_number(word)
}

/// Digits enough to be somebody's number.
fn has_long_number(text: &str) -> bool {
    let digits = text.chars().filter(|letter| text::half_width(*letter).is_ascii_digit()).count();
    digits >= NUMBER_DIGITS
}

/// A row with more or fewer cells than headings, or shifted by one column: where it is marked and what is wrong.
pub(super) fn cell_count(
    format: Format,
    headings: &Headings,
    plans: &[ColumnPlan<'_>],
    raw: &RawRow,
    problems: &Problems,
) -> Option<(Option<usize>, Problem)> {
    let (found, expected) = (raw.cells.len(), headings.texts.len());
    let has_extra = raw.cells.iter().skip(expected).any(|cell| !cell.is_empty());
    if format == Format::Csv && (found < expected || has_extra) {
        let problem = Problem::new(FaultKind::CellCount, "row_cell_count");
        return Some((None, problem.with("found", found).with("expected", expected)));
    }
    let mistaken = problems.iter().filter(|(_, problem)| problem.kind != FaultKind::Missing).count();
    if mistaken < 3 {
        return None;
    }
    let first = problems.iter().filter_map(|(at, _)| plans[*at].index).min();
    let fits = |shift: isize| {
        let from = first.unwrap_or_default();
        let later = plans.iter().filter(|plan| plan.index.is_some_and(|index| index >= from));
        let wrong = later.filter(|plan| {
            let index = plan.index.and_then(|index| index.checked_add_signed(shift)).unwrap_or(usize::MAX);
            cell::read(raw.cell(index), &plan.cell).is_err()
        });
        wrong.count() == 0
    };
    (fits(1) || fits(-1)).then(|| (first, Problem::new(FaultKind::CellCount, "row_shifted")))
}

/// Two cells with problems, each of which would be right in the other's place.
pub(super) fn swapped(plans: &[ColumnPlan<'_>], raw: &RawRow, problems: &Problems) -> Option<(usize, usize)> {
    let wrong: Vec<usize> =
        problems.iter().filter(|(_, problem)| problem.kind != FaultKind::Missing).map(|(at, _)| *at).collect();
    let is_loose = |at: usize| plans[at].cell.column.kind == Kind::Text;
    let would_fit = |from: usize, to: usize| {
        let cell = plans[from].index.map_or(&RawCell::Empty, |index| raw.cell(index));
        matches!(cell::read(cell, &plans[to].cell), Ok(value) if value != Value::Null)
    };
    for (place, one) in wrong.iter().enumerate() {
        for other in &wrong[place + 1..] {
            let differ = plans[*one].cell.column.kind != plans[*other].cell.column.kind;
            if differ && !is_loose(*one) && !is_loose(*other) && would_fit(*one, *other) && would_fit(*other, *one) {
                return Some((*one, *other));
            }
        }
    }
    None
}
