//! Columns of a file as people may see them: by letters and known headings, never by the text of a cell.

use words::{Wording, wording};

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileColumn {
    /// As a spreadsheet names it: `F`.
    pub letters: String,
    /// Its heading, where it is one beyond doubt.
    pub heading: Option<String>,
    /// The heading of the group that it stands below.
    pub group: Option<String>,
}

impl FileColumn {
    /// The column with its headings: `column F (成员/姓名)`.
    pub fn said(&self) -> Wording {
        let letters = &self.letters;
        match (&self.group, &self.heading) {
            (Some(group), Some(heading)) => wording!("file_column_grouped", letters, group, heading),
            (None, Some(heading)) | (Some(heading), None) => wording!("file_column_headed", letters, heading),
            (None, None) => wording!("file_column", letters),
        }
    }
}

/// A declared column that a person is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedColumn {
    /// Name of the declared column.
    pub column: String,
    /// Its label.
    pub label: Wording,
    /// Columns of the file that it may be; several for an ambiguity, at most one for a guess.
    pub candidates: Vec<FileColumn>,
}

impl AskedColumn {
    /// The field that the file lacks, with the column that it may be.
    pub(crate) fn missing(&self) -> Wording {
        match self.candidates.first() {
            Some(nearest) => wording!("missing_field_maybe", field = self.label, column = nearest.said()),
            None => self.label.clone(),
        }
    }

    /// The field with the columns of which only one can be right.
    pub(crate) fn ambiguous(&self) -> Wording {
        let columns = self.candidates.iter().map(FileColumn::said);
        let columns = columns.reduce(|first, second| wording!("column_or_column", first, second)).unwrap_or_default();
        wording!("ambiguous_field", field = self.label, columns)
    }
}

/// What a person can say so that a refused file is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    pub columns: Vec<AskedColumn>,
    /// All columns of the file with a heading.
    pub all: Vec<FileColumn>,
    /// The unit of the sums of money is asked for.
    pub asks_unit: bool,
}

/// An unused column of a file, with the field without a column that it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedColumn {
    pub column: FileColumn,
    pub nearest: Option<NearestField>,
}

/// A field that no column of the file feeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearestField {
    pub name: String,
    pub label: Wording,
}

impl UnusedColumn {
    /// The column, and what it may be: `column F (家庭实际承担), maybe 个人自付`.
    pub fn said(&self) -> Wording {
        let column = self.column.said();
        match &self.nearest {
            Some(nearest) => wording!("file_column_maybe", column, field = nearest.label),
            None => column,
        }
    }
}
