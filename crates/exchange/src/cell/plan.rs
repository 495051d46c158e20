//! What the cells of a column are held against.

use super::code::CodeTable;
use super::key_numbers::KeyNumbers;
use crate::{Limits, Places, Shape};
use model::{Day, Kind};
use policy::declare::Column;

/// Everything the cells of one column are held against.
pub(crate) struct CellPlan<'a> {
    pub column: &'a Column,
    pub codes: Option<CodeTable>,
    /// The column helps to name the row, or names another record: spellings of one text must not make two rows.
    pub is_key: bool,
    /// What is known of numbers that stand where the texts of a key should.
    pub numbers: KeyNumbers<'a>,
    /// Cells are household numbers.
    pub is_household: bool,
    /// Tens that the heading's unit adds: 4 for 万元, 3 for 千元, 0 for 元, -2 for 分.
    pub money_tens: i32,
    pub delivery_day: Day,
    /// Serial numbers of days are of the calendar of 1904.
    pub is_1904: bool,
    pub places: &'a dyn Places,
    pub text_characters_max: usize,
    /// The file is an export of ours: texts are taken as they stand.
    pub is_exact: bool,
    /// The file is such an export in CSV that a spreadsheet has saved as a workbook: its texts still have the marks of CSV.
    pub has_marks: bool,
}

/// How the cells of a declared column are read. `tens`: what the unit of its money adds to yuan.
pub(crate) fn cell_plan<'a>(shape: &'a Shape<'a>, at: usize, tens: i32, limits: &Limits) -> CellPlan<'a> {
    let column = &shape.columns[at];
    CellPlan {
        column,
        codes: column.codes.as_ref().and_then(|name| shape.codes.get(name)).map(CodeTable::of),
        is_key: shape.key.contains(&column.name) || column.kind == Kind::Reference,
        numbers: KeyNumbers::default(),
        is_household: shape.household == Some(column.name.as_str()),
        money_tens: tens,
        delivery_day: shape.delivery_day,
        is_1904: false,
        places: shape.places,
        text_characters_max: limits.text_characters_max,
        is_exact: false,
        has_marks: false,
    }
}
