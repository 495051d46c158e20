//! What is wrong with a cell.

use model::FaultKind;
use std::borrow::Cow;

/// What is wrong with a cell and what to do, both in Chinese.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    pub kind: FaultKind,
    pub what: Cow<'static, str>,
    pub hint: Cow<'static, str>,
    /// Its column in the file, where that is not the declared column's own.
    pub column: Option<usize>,
}

impl Problem {
    /// What is wrong and what to do, both in Chinese, in the declared column's own place.
    pub fn new(kind: FaultKind, what: impl Into<Cow<'static, str>>, hint: impl Into<Cow<'static, str>>) -> Problem {
        Problem { kind, what: what.into(), hint: hint.into(), column: None }
    }

    /// The same problem, in this column of the file.
    pub fn at(self, column: usize) -> Problem {
        Problem { column: Some(column), ..self }
    }
}

pub(super) fn too_long(limit: usize) -> Problem {
    Problem::new(FaultKind::TooLong, format!("文字超过{limit}个字"), "请核对是否误粘贴了其他内容，或精简后再填")
}

pub(super) fn bad_characters() -> Problem {
    Problem::new(
        FaultKind::BadText,
        "含有乱码或不可见的控制字符",
        "请删去后重新输入；若整列都是乱码，请另存为“CSV UTF-8”或“.xlsx”后重新提交",
    )
}
