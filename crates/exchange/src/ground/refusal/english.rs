//! Refusals in English.

use super::{LISTED_MAX, Refusal, example, name, numbers};
use crate::{FileColumn, Question};

impl Refusal {
    /// The same text in English.
    pub fn english(&self) -> String {
        use Refusal::*;
        match self {
            Unreadable { path, .. } => {
                format!(
                    "Cannot open `{}`. Make sure that it exists and no other program holds it, then try again.",
                    name(path)
                )
            }
            Empty { file } => format!("`{file}` holds no data. Check the export and hand it in again."),
            Damaged { file, detail } => {
                format!("`{file}` is damaged or incomplete{}. Export or transfer it again.", behind(detail))
            }
            Encrypted { file } => {
                format!("`{file}` is protected by a password. Save it without one and hand it in again.")
            }
            OldExcel { file } => {
                format!("`{file}` is an Excel 97-2003 workbook. Save it as .xlsx and hand it in again.")
            }
            OtherWorkbook { file, kind } => {
                format!("`{file}` is a workbook in another form ({kind}). Save it as .xlsx and hand it in again.")
            }
            UnknownFormat { file } => {
                format!("`{file}` is not a table that can be read. Hand in XLSX, CSV (UTF-8 or GB18030) or Parquet.")
            }
            UnknownEncoding { file } => {
                format!(
                    "The text encoding of `{file}` is not known. Save it as CSV UTF-8 or .xlsx and hand it in again."
                )
            }
            Bomb { file, detail } => {
                format!(
                    "`{file}` would unpack to far too much{} and was not read. Export it again from its system.",
                    behind(detail)
                )
            }
            TooLarge { file, unit, found, limit } => {
                format!(
                    "`{file}` is too large ({found} {unit}, at most {limit}). Split it by county or month, or use CSV."
                )
            }
            TooManyColumns { file, found, limit } => {
                format!("`{file}` has {found} columns, at most {limit} are read. Delete the columns on the right.")
            }
            NoHeadings { file, expected, columns } => format!(
                "No headings in the first rows of `{file}` ({columns} columns). Expected: {}. Keep the heading row.",
                expected.join(", ")
            ),
            WrongSource { file, label, looks_like, expected, seen } => {
                let other = looks_like.as_ref().map(|other| format!(" It looks like a file of {other}."));
                format!(
                    "The headings of `{file}` do not fit {label}; nothing was imported.{} Expected: {}; seen: {}.",
                    other.unwrap_or_default(),
                    expected.join(", "),
                    shown_english(seen)
                )
            }
            MissingHeadings { file, label, question } => format!(
                "`{file}` lacks columns that {label} needs: {}. Seen: {}. Add them, or say which column they are: {}.",
                asked_english(question, " maybe "),
                shown_english(&question.all),
                how_english(question)
            ),
            AmbiguousHeadings { file, sheet, label, question } => format!(
                "Several columns of `{file}`{} would do for one field of {label}; nothing was imported: {}. Say which: {}.",
                sheet.as_ref().map(|sheet| format!(", sheet `{sheet}`,")).unwrap_or_default(),
                asked_english(question, " is "),
                how_english(question)
            ),
            OtherHeadings { file, sheet, row, heading_row } => format!(
                "Row {row} of `{file}`{} is another row of headings, and differs from the one in row {heading_row} by names, order or \
                 units; nothing was imported. Split the file into two files or sheets, or make the columns the same and delete row {row}.",
                of_sheet_english(sheet)
            ),
            DataAboveHeadings { file, sheet, rows, heading_row } => format!(
                "The headings of `{file}`{} stand in row {heading_row}, but rows above look like data ({}); nothing was imported. \
                 Mend the headings above them, split the file, or delete these rows if they are no data.",
                of_sheet_english(sheet),
                numbers(rows)
            ),
            UnclearUnit { file, sheet, row: Some(row), columns, .. } => format!(
                "Row {row} of `{file}`{} names another unit of money than the headings or what stands above them ({}); nothing was \
                 imported. Name the unit in the headings, or say it: `--unit 万元`, or choose it on this page; split parts with \
                 different units.",
                of_sheet_english(sheet),
                columns.join(", ")
            ),
            UnclearUnit { file, row: None, columns, .. } => format!(
                "`{file}` does not say clearly in which unit its money is ({}); nothing was imported. \
                 Name the unit in the headings, or say it: `--unit 万元`, or choose it on this page.",
                columns.join(", ")
            ),
            UnknownChoice { file, question } => format!(
                "`{file}` has no column as it was chosen for {}, or several; nothing was imported. Seen: {}. Say which: {}.",
                asked_english(question, " maybe "),
                shown_english(&question.all),
                how_english(question)
            ),
            Stopped { file } => format!("The import of `{file}` was stopped; nothing was saved."),
        }
    }
}

fn of_sheet_english(sheet: &Option<String>) -> String {
    sheet.as_ref().map(|sheet| format!(", sheet `{sheet}`,")).unwrap_or_default()
}

fn shown_english(columns: &[FileColumn]) -> String {
    columns.iter().take(LISTED_MAX).map(FileColumn::english).collect::<Vec<_>>().join(", ")
}

fn asked_english(question: &Question, between: &str) -> String {
    let one = |asked: &crate::AskedColumn| {
        let candidates: Vec<String> = asked.candidates.iter().map(FileColumn::english).collect();
        let between = if candidates.is_empty() { "" } else { between };
        format!("{}{between}{}", asked.label, candidates.join(" or "))
    };
    question.columns.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn how_english(question: &Question) -> String {
    format!("`{}` on the command line, or choose it on this page", example(question))
}

/// A particular behind an English sentence; those that are in Chinese are left out.
fn behind(detail: &str) -> String {
    if detail.is_ascii() { format!(" ({detail})") } else { String::new() }
}
