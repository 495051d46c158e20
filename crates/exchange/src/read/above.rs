//! Rows above the headings that are no titles: data below headings that were not recognised.

use crate::cell::{self, cell_plan};
use crate::heading::Headings;
use crate::raw::{RawCell, RawRow};
use crate::{Limits, Shape};
use model::{IdentityNumber, Kind, Value};

/// Numbers of the rows above the headings that look like data: they hold an identity number, or values of the columns of the table, or
/// stand below another row of headings.
pub(super) fn data_above(headings: &Headings, top: &[RawRow], shape: &Shape<'_>) -> Vec<u32> {
    let limits = Limits::default();
    let is_strict =
        |at: &usize| !matches!(shape.columns[*at].kind, Kind::Text | Kind::Name | Kind::Reference | Kind::File);
    let fed: Vec<(usize, usize)> =
        (0..shape.columns.len()).filter_map(|at| Some((at, headings.of_column[at]?))).collect();
    let plans: Vec<_> = fed
        .iter()
        .filter(|(at, _)| is_strict(at))
        .map(|(at, place)| (cell_plan(shape, *at, 0, &limits), *place))
        .collect();
    let mut is_below_headings = false;
    let mut found = Vec::new();
    for row in top.iter().take_while(|row| row.number < headings.first_row) {
        let filled = row.cells.iter().filter(|cell| !cell.is_empty()).count();
        let is_value = |(plan, place): &&(cell::CellPlan<'_>, usize)| matches!(cell::read(row.cell(*place), plan), Ok(value) if value != Value::Null);
        let values = plans.iter().filter(is_value).count();
        let is_wide = filled > 2 && filled * 2 >= fed.len() && !is_count(row);
        let has_values = values > 1 && is_wide || is_below_headings && is_wide && has_digits(row);
        if has_values || filled > 1 && row.cells.iter().any(is_identity) {
            found.push(row.number);
        }
        let named = headings.headings_in(row);
        is_below_headings |= named > 1 && named * 2 >= filled && !has_digits(row);
    }
    found
}

fn is_identity(cell: &RawCell) -> bool {
    matches!(cell, RawCell::Text(text) if text.len() >= 15 && IdentityNumber::parse(&cell::text::fold(text)).is_ok())
}

fn has_digits(row: &RawRow) -> bool {
    row.cells.iter().any(|cell| match cell {
        RawCell::Text(text) => text.chars().any(|letter| cell::text::half_width(letter).is_ascii_digit()),
        cell => !cell.is_empty(),
    })
}

/// `1`, `2`, `3` ...: numbers of the columns.
fn is_count(row: &RawRow) -> bool {
    let number = |cell: &RawCell| match cell {
        RawCell::Number(number) => Some(*number),
        RawCell::Int(number) => Some(*number as f64),
        RawCell::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    let numbers: Vec<f64> = row.cells.iter().filter_map(number).collect();
    numbers.len() > 1 && numbers.windows(2).all(|pair| pair[0] + 1.0 == pair[1])
}
