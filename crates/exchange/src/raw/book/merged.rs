//! Merged cells: what stands in the first row of an area counts for every row of it.
//!
//! Only downwards and only in the first column of the area: a text over four columns is one text, and belongs to the first of them.
//! Where another of them is read, too, that it got nothing is told.

use super::reference::Area;
use crate::raw::{RawCell, RawRow};
use std::iter::Peekable;
use std::vec::IntoIter;

/// Columns of an area that are looked at, more than any sheet that is read has.
const COLUMNS_READ_MAX: u32 = 1_024;

/// Gives the value of merged cells to the rows below their first, row by row in order.
pub(crate) struct MergedCells<'a> {
    /// Areas over more than one row, below the headings, by their first row.
    waiting: Peekable<IntoIter<&'a Area>>,
    open: Vec<Open>,
    /// Areas over columns of which not only the first is read, by their first row.
    across: Peekable<IntoIter<&'a Area>>,
}

/// An area that the rows have come to.
struct Open {
    column: usize,
    first_row: u32,
    last_row: u32,
    /// Columns of the area that are looked at, the first among them.
    last_column: usize,
    value: RawCell,
    /// A second row has got the value.
    is_used: bool,
}

impl<'a> MergedCells<'a> {
    /// `heading_row`: areas that begin there or above are headings, and fill nothing. `is_read`: columns that are read, counted from 0.
    pub fn below(areas: &'a [Area], heading_row: u32, is_read: &dyn Fn(usize) -> bool) -> MergedCells<'a> {
        let covers = |area: &Area| {
            (area.first_column + 1..=area.last_column.min(COLUMNS_READ_MAX)).any(|column| is_read(column as usize))
        };
        let sorted = |counts: &dyn Fn(&Area) -> bool| {
            let of_rows = |area: &&Area| area.first_row > heading_row && counts(area);
            let mut areas: Vec<&Area> = areas.iter().filter(of_rows).collect();
            areas.sort_by_key(|area| area.first_row);
            areas.into_iter().peekable()
        };
        let waiting = sorted(&|area| area.last_row > area.first_row || covers(area));
        MergedCells { waiting, open: Vec::new(), across: sorted(&covers) }
    }

    /// Fills the empty cells of a row that areas cover, and tells the row how many areas were used for the first time. A row with nothing
    /// else in it stays blank.
    pub fn fill(&mut self, row: &mut RawRow) {
        (row.merged, row.merged_across) = (0, 0);
        row.covered.clear();
        while let Some(area) = self.across.next_if(|area| area.first_row <= row.number) {
            let is_told = area.first_row == row.number && !row.cell(area.first_column as usize).is_empty();
            row.merged_across += u32::from(is_told);
        }
        self.open.retain(|area| area.last_row >= row.number);
        if !row.is_blank() {
            for area in &mut self.open {
                if row.cell(area.column).is_empty() && !area.value.is_empty() {
                    if row.cells.len() <= area.column {
                        row.cells.resize(area.column + 1, RawCell::Empty);
                    }
                    row.cells[area.column] = area.value.clone();
                    row.merged += u32::from(!std::mem::replace(&mut area.is_used, true));
                }
            }
        }
        while let Some(area) = self.waiting.next_if(|area| area.first_row <= row.number) {
            // Of an area whose first row is missing nothing is known.
            if area.first_row == row.number {
                let column = area.first_column as usize;
                let value = row.cell(column).clone();
                let last_column = area.last_column.min(COLUMNS_READ_MAX) as usize;
                let (first_row, last_row) = (area.first_row, area.last_row);
                self.open.push(Open { column, first_row, last_row, last_column, value, is_used: false });
            }
        }
        for area in &self.open {
            let hidden_from = area.column + usize::from(area.first_row == row.number);
            let is_other = |cell: &RawCell| !cell.is_empty() && *cell != area.value;
            let hidden = row.cells.iter().enumerate().take(area.last_column + 1).skip(hidden_from);
            row.covered.extend(hidden.filter(|(_, cell)| is_other(cell)).map(|(column, _)| column));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CellRows as `number: cells`, filled; `.` is empty.
    fn filled(areas: &[&str], heading_row: u32, rows: &[&str]) -> Vec<String> {
        let areas: Vec<Area> = areas.iter().map(|area| Area::parse(area).expect("is an area")).collect();
        let mut merged = MergedCells::below(&areas, heading_row, &|column| column < 3);
        let cell = |text: &str| if text == "." { RawCell::Empty } else { RawCell::Text(text.to_owned()) };
        let shown = |cell: &RawCell| if let RawCell::Text(text) = cell { text.clone() } else { ".".to_owned() };
        let one = |row: &&str| {
            let (number, cells) = row.split_once(": ").expect("has a number");
            let number = number.parse().expect("is a number");
            let mut row = RawRow { number, cells: cells.split(' ').map(cell).collect(), ..RawRow::default() };
            merged.fill(&mut row);
            let across = if row.merged_across > 0 { format!(" across {}", row.merged_across) } else { String::new() };
            let cells = row.cells.iter().map(shown).collect::<Vec<_>>().join(" ");
            let covered = row.covered.iter().map(|column| format!(" covered {column}")).collect::<String>();
            format!("{}: {cells} +{}{across}{covered}", row.number, row.merged)
        };
        rows.iter().map(one).collect()
    }

    #[test]
    fn a_merged_cell_counts_for_every_row_of_its_area_and_no_other() {
        let rows = ["1: h h", "2: a b", "3: . c", "4: . d", "5: . e"];
        assert_eq!(filled(&["A2:A4"], 1, &rows), ["1: h h +0", "2: a b +0", "3: a c +1", "4: a d +0", "5: . e +0"]);
        // Headings fill nothing, and neither does an area whose first row holds nothing.
        assert_eq!(filled(&["A1:A4"], 1, &rows)[2], "3: . c +0");
        assert_eq!(filled(&["A3:A4"], 1, &rows)[3], "4: . d +0");
        // A row that is missing from the file ends nothing, a blank one stays blank, what stands in a covered cell stays.
        let rows = ["2: a b", "4: . c", "5: . .", "6: x d", "7: . e"];
        let expected = ["2: a b +0", "4: a c +1", "5: . . +0", "6: x d +0 covered 0", "7: a e +0"];
        assert_eq!(filled(&["A2:A9"], 1, &rows), expected);
        assert_eq!(filled(&["A1:A9"], 1, &["2: . c"]), ["2: . c +0"]);
    }

    #[test]
    fn an_area_over_columns_belongs_to_its_first_column() {
        assert_eq!(filled(&["A2:C2"], 1, &["2: a . ."]), ["2: a . . +0 across 1"]);
        assert_eq!(
            filled(&["C2:E2", "A3:C3"], 1, &["2: a . c", "3: . b c"]),
            ["2: a . c +0", "3: . b c +0 covered 1 covered 2"]
        );
        assert_eq!(
            filled(&["A2:B3", "C2:C3"], 1, &["2: a . c", "3: . . .", "4: . b"])[1..],
            ["3: . . . +0", "4: . b +0"]
        );
        // What an area hides says nothing only where it says the same.
        assert_eq!(
            filled(&["A2:C3"], 1, &["2: a a x", "3: a b .", "4: y y y"]),
            ["2: a a x +0 across 1 covered 2", "3: a b . +0 covered 1", "4: y y y +0"]
        );
        assert_eq!(filled(&["A2:B3"], 1, &["2: a . c", "3: . . d"])[1], "3: a . d +1");
        assert_eq!(filled(&["C2:C3"], 1, &["2: . . c", "3: d"])[1], "3: d . c +1");
    }

    #[test]
    fn an_area_over_whole_columns_is_read_like_any_other() {
        assert_eq!(filled(&["A2:A1048576"], 1, &["2: a b", "900000: . c"])[1], "900000: a c +1");
        assert_eq!(filled(&["A:A"], 1, &["2: a b", "3: . c"])[1], "3: . c +0");
    }
}
