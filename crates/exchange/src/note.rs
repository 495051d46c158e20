//! What a reading did that people should know, beside the faults: hidden columns that were read, days that were moved.

use std::collections::BTreeMap;
use std::fmt;

/// Kinds of notes. None is a fault: the rows are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NoteKind {
    /// Columns that the workbook hides were read.
    HiddenColumns,
    /// Rows that the workbook hides or filters out were read.
    HiddenRows,
    /// A merged cell counted for every cell of its area.
    MergedCells,
    /// A moment in the last minute of a day was read as the next day.
    DaysMoved,
    /// Names have letters that only the system that wrote them can show.
    UnknownLetters,
}

/// A note, counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub kind: NoteKind,
    /// The sheet that it is about, for workbooks.
    pub sheet: Option<String>,
    /// Cells, rows or columns, as the kind says.
    pub count: u64,
    /// Letters or known headings of the columns, never the text of a cell.
    pub columns: Vec<String>,
}

/// Notes as they come, counted by kind and sheet.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    counted: BTreeMap<(NoteKind, Option<String>), (u64, Vec<String>)>,
}

impl Notes {
    pub fn add(&mut self, kind: NoteKind, sheet: Option<&str>, count: u64) {
        if count > 0 {
            self.counted.entry((kind, sheet.map(str::to_owned))).or_default().0 += count;
        }
    }

    /// A note about some columns.
    pub fn add_columns(&mut self, kind: NoteKind, sheet: Option<&str>, columns: Vec<String>) {
        if !columns.is_empty() {
            let counted = self.counted.entry((kind, sheet.map(str::to_owned))).or_default();
            counted.0 += columns.len() as u64;
            counted.1.extend(columns);
        }
    }

    pub fn finish(self) -> Vec<Note> {
        let note = |((kind, sheet), (count, columns))| Note { kind, sheet, count, columns };
        self.counted.into_iter().map(note).collect()
    }
}

impl fmt::Display for Note {
    /// In Chinese, for people; a sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = &self.sheet {
            write!(f, "工作表“{sheet}”")?;
        }
        let (count, columns) = (self.count, self.columns.join("、"));
        match self.kind {
            NoteKind::HiddenColumns => write!(f, "有{count}个隐藏的列也已读入（{columns}）。"),
            NoteKind::HiddenRows => write!(f, "有{count}行被隐藏或筛选掉，也已读入。"),
            NoteKind::MergedCells => write!(f, "有{count}处合并单元格，其内容按区域内每一行计。"),
            NoteKind::DaysMoved => write!(f, "有{count}个日期的时刻在23:59之后，按次日计。"),
            NoteKind::UnknownLetters => {
                write!(f, "有{count}个姓名含有只有原系统才能显示的自造字，已照原样保存，请对照证件改用标准字。")
            }
        }
    }
}

impl Note {
    /// The same text in English.
    pub fn english(&self) -> String {
        let (count, columns) = (self.count, self.columns.join(", "));
        let text = match self.kind {
            NoteKind::HiddenColumns => format!("{count} hidden columns were read, too ({columns})."),
            NoteKind::HiddenRows => format!("{count} rows that are hidden or filtered out were read, too."),
            NoteKind::MergedCells => format!("{count} merged cells counted for every row of their area."),
            NoteKind::DaysMoved => format!("{count} days had a moment after 23:59 and were read as the next day."),
            NoteKind::UnknownLetters => format!(
                "{count} names have letters that only the system that wrote them can show; they were kept. Please replace them by \
                 the standard ones of the certificate."
            ),
        };
        self.sheet.as_ref().map_or(text.clone(), |sheet| format!("Sheet `{sheet}`: {text}"))
    }
}
