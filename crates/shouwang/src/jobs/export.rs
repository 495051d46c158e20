//! What exports have in common: their folder, the form of their file, its headings.

use crate::trouble::{Attempt, Outcome};
use exchange::{Heading, Output};
use model::Kind;
use std::path::Path;
use web::jobs::ExportFormat;
use words::{Language, advice};

/// Makes the folder of a job's files.
///
/// # Errors
/// When the disk fails.
pub(super) fn make_folder(folder: &Path) -> Outcome<()> {
    std::fs::create_dir_all(folder).attempt(|| advice!("export_folder_unmade"))
}

/// What the name of a file of this form ends in, and how it is written.
pub(super) fn output_of(format: ExportFormat) -> (&'static str, Output) {
    match format {
        ExportFormat::Xlsx => ("xlsx", Output::Xlsx),
        ExportFormat::Csv => ("csv", Output::CsvBom),
    }
}

/// Headings in a language, each by its key.
pub fn headings(columns: &[(&str, Kind)], language: Language) -> Vec<Heading> {
    columns.iter().map(|(key, kind)| Heading { text: language.say(key).to_owned(), kind: *kind }).collect()
}
