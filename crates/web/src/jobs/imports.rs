//! Files that are handed in: what the job is given, what it asks, and what it leaves.

use model::{Day, Fault, FaultKind, RegionCode, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::ReasonCounts;
use words::{Language, Wording};

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
    /// Why the file as a whole was refused; empty where it was taken, or waits for an answer.
    #[serde(default)]
    pub refusal: Wording,
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

impl ImportOutcome {
    /// Why the file was refused, taken or only looked at; `None` where it was not, or waits for an answer.
    pub fn refused(&self) -> Option<&Wording> {
        let looked = self.preview.as_ref().map(|preview| &preview.refusal);
        [Some(&self.refusal), looked].into_iter().flatten().find(|refusal| !refusal.is_empty())
    }
}
