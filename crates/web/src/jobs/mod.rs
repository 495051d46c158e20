//! The slow work that pages ask for: what a job is given, and what it leaves. The program does the work.
//!
//! Kinds: `import` (`ImportOrder` in, `ImportOutcome` out), `take_back` (`TakeBackOrder`, `TakeBackOutcome`), `screen` (`ScreenOrder`, `ScreenOutcome`), `export`
//! (`ExportOrder`, `ExportOutcome`). Payloads and outcomes are JSON. Files for download lie in `<out>/<job id>/<name>`.

mod exports;
mod imports;

use model::{Day, RegionCode};
use serde::{Deserialize, Serialize};
use store::Turn;

pub(crate) use exports::{ALL, FINAL, OPEN, OVERDUE, SOON};
pub use exports::{ExportFormat, ExportOrder, ExportOutcome, FiguresExport, LeadsFilter, RecordsExport};
pub use imports::{
    ChangeSample, ColumnQuestion, FieldChange, FieldQuestion, FileColumnShown, ImportOrder, ImportOutcome,
    PreviewOutcome, Question, TakeBackOrder, TakeBackOutcome, is_noted_file,
};

/// Kind of the job that takes in one file.
pub const IMPORT: &str = "import";
/// Kind of the job that takes a delivery of a department back.
pub const TAKE_BACK: &str = "take_back";
/// Kind of the job that screens the actor's place.
pub const SCREEN: &str = "screen";
/// Kind of the job that writes a list to a file.
pub const EXPORT: &str = "export";
/// Every kind of job.
pub const KINDS: [&str; 4] = [IMPORT, TAKE_BACK, SCREEN, EXPORT];

/// Bytes of a file that is taken in beside others, at most; with a larger one no other heavy job is at work.
const LIGHT_BYTES_MAX: u64 = 8 << 20;

/// What a job of this kind and order changes and reads.
pub fn turn_of(kind: &str, order: &serde_json::Value) -> Turn {
    match kind {
        EXPORT => Turn::Reads,
        IMPORT if order["preview"] == true => Turn::Reads,
        SCREEN => Turn::Screens,
        _ => Turn::Changes,
    }
}

/// True for a job that takes much memory or time.
pub fn is_heavy(kind: &str, order: &serde_json::Value) -> bool {
    kind == SCREEN || order["bytes"].as_u64().is_some_and(|bytes| bytes > LIGHT_BYTES_MAX)
}

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
