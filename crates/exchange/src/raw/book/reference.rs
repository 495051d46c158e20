//! Cells and areas by their references: `A1`, `B2:D7`. Both are judged before anything is done with them.

/// CellRows and columns that a sheet can have.
pub(super) const ROWS_MAX: u32 = 1_048_576;
pub(super) const COLUMNS_MAX: u32 = 16_384;

/// A rectangle of cells, all ends included: rows counted from 1, columns from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Area {
    pub first_column: u32,
    pub first_row: u32,
    pub last_row: u32,
    pub last_column: u32,
}

impl Area {
    /// `B2:D7`, `B2`, `B:D` or `2:7`; `None` for anything else and for what lies outside a sheet.
    pub fn parse(text: &str) -> Option<Area> {
        let (one, other) = text.split_once(':').unwrap_or((text, text));
        let ((first_column, first_row), (last_column, last_row)) = (ends(one)?, ends(other)?);
        let area = Area {
            first_column: first_column.unwrap_or(0),
            first_row: first_row.unwrap_or(1),
            last_row: last_row.unwrap_or(ROWS_MAX),
            last_column: last_column.unwrap_or(COLUMNS_MAX - 1),
        };
        let is_whole = first_column.is_some() == last_column.is_some() && first_row.is_some() == last_row.is_some();
        let is_ordered = area.first_row <= area.last_row && area.first_column <= area.last_column;
        (is_whole && is_ordered).then_some(area)
    }
}

/// Row (from 1) and column (from 0) of `BC12`; `None` for what is no cell of any sheet.
pub(super) fn cell(text: &str) -> Option<(u32, u32)> {
    let (column, row) = ends(text)?;
    Some((row?, column?))
}

/// Column and row of a reference that may lack one of them.
fn ends(text: &str) -> Option<(Option<u32>, Option<u32>)> {
    let text = text.as_bytes();
    let letters = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (letters, digits) = text.split_at(letters);
    if letters.len() > 3 || digits.len() > 7 || (letters.is_empty() && digits.is_empty()) {
        return None;
    }
    let column = letters.iter().fold(0, |sum, letter| sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    let mut row = 0;
    for digit in digits {
        row = row * 10 + digit.is_ascii_digit().then(|| u32::from(digit - b'0'))?;
    }
    let is_inside = column <= COLUMNS_MAX && row <= ROWS_MAX && (digits.is_empty() || row > 0);
    let some = |number: u32, bytes: &[u8]| (!bytes.is_empty()).then_some(number);
    is_inside.then(|| (some(column, letters).map(|column| column - 1), some(row, digits)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_on_both_sides_of_the_edges_of_a_sheet() {
        let cases = [
            ("A1", Some((1, 0))),
            ("xfd1048576", Some((1_048_576, 16_383))),
            ("BC12", Some((12, 54))),
            ("XFE1", None),
            ("A1048577", None),
            ("A99999999999", None),
            ("AAAAAAAAAAAAAAAA1", None),
            ("A0", None),
            ("A", None),
            ("7", None),
            ("", None),
            ("A-1", None),
            ("A1B", None),
            ("$A$1", None),
            ("号1", None),
        ];
        for (text, expected) in cases {
            assert_eq!(cell(text), expected, "{text}");
        }
    }

    #[test]
    fn areas_are_read_and_those_that_are_none_are_not() {
        let area = |first_column, first_row, last_column, last_row| {
            Some(Area { first_column, first_row, last_row, last_column })
        };
        let cases = [
            ("B2:D7", area(1, 2, 3, 7)),
            ("B2", area(1, 2, 1, 2)),
            ("B:D", area(1, 1, 3, ROWS_MAX)),
            ("2:7", area(0, 2, COLUMNS_MAX - 1, 7)),
            ("D7:B2", None),
            ("B2:D", None),
            ("B2:D9999999", None),
            ("", None),
            (":", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Area::parse(text), expected, "{text}");
        }
    }
}
