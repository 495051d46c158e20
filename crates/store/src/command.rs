//! The commands of the one write path.

use crate::scope::Scope;
use model::{Day, Fault, HouseholdNo, Lead, Period, QualityFinding, RegionCode, ResidentKey, RuleRun, Value, Version};
use policy::FigureRow;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use words::{Advice, Wording};

/// A change. [`crate::Store::apply`] is the only way to make one.
#[derive(Clone, Debug)]
pub enum Command {
    /// System only. Fails where the name is taken.
    AddAccount(NewAccount),
    /// System, or the account itself.
    SetPassword { account: String, password_hash: String },
    /// Saves places in bulk; places that are the same already leave no event. System only.
    SaveRegions(Vec<Region>),
    /// Opens the import of one file. The receipt's `id` names it; the same file of the same dataset and place again has the same id,
    /// and what an earlier try left (faults, unmatched rows) is cleared.
    BeginImport(NewImport),
    /// Saves records of a register in bulk; records that are the same already leave no event.
    /// Send chunks of some thousand: each command is one transaction.
    ImportRecords { register: String, file: String, records: Vec<Record> },
    /// Adds faults found in the file of an import.
    AddFaults { import: String, faults: Vec<Fault> },
    /// Adds rows of an import that no resident or household was found for.
    AddUnmatched { import: String, rows: Vec<UnmatchedRow> },
    /// Adds rows of an import that were taken and should be looked at all the same: why, and what the row says, masked.
    AddNoted { import: String, rows: Vec<UnmatchedRow> },
    /// Adds those whose rows a delivery takes out of a list, or would take out.
    AddLeavers { import: String, leavers: Vec<Leaver> },
    /// Ends an import.
    FinishImport { import: String, summary: ImportSummary },
    /// Puts the outcome of a screening in force; see [`Publication`].
    PublishScreening(Box<Publication>),
    /// Puts figures of indicators in force; see [`FigurePublication`].
    PublishFigures(Box<FigurePublication>),
    /// Takes a step of a record's lifecycle.
    /// `version`: the one that was looked at; `None` for whatever stands, where nobody looked. Leads have no versions.
    /// `fields`: name and value of fields given with the step, e.g. the reason for closing.
    TakeStep { register: String, id: String, version: Option<Version>, step: String, fields: Vec<(String, Value)> },
    /// Sends a record back to a state that the step names, with the reason among the fields. Whoever may take the step may.
    SendBack {
        register: String,
        id: String,
        version: Option<Version>,
        step: String,
        to: String,
        fields: Vec<(String, Value)>,
    },
    /// Takes the last step of a record back, by who took it, with what followed from it; refused where somebody acted since.
    UndoStep { register: String, id: String, version: Version, why: String },
    /// Does what goes on by itself today with a record. System only; [`crate::Store::go_on`] does it for all that are due.
    GoOn { register: String, id: String },
    /// Enters a record by hand. The receipt's `id` names it.
    Enter(Entry),
    /// Corrects a record by hand; `version` is the one that the correction was made from.
    Correct { id: String, version: Version, entry: Entry },
    /// Hides a record that should not be there, with the reason.
    Withdraw { register: String, id: String, version: Version, why: String },
    /// Takes back a whole import: of a register, its records; of an extract, only what is noted of it here (its rows stand in the
    /// lake).
    UndoImport { import: String },
    /// Keeps a file by its content. The receipt's `id` is its hash.
    SaveAttachment(NewAttachment),
    /// Looks at a sensitive field whole; the look is logged with its purpose. The receipt's `text` holds the value.
    Unmask { register: String, id: String, field: String, purpose: String },
    /// Makes a token for an account: the account itself, or the system. The receipt's `text` is the token, which is not kept.
    AddToken(NewToken),
    /// Ends a token at once.
    RevokeToken { token_id: String },
    /// Freezes every register of a county as it stands, under the year's name. System only.
    Freeze { year: i32 },
    /// Sets a value of the installation (name, JSON text). System only.
    SetSetting { name: String, value: String },
}

/// An account to be added.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Unique; what is typed at sign-in.
    pub name: String,
    pub shown_name: String,
    /// A role of the package.
    pub role: String,
    pub region: RegionCode,
    /// Code of the department, for roles of a department.
    pub department: Option<String>,
    /// Opaque to the store (e.g. an Argon2id PHC string).
    pub password_hash: String,
}

/// A place as pages name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    pub code: RegionCode,
    pub name: String,
    /// Name without the ending of its level, for narrow columns.
    pub short: String,
}

