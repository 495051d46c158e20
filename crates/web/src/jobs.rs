//! The slow work that pages ask for: what a job is given, and what it leaves. The program does the work.
//!
//! Kinds: `import` (`ImportOrder` in, `ImportOutcome` out), `take_back` (`TakeBackOrder`, `TakeBackOutcome`), `screen` (`ScreenOrder`, `ScreenOutcome`), `export`
//! (`ExportOrder`, `ExportOutcome`). Payloads and outcomes are JSON. Files for download lie in `<out>/<job id>/<name>`.

use model::{Day, Fault, FaultKind, RegionCode, Value};
use policy::declare::{Permission, Register};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{LeadFilter, ReasonCounts, RecordFilter, RecordOrder, StoreError, Turn, View};
use words::{Language, Wording};

/// Kind of the job that takes in one file.
pub const IMPORT: &str = "import";
/// Kind of the job that takes a delivery of a department back.
pub const TAKE_BACK: &str = "take_back";
/// Kind of the job that screens the actor's place.
pub const SCREEN: &str = "screen";
/// Kind of the job that writes a list to a file.
pub const EXPORT: &str = "export";

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

/// True for the name of a list of rows that were taken and should be looked at, in whichever language it was written.
pub fn is_noted_file(name: &str) -> bool {
    Language::all().any(|language| name.ends_with(language.say("noted_file_ending")))
}

/// One file to be taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOrder {
    /// Source or register.
    pub dataset: String,
    /// Name of the file in the inbox folder: `<hash>.<ending of the original name>`.
    pub inbox_file: String,
    /// BLAKE3 of the bytes, hexadecimal.
    pub file_hash: String,
    /// Name as it was handed in; for people only, never a path.
    pub original_name: String,
    pub bytes: u64,
    /// Day of delivery.
    pub day: Day,
    /// The place of who handed it in; rows outside it are not taken.
    pub region: RegionCode,
    /// Only look: read and rehearse everything, change nothing. For registers.
    #[serde(default)]
    pub preview: bool,
    /// What was said of a delivery of a department: its place, its days, that it is only some of the rows.
    #[serde(default)]
    pub place: Option<RegionCode>,
    #[serde(default)]
    pub from: Option<Day>,
    #[serde(default)]
    pub to: Option<Day>,
    #[serde(default)]
    pub is_partial: bool,
    /// What was shown when somebody confirmed that many rows go (`Question::shown`); empty where nobody did.
    #[serde(default)]
    pub confirmed: String,
    /// Columns that a person chose: name of the field, and the column of the file as `列F`.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// The unit of money that a person chose; empty where none was.
    #[serde(default)]
    pub money_unit: String,
    /// The language of who hands it in, in which the files that go back are written: `zh-CN` (or nothing, in older orders) or `en`.
    #[serde(default)]
    pub language: String,
}

/// What a person is asked before a file can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnQuestion {
    pub fields: Vec<FieldQuestion>,
    /// All columns of the file.
    pub columns: Vec<FileColumnShown>,
    /// Units of money to choose from, where the unit is asked for.
    pub units: Vec<String>,
}

/// A field whose column is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldQuestion {
    pub field: String,
    /// Letters of the columns that it may be.
    pub candidates: Vec<String>,
}

/// A column of a file: its letters, and what may be shown of its heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileColumnShown {
    pub letters: String,
    pub text: Wording,
}

/// What an import left beside the figures that the store keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportOutcome {
    /// Identity of the import in the store.
    #[serde(default)]
    pub import: Option<String>,
    /// Heading in the file, and name of the column that it was read as (`None`: not used).
    #[serde(default)]
    pub headings: Vec<(Wording, Option<String>)>,
    /// The same workbook with the faults marked, in the job's folder.
    #[serde(default)]
    pub fault_file: Option<String>,
    /// Rows for which nobody was found, in the job's folder.
    #[serde(default)]
    pub unmatched_file: Option<String>,
    /// What a person can say so that the refused file is read.
    #[serde(default)]
    pub column_question: Option<ColumnQuestion>,
    /// Rows that were taken and should be looked at all the same, in the job's folder.
    #[serde(default)]
    pub noted_file: Option<String>,
    /// What the file would do, where it was only looked at.
    #[serde(default)]
    pub preview: Option<PreviewOutcome>,
    /// What has to be answered before the file is taken.
    #[serde(default)]
    pub question: Option<Question>,
}

