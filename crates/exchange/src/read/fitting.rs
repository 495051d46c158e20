//! Whether the headings of a sheet are those of a shape, and what has to be asked before it can be read.

use super::above::data_above;
use crate::ground::note::Notes;
use crate::ground::shape::label_of;
use crate::heading::{Around, Guesser, Headings, MoneyUnits, Rivals, Spellings, Twin, Vocabulary, other_units};
use crate::raw::{RawCell, RawRow, own_rows};
use crate::register::part::{RECORD_COLUMN, is_added};
use crate::{
    AskedColumn, FileColumn, MoneyUnit, NearestField, NoteKind, Options, Question, Refusal, Shape, UnusedColumn,
};
use model::Kind;
use words::{Wording, wording};

/// A sheet that is held against a shape.
pub(super) struct Fitting<'f> {
    /// Its first rows, headings among them.
    pub top: &'f [RawRow],
    pub shape: &'f Shape<'f>,
    pub options: &'f Options<'f>,
    pub vocabulary: &'f Vocabulary,
    pub file: &'f str,
    pub sheet: Option<&'f str>,
    /// The workbook is one of ours.
    pub is_stamped: bool,
}

/// Headings that fit.
pub(super) struct Fitted {
    pub headings: Headings,
    pub notes: Notes,
    pub unused: Vec<UnusedColumn>,
    /// For each declared column of money the unit that was said of it.
    pub said_units: Vec<Option<MoneyUnit>>,
}

