//! What is asked of an import, and what it tells.

use exchange::Mapping;
use model::{Actor, Day, RegionCode};
use serde::Serialize;
use std::path::{Path, PathBuf};
use store::ImportSummary;
use web::jobs::{ColumnQuestion, Question};
use words::{Language, Wording, wording};

/// A file to be taken in.
pub struct Order<'a> {
    pub dataset: &'a str,
    pub path: &'a Path,
    /// Name as it was handed in.
    pub file_name: &'a str,
    pub day: Day,
    /// The place of who hands it in.
    pub region: RegionCode,
    /// What was said of the delivery, where the file is one of a department.
    pub declared: Declared,
    /// Whether more rows may go than the source lets go unasked.
    pub confirmed: Confirmed<'a>,
    pub actor: &'a Actor,
    /// Folder for the workbook with the faults and the unmatched rows.
    pub out: PathBuf,
    /// The language of who hands it in: the files that go back are written in it.
    pub language: Language,
    /// Columns and unit that a person has chosen.
    pub chosen: Mapping,
}

impl Order<'_> {
    /// What is told while the file is taken in.
    pub fn importing(&self) -> Wording {
        wording!("import_under_way", file = self.file_name)
    }
}

/// What was said of a delivery, on the command line or the page.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    pub place: Option<RegionCode>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// Only some rows: they are added, and no row goes.
    pub is_partial: bool,
}

/// Whether it was confirmed that many rows go.
#[derive(Clone, Copy, Debug)]
pub enum Confirmed<'a> {
    No,
    /// Whatever goes.
    All,
    /// What was shown then (`Question::shown`), and nothing else.
    Shown(&'a str),
}

impl Confirmed<'_> {
    /// True where it holds for what would go now.
    pub fn is_of(&self, now: &str) -> bool {
        match self {
            Confirmed::No => false,
            Confirmed::All => true,
            Confirmed::Shown(then) => *then == now,
        }
    }
}

/// What became of a file.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub dataset: String,
    pub file: String,
    pub import: String,
    pub summary: ImportSummary,
    /// Heading in the file, and the column it was read as.
    pub headings: Vec<(Wording, Option<String>)>,
    pub fault_file: Option<PathBuf>,
    pub unmatched_file: Option<PathBuf>,
    /// What a person can say so that a refused file is read.
    pub column_question: Option<ColumnQuestion>,
    /// What has to be answered before the file is taken; it was refused until then.
    pub question: Option<Question>,
    /// Rows that were taken and should be looked at all the same: code of the reason, and how many.
    pub noted: Vec<(String, u64)>,
    pub noted_file: Option<PathBuf>,
}
