//! Which column of a file a field without one may be, by its letters or by what stands below it. A guess is offered, never taken.

use super::{Headings, normal, without_remark};
use crate::cell::{self, cell_plan};
use crate::raw::{RawCell, RawRow};
use crate::{Limits, Shape};
use model::{Kind, Value};
use std::collections::HashMap;

/// How alike two headings are at least.
const ALIKE: f64 = 0.75;

/// Guesses about the columns of one sheet.
pub(crate) struct Guesser<'g> {
    shape: &'g Shape<'g>,
    headings: &'g Headings,
    /// Places that feed nothing.
    left: Vec<usize>,
    /// Declared columns that nothing feeds.
    unfed: Vec<usize>,
    /// By declared column: the places whose cells would all be right there.
    fitting: HashMap<usize, Vec<usize>>,
}

impl<'g> Guesser<'g> {
    /// `rows`: some rows of the sheet, those below the headings among them.
    pub fn new(shape: &'g Shape<'g>, headings: &'g Headings, rows: &[RawRow]) -> Guesser<'g> {
        let left: Vec<usize> = headings.left().collect();
        let is_open = |at: &usize| shape.columns[*at].is_entered() && !headings.is_fed(*at);
        let unfed: Vec<usize> = (0..shape.columns.len()).filter(is_open).collect();
        let limits = Limits::default();
        let mut fitting = HashMap::new();
        for at in unfed.iter().copied().filter(|at| tells(shape.columns[*at].kind)) {
            let plan = cell_plan(shape, at, 0, &limits);
            let fits = |place: &usize| {
                let below = rows.iter().filter(|row| row.number > headings.row).map(|row| row.cell(*place));
                let filled: Vec<&RawCell> = below.filter(|cell| !cell.is_empty()).collect();
                let is_right = |cell: &&RawCell| matches!(cell::read(cell, &plan), Ok(value) if value != Value::Null);
                !filled.is_empty() && filled.iter().all(is_right)
            };
            fitting.insert(at, left.iter().copied().filter(fits).collect());
        }
        Guesser { shape, headings, left, unfed, fitting }
    }

    /// The column of the file that a declared one without any may be.
    pub fn place_of(&self, column: usize) -> Option<usize> {
        let by_letters = self.left.iter().map(|place| (self.likeness(column, *place), *place));
        let most = by_letters.filter(|(likeness, _)| *likeness > ALIKE).max_by(|one, other| one.0.total_cmp(&other.0));
        most.map(|(_, place)| place).or_else(|| only(self.fitting.get(&column)?))
    }

    /// The declared column that an unused one of the file may be.
    pub fn column_of(&self, place: usize) -> Option<usize> {
        let by_letters = self.unfed.iter().map(|column| (self.likeness(*column, place), *column));
        let most = by_letters.filter(|(likeness, _)| *likeness > ALIKE).max_by(|one, other| one.0.total_cmp(&other.0));
        let by_content = || {
            let fits = |column: &&usize| self.fitting.get(*column).is_some_and(|places| places.contains(&place));
            let columns: Vec<usize> = self.unfed.iter().filter(fits).copied().collect();
            only(&columns)
        };
        most.map(|(_, column)| column).or_else(by_content)
    }

    fn likeness(&self, column: usize, place: usize) -> f64 {
        let Some(text) = &self.headings.shown[place] else { return 0.0 };
        let text = normal(text);
        let declared = &self.shape.columns[column];
        let spellings = std::iter::once(&declared.label).chain(&declared.headings).map(|text| normal(text));
        let alike = spellings.map(|known| strsim::jaro_winkler(without_remark(&text), without_remark(&known)));
        alike.fold(0.0, f64::max)
    }
}

fn only(places: &Vec<usize>) -> Option<usize> {
    if let [place] = places.as_slice() { Some(*place) } else { None }
}

/// Of cells of this kind their content says what they are.
fn tells(kind: Kind) -> bool {
    !matches!(kind, Kind::Text | Kind::Reference | Kind::File | Kind::Name | Kind::Bool)
}
