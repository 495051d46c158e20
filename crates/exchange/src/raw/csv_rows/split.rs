//! Splitting a line into cells, with and without quotation marks.

use super::super::{RawCell, RawRow};
use crate::ground::formula_mark;

/// Splits lines at a separator.
#[derive(Clone, Copy)]
pub(super) struct Splitter {
    pub delimiter: char,
    /// Cells that a row keeps; the others are only counted.
    pub columns_max: usize,
}

/// What became of a line with quotation marks.
pub(super) enum Split {
    /// So many cells.
    Whole(usize),
    /// A quoted cell goes on at the end of the line, and up to there it is written as it must be.
    Open,
    /// A quoted cell is never closed, or its marks stand so that it may have taken in other cells.
    Doubtful,
}

/// What a line does to a quoted cell that it begins in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SplitState {
    /// At its end a quoted cell is open; so many cells the widest of its quoted parts would have.
    Open(usize),
    /// All are closed; so many cells the part before the first closing mark would have, and so many the whole line would.
    Closed(usize, usize),
    /// A mark stands where none can, so that the opening one was none.
    Broken,
}

/// A quoted cell, read from behind its first mark.
enum Quoted<'t> {
    /// What follows the closing mark, and whether marks stand alone inside.
    Closed(&'t str, bool),
    Open(bool),
}

impl Splitter {
    /// How many cells the line has when quotation marks are letters.
    pub fn count(&self, body: &str) -> usize {
        body.matches(self.delimiter).count() + 1
    }

    /// How many cells a line has whose last quoted cell is open, when the opening mark of that one is a letter.
    pub fn count_open(&self, body: &str) -> usize {
        let (mut cell, mut found, mut rest) = (String::new(), 0, body);
        loop {
            rest = match rest.strip_prefix('"').map(|inner| self.take_quoted(inner, &mut cell)) {
                Some(Quoted::Open(_)) => return found + self.count(rest),
                Some(Quoted::Closed(after, _)) => after,
                None => &rest[rest.find(self.delimiter).unwrap_or(rest.len())..],
            };
            found += 1;
            let Some(next) = rest.strip_prefix(self.delimiter) else { return found };
            rest = next;
        }
    }

    /// Splits a line without minding quotation marks; how many cells it has.
    pub fn plain(&self, body: &str, row: &mut RawRow) -> usize {
        let mut cells = Cells::of(row, self.columns_max);
        if !body.is_empty() {
            body.split(self.delimiter).for_each(|cell| cells.push(cell));
        }
        cells.finish()
    }

    /// Splits a line with quotation marks.
    pub fn quoted(&self, body: &str, row: &mut RawRow) -> Split {
        let mut cells = Cells::of(row, self.columns_max);
        let mut rest = body;
        let mut unquoted = String::new();
        loop {
            let end = match rest.strip_prefix('"') {
                Some(inner) => match self.take_quoted(inner, &mut unquoted) {
                    Quoted::Open(false) => return Split::Open,
                    Quoted::Open(true) => return Split::Doubtful,
                    Quoted::Closed(_, true) if unquoted.contains(self.delimiter) => return Split::Doubtful,
                    Quoted::Closed(after, _) => {
                        cells.push(&unquoted);
                        after
                    }
                },
                None => {
                    let end = rest.find(self.delimiter).unwrap_or(rest.len());
                    cells.push(&rest[..end]);
                    &rest[end..]
                }
            };
            match end.strip_prefix(self.delimiter) {
                Some(next) => rest = next,
                None => return Split::Whole(cells.finish()),
            }
        }
    }

    /// Reads a quoted cell behind its first quotation mark into `cell`. A mark that is neither doubled nor before a separator is a letter.
    fn take_quoted<'t>(&self, inner: &'t str, cell: &mut String) -> Quoted<'t> {
        cell.clear();
        let mut rest = inner;
        let mut has_lone = false;
        loop {
            let Some(at) = rest.find('"') else { return Quoted::Open(has_lone) };
            cell.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(next) = rest.strip_prefix('"') {
                rest = next;
            } else if rest.is_empty() || rest.starts_with(self.delimiter) {
                return Quoted::Closed(rest, has_lone);
            } else {
                has_lone = true;
            }
            cell.push('"');
        }
    }

    /// Reads a line that begins inside of a quoted cell, strictly: its marks are doubled, or close a cell.
    pub fn inside(&self, body: &str) -> SplitState {
        let mut cell = String::new();
        let (mut widest, mut first, mut behind) = (0, None, 0);
        let mut rest = body;
        let mut is_quoted = true;
        loop {
            if is_quoted {
                let quoted = self.take_quoted(rest, &mut cell);
                widest = widest.max(self.count(if matches!(quoted, Quoted::Open(_)) { rest } else { &cell }));
                rest = match quoted {
                    Quoted::Open(false) => return SplitState::Open(widest),
                    Quoted::Open(true) | Quoted::Closed(_, true) => return SplitState::Broken,
                    Quoted::Closed(after, false) => after,
                };
                behind += usize::from(first.is_some());
                first = first.or(Some(widest));
            } else {
                behind += 1;
                rest = &rest[rest.find(self.delimiter).unwrap_or(rest.len())..];
            }
            let Some(next) = rest.strip_prefix(self.delimiter) else {
                let first = first.unwrap_or_default();
                return SplitState::Closed(first, first + behind);
            };
            let inner = next.strip_prefix('"');
            is_quoted = inner.is_some();
            rest = inner.unwrap_or(next);
        }
    }
}

