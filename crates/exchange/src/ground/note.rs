//! What a reading did that people should know, beside the faults: hidden columns that were read, days that were moved.

use crate::MoneyUnit;
use std::collections::BTreeMap;
use std::fmt;
use words::Wording;

/// Kinds of notes. None is a fault: the rows are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NoteKind {
    /// Columns that the workbook hides were read.
    HiddenColumns,
    /// Rows that the workbook hides or filters out were read.
    HiddenRows,
    /// Sheets that the workbook hides were not read.
    HiddenSheets,
    /// Several sheets have the same headings and were read one after another.
    SheetsInOrder,
    /// A merged cell counted for every cell of its area.
    MergedCells,
    /// A merged cell over several columns that are read counted for the first of them alone.
    MergedAcross,
    /// A moment in the last minute of a day was read as the next day.
    DaysMoved,
    /// Several columns would have done for a field that is no key, identity, name or money; the first was read.
    RepeatedHeadings,
    /// Columns of money in the unit that their headings name.
    UnitOfHeading(MoneyUnit),
    /// Columns of money in the unit that is named above the table.
    UnitAbove(MoneyUnit),
    /// Columns of money in the unit that a person named.
    UnitChosen(MoneyUnit),
    /// Headings that name another unit than the one of their field.
    OtherUnit,
    /// Columns that were chosen for an earlier file and taken again.
    ChoicesKept,
    /// Fields whose column was chosen for an earlier file and is not in this one.
    ChoicesLeft,
    /// Fields whose column was chosen for an earlier file, and that have their own heading in this one.
    ChoicesReplaced,
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
    /// Letters or known headings of the columns, or names of the sheets; never the text of a cell.
    pub columns: Vec<String>,
}

/// Notes as they come, counted by kind and sheet.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    counted: BTreeMap<(NoteKind, Option<String>), (u64, Vec<String>)>,
}

impl Notes {
    /// Counts something of this kind in a sheet (`None`: the file as a whole); a count of 0 leaves no note.
    pub fn add(&mut self, kind: NoteKind, sheet: Option<&str>, count: u64) {
        if count > 0 {
            self.counted.entry((kind, sheet.map(str::to_owned))).or_default().0 += count;
        }
    }

    /// A note about some columns or sheets.
    pub fn add_named(&mut self, kind: NoteKind, sheet: Option<&str>, columns: Vec<String>) {
        if !columns.is_empty() {
            let counted = self.counted.entry((kind, sheet.map(str::to_owned))).or_default();
            counted.0 += columns.len() as u64;
            counted.1.extend(columns);
        }
    }

    /// Adds the notes of another part of the file.
    pub fn append(&mut self, other: Notes) {
        for (what, (count, columns)) in other.counted {
            let counted = self.counted.entry(what).or_default();
            counted.0 += count;
            counted.1.extend(columns);
        }
    }

    /// The notes in order of kind, then of sheet.
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
            NoteKind::HiddenSheets => write!(f, "有{count}个隐藏的工作表没有读取（{columns}）。"),
            NoteKind::SheetsInOrder => {
                write!(f, "有{count}个工作表的表头相符，按先后次序读入（{columns}）；同一条记录以先读入的为准。")
            }
            NoteKind::HiddenRows => write!(f, "有{count}行被隐藏或筛选掉，也已读入。"),
            NoteKind::MergedCells => write!(f, "有{count}处合并单元格，其内容按区域内每一行计。"),
            NoteKind::MergedAcross => {
                write!(f, "有{count}处横向合并的单元格，其内容只计入最左一列，其余各列按空白计。")
            }
            NoteKind::DaysMoved => write!(f, "有{count}个日期的时刻在23:59之后，按次日计。"),
            NoteKind::RepeatedHeadings => write!(f, "有多列可作为同一项，读取的是在前的一列（{columns}）。"),
            NoteKind::UnitOfHeading(unit) => write!(f, "按表头以“{unit}”为单位读取：{columns}。"),
            NoteKind::UnitAbove(unit) => write!(f, "按表格上方注明的单位“{unit}”读取：{columns}。"),
            NoteKind::UnitChosen(unit) => write!(f, "按指定的单位“{unit}”读取：{columns}。"),
            NoteKind::OtherUnit => {
                write!(f, "有{count}列表头中的单位与应填单位不同，数值未作换算，请核对：{columns}。")
            }
            NoteKind::ChoicesKept => write!(f, "沿用上次指定的列：{columns}。"),
            NoteKind::ChoicesLeft => write!(f, "上次指定的列在本文件中没有，未沿用：{columns}。"),
            NoteKind::ChoicesReplaced => write!(f, "本文件已有该项自己的表头，上次指定的列未沿用：{columns}。"),
            NoteKind::UnknownLetters => {
                write!(f, "有{count}个姓名含有只有原系统才能显示的自造字，请对照证件改用标准字。")
            }
        }
    }
}

impl Note {
    /// The text in both languages.
    pub fn said(&self) -> Wording {
        Wording::pair(self.to_string(), self.english())
    }

    /// The same text in English.
    pub fn english(&self) -> String {
        let (count, columns) = (self.count, self.columns.join(", "));
        let text = match self.kind {
            NoteKind::HiddenColumns => format!("{count} hidden columns were read, too ({columns})."),
            NoteKind::HiddenSheets => format!("{count} hidden sheets were not read ({columns})."),
            NoteKind::SheetsInOrder => format!(
                "{count} sheets have fitting headings and were read in this order ({columns}); of one record the first counts."
            ),
            NoteKind::HiddenRows => format!("{count} rows that are hidden or filtered out were read, too."),
            NoteKind::MergedCells => format!("{count} merged cells counted for every row of their area."),
            NoteKind::MergedAcross => {
                format!(
                    "{count} merged cells over several columns counted for the leftmost; the others were read as empty."
                )
            }
            NoteKind::DaysMoved => format!("{count} days had a moment after 23:59 and were read as the next day."),
            NoteKind::RepeatedHeadings => {
                format!("Several columns would do for one field; the first was read ({columns}).")
            }
            NoteKind::UnitOfHeading(unit) => format!("Read in units of {unit} as the headings say: {columns}."),
            NoteKind::UnitAbove(unit) => format!("Read in units of {unit} as it says above the table: {columns}."),
            NoteKind::UnitChosen(unit) => format!("Read in units of {unit} as was chosen: {columns}."),
            NoteKind::OtherUnit => {
                format!("{count} headings name another unit than their field; nothing was converted: {columns}.")
            }
            NoteKind::ChoicesKept => format!("Columns taken as they were chosen last time: {columns}."),
            NoteKind::ChoicesLeft => format!("Columns that were chosen last time are not in this file: {columns}."),
            NoteKind::ChoicesReplaced => {
                format!(
                    "These fields have their own heading now; the columns chosen last time were not taken: {columns}."
                )
            }
            NoteKind::UnknownLetters => format!(
                "{count} names have letters that only the system that wrote them can show. Please replace them by the \
                 standard ones of the certificate."
            ),
        };
        self.sheet.as_ref().map_or(text.clone(), |sheet| format!("Sheet `{sheet}`: {text}"))
    }
}
