//! Names of the sheets that workbooks of ours have beside those with rows.

use words::Language;

/// How the workbook is filled in and handed in again.
pub(crate) const INSTRUCTIONS: &str = "说明";
pub(crate) const INSTRUCTIONS_EN: &str = "About this file";
/// The rows of a file without sheets; further ones have a number behind it.
const ROWS: &str = "数据";
const ROWS_EN: &str = "Rows";
/// The faults of a file.
pub(crate) const FAULTS: &str = "错误汇总";
pub(crate) const FAULTS_EN: &str = "Faults";
/// The form that it was made with; hidden, as all that follow.
pub(crate) const STAMP: &str = "_shouwang";
/// Labels of codes, behind the drop-downs.
pub(crate) const CODES: &str = "_codes";
/// Places below places, behind the drop-downs.
pub(crate) const PLACES: &str = "_places";
/// How many child records each record had; beginning of the names of those that go on where it is full.
pub(crate) const CHILD_ROWS: &str = "_rows";

/// What the sheet with the rows of a file without sheets is called in a workbook of this language.
pub(crate) fn rows(language: Language) -> &'static str {
    language.pick(ROWS, ROWS_EN)
}

/// True for a sheet that nobody fills in.
pub(crate) fn is_own(name: &str) -> bool {
    [STAMP, CODES, PLACES].contains(&name) || name.starts_with(CHILD_ROWS)
}
