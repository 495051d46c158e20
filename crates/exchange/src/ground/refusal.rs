//! Why a file was not read at all. Nothing of a refused file is taken.

use crate::{AskedColumn, FileColumn, Question};
use std::fmt;
use std::path::PathBuf;
use words::{Wording, wording};

/// Names that are listed in one line.
const LISTED_MAX: usize = 12;

/// A file that cannot be read as what it was handed in for. `said` tells people what is wrong with which file and what to do next;
/// `Display` is the same in Chinese.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// The file cannot be opened or read.
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    /// The file has no bytes, or no row below its headings.
    Empty {
        file: String,
    },
    /// The file ends too early or its inside is broken.
    Damaged {
        file: String,
        detail: Wording,
    },
    /// A workbook protected by a password.
    Encrypted {
        file: String,
    },
    /// A workbook of Excel 97-2003 (.xls).
    OldExcel {
        file: String,
    },
    /// A workbook in another form, such as `.ods` or `.xlsb`.
    OtherWorkbook {
        file: String,
        kind: &'static str,
    },
    /// Neither a workbook nor text nor Parquet.
    UnknownFormat {
        file: String,
    },
    /// Text in an encoding other than UTF-8, GB18030 and UTF-16, such as Big5.
    UnknownEncoding {
        file: String,
    },
    /// A workbook that would unpack to far more than it seems.
    Bomb {
        file: String,
        detail: Wording,
    },
    /// Larger than the limit; both in bytes or rows, as `unit` says.
    TooLarge {
        file: String,
        unit: &'static str,
        found: u64,
        limit: u64,
    },
    TooManyColumns {
        file: String,
        found: u32,
        limit: u32,
    },
    /// No row among the first ones looks like headings.
    NoHeadings {
        file: String,
        expected: Vec<Wording>,
        /// How many columns the file has.
        columns: usize,
    },
    /// The headings are those of another source, or fit too little.
    WrongSource {
        file: String,
        label: Wording,
        /// Label of the source that the headings fit.
        looks_like: Option<Wording>,
        expected: Vec<Wording>,
        seen: Vec<FileColumn>,
    },
    /// The file is of this source but lacks columns that it must have; each is asked about, with the column that it may be.
    MissingHeadings {
        file: String,
        label: Wording,
        question: Question,
    },
    /// Several columns of the file would do for a field of which only one can be right.
    AmbiguousHeadings {
        file: String,
        /// Of a workbook.
        sheet: Option<String>,
        label: Wording,
        question: Question,
    },
    /// A later row is another row of headings.
    OtherHeadings {
        file: String,
        /// Of a workbook.
        sheet: Option<String>,
        row: u32,
        heading_row: u32,
    },
    /// Rows above the headings look like data.
    DataAboveHeadings {
        file: String,
        /// Of a workbook.
        sheet: Option<String>,
        rows: Vec<u32>,
        heading_row: u32,
    },
    /// It is not clear what unit the sums of money are in.
    UnclearUnit {
        file: String,
        /// Of a workbook, where it is one sheet's matter.
        sheet: Option<String>,
        /// The row that speaks of another unit.
        row: Option<u32>,
        /// Labels of the fields.
        columns: Vec<Wording>,
        question: Question,
    },
    /// The columns that a person chose for these fields are not in the file.
    UnknownChoice {
        file: String,
        question: Question,
    },
    /// Whoever took the chunks asked to stop.
    Stopped {
        file: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.said().chinese())
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Refusal::Unreadable { source, .. } = self { Some(source) } else { None }
    }
}

impl Refusal {
    /// What a person can say so that the file is read.
    pub fn question(&self) -> Option<&Question> {
        match self {
            Refusal::MissingHeadings { question, .. }
            | Refusal::AmbiguousHeadings { question, .. }
            | Refusal::UnclearUnit { question, .. }
            | Refusal::UnknownChoice { question, .. } => Some(question),
            _ => None,
        }
    }

    /// The same about a child's sheet: the columns that are asked about carry the child's name, for the register's own may be called
    /// like them.
    pub fn of_child(mut self, child: &str) -> Refusal {
        if let Refusal::MissingHeadings { question, .. }
        | Refusal::AmbiguousHeadings { question, .. }
        | Refusal::UnclearUnit { question, .. }
        | Refusal::UnknownChoice { question, .. } = &mut self
        {
            question.columns.iter_mut().for_each(|asked| asked.column = format!("{child}.{}", asked.column));
        }
        self
    }

