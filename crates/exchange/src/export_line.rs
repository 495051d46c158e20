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

/// The line of an export of so many rows.
pub(crate) fn line(label: &str, head: &ExportHead<'_>, rows: u64) -> String {
    let filter = if head.filter.is_empty() { "全部" } else { head.filter };
    let line = format!("{label}｜导出人：{}｜时间：{}｜条件：{filter}｜共{rows}行", head.who, head.when);
    // Nothing in it may end the cell, or look like the separators of a table.
    let plain = line.chars().map(|letter| match letter {
        ',' => '，',
        ';' => '；',
        '"' => '”',
        letter if letter.is_control() => ' ',
        letter => letter,
    });
    plain.fold(MARK.to_owned(), |mut text, letter| {
        text.push(letter);
        text
    })
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
