//! The rows of a sheet, one at a time from the stream.
//!
//! Where a cell stands is judged before anything is kept of it. CellRows and cells without a reference follow the one before; rows that
//! go back or stand twice cannot be told apart, which ends the reading; cells of a row that do so cost the row.

use super::reference::{self, COLUMNS_MAX, ROWS_MAX};
use super::styles::Styles;
use super::texts::{self, SharedTexts};
use super::xml::{CUT, Node, TEXT_CHARACTERS_MAX, Xml, attributes, is_true};
use super::{Trouble, serial};
use crate::Limits;
use crate::raw::{Flaw, RawCell, RawRow};
use quick_xml::events::BytesStart;
use std::borrow::Cow;
use std::io::BufRead;

/// Memory of a text that is kept for the next one.
const KEPT_BYTES_MAX: usize = 256;

/// What the cells of a workbook refer to.
#[derive(Default)]
pub(super) struct Meaning {
    pub texts: SharedTexts,
    pub styles: Styles,
    pub is_1904: bool,
}

/// A sheet, row by row.
pub(super) struct CellRows<'m, R> {
    xml: Xml<R>,
    meaning: &'m Meaning,
    columns_max: u32,
    row_bytes_max: usize,
    /// The last row that was begun.
    row: u32,
    value: String,
}

/// What a cell says of itself.
#[derive(Default)]
struct CellHead {
    style: usize,
    kind: CellKind,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum CellKind {
    #[default]
    Number,
    Shared,
    Inline,
    /// The text that a formula gives.
    Text,
    Truth,
    Error,
    Day,
    Unknown,
}

/// What stands in a cell, before it is a value.
#[derive(Default)]
struct CellBody {
    has_value: bool,
    has_formula: bool,
}

/// What a cell holds.
enum Found<'v> {
    Nothing,
    Text(Cow<'v, str>),
    Value(RawCell),
}

/// Where a row is filled.
struct Filling<'r> {
    cells: &'r mut Vec<RawCell>,
    /// Cells that are of this row; those behind are of an earlier one.
    filled: usize,
    flaw: Option<Flaw>,
    /// Bytes of its texts.
    bytes: usize,
    columns_max: u32,
}

