//! What views show: plain rows that pages and exports print.

use crate::{ImportState, ImportSummary, Total, UnmatchedRow};
use model::{Day, Fault, Flag, HouseholdNo, Period, Reason, RegionCode, ResidentKey, Value};
use policy::FigureParts;
use serde::Serialize;
use std::collections::BTreeMap;
use words::Wording;

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub total: Total,
    /// Give it back to get the next page; `None` on the last one. Safe in a URL: it holds no person's data.
    pub next: Option<String>,
}

/// "Due soon" means today or within so many days.
const SOON_DAYS: i64 = 3;

/// Which leads to show; `Default` shows all that the actor may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeadFilter {
    /// This place and everything inside it.
    pub region: Option<RegionCode>,
    pub risk: Option<String>,
    pub rule: Option<String>,
    pub state: Option<String>,
    /// Only leads that wait for somebody (`true`), or that are in a final state (`false`).
    pub open: Option<bool>,
    /// Only leads whose deadline is this day or a later one.
    pub due_from: Option<Day>,
    /// Only leads whose deadline lies before this day.
    pub due_before: Option<Day>,
    /// Household number, beginning of the head's name, or beginning of the village's name.
    pub text: Option<String>,
}

impl LeadFilter {
    /// Leads that wait for somebody and are past their deadline on `today`.
    pub fn overdue(today: Day) -> LeadFilter {
        LeadFilter { due_before: Some(today), ..LeadFilter::open() }
    }

    /// Leads that wait for somebody and are due on `today` or within three days of it; none is overdue.
    pub fn due_soon(today: Day) -> LeadFilter {
        let behind = today.plus_days(SOON_DAYS + 1);
        LeadFilter { due_from: Some(today), due_before: Some(behind), ..LeadFilter::open() }
    }

    /// Leads that wait for somebody.
    pub fn open() -> LeadFilter {
        LeadFilter { open: Some(true), ..LeadFilter::default() }
    }
}

/// A lead in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeadRow {
    pub lead_id: String,
    pub household_no: HouseholdNo,
    /// Name of the head of the household, masked unless the role may see names; empty where it is not known.
    pub head_name: String,
    pub members: u32,
    pub region: RegionCode,
    pub village: String,
    pub township: String,
    pub state: String,
    /// Code of the risk type of the first reason.
    pub risk: String,
    pub urgency: i64,
    /// Sentence of the first reason.
    pub because: String,
    pub because_en: String,
    pub reasons: u32,
    pub flags: u32,
    /// The evidence has gone while somebody was working on the lead.
    pub stale: bool,
    pub raised_on: Day,
    /// Day of the screening that last confirmed it.
    pub seen_on: Day,
    pub due_on: Option<Day>,
}

/// A lead with all that is behind it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeadFile {
    pub row: LeadRow,
    /// Day of knowledge of the last screening.
    pub known: Day,
    pub reasons: Vec<Reason>,
    pub flags: Vec<Flag>,
    /// Day on which the present state was entered.
    pub entered_state_on: Day,
    /// Fields given with steps, e.g. the reason for closing and the note.
    pub fields: BTreeMap<String, Value>,
    /// Oldest first.
    pub history: Vec<HistoryRow>,
    /// Steps that leave the state, for this actor on that day.
    #[serde(skip)]
    pub offers: Vec<lifecycle::Offer>,
    /// The lead as a record of its register.
    #[serde(skip)]
    pub record: crate::read::RecordFile,
}

/// One event as a time line shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HistoryRow {
    pub seq: i64,
    pub day: Day,
    pub at_ms: i64,
    pub account: String,
    pub shown_name: String,
    pub role: String,
    pub register: String,
    pub key: String,
    /// `added`, `changed`, a step's name, `lapsed` ...
    pub action: String,
    /// Names of the fields that changed, with value before and after as plain text (sensitive ones as `***`); besides them
    /// `_state`, `_voided`, `_why`, `_purpose` and `_field` (the one that was looked at), where the event says so.
    pub changes: Vec<(String, String, String)>,
    /// The account did it as a deputy, for the office of that role.
    pub for_office: bool,
}

/// To-do figures of the workbench; all within the actor's place.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Counts {
    pub households: u64,
    pub residents: u64,
    pub open: u64,
    pub overdue: u64,
    /// Due within three days, overdue ones left out.
    pub due_soon: u64,
    /// Raised by the last screening.
    pub new: u64,
    pub stale: u64,
    pub closed: u64,
    /// Closed leads that were confirmed, and all that were closed by a person.
    pub confirmed: u64,
    pub verified: u64,
    /// Risk code and number of open leads, most first.
    pub by_risk: Vec<(String, u64)>,
    /// State and number of leads.
    pub by_state: Vec<(String, u64)>,
    /// Places one level below the actor's (villages for a township), with open leads and households.
    pub by_place: Vec<PlaceCount>,
    /// Imports that ended with faults, unmatched rows or a refusal.
    pub imports_with_faults: u64,
    /// Notices that the account has not read.
    pub unread_notices: u64,
    pub last_screening: Option<ScreeningRow>,
}

