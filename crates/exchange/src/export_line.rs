//! The line above the headings of an export, and the rows of a template that only show how.

use crate::raw::{RawCell, RawRow};

/// Beginning of the line by which an export is known again.
const MARK: &str = "守望导出｜";
/// Beginning of the first cell of a row that shows how a template is filled in.
pub(crate) const EXAMPLE: &str = "示例：";
/// Rows below the headings in which such a row may stand.
pub(crate) const EXAMPLE_ROWS: u32 = 10;

/// Who took a list away, when and what it was narrowed to.
#[derive(Clone, Copy, Debug)]
pub struct ExportHead<'a> {
    pub who: &'a str,
    /// Day and time, as people write them.
    pub when: &'a str,
    /// The filter in words; empty for everything.
    pub filter: &'a str,
}

/// The line of an export of this part.
pub(crate) fn line(label: &str, head: &ExportHead<'_>) -> String {
    let filter = if head.filter.is_empty() { "全部" } else { head.filter };
    plain(&format!("{MARK}{label}｜导出人：{}｜时间：{}｜条件：{filter}", head.who, head.when))
}

/// Nothing in it may end the cell, or look like the separators of a table.
fn plain(line: &str) -> String {
    let letter = |letter| match letter {
        ',' => '，',
        ';' => '；',
        '"' => '”',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    line.chars().map(letter).collect()
}

/// True for the line of an export of this part.
pub(crate) fn is_of(row: &RawRow, label: &str) -> bool {
    let begins = |text: &str| text.starts_with(&plain(&format!("{MARK}{label}｜")));
    is_one(row) && matches!(row.cell(0), RawCell::Text(text) if begins(text))
}

/// True for the line above the headings of an export.
pub(crate) fn is_one(row: &RawRow) -> bool {
    matches!(row.cell(0), RawCell::Text(text) if text.starts_with(MARK))
        && row.cells.iter().skip(1).all(RawCell::is_empty)
}

/// True for a row that shows how a template is filled in.
pub(crate) fn is_example(row: &RawRow) -> bool {
    let RawCell::Text(text) = row.cell(0) else { return false };
    text.trim_start().strip_prefix("示例").is_some_and(|rest| rest.starts_with(['：', ':']))
}