impl<'m, R: BufRead> CellRows<'m, R> {
    /// Reads up to the first row of a sheet.
    ///
    /// # Errors
    /// `Broken` where the part has no rows at all or is no XML.
    pub fn new(part: R, meaning: &'m Meaning, limits: &Limits) -> Result<CellRows<'m, R>, Trouble> {
        let mut xml = Xml::new(part);
        loop {
            match xml.next()? {
                Node::Start(start) if start.local_name().as_ref() == "sheetData" => break,
                Node::Eof => return Err(Trouble::Broken("damaged_no_data_area")),
                _ => {}
            }
        }
        let (columns_max, row_bytes_max) = (limits.columns_max.min(COLUMNS_MAX), limits.line_bytes_max);
        Ok(CellRows { xml, meaning, columns_max, row_bytes_max, row: 0, value: String::new() })
    }

    /// Bytes read so far.
    pub fn position(&self) -> u64 {
        self.xml.position()
    }

    /// The next row with a value; `false` behind the last.
    pub fn next_row(&mut self, row: &mut RawRow) -> Result<bool, Trouble> {
        let outside = self.xml.depth().saturating_sub(1);
        loop {
            let is_row = match self.xml.next()? {
                Node::Start(start) if start.local_name().as_ref() == "row" => {
                    let [number, hidden, height] = attributes(&start, ["r", "hidden", "ht"])?;
                    row.is_hidden = is_true(&hidden) || height.is_some_and(|height| height.trim().parse() == Ok(0.0));
                    let number = number.map(|text| row_number(&text).ok_or(Trouble::Broken(OUTSIDE))).transpose()?;
                    Some(number)
                }
                Node::Start(_) => None,
                Node::End(open) if open == outside => return Ok(false),
                Node::Eof => return Err(Trouble::Broken(CUT)),
                _ => continue,
            };
            match is_row {
                None => self.xml.skip()?,
                Some(number) => {
                    if self.cells(number, row)? {
                        return Ok(true);
                    }
                }
            }
        }
    }

    /// Reads the cells of a row that was begun; `true` when one has a value.
    fn cells(&mut self, number: Option<u32>, row: &mut RawRow) -> Result<bool, Trouble> {
        let depth = self.xml.depth();
        let before = self.row;
        let mut here = number;
        // The column of the next cell without a reference.
        let mut next = 0;
        let mut filling =
            Filling { cells: &mut row.cells, filled: 0, flaw: None, bytes: 0, columns_max: self.columns_max };
        loop {
            let head = match self.xml.next()? {
                Node::Start(start) if start.local_name().as_ref() == "c" => {
                    let (place, head) = cell_head(&start)?;
                    let (row, column) = place.unwrap_or((here.unwrap_or(before + 1), next));
                    match here {
                        Some(here) if here != row => filling.flaw = Some(Flaw::MixedCells),
                        _ => here = Some(row),
                    }
                    next = column + 1;
                    Some((column, head))
                }
                Node::Start(_) => None,
                Node::End(open) if open < depth => break,
                Node::Eof => return Err(Trouble::Broken(CUT)),
                _ => continue,
            };
            match head {
                None => self.xml.skip()?,
                Some((column, head)) => self.cell(column, head, &mut filling)?,
            }
        }
        let Filling { filled, flaw, .. } = filling;
        row.cells.truncate(filled);
        row.flaw = flaw;
        row.number = here.unwrap_or(before + 1);
        if row.number <= before {
            return Err(Trouble::Broken("damaged_row_order"));
        }
        if row.number > ROWS_MAX {
            return Err(Trouble::Broken(OUTSIDE));
        }
        self.row = row.number;
        Ok(filled > 0)
    }

    fn cell(&mut self, column: u32, head: CellHead, filling: &mut Filling<'_>) -> Result<(), Trouble> {
        let body = self.body()?;
        match self.found(&head, &body) {
            Found::Nothing => {}
            Found::Text(text) => {
                filling.bytes += text.len();
                if filling.bytes > self.row_bytes_max {
                    filling.flaw = Some(Flaw::LongLine);
                } else if !text.is_empty() {
                    put_text(filling.slot(column)?, shortened(&text));
                }
            }
            Found::Value(value) => *filling.slot(column)? = value,
        }
        Ok(())
    }

    /// What a cell holds, whose value stands in `self.value`.
    fn found(&self, head: &CellHead, body: &CellBody) -> Found<'_> {
        let is_text = matches!(head.kind, CellKind::Inline | CellKind::Text);
        let is_empty = !is_text && self.value.trim().is_empty();
        if body.has_formula && (!body.has_value || is_empty) {
            return Found::Value(RawCell::NoValue);
        }
        match head.kind {
            _ if !body.has_value => Found::Nothing,
            CellKind::Inline | CellKind::Text => Found::Text(texts::unescaped(&self.value)),
            CellKind::Shared => {
                let shared = self.value.trim().parse().ok().and_then(|at| self.meaning.texts.get(at));
                shared.map_or(Found::Value(RawCell::Error(String::new())), |text| Found::Text(Cow::Borrowed(text)))
            }
            CellKind::Number if is_empty => Found::Nothing,
            kind => Found::Value(self.plain(kind, head.style)),
        }
    }

    /// Reads the elements of a cell; its value stands in `self.value`.
    fn body(&mut self) -> Result<CellBody, Trouble> {
        let depth = self.xml.depth();
        let mut body = CellBody::default();
        self.value.clear();
        loop {
            let element = match self.xml.next()? {
                Node::Start(start) => match start.local_name().as_ref() {
                    "v" => 'v',
                    "is" => 'i',
                    "f" => 'f',
                    _ => '?',
                },
                Node::End(open) if open < depth => return Ok(body),
                Node::Eof => return Err(Trouble::Broken(CUT)),
                _ => continue,
            };
            match element {
                'v' | 'i' if body.has_value => return Err(Trouble::Broken("damaged_two_values")),
                'v' => {
                    body.has_value = true;
                    self.xml.text(&mut self.value)?;
                }
                'i' => {
                    body.has_value = true;
                    texts::item(&mut self.xml, &mut self.value)?;
                }
                'f' => {
                    body.has_formula = true;
                    self.xml.skip()?;
                }
                _ => self.xml.skip()?,
            }
        }
    }

