//! Finding the row of headings, and which heading feeds which column.

mod assign;
mod guess;
mod known;
mod measures;
mod remarks;
mod spelling;
mod stack;
mod unit;
mod unit_words;

use crate::ground::letters::letters;
use crate::raw::{RawCell, RawRow};
use crate::{FileColumn, MoneyUnit};
use assign::Texts;
use model::Level;
use stack::Stack;
use std::collections::HashSet;
use words::{Wording, wording};

pub(crate) use assign::Rivals;
pub(crate) use guess::Guesser;
pub(crate) use known::Vocabulary;
pub(crate) use spelling::{Spellings, normal, remark, without_remark};
pub(crate) use unit::{Around, MoneyUnits, other_units, says_a_unit, says_other_unit};

/// Rows among which the headings are looked for.
const ROWS_SEARCHED: usize = 12;

/// Bytes of a text that may be a heading.
const HEADING_BYTES_MAX: usize = 200;

/// A column of the file that repeats one that is used, as a heading that was merged over both: both must say the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Twin {
    pub taken: usize,
    pub repeating: usize,
}

/// The headings of a sheet.
#[derive(Clone, Debug)]
pub(crate) struct Headings {
    /// Rows that they begin and end on; data begins below.
    pub first_row: u32,
    pub row: u32,
    /// Texts by column of the file, as they stand there.
    pub texts: Vec<String>,
    /// The headings of groups above, by column of the file, from the top.
    pub groups: Vec<Vec<String>>,
    /// The texts that may be shown to people.
    pub shown: Vec<Option<String>>,
    /// For each declared column, its column in the file.
    pub of_column: Vec<Option<usize>>,
    /// For each declared column of places, the columns with its names by level.
    pub names_of: Vec<Vec<(Level, usize)>>,
    /// Columns of the file that only explain a declared one.
    pub explaining: Vec<usize>,
    /// Declared columns for which several columns of the file would do.
    pub rivals: Vec<Rivals>,
    pub twins: Vec<Twin>,
    /// Declared columns whose choice by a person is not in the file.
    pub unfit: Vec<usize>,
    /// Declared columns whose choice for an earlier file was taken again, and those whose choice fits no more.
    pub kept: Vec<usize>,
    pub forgotten: Vec<usize>,
    /// Those of the latter whose field has its own heading.
    pub replaced: Vec<usize>,
    /// The unit of the columns of money that do not name their own; `None` where there are none, or a person has said it.
    pub unit_beside: Option<MoneyUnit>,
    /// All spellings of the shape's headings, and the headings themselves, without remarks.
    words: HashSet<String>,
    /// For each declared column of money the tens that its unit adds to yuan.
    pub money_tens: Vec<i32>,
}

impl Headings {
    /// True when something in the file feeds the declared column.
    pub fn is_fed(&self, column: usize) -> bool {
        self.of_column[column].is_some() || !self.names_of[column].is_empty()
    }

    /// True when the column of the file feeds a declared one.
    pub fn feeds(&self, at: usize) -> bool {
        self.of_column.contains(&Some(at)) || self.names_of.iter().flatten().any(|(_, column)| *column == at)
    }

    /// Cells of a row that are headings of the shape or of this file, whatever column they stand in.
    pub fn headings_in(&self, row: &RawRow) -> usize {
        let is_one = |cell: &&RawCell| match cell {
            RawCell::Text(text) if text.len() <= HEADING_BYTES_MAX => {
                self.words.contains(without_remark(&normal(text)))
            }
            _ => false,
        };
        row.cells.iter().filter(is_one).count()
    }

    /// The row repeats these headings, column by column: every cell is the heading of its column or one above it, and no column that is
    /// read lacks its heading, unless headings stand over several rows.
    pub fn are_repeated_in(&self, row: &RawRow) -> bool {
        let is_same = |at: usize| match row.cell(at) {
            RawCell::Text(text) => {
                let text = normal(text);
                let above = self.groups.get(at).into_iter().flatten();
                let mut own = self.texts.get(at).into_iter().chain(above);
                text.is_empty() && !self.feeds(at) || own.any(|own| normal(own) == text)
            }
            RawCell::Empty => !self.feeds(at) || self.first_row != self.row,
            // Columns that are not read may hold the number of a page.
            _ => !self.feeds(at),
        };
        (0..row.cells.len().max(self.texts.len())).all(is_same)
    }