/// One record of a register on its way in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The record that the row says it is, where it was exported: its key or other cells may be masked then. A cell that shows
    /// the mask of what is held says nothing new.
    pub id: Option<String>,
    /// From matching; needed where the register is about residents, unless the row is masked.
    pub resident_key: Option<ResidentKey>,
    /// Row of the file that the record came from.
    pub row: u32,
    /// One value per declared field, in declared order. Sensitive values come in plain and are encrypted on the way in.
    pub fields: Vec<Value>,
    /// For each kind of child record, in declared order, its rows; `None` leaves those that are held as they are: of one kind,
    /// or of all.
    pub children: Option<Vec<Option<Vec<Vec<Value>>>>>,
    /// What its file does not speak of.
    pub unsaid: Unsaid,
}

/// What the file of a record does not speak of: what is held of it stays. Nothing of that kind by default: then an empty cell
/// says that there is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsaid {
    /// Places, in declared order, of the fields without a column in the file. A value that is given all the same counts.
    pub fields: Arc<[usize]>,
    /// The same for each kind of child record.
    pub children: Arc<[Arc<[usize]>]>,
    /// How many rows of each kind of child record were held when the file was written, where it says so. Where there are other
    /// ones now, somebody has worked on them since, and a row that would change them is refused.
    pub rows_then: Vec<Option<u32>>,
}

/// Rows of child records, each with its fields by name. A row whose first pair is [`STORED_ROW`] begins from a held row; fields
/// that it does not name stay as they are, sensitive ones among them, which nobody who corrects the others can see.
pub type Rows = Vec<Vec<(String, Value)>>;

/// Name under which a row of child records says which held row it begins from, counted from 0.
pub const STORED_ROW: &str = "_row";

/// What somebody enters or corrects: fields by name, and whole lists of child records by kind. Fields that are not named stay
/// as they are; calculated fields cannot be named.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    pub register: String,
    /// From matching; needed where the register is about residents.
    pub resident_key: Option<ResidentKey>,
    pub fields: Vec<(String, Value)>,
    pub children: Vec<(String, Rows)>,
}

/// A token to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewToken {
    /// What it is for, in the account's own words.
    pub name: String,
    pub account: String,
    /// What it may; never more than its account.
    pub scopes: Vec<Scope>,
    /// The last day on which it is taken; `None` for one that stays until it is revoked.
    pub expires_on: Option<Day>,
}

/// A file to be kept with records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttachment {
    /// `image/jpeg`, `image/png`, `application/pdf`; judged by the content, not by the name.
    pub media: String,
    pub content: Vec<u8>,
}

/// A row or record that was not taken, or was taken with a remark.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedRow {
    /// Row of the file; 0 for what was entered by hand.
    pub row: u32,
    /// What is wrong.
    pub what: Wording,
    pub hint: Wording,
    /// Fields whose cells are marked.
    pub columns: Vec<String>,
}

impl RefusedRow {
    pub(crate) fn new(row: u32, Advice { what, hint }: Advice, columns: Vec<String>) -> RefusedRow {
        RefusedRow { row, what, hint, columns }
    }
}

/// An import to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewImport {
    /// Source or register.
    pub dataset: String,
    /// Name of the file as it was handed in.
    pub file_name: String,
    /// SHA-256 or BLAKE3 of the bytes, hexadecimal; the first 12 digits name the file everywhere else.
    pub file_hash: String,
    pub bytes: u64,
    /// The place that the file is about.
    pub region: RegionCode,
    /// Delivery day of the file.
    pub delivered_on: Day,
    /// First and last day that somebody said its events are of.
    pub said_days: (Option<Day>, Option<Day>),
}

/// Row of an extract for which nobody was found, or for whose matching there is a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnmatchedRow {
    pub row: u32,
    /// Short name of the reason, for counting.
    pub reason: String,
    /// The reason, for people.
    pub what: Wording,
    /// What the row says, masked.
    pub seen: String,
}