/// What a delivery cannot be taken in without, and what its rows tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Why it is asked.
    pub why: Wording,
    /// Whether `leaving` rows out of `of` may go; otherwise which place and days the delivery covers.
    pub is_replacement: bool,
    pub place: RegionCode,
    pub from: Day,
    pub to: Day,
    pub leaving: u64,
    pub of: u64,
    /// A township that the file may be of alone.
    #[serde(default)]
    pub example: Option<RegionCode>,
    /// What would go, in a few digits; the answer carries it back.
    #[serde(default)]
    pub shown: String,
}

/// A delivery of a department to be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeBackOrder {
    /// Identity of the import in the store.
    pub import: String,
    /// Name of its file, for people.
    pub file_name: String,
}

/// Rows that came back, that read as before, and that went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeBackOutcome {
    pub added: u64,
    pub changed: u64,
    pub removed: u64,
}

/// What a register's file would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PreviewOutcome {
    /// Why the file as a whole is refused; empty where it is not.
    pub refusal: Wording,
    /// What a person can say so that the refused file is read.
    pub column_question: Option<ColumnQuestion>,
    /// An older form, parts that are left aside.
    pub remark: Wording,
    pub rows_read: u64,
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Rows left out because of faults or checks.
    pub refused: u64,
    /// Rows for which nobody was found.
    pub unmatched: u64,
    /// Rows that lie outside the place, or nobody knows where.
    pub outside: u64,
    /// Rows of child records that would go.
    pub rows_gone: u64,
    /// Cells and rows that are wrong.
    pub faults: u64,
    /// Remarks on rows that would be taken as they stand.
    pub remarks: u64,
    /// How many faults and remarks there are of each kind.
    pub fault_counts: Vec<(FaultKind, u64)>,
    /// The first faults in the order of the file, masked as those of an import are; the marked workbook has all.
    pub first_faults: Vec<Fault>,
    /// Why nobody was found: reason, its text, and how many rows it holds for.
    pub unmatched_counts: ReasonCounts,
    /// Some of the records that change.
    pub sample: Vec<ChangeSample>,
    /// Heading in the file, and the column that it was read as.
    pub headings: Vec<(Wording, Option<String>)>,
    /// The same workbook with the faults marked, in the job's folder.
    pub fault_file: Option<String>,
}

/// A record that changes, as the role may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeSample {
    /// Row of the file.
    pub row: u32,
    /// Id of the record.
    pub record: String,
    pub changes: Vec<FieldChange>,
}

/// A field before and after; for child records their kind and how many there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    pub field: String,
    pub before: Value,
    pub after: Value,
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

/// A list to be written to a file, under the same view as the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportOrder {
    /// `leads`, `records` of a register, or `figures` of an indicator.
    pub list: String,
    pub format: ExportFormat,
    /// What the page of leads was filtered by.
    #[serde(default)]
    pub filter: LeadsFilter,
    /// For records: which, and how they are shown.
    #[serde(default)]
    pub records: Option<RecordsExport>,
    /// For figures: which.
    #[serde(default)]
    pub figures: Option<FiguresExport>,
    /// `zh-CN` or `en`.
    pub language: String,
}

/// Figures of an indicator to be written as its page shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiguresExport {
    pub indicator: String,
    pub place: RegionCode,
    /// As `model::Period` is written.
    pub period: String,
}

