//! Which sheets of a file are of the shape, and why none is.

use crate::export_line;
use crate::heading::{Headings, Spellings};
use crate::part::RECORD_COLUMN;
use crate::raw::{RawCell, RawFile, RawRow};
use crate::{Missing, Options, Refusal, Shape};

/// The sheets of a file.
pub(super) struct Sheets {
    pub fitting: Vec<Sheet>,
    /// Names of those that do not fit.
    pub left: Vec<String>,
}

/// A sheet of the shape.
pub(super) struct Sheet {
    /// Its place among the sheets of the file.
    pub at: usize,
    pub name: Option<String>,
    pub headings: Headings,
    /// It is an export of ours, whose texts are taken as they stand.
    pub is_export: bool,
}

/// The sheets whose headings fit; a refusal about the best one when none does.
pub(super) fn fitting_sheets(file: &mut RawFile, shape: &Shape<'_>, options: &Options<'_>) -> Result<Sheets, Refusal> {
    let spellings = Spellings::of(shape, options.mapping);
    file.choose_separator(&mut |top| spellings.find(top).as_ref().map_or(0, Headings::matched))?;
    let mut sheets = Sheets { fitting: Vec::new(), left: Vec::new() };
    let mut best: Option<(usize, Refusal)> = None;
    for (at, name) in file.sheets().into_iter().enumerate() {
        if name.as_deref().is_some_and(|name| !options.takes_sheet(name)) {
            sheets.left.extend(name);
            continue;
        }
        let top = file.top_rows(at)?;
        // A sheet of child records stays one under another name.
        let is_other = |first: &RawRow| options.other_parts.iter().any(|part| export_line::is_of(first, &part.label));
        if top.first().is_none_or(is_other) {
            sheets.left.extend(name);
            continue;
        }
        let found = spellings.find(&top);
        let matched = found.as_ref().map_or(0, Headings::matched);
        let is_export = top.first().is_some_and(export_line::is_one);
        match fits(found, &top, shape, options, &file.name) {
            Ok(headings) => {
                sheets.fitting.push(Sheet { at, name, headings, is_export });
            }
            Err(refusal) => {
                sheets.left.extend(name);
                if best.as_ref().is_none_or(|(most, _)| matched > *most) {
                    best = Some((matched, refusal));
                }
            }
        }
    }
    match best {
        Some((_, refusal)) if sheets.fitting.is_empty() => Err(refusal),
        None if sheets.fitting.is_empty() => Err(Refusal::Empty { file: file.name.clone() }),
        _ => Ok(sheets),
    }
}

/// The headings, when they are this shape's.
fn fits(
    found: Option<Headings>,
    top: &[RawRow],
    shape: &Shape<'_>,
    options: &Options<'_>,
    file: &str,
) -> Result<Headings, Refusal> {
    let expected = || shape.columns.iter().map(|column| column.label.clone()).collect::<Vec<_>>();
    let matched = found.as_ref().map_or(0, Headings::matched);
    let looks_like = better_fit(top, shape, options, matched);
    let Some(headings) = found.filter(|_| matched > 1 || shape.columns.len() == 1 || looks_like.is_some()) else {
        let other = looks_like.map(|other| other.label.to_owned());
        let (file, expected, seen) = (file.to_owned(), expected(), first_texts(top));
        return Err(match other {
            None => Refusal::NoHeadings { file, expected, seen },
            looks_like => Refusal::WrongSource { file, label: shape.label.to_owned(), looks_like, expected, seen },
        });
    };
    // A file may leave optional columns out, and may bring columns that nobody asked for, but not both at once.
    let is_half = |of: usize| matched * 2 >= of;
    let is_own = top.first().is_some_and(|first| export_line::is_of(first, shape.label));
    let is_chosen = options.mapping.is_some() || is_own;
    let is_poor = !is_half(shape.columns.len()) && !is_half(headings.seen().len()) && !is_chosen;
    if is_poor || looks_like.is_some() {
        return Err(Refusal::WrongSource {
            file: file.to_owned(),
            label: shape.label.to_owned(),
            looks_like: looks_like.map(|other| other.label.to_owned()),
            expected: expected(),
            seen: headings.seen(),
        });
    }
    let missing = missing(shape, &headings, is_own);
    if missing.is_empty() {
        return Ok(headings);
    }
    let seen = headings.seen();
    Err(Refusal::MissingHeadings { file: file.to_owned(), label: shape.label.to_owned(), missing, seen })
}

/// Another shape that the headings fit clearly better.
fn better_fit<'o>(top: &[RawRow], shape: &Shape<'_>, options: &Options<'o>, matched: usize) -> Option<&'o Shape<'o>> {
    if matched * 5 >= shape.columns.len() * 4 || options.mapping.is_some() {
        return None;
    }
    let others = options.others.iter().filter(|other| other.name != shape.name);
    let scored = others.filter_map(|other| {
        let found = Spellings::of(other, None).find(top)?;
        let is_complete = missing(other, &found, false).is_empty() && found.matched() * 2 >= other.columns.len();
        (is_complete && found.matched() > matched).then_some((found.matched(), other))
    });
    scored.max_by_key(|(matched, _)| *matched).map(|(_, other)| other)
}

/// Columns that every file of the shape has, and this one lacks. Of an export of ours columns may have been left out, all but those by
/// which its rows are known again.
fn missing(shape: &Shape<'_>, headings: &Headings, is_own: bool) -> Vec<Missing> {
    let has_number = shape.position(RECORD_COLUMN).is_some_and(|at| headings.is_fed(at));
    let names_row = |name: &str| shape.key.iter().any(|key| key == name) || shape.needs_identity(name);
    let is_needed = |name: &str, required: bool| match (has_number, is_own) {
        (true, _) => false,
        (false, true) => names_row(name),
        (false, false) => required || names_row(name),
    };
    let left = headings.left();
    let lacking = shape.columns.iter().enumerate().filter(|(at, column)| {
        column.is_entered() && !headings.is_fed(*at) && is_needed(&column.name, column.required)
    });
    lacking
        .map(|(_, column)| {
            let alike = |text: &&String| strsim::jaro_winkler(text, &column.label) > 0.75;
            Missing { heading: column.label.clone(), nearest: left.iter().find(alike).cloned() }
        })
        .collect()
}

fn first_texts(top: &[RawRow]) -> Vec<String> {
    let texts = top.iter().take(3).flat_map(|row| &row.cells).filter_map(|cell| match cell {
        RawCell::Text(text) => Some(crate::cell::text::shortened(text, 20).into_owned()),
        _ => None,
    });
    texts.take(12).collect()
}