/// How an import ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImportSummary {
    pub state: ImportState,
    /// Rows of the file: the sum of those that were taken, dropped, unmatched and skipped.
    pub rows_in_file: u64,
    /// Rows that are no data (headings, totals, blank ones ...): short name of the reason, and how many.
    pub rows_skipped: Vec<(String, u64)>,
    /// Rows of data.
    pub rows_read: u64,
    /// Rows taken into the lake or a register.
    pub rows_taken: u64,
    /// Rows that were not there before; `None` for imports of earlier versions, whose `rows_changed` counts them too.
    #[serde(default)]
    pub rows_added: Option<u64>,
    /// Rows that differed from what was held.
    pub rows_changed: u64,
    /// Rows that were in force before and are no longer.
    #[serde(default)]
    pub rows_removed: u64,
    /// Rows that were there just so.
    #[serde(default)]
    pub rows_unchanged: u64,
    /// Rows left out because of faults.
    pub rows_dropped: u64,
    pub rows_unmatched: u64,
    /// Notes on rows that were taken and should be looked at all the same.
    #[serde(default)]
    pub rows_noted: u64,
    /// Cells and rows that are wrong.
    pub faults: u64,
    /// Remarks on rows that were taken as they stand; imports of earlier versions count them as faults.
    #[serde(default)]
    pub remarks: u64,
    /// Why the file was refused, or a remark.
    pub message: Wording,
    /// Name of the workbook with the faults marked, where there is one.
    pub fault_file: Option<String>,
    /// What was done that is no fault and should be known, e.g. columns that were not used.
    pub notes: Vec<Wording>,
    /// What a delivery of a department covers; `None` for registers.
    #[serde(default)]
    pub coverage: Option<ImportCoverage>,
}

impl ImportSummary {
    /// Faults and rows for which nobody was found, all together: what somebody should mend.
    pub(crate) fn troubles(&self) -> i64 {
        i64::try_from(self.faults.saturating_add(self.rows_unmatched)).unwrap_or(i64::MAX)
    }
}

/// The place and the days that a delivery of a department covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportCoverage {
    pub place: RegionCode,
    /// First and last day, both included.
    pub from: Day,
    pub to: Day,
    /// Somebody said which days they are, or the name of the file does; otherwise the rows told.
    pub is_declared: bool,
    /// Only some rows, which were added to what was there.
    pub is_partial: bool,
}

/// Of whom or what a row is that a delivery takes out of force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaver {
    pub household_no: HouseholdNo,
    pub resident_key: Option<ResidentKey>,
}

/// State of an import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    #[default]
    Running,
    Done,
    /// The file as a whole was not taken and changed nothing.
    Refused,
    Failed,
    /// Taken in, and taken back again.
    Undone,
}

/// The outcome of one screening.
///
/// - A household with an open lead keeps that lead: reasons, urgency and flags are updated, with an event only if they changed.
/// - A household without one gets a lead with the id `<household_no>-<yyyymmdd>` of `day`, unless every reason was verified
///   in the same or a higher band before.
/// - An open lead in scope that no longer has any reason: state `lapsed` if it was still in its initial state
///   (nobody had begun to work on it); otherwise it stays, marked `stale`. A stale or lapsed lead whose evidence returns is
///   fresh again, or a new lead with the day of return.
/// - The same publication twice changes nothing. A publication for an earlier day than the last one in force for an
///   overlapping place is refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Publication {
    /// The place that was screened; leads elsewhere are not touched.
    pub region: RegionCode,
    /// Only this household was screened; rules, quality findings and inputs are then left as they are.
    pub household: Option<HouseholdNo>,
    pub day: Day,
    pub known: Day,
    pub leads: Vec<Lead>,
    pub rules: Vec<RuleRun>,
    pub quality: Vec<QualityFinding>,
    pub inputs: Vec<Input>,
    pub households_screened: u64,
}

/// Figures of indicators for all places inside one, as they are on a day.
///
/// Of each indicator and period they take the place of those in force for the same places; what they replace stays in the
/// event. The same publication twice changes nothing. A publication for an earlier day than the last one of the same indicator,
/// period and an overlapping place is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigurePublication {
    /// The place that the figures are whole for.
    pub region: RegionCode,
    pub day: Day,
    pub figures: Vec<IndicatorFigures>,
}

/// The figures of one indicator for one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndicatorFigures {
    pub indicator: String,
    pub period: Period,
    /// Hash of what they came from, and of how they were computed.
    pub inputs: String,
    /// One row for each of the smallest places and each group; places and groups without a row have nothing that counts.
    pub rows: Vec<FigureRow>,
}

/// One file that a screening read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    pub dataset: String,
    /// County of the data.
    pub region: RegionCode,
    /// First 12 hexadecimal digits of the hash of the lake file or extract.
    pub file: String,
    pub delivered_on: Option<Day>,
    pub rows: u64,
}

/// A band in which a reason was verified; the next screening raises it only in a higher one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VerifiedBand {
    pub household_no: HouseholdNo,
    pub rule: String,
    pub resident_key: Option<ResidentKey>,
    pub band: u32,
}