impl Fitting<'_> {
    /// The headings, when they are this shape's and nothing has to be asked.
    pub fn decide(&self, found: Option<Headings>) -> Result<Fitted, Refusal> {
        let (shape, options, file) = (self.shape, self.options, self.file.to_owned());
        let matched = found.as_ref().map_or(0, Headings::matched);
        let looks_like = self.better_fit(matched);
        let other = looks_like.map(Shape::said);
        let Some(mut headings) = found.filter(|_| matched > 1 || shape.columns.len() == 1 || other.is_some()) else {
            return Err(match other {
                None => Refusal::NoHeadings { file, expected: self.expected(), columns: self.width() },
                looks_like => self.wrong_source(looks_like, Vec::new()),
            });
        };
        headings.shown = self.vocabulary.shown(&headings.texts);
        // A file may leave optional columns out, and may bring columns that nobody asked for, but not both at once.
        let is_half = |of: usize| matched * 2 >= of;
        let is_own = self.is_own();
        let is_chosen = options.mapping.is_some_and(|mapping| !mapping.headings.is_empty()) || is_own;
        let is_poor = !is_half(shape.columns.len()) && !is_half(headings.standing().count()) && !is_chosen;
        if is_poor || other.is_some() {
            return Err(self.wrong_source(other, self.columns(&headings)));
        }
        let rows = if is_own { Vec::new() } else { data_above(&headings, self.top, shape) };
        if !rows.is_empty() {
            let sheet = self.sheet.map(str::to_owned);
            return Err(Refusal::DataAboveHeadings { file, sheet, rows, heading_row: headings.row });
        }
        if !headings.unfit.is_empty() {
            let question = self.question(&headings, &headings.unfit);
            return Err(Refusal::UnknownChoice { file, question });
        }
        let rivals = if is_own || self.is_stamped { Vec::new() } else { self.rivals(&mut headings) };
        let (asked, told) = rivals.into_iter().partition::<Vec<_>, _>(|rivals| self.is_critical(rivals.column));
        if !asked.is_empty() {
            return Err(self.ambiguous(&headings, &asked));
        }
        let missing = missing(shape, &headings, is_own);
        if !missing.is_empty() {
            let question = self.question(&headings, &missing);
            return Err(Refusal::MissingHeadings { file, label: shape.said(), question });
        }
        self.fitted(headings, &told)
    }

    /// Units, notes and unused columns of headings that fit.
    fn fitted(&self, mut headings: Headings, told: &[Rivals]) -> Result<Fitted, Refusal> {
        let chosen = self.options.mapping.and_then(|mapping| mapping.money_unit);
        let around = Around { rows: self.top, sheet: self.sheet };
        let units = MoneyUnits::of(&headings, &around, self.shape, chosen);
        if !units.unclear.is_empty() {
            let columns = units.unclear.iter().map(|at| label_of(&self.shape.columns[*at])).collect();
            let question = Question { all: self.columns(&headings), asks_unit: true, ..Question::default() };
            let sheet = self.sheet.map(str::to_owned);
            return Err(Refusal::UnclearUnit { file: self.file.to_owned(), sheet, row: None, columns, question });
        }
        let mut notes = Notes::default();
        units.tell(&headings, self.sheet, &mut notes);
        notes.add_named(NoteKind::OtherUnit, self.sheet, other_units(&headings, self.shape));
        let first = |rivals: &Rivals| headings.file_column(rivals.places[0], self.vocabulary).said();
        notes.add_named(NoteKind::RepeatedHeadings, self.sheet, told.iter().map(first).collect());
        let label = |at: &usize| label_of(&self.shape.columns[*at]);
        let kept = |at: &usize| {
            let place = headings.of_column[*at]?;
            Some(wording!("file_column_feeds", column = headings.name(place), field = label(at)))
        };
        notes.add_named(NoteKind::ChoicesKept, self.sheet, headings.kept.iter().filter_map(kept).collect());
        let is_replaced = |at: &&usize| headings.replaced.contains(at);
        let (replaced, left) = headings.forgotten.iter().partition::<Vec<_>, _>(is_replaced);
        notes.add_named(NoteKind::ChoicesLeft, self.sheet, left.into_iter().map(label).collect());
        notes.add_named(NoteKind::ChoicesReplaced, self.sheet, replaced.into_iter().map(label).collect());
        headings.money_tens = units.tens();
        headings.unit_beside = units.beside(&headings, self.shape);
        if let Some(row) = around.row_of_units(&headings, self.shape) {
            headings.row = row.number;
        }
        let unused = self.unused(&headings);
        Ok(Fitted { said_units: units.said(), headings, notes, unused })
    }

    fn expected(&self) -> Vec<Wording> {
        self.shape.columns.iter().map(label_of).collect()
    }

    fn width(&self) -> usize {
        self.top.iter().map(|row| row.cells.len()).max().unwrap_or_default()
    }

    fn columns(&self, headings: &Headings) -> Vec<FileColumn> {
        headings.standing().map(|at| headings.file_column(at, self.vocabulary)).collect()
    }

    fn wrong_source(&self, looks_like: Option<Wording>, seen: Vec<FileColumn>) -> Refusal {
        let (file, label) = (self.file.to_owned(), self.shape.said());
        Refusal::WrongSource { file, label, looks_like, expected: self.expected(), seen }
    }

    fn asked(&self, column: usize, candidates: Vec<FileColumn>) -> AskedColumn {
        let column = &self.shape.columns[column];
        AskedColumn { column: column.name.clone(), label: label_of(column), candidates }
    }

    /// Asks for the columns of the file that feed these declared ones, each with a guess.
    fn question(&self, headings: &Headings, columns: &[usize]) -> Question {
        let guesser = Guesser::new(self.shape, headings, self.top);
        let guess = |column: &usize| {
            let place = guesser.place_of(*column).into_iter();
            self.asked(*column, place.map(|place| headings.file_column(place, self.vocabulary)).collect())
        };
        Question { columns: columns.iter().map(guess).collect(), all: self.columns(headings), asks_unit: false }
    }

    fn ambiguous(&self, headings: &Headings, rivals: &[Rivals]) -> Refusal {
        let one = |rivals: &Rivals| {
            let places = rivals.places.iter();
            self.asked(rivals.column, places.map(|place| headings.file_column(*place, self.vocabulary)).collect())
        };
        Refusal::AmbiguousHeadings {
            file: self.file.to_owned(),
            sheet: self.sheet.map(str::to_owned),
            label: self.shape.said(),
            question: Question {
                columns: rivals.iter().map(one).collect(),
                all: self.columns(headings),
                asks_unit: false,
            },
        }
    }

    /// Columns of a file of which only one can be right for the declared one.
    fn is_critical(&self, column: usize) -> bool {
        let declared = &self.shape.columns[column];
        let is_it = |name: Option<&str>| name == Some(declared.name.as_str());
        self.shape.key.contains(&declared.name)
            || is_it(self.shape.identity)
            || is_it(self.shape.household)
            || matches!(declared.kind, Kind::Identity | Kind::Name | Kind::Fen | Kind::Account)
    }

    /// The rivals among the headings, without those that only repeat their neighbour, as a heading does that was merged over several
    /// columns: these become twins, and every row is held to it.
    fn rivals(&self, headings: &mut Headings) -> Vec<Rivals> {
        let mut left = Vec::new();
        for mut rivals in std::mem::take(&mut headings.rivals) {
            let Some(taken) = headings.of_column[rivals.column] else { continue };
            let (mut before, mut places) = (taken, Vec::new());
            for place in std::mem::take(&mut rivals.places) {
                let repeats = place == before + 1 && headings.texts[place] == headings.texts[taken];
                if place != taken && repeats && self.says_nothing_else(headings, taken, place) {
                    headings.twins.push(Twin { taken, repeating: place });
                    before = place;
                } else {
                    places.push(place);
                }
            }
            rivals.places = places;
            if rivals.places.len() > 1 {
                left.push(rivals);
            }
        }
        left
    }

    /// In the rows that were looked at the column is empty or the same as the other.
    fn says_nothing_else(&self, headings: &Headings, taken: usize, place: usize) -> bool {
        let mut below = self.top.iter().filter(|row| row.number > headings.row);
        below.all(|row| matches!(row.cell(place), RawCell::Empty) || row.cell(place) == row.cell(taken))
    }

    /// Above the headings stands the line of an export of ours.
    fn is_own(&self) -> bool {
        self.top.first().is_some_and(|first| own_rows::is_of(first, self.shape.name, self.shape.label))
    }

    /// Columns that feed nothing; those that an export of ours adds are not meant to.
    fn unused(&self, headings: &Headings) -> Vec<UnusedColumn> {
        let guesser = Guesser::new(self.shape, headings, self.top);
        let is_twin = |place: &usize| headings.twins.iter().any(|twin| twin.repeating == *place);
        let one = |place: usize| {
            let nearest = guesser.column_of(place).map(|at| &self.shape.columns[at]);
            UnusedColumn {
                column: headings.file_column(place, self.vocabulary),
                nearest: nearest.map(|column| NearestField { name: column.name.clone(), label: label_of(column) }),
            }
        };
        let is_ours = self.is_own() || self.is_stamped;
        let is_added = |place: &usize| is_ours && is_added(headings.texts[*place].trim());
        headings.left().filter(|place| !is_twin(place) && !is_added(place)).map(one).collect()
    }

    /// Another shape that the headings fit clearly better.
    fn better_fit(&self, matched: usize) -> Option<&Shape<'_>> {
        let is_chosen = self.options.mapping.is_some_and(|mapping| !mapping.headings.is_empty());
        if matched * 5 >= self.shape.columns.len() * 4 || is_chosen {
            return None;
        }
        let others = self.options.others.iter().filter(|other| other.name != self.shape.name);
        let scored = others.filter_map(|other| {
            let found = Spellings::of(other, None).find(self.top)?;
            let is_complete = missing(other, &found, false).is_empty() && found.matched() * 2 >= other.columns.len();
            (is_complete && found.matched() > matched).then_some((found.matched(), other))
        });
        scored.max_by_key(|(matched, _)| *matched).map(|(_, other)| other)
    }
}

/// Columns that every file of the shape has, and this one lacks. Of an export of ours columns may have been left out, all but those by
/// which its rows are known again.
fn missing(shape: &Shape<'_>, headings: &Headings, is_own: bool) -> Vec<usize> {
    let has_number = shape.position(RECORD_COLUMN).is_some_and(|at| headings.is_fed(at));
    let names_row = |name: &str| shape.key.iter().any(|key| key == name) || shape.needs_identity(name);
    let is_needed = |name: &str, required: bool| match (has_number, is_own) {
        (true, _) => false,
        (false, true) => names_row(name),
        (false, false) => required || names_row(name),
    };
    let is_missing = |at: &usize| {
        let column = &shape.columns[*at];
        column.is_entered() && !headings.is_fed(*at) && is_needed(&column.name, column.required)
    };
    (0..shape.columns.len()).filter(is_missing).collect()
}