/// A place below the actor's: its open and overdue leads, and its households.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceCount {
    pub region: RegionCode,
    pub name: String,
    pub open: u64,
    pub overdue: u64,
    pub households: u64,
}

/// One publication that came into force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScreeningRow {
    pub region: RegionCode,
    pub day: Day,
    pub known: Day,
    pub at_ms: i64,
    /// What it found; `None` where it was of a wider place than the actor's, of which it would tell.
    pub figures: Option<ScreeningFigures>,
    /// Files that it read, of the actor's places and of those around.
    pub inputs: Vec<crate::Input>,
}

/// Households and leads of a screening.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScreeningFigures {
    pub households: u64,
    pub leads: u64,
    pub raised: u64,
    pub changed: u64,
    pub lapsed: u64,
}

/// A household found by a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HouseholdRow {
    pub household_no: HouseholdNo,
    pub head_name: String,
    pub members: u32,
    pub region: RegionCode,
    pub village: String,
    pub township: String,
    /// Open lead, if any.
    pub lead_id: Option<String>,
}

/// One field of a record, ready to be shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldShown {
    pub name: String,
    pub label: String,
    pub label_en: String,
    /// Code list of a coded field.
    pub codes: Option<String>,
    /// Masked text where `masked` says so.
    pub value: Value,
    pub masked: bool,
}

/// A household file (一户一档).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HouseholdFile {
    pub household_no: HouseholdNo,
    pub head_name: String,
    pub region: RegionCode,
    pub village: String,
    pub township: String,
    pub fields: Vec<FieldShown>,
    /// Where the record came from: first 12 digits of the file's hash, and the row.
    pub origin: (String, u32),
    pub members: Vec<MemberShown>,
    /// Newest first.
    pub leads: Vec<LeadRow>,
    /// Newest first, at most 200.
    pub history: Vec<HistoryRow>,
}

/// A member of a household, masked for the actor; `origin` is hash and row of the file that brought it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemberShown {
    pub resident_key: ResidentKey,
    pub name: String,
    pub fields: Vec<FieldShown>,
    pub origin: (String, u32),
}

/// An import in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportRow {
    pub import_id: String,
    pub dataset: String,
    pub department: Option<String>,
    pub file_name: String,
    pub file_hash: String,
    pub bytes: u64,
    pub region: RegionCode,
    pub delivered_on: Day,
    pub account: String,
    pub state: ImportState,
    pub began_ms: i64,
    pub ended_ms: Option<i64>,
    pub summary: ImportSummary,
}

/// A fault of an import with its place in the order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FaultRow {
    pub number: i64,
    pub fault: Fault,
}

/// An unmatched or noted row of an import with its place in the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnmatchedShown {
    pub number: i64,
    pub row: UnmatchedRow,
}

/// Whose row a delivery took out of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeaverShown {
    pub number: i64,
    pub household_no: HouseholdNo,
    pub resident_key: Option<ResidentKey>,
    /// `None` where the actor may not see the household.
    pub household: Option<HouseholdRow>,
    /// Name of the resident, or of the head where the row is about the household; empty where it may not be seen.
    pub name: String,
}

/// How a rule fares within the actor's place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RuleFigures {
    pub rule: String,
    /// Households or residents found by the last screening, before verified ones were left out; `None` where it was of a wider
    /// place than the actor's.
    pub found: Option<u64>,
    /// Why the last screening could not run it; empty when it ran.
    pub not_run: Wording,
    /// Leads that carry the rule as a reason, open and closed.
    pub raised: u64,
    pub open: u64,
    /// Closed by a person with this rule among the reasons.
    pub closed: u64,
    pub confirmed: u64,
    /// Findings of a quality rule that stand now.
    pub quality: u64,
}

impl RuleFigures {
    /// Share of confirmed among closed leads in per mille; `None` where nothing was closed.
    pub fn hit_per_mille(&self) -> Option<u64> {
        (self.closed > 0).then(|| self.confirmed * 1000 / self.closed)
    }
}

/// A finding of a quality rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QualityRow {
    pub number: i64,
    pub rule: String,
    pub household_no: HouseholdNo,
    pub resident_key: Option<ResidentKey>,
    pub region: RegionCode,
    pub because: String,
    pub because_en: String,
}

/// A figure of an indicator, or that it is not shown because it is of few.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum FigureShown {
    Parts(FigureParts),
    /// The actor may not see households, and the number is so small that it tells of them.
    Hidden,
}

/// Where a figure came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FigureRun {
    /// The day as of which it was computed; of several the latest.
    pub day: Day,
    /// It was published for the place as a whole; otherwise for some places inside it only.
    pub is_whole: bool,
    /// Hash of what it came from; `None` for readers of a part of that.
    pub inputs: Option<String>,
}

/// The figure of a place for a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeriodFigure {
    #[serde(serialize_with = "written")]
    pub period: Period,
    pub run: FigureRun,
    pub figure: FigureShown,
}

/// The figure of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlaceFigure {
    pub place: RegionCode,
    pub figure: FigureShown,
}

/// The figure of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GroupFigure {
    pub group: String,
    /// Empty for those with none of the codes.
    pub code: String,
    pub figure: FigureShown,
}

fn written<S: serde::Serializer>(period: &Period, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(period)
}
