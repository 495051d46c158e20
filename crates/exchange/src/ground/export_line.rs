//! The line above the headings of an export, and how rows of a template begin that only show how.

/// Beginning of the line by which an export is known again.
pub(crate) const MARK: &str = "守望导出｜";
/// Beginning of the first cell of a row that shows how a template is filled in.
pub(crate) const EXAMPLE: &str = "示例：";
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
pub(crate) fn plain(line: &str) -> String {
    let letter = |letter| match letter {
        ',' => '，',
        ';' => '；',
        '"' => '”',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    line.chars().map(letter).collect()
}
