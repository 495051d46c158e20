//! Columns of a file as people may see them: by letters and known headings, never by the text of a cell.

use std::fmt;
use words::Wording;

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

impl fmt::Display for FileColumn {
    /// `F列（成员／姓名）`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}列", self.letters)?;
        match (&self.group, &self.heading) {
            (Some(group), Some(heading)) => write!(f, "（{group}／{heading}）"),
            (None, Some(text)) | (Some(text), None) => write!(f, "（{text}）"),
            (None, None) => Ok(()),
        }
    }
}

impl FileColumn {
    /// The column in both languages.
    pub fn said(&self) -> Wording {
        Wording::pair(self.to_string(), self.english())
    }

    /// The same in English: `column F (成员/姓名)`.
    pub fn english(&self) -> String {
        let texts: Vec<&str> = self.group.iter().chain(&self.heading).map(String::as_str).collect();
        let behind = if texts.is_empty() { String::new() } else { format!(" ({})", texts.join("/")) };
        format!("column {}{behind}", self.letters)
    }
}

/// A declared column that a person is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedColumn {
    /// Name of the declared column.
    pub column: String,
    /// Its label.
    pub label: String,
    /// Columns of the file that it may be; several for an ambiguity, at most one for a guess.
    pub candidates: Vec<FileColumn>,
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
    /// Name and label of the field.
    pub nearest: Option<(String, String)>,
}

impl fmt::Display for UnusedColumn {
    /// `F列（家庭实际承担）疑为“个人自付”`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.column.fmt(f)?;
        match &self.nearest {
            Some((_, label)) => write!(f, "，疑为“{label}”"),
            None => Ok(()),
        }
    }
}

impl UnusedColumn {
    /// The same in English: `column F (家庭实际承担), maybe 个人自付`.
    pub fn english(&self) -> String {
        let maybe = self.nearest.as_ref().map(|(_, label)| format!(", maybe {label}"));
        format!("{}{}", self.column.english(), maybe.unwrap_or_default())
    }
}
