//! Rows that could not be split into cells, and cells that a merged one hides.

use crate::cell::Problem;
use crate::raw::{Flaw, RawCell, RawRow};
use model::FaultKind;

/// What is wrong with a row that could not be split into its cells, and the column where it is marked.
pub(super) fn problem(raw: &RawRow, flaw: Flaw) -> (Option<usize>, Problem) {
    match flaw {
        Flaw::OpenQuote => {
            let is_open = |cell: &RawCell| matches!(cell, RawCell::Text(text) if text.starts_with('"'));
            let column = raw.cells.iter().position(is_open);
            let hint = "请删去多余的引号，或在文字末尾补上引号";
            (column, Problem::new(FaultKind::BadText, "引号不成对，无法确定该行的各个单元格", hint))
        }
        Flaw::SwallowedRows => {
            let hint = "请检查该行的引号；一个单元格里包含了好几行数据，请在原系统重新导出";
            let what = "一个单元格吞并了后面的整行数据，无法确定该行的内容";
            (None, Problem::new(FaultKind::BadText, what, hint))
        }
        Flaw::MixedCells => {
            let hint = "请用Excel或WPS打开并另存一次，核对该行后重新提交";
            let what = "该行有编号相同或次序颠倒的单元格，无法确定其内容";
            (None, Problem::new(FaultKind::CellCount, what, hint))
        }
        Flaw::LongLine => {
            let hint = "请检查该行是否缺少换行，或误粘贴了大段内容";
            (None, Problem::new(FaultKind::TooLong, "该行过长，未能读入", hint))
        }
    }
}

/// The problem of a cell that a merged one hides, and that says something else.
pub(super) fn covered() -> Problem {
    Problem::new(
        FaultKind::CheckFailed,
        "单元格被合并单元格遮住，其内容与合并区域显示的不同",
        "请取消合并，核对被遮住的内容后重新提交",
    )
}