    /// A value that is no text. What is not of the type that the cell states is an error of that cell.
    fn plain(&self, kind: CellKind, style: usize) -> RawCell {
        let text = self.value.trim();
        let wrong = || RawCell::Error(shortened(text).to_owned());
        match kind {
            CellKind::Truth => match text {
                "1" | "true" | "TRUE" => RawCell::Bool(true),
                "0" | "false" | "FALSE" => RawCell::Bool(false),
                _ => wrong(),
            },
            CellKind::Day => serial::written(text).unwrap_or_else(wrong),
            CellKind::Number => match text.parse::<f64>().ok().filter(|number| number.is_finite()) {
                Some(number) if self.meaning.styles.shows_day(style) => {
                    serial::moment_of_serial(number, self.meaning.is_1904).unwrap_or(RawCell::Number(number))
                }
                Some(number) => RawCell::Number(number),
                None => wrong(),
            },
            _ => wrong(),
        }
    }
}

const OUTSIDE: &str = "damaged_outside";

impl Filling<'_> {
    /// The cell of a column. One that was given before, or stands before one that was, leaves the row out.
    fn slot(&mut self, column: u32) -> Result<&mut RawCell, Trouble> {
        if column >= self.columns_max {
            return Err(Trouble::TooManyColumns { found: column + 1, limit: self.columns_max });
        }
        let at = column as usize;
        if at < self.filled {
            self.flaw = Some(Flaw::MixedCells);
            return Ok(&mut self.cells[at]);
        }
        if self.cells.len() <= at {
            self.cells.resize(at + 1, RawCell::Empty);
        }
        self.cells[self.filled..at].fill(RawCell::Empty);
        self.filled = at + 1;
        Ok(&mut self.cells[at])
    }
}

/// Place and kind of a cell.
fn cell_head(start: &BytesStart<'_>) -> Result<(Option<(u32, u32)>, CellHead), Trouble> {
    let [place, style, kind] = attributes(start, ["r", "s", "t"])?;
    let place = place.map(|text| reference::cell(text.trim()).ok_or(Trouble::Broken(OUTSIDE))).transpose()?;
    // The first format is that of cells that name none.
    let style = style.and_then(|style| style.trim().parse().ok()).unwrap_or_default();
    let kind = match kind.as_deref() {
        None | Some("n") => CellKind::Number,
        Some("s") => CellKind::Shared,
        Some("inlineStr") => CellKind::Inline,
        Some("str") => CellKind::Text,
        Some("b") => CellKind::Truth,
        Some("e") => CellKind::Error,
        Some("d") => CellKind::Day,
        Some(_) => CellKind::Unknown,
    };
    Ok((place, CellHead { style, kind }))
}

fn row_number(text: &str) -> Option<u32> {
    text.trim().parse().ok().filter(|number| (1..=ROWS_MAX).contains(number))
}

/// As much of a text as a cell can hold.
fn shortened(text: &str) -> &str {
    if text.len() <= TEXT_CHARACTERS_MAX {
        return text;
    }
    text.char_indices().nth(TEXT_CHARACTERS_MAX).map_or(text, |(end, _)| &text[..end])
}

/// Puts a text into a cell, in the memory of the one that was there.
fn put_text(cell: &mut RawCell, text: &str) {
    match cell {
        RawCell::Text(kept) if kept.capacity() <= KEPT_BYTES_MAX => {
            kept.clear();
            kept.push_str(text);
        }
        _ => *cell = RawCell::Text(text.to_owned()),
    }
}
