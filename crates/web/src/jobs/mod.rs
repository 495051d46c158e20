//! The slow work that pages ask for: what a job is given, and what it leaves. The program does the work.
//!
//! Kinds: `import` (`ImportOrder` in, `ImportOutcome` out), `take_back` (`TakeBackOrder`, `TakeBackOutcome`), `screen` (`ScreenOrder`, `ScreenOutcome`), `export`
//! (`ExportOrder`, `ExportOutcome`). Payloads and outcomes are JSON. Files for download lie in `<out>/<job id>/<name>`.

mod exports;
mod imports;

use model::{Day, RegionCode};
use serde::{Deserialize, Serialize};

pub use crate::http::job_kind::{EXPORT, IMPORT, SCREEN, TAKE_BACK};
pub(crate) use exports::{ALL, FINAL, OPEN, OVERDUE, SOON};
pub use exports::{ExportFormat, ExportOrder, ExportOutcome, FiguresExport, LeadsFilter, RecordsExport};
pub use imports::{
    ChangeSample, ColumnQuestion, FieldChange, FieldQuestion, FileColumnShown, ImportOrder, ImportOutcome,
    PreviewOutcome, Question, TakeBackOrder, TakeBackOutcome, is_noted_file,
};

/// Every kind of job.
pub const KINDS: [&str; 4] = [IMPORT, TAKE_BACK, SCREEN, EXPORT];

/// A screening to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenOrder {
    pub region: RegionCode,
    /// The day the screening is about; the latest delivery day where it is not said.
    #[serde(default)]
    pub day: Option<Day>,
}

/// What a screening found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenOutcome {
    #[serde(default)]
    pub households: u64,
    #[serde(default)]
    pub leads: u64,
    #[serde(default)]
    pub added: u64,
    #[serde(default)]
    pub lapsed: u64,
}