/// Fills the cells of a row and keeps their memory from row to row.
struct Cells<'r> {
    row: &'r mut RawRow,
    found: usize,
    kept_max: usize,
}

impl<'r> Cells<'r> {
    fn of(row: &'r mut RawRow, kept_max: usize) -> Cells<'r> {
        Cells { row, found: 0, kept_max }
    }

    fn push(&mut self, written: &str) {
        self.found += 1;
        if self.found > self.kept_max {
            return;
        }
        // Without the apostrophe that `TableWriter` puts before texts which a spreadsheet would take for formulas.
        let text = formula_mark::behind_mark(written).unwrap_or(written);
        let cells = &mut self.row.cells;
        if self.found > cells.len() {
            cells.push(RawCell::Empty);
        }
        match &mut cells[self.found - 1] {
            cell if text.is_empty() => *cell = RawCell::Empty,
            RawCell::Text(kept) => {
                kept.clear();
                kept.push_str(text);
            }
            cell => *cell = RawCell::Text(text.to_owned()),
        }
    }

    fn finish(self) -> usize {
        self.row.cells.truncate(self.found);
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMA: Splitter = Splitter { delimiter: ',', columns_max: 512 };

    #[test]
    fn marks_are_quotes_where_they_must_be_and_letters_where_they_can() {
        for (line, expected) in [
            ("a,\"b,c\",d", Some(vec!["a", "b,c", "d"])),
            ("a,\"b \"\"c\"\"\",d", Some(vec!["a", "b \"c\"", "d"])),
            ("a,5\"管,d", Some(vec!["a", "5\"管", "d"])),
            ("a,5\",d", Some(vec!["a", "5\"", "d"])),
            ("a,\"\",d", Some(vec!["a", "", "d"])),
            ("a,\"说\"好\"的\",d", Some(vec!["a", "说\"好\"的", "d"])),
            ("a,\"b\"x,\"c\",d", None),
            ("a,\"b,c", None),
            ("a,\"", None),
            ("a,\"b\"c", None),
        ] {
            let mut row = RawRow::default();
            let split = COMMA.quoted(line, &mut row);
            let texts = row.cells.iter().map(|cell| match cell {
                RawCell::Text(text) => text.as_str(),
                _ => "",
            });
            let found = matches!(split, Split::Whole(_)).then(|| texts.collect::<Vec<_>>());
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn a_line_inside_of_a_cell_closes_it_goes_on_or_shows_that_it_is_none() {
        for (line, expected) in [
            ("家中", SplitState::Open(1)),
            ("家中\"\",困难\"\"", SplitState::Open(2)),
            ("家中\",611", SplitState::Closed(1, 2)),
            ("a,b\"", SplitState::Closed(2, 2)),
            ("a\",\"1,000\",b", SplitState::Closed(1, 3)),
            ("a\",b,\"c", SplitState::Open(1)),
            ("a\",b,\"c\"", SplitState::Closed(1, 3)),
            ("a\",5\"管,c", SplitState::Closed(1, 3)),
            ("a,\"b\",c", SplitState::Broken),
            ("a\"b", SplitState::Broken),
            ("a\",\"b\"c\",d", SplitState::Broken),
        ] {
            assert_eq!(COMMA.inside(line), expected, "{line}");
        }
    }

    #[test]
    fn commas_inside_of_closed_marks_make_no_cells() {
        for (line, expected) in [
            ("\"1,000,000\",\"家中", 2),
            ("\"1,000,000\",\"家中,困难", 3),
            ("a,\"b,c,d", 4),
            ("\"", 1),
            ("a,\"说\"\"好\"\"", 2),
        ] {
            assert_eq!(COMMA.count_open(line), expected, "{line}");
        }
    }

    #[test]
    fn cells_beyond_the_limit_are_counted_and_not_kept() {
        let mut row = RawRow::default();
        let narrow = Splitter { delimiter: ',', columns_max: 3 };
        assert_eq!(narrow.plain("1,2,3,4,5", &mut row), 5);
        assert_eq!(row.cells.len(), 3);
        assert_eq!(narrow.plain("1,2", &mut row), 2);
        assert_eq!(row.cells.len(), 2);
    }
}