/// Records of a register to be written as their list shows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecordsExport {
    pub register: String,
    /// What the list was filtered by, unless it was a search that is kept.
    #[serde(default)]
    pub filter: RecordFilter,
    /// Token of the kept search that stands in the place of `filter`: it names people.
    #[serde(default)]
    pub search: Option<String>,
    #[serde(default)]
    pub order: Option<RecordOrder>,
    /// Fields in the order in which they are shown.
    pub columns: Vec<String>,
}

impl RecordsExport {
    /// What the store is asked for on `today`; `None` where the search is not kept any more.
    ///
    /// # Errors
    /// What the store says.
    pub fn filter_now(
        &self,
        view: &View<'_>,
        register: &Register,
        today: Day,
    ) -> Result<Option<RecordFilter>, StoreError> {
        match &self.search {
            None => Ok(Some(self.filter.clone())),
            Some(token) => {
                let kept = crate::parts::record_list_query::kept_search(view, &self.register, token)?;
                let sees_names = view.may(Permission::SeeNames);
                Ok(kept.and_then(|search| search.filter(register, sees_names, today).ok()))
            }
        }
    }
}

/// The form of an exported list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    Xlsx,
    Csv,
}

impl ExportFormat {
    /// What a form's button says; a workbook unless it says otherwise.
    pub fn asked(text: &str) -> ExportFormat {
        if text == "csv" { ExportFormat::Csv } else { ExportFormat::Xlsx }
    }
}

/// What the list of leads is filtered by; what is `None` or empty does not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadsFilter {
    #[serde(default)]
    pub region: Option<RegionCode>,
    #[serde(default)]
    pub risk: Option<String>,
    #[serde(default)]
    pub rule: Option<String>,
    #[serde(default)]
    pub state: Option<String>,
    /// Name or number of the household as typed.
    #[serde(default)]
    pub text: Option<String>,
}

/// Besides the states of the register, `state` may be: not yet closed (empty, the default) ...
pub(crate) const OPEN: &str = "";
/// ... past its deadline ...
pub(crate) const OVERDUE: &str = "overdue";
/// ... due within three days, overdue ones among them ...
pub(crate) const SOON: &str = "soon";
/// ... closed or withdrawn ...
pub(crate) const FINAL: &str = "final";
/// ... or any.
pub(crate) const ALL: &str = "all";
/// "Due soon" means within so many days.
const SOON_DAYS: i64 = 3;

impl LeadsFilter {
    /// What the store is asked for, on `today`; the page and the export of the same list use the same.
    pub fn for_store(&self, today: Day) -> LeadFilter {
        let (open, due_before, state) = match self.state.as_deref().unwrap_or(OPEN) {
            OPEN => (Some(true), None, None),
            OVERDUE => (Some(true), Some(today), None),
            SOON => (Some(true), Some(today.plus_days(SOON_DAYS + 1)), None),
            FINAL => (Some(false), None, None),
            ALL => (None, None, None),
            exact => (None, None, Some(exact.to_owned())),
        };
        let LeadsFilter { region, risk, rule, text, .. } = self.clone();
        LeadFilter { region, risk, rule, state, open, due_before, text }
    }
}

/// The file that an export wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportOutcome {
    /// Name in the job's folder.
    pub file: String,
    #[serde(default)]
    pub rows: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_of_the_address_becomes_the_filter_of_the_store() {
        let today: Day = "2026-11-23".parse().expect("a day");
        let later: Day = "2026-11-27".parse().expect("a day");
        let cases = [
            (None, Some(true), None, None),
            (Some("overdue"), Some(true), Some(today), None),
            (Some("soon"), Some(true), Some(later), None),
            (Some("final"), Some(false), None, None),
            (Some("all"), None, None, None),
            (Some("in_progress"), None, None, Some("in_progress")),
        ];
        for (state, open, due_before, exact) in cases {
            let wanted = LeadsFilter { state: state.map(str::to_owned), ..LeadsFilter::default() };
            let filter = wanted.for_store(today);
            assert_eq!(
                (filter.open, filter.due_before, filter.state.as_deref()),
                (open, due_before, exact),
                "{state:?}"
            );
        }
    }
}