    fn is_beside(&self, at: usize) -> bool {
        self.explaining.contains(&at) || self.names_of.iter().flatten().any(|(_, column)| *column == at)
    }

    /// How many declared columns have a column of the file.
    pub fn matched(&self) -> usize {
        self.of_column.iter().flatten().count()
    }

    /// Places of the columns of the file that feed nothing, with a text.
    pub fn left(&self) -> impl Iterator<Item = usize> {
        let is_left =
            |at: &usize| !self.of_column.contains(&Some(*at)) && !self.texts[*at].is_empty() && !self.is_beside(*at);
        (0..self.texts.len()).filter(is_left)
    }

    /// Places of all columns that have a text and stand for themselves.
    pub fn standing(&self) -> impl Iterator<Item = usize> {
        (0..self.texts.len()).filter(|at| !self.texts[*at].is_empty() && !self.is_beside(*at))
    }

    /// A column as people may see it.
    pub fn file_column(&self, at: usize, vocabulary: &Vocabulary) -> FileColumn {
        let group = self.groups.get(at).and_then(|groups| groups.last());
        FileColumn {
            letters: letters(at),
            heading: self.shown.get(at).cloned().flatten(),
            group: group.and_then(|group| vocabulary.shown_group(group)),
        }
    }

    /// How a person's choice of a column can be remembered; `None` where its heading may be anything.
    pub fn remembered_as(&self, at: usize) -> Option<String> {
        // What is shown in part may be anything.
        let shown = self.shown.get(at)?.as_ref().filter(|shown| **shown == self.texts[at])?;
        Some(assign::remembered_as(at, shown, &self.texts))
    }

    /// What a column is called before people: its heading where that may be shown, else its letters.
    pub fn name(&self, at: usize) -> Wording {
        match self.shown.get(at).and_then(Option::as_ref) {
            Some(heading) => Wording::same(heading),
            None => wording!("file_column", letters = letters(at)),
        }
    }
}

impl Spellings {
    /// The best row of headings among the first rows of a sheet: the one (with those above it that it is split over) whose texts feed
    /// most columns. `None` when none feeds any.
    pub fn find(&self, rows: &[RawRow]) -> Option<Headings> {
        let mut best: Option<(usize, Headings)> = None;
        for at in 0..rows.len().min(ROWS_SEARCHED) {
            let stack = Stack::of(rows, at);
            let texts = Texts::of(&stack);
            let assigned = self.assign(&texts);
            let score = self.score(&texts, &assigned);
            let most = best.as_ref().map_or(0, |(score, _)| *score);
            let completes = stack.divides && best.as_ref().is_some_and(|(_, best)| best.row + 1 == rows[at].number);
            if score > most || score == most && score > 0 && completes {
                let rivals = self.rivals(&texts, &assigned);
                let (names_of, explaining) = self.beside(&stack.texts);
                let (first_row, row) = (stack.first_row, rows[at].number);
                let headings = Headings {
                    first_row,
                    row,
                    shown: vec![None; stack.texts.len()],
                    texts: stack.texts,
                    groups: stack.groups,
                    money_tens: vec![MoneyUnit::Yuan.tens(); assigned.of_column.len()],
                    of_column: assigned.of_column,
                    names_of,
                    explaining,
                    rivals,
                    twins: Vec::new(),
                    unfit: assigned.unfit,
                    kept: assigned.kept,
                    forgotten: assigned.forgotten,
                    replaced: assigned.replaced,
                    unit_beside: None,
                    words: HashSet::new(),
                };
                best = Some((score, headings));
            }
        }
        best.map(|(_, mut headings)| {
            let known = self.exact.iter().flatten().map(|text| without_remark(text).to_owned());
            let own: Vec<String> = headings.texts.iter().map(|text| normal(text)).collect();
            headings.words = known.chain(own.iter().map(|text| without_remark(text).to_owned())).collect();
            headings.words.remove("");
            headings
        })
    }
}