    /// What is wrong with which file, and what to do next.
    pub fn said(&self) -> Wording {
        use Refusal::*;
        match self {
            Unreadable { path, .. } => {
                let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
                wording!("file_unreadable", file)
            }
            Empty { file } => wording!("file_without_data", file),
            Damaged { file, detail } => wording!("file_damaged", file, detail = *detail),
            Encrypted { file } => wording!("file_encrypted", file),
            OldExcel { file } => wording!("file_old_excel", file),
            OtherWorkbook { file, kind } => wording!("file_other_workbook", file, kind),
            UnknownFormat { file } => wording!("file_unknown_format", file),
            UnknownEncoding { file } => wording!("file_unknown_encoding", file),
            Bomb { file, detail } => wording!("file_bomb", file, detail = *detail),
            TooLarge { file, unit, found, limit } => {
                let unit = if *unit == "rows" { wording!("unit_rows") } else { wording!("unit_bytes") };
                wording!("file_too_large", file, unit, found, limit)
            }
            TooManyColumns { file, found, limit } => wording!("file_too_many_columns", file, found, limit),
            Stopped { file } => wording!("file_stopped", file),
            _ => self.said_of_headings(),
        }
    }

    /// What is wrong with its headings, or with what stands beside them.
    fn said_of_headings(&self) -> Wording {
        use Refusal::*;
        match self {
            NoHeadings { file, expected, columns } => {
                wording!("file_no_headings", file, columns, expected = few(expected))
            }
            WrongSource { file, label, looks_like: None, expected, seen } => {
                wording!("file_wrong_source", file, label = *label, expected = few(expected), seen = shown(seen))
            }
            WrongSource { file, label, looks_like: Some(other), expected, seen } => {
                let (label, expected, seen) = (label.clone(), few(expected), shown(seen));
                wording!("file_of_other_source", file, label, other = *other, expected, seen)
            }
            MissingHeadings { file, label, question } => {
                let fields = words::list(question.columns.iter().map(AskedColumn::missing));
                wording!("file_missing_headings", file, label = *label, fields, seen = shown(&question.all))
            }
            AmbiguousHeadings { file, sheet, label, question } => {
                let fields = words::clauses(question.columns.iter().map(AskedColumn::ambiguous));
                let place = place(file, sheet);
                wording!("file_ambiguous_headings", place, label = *label, fields)
            }
            OtherHeadings { file, sheet, row, heading_row } => {
                wording!("file_other_headings", place = place(file, sheet), row, heading_row)
            }
            DataAboveHeadings { file, sheet, rows, heading_row } => {
                wording!("file_data_above_headings", place = place(file, sheet), heading_row, rows = numbers(rows))
            }
            UnclearUnit { file, sheet, row, columns, .. } => {
                let (place, columns) = (place(file, sheet), few(columns));
                match row {
                    None => wording!("file_unclear_unit", place, columns),
                    Some(row) => wording!("file_other_unit", place, row, columns),
                }
            }
            UnknownChoice { file, question } => {
                let labels: Vec<Wording> = question.columns.iter().map(|one| one.label.clone()).collect();
                let (fields, seen) = (few(&labels), shown(&question.all));
                wording!("file_unknown_choice", file, fields, seen)
            }
            _ => Wording::default(),
        }
    }
}

/// The file, and its sheet where it is a matter of one.
fn place(file: &str, sheet: &Option<String>) -> Wording {
    match sheet {
        Some(sheet) => wording!("file_sheet", file, sheet),
        None => wording!("file_named", file),
    }
}

/// Numbers of rows in one line.
fn numbers(rows: &[u32]) -> Wording {
    let listed = words::list(rows.iter().take(LISTED_MAX));
    if rows.len() > LISTED_MAX { wording!("listed_rows_more", listed) } else { listed }
}

/// At most [`LISTED_MAX`] of these in one line.
fn few(things: &[Wording]) -> Wording {
    let listed = words::list(things.iter().take(LISTED_MAX).cloned());
    match things.len() {
        0 => wording!("listed_none"),
        1..=LISTED_MAX => listed,
        count => wording!("listed_more", listed, count),
    }
}

fn shown(columns: &[FileColumn]) -> Wording {
    few(&columns.iter().map(FileColumn::said).collect::<Vec<_>>())
}
