//! What a reading did that people should know, beside the faults: hidden columns that were read, days that were moved.

use crate::MoneyUnit;
use std::collections::BTreeMap;
use words::{Wording, wording};

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
    pub columns: Vec<Wording>,
}

/// Notes as they come, counted by kind and sheet.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    counted: BTreeMap<(NoteKind, Option<String>), (u64, Vec<Wording>)>,
}

impl Notes {
    /// Counts something of this kind in a sheet (`None`: the file as a whole); a count of 0 leaves no note.
    pub fn add(&mut self, kind: NoteKind, sheet: Option<&str>, count: u64) {
        if count > 0 {
            self.counted.entry((kind, sheet.map(str::to_owned))).or_default().0 += count;
        }
    }

    /// A note about some columns or sheets.
    pub fn add_named(&mut self, kind: NoteKind, sheet: Option<&str>, columns: Vec<Wording>) {
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

impl Note {
    /// The note in a sentence.
    pub fn said(&self) -> Wording {
        let (count, columns) = (self.count, words::list(self.columns.iter().cloned()));
        let note = match self.kind {
            NoteKind::HiddenColumns => wording!("note_hidden_columns", count, columns),
            NoteKind::HiddenSheets => wording!("note_hidden_sheets", count, columns),
            NoteKind::SheetsInOrder => wording!("note_sheets_in_order", count, columns),
            NoteKind::HiddenRows => wording!("note_hidden_rows", count),
            NoteKind::MergedCells => wording!("note_merged_cells", count),
            NoteKind::MergedAcross => wording!("note_merged_across", count),
            NoteKind::DaysMoved => wording!("note_days_moved", count),
            NoteKind::RepeatedHeadings => wording!("note_repeated_headings", columns),
            NoteKind::UnitOfHeading(unit) => wording!("note_unit_of_heading", unit, columns),
            NoteKind::UnitAbove(unit) => wording!("note_unit_above", unit, columns),
            NoteKind::UnitChosen(unit) => wording!("note_unit_chosen", unit, columns),
            NoteKind::OtherUnit => wording!("note_other_unit", count, columns),
            NoteKind::ChoicesKept => wording!("note_choices_kept", columns),
            NoteKind::ChoicesLeft => wording!("note_choices_left", columns),
            NoteKind::ChoicesReplaced => wording!("note_choices_replaced", columns),
            NoteKind::UnknownLetters => wording!("note_unknown_letters", count),
        };
        match &self.sheet {
            Some(sheet) => wording!("note_on_sheet", sheet, note),
            None => note,
        }
    }
}
