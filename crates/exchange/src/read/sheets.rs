//! Which sheets of a file are of the shape, and why none is.

use super::fitting::Fitting;
use crate::ground::shape::label_of;
use crate::heading::{Headings, Spellings, Vocabulary, says_a_unit};
use crate::raw::{RawFile, RawRow, own_rows};
use crate::{LeftReason, MoneyUnit, Options, Question, Refusal, Shape, SheetLeft, UnusedColumn};
use model::Kind;

/// The sheets of a file.
pub(super) struct Sheets {
    pub fitting: Vec<Sheet>,
    /// Those that do not fit.
    pub left: Vec<SheetLeft>,
}

/// A sheet of the shape.
pub(super) struct Sheet {
    /// Its place among the sheets of the file.
    pub at: usize,
    pub name: Option<String>,
    pub headings: Headings,
    /// It is an export of ours, whose texts are taken as they stand.
    pub is_export: bool,
    /// What should be known of its headings.
    pub notes: crate::ground::note::Notes,
    pub unused: Vec<UnusedColumn>,
}

/// The sheets whose headings fit; a refusal about the best one when none does. `is_stamped`: the workbook says which form it was made with.
///
/// # Errors
/// Also where a sheet is surely of the shape, but a person has to say which of its columns is meant.
pub(super) fn fitting_sheets(
    file: &mut RawFile,
    is_stamped: bool,
    shape: &Shape<'_>,
    options: &Options<'_>,
) -> Result<Sheets, Refusal> {
    let spellings = Spellings::of(shape, options.mapping);
    file.choose_separator(&mut |top| spellings.find(top).as_ref().map_or(0, Headings::matched))?;
    let vocabulary = Vocabulary::of(std::iter::once(shape).chain(options.others));
    let mut sheets = Sheets { fitting: Vec::new(), left: Vec::new() };
    let mut best: Option<(usize, Refusal)> = None;
    let mut units = SaidUnits::default();
    for (at, name) in file.sheets().into_iter().enumerate() {
        let left = |why| name.clone().map(|name| SheetLeft { name, why });
        if name.as_deref().is_some_and(|name| !options.takes_sheet(name)) {
            sheets.left.extend(left(LeftReason::OtherPart));
            continue;
        }
        let top = file.top_rows(at)?;
        // A sheet of child records stays one under another name.
        let is_other =
            |first: &RawRow| options.other_parts.iter().any(|part| own_rows::is_of(first, &part.name, &part.label));
        let why = match top.first() {
            None => Some(LeftReason::Empty),
            Some(first) => is_other(first).then_some(LeftReason::OtherPart),
        };
        if let Some(why) = why {
            sheets.left.extend(left(why));
            continue;
        }
        let found = spellings.find(&top);
        let matched = found.as_ref().map_or(0, Headings::matched);
        let fitting = Fitting {
            top: &top,
            shape,
            options,
            vocabulary: &vocabulary,
            file: &file.name,
            sheet: name.as_deref(),
            is_stamped,
        };
        match fitting.decide(found) {
            Ok(found) => {
                let is_export = top.first().is_some_and(own_rows::is_one);
                units.of_sheets.push((name.clone(), found.said_units));
                let (headings, notes, unused) = (found.headings, found.notes, found.unused);
                sheets.fitting.push(Sheet { at, name, headings, is_export, notes, unused });
            }
            Err(refusal) => {
                let Some(why) = left_because(&refusal) else { return Err(refusal) };
                units.is_said_elsewhere |= why == LeftReason::NoHeadings && !is_stamped && says_a_unit(&top);
                sheets.left.extend(left(why));
                if best.as_ref().is_none_or(|(most, _)| matched > *most) {
                    best = Some((matched, refusal));
                }
            }
        }
    }
    units.judge(&sheets.fitting, shape, &file.name)?;
    match best {
        Some((_, refusal)) if sheets.fitting.is_empty() => Err(refusal),
        None if sheets.fitting.is_empty() => Err(Refusal::Empty { file: file.name.clone() }),
        _ => Ok(sheets),
    }
}

/// The units of money that the sheets say.
#[derive(Default)]
struct SaidUnits {
    /// By sheet that fits, for each declared column.
    of_sheets: Vec<(Option<String>, Vec<Option<MoneyUnit>>)>,
    /// A sheet without a table says another unit than yuan.
    is_said_elsewhere: bool,
}

impl SaidUnits {
    /// A sheet that says nothing of its unit, where another one of the same file does, is asked about.
    fn judge(&self, fitting: &[Sheet], shape: &Shape<'_>, file: &str) -> Result<(), Refusal> {
        let is_larger = |unit: &Option<MoneyUnit>| unit.is_some_and(|unit| unit != MoneyUnit::Yuan);
        for (sheet, (name, said)) in fitting.iter().zip(&self.of_sheets) {
            let is_open = |at: &usize| {
                let is_fed = shape.columns[*at].kind == Kind::Fen && sheet.headings.of_column[*at].is_some();
                let is_said = self.is_said_elsewhere || self.of_sheets.iter().any(|(_, said)| is_larger(&said[*at]));
                is_fed && said[*at].is_none() && is_said
            };
            let open: Vec<usize> = (0..shape.columns.len()).filter(is_open).collect();
            if open.is_empty() {
                continue;
            }
            return Err(Refusal::UnclearUnit {
                file: file.to_owned(),
                sheet: name.clone(),
                row: None,
                columns: open.iter().map(|at| label_of(&shape.columns[*at])).collect(),
                question: Question { asks_unit: true, ..Question::default() },
            });
        }
        Ok(())
    }
}

/// Why a sheet is left alone where others fit; `None` where the whole file has to wait for an answer.
fn left_because(refusal: &Refusal) -> Option<LeftReason> {
    match refusal {
        Refusal::NoHeadings { .. } => Some(LeftReason::NoHeadings),
        Refusal::MissingHeadings { .. } => Some(LeftReason::MissingHeadings),
        Refusal::WrongSource { .. } => Some(LeftReason::OtherHeadings),
        _ => None,
    }
}
