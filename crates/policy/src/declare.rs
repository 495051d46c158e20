//! The shape of a policy package: what each file may say. One thing is one TOML file; its name is the file's stem.
//!
//! These are plain declarations. `load` reads them, `check` proves that they hold together.

use model::{Class, Day, Decimal, Kind, Level, RegionCode, Severity};
use serde::Deserialize;

/// `package.toml`: what the package is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageHead {
    pub name: String,
    pub label: String,
    pub label_en: String,
    pub version: String,
    /// The place the package is for.
    pub region: RegionCode,
    pub document: Document,
    /// Folder of shared code lists, relative to the package (`../codes`).
    pub codes: String,
    /// CSV of all divisions (`code,name,short,level,parent,kind`), relative to the package.
    pub divisions: String,
    /// What the demo shows.
    #[serde(default)]
    pub demo: Option<DemoHead>,
}

/// `[demo]`: the place and the example values that the demo is made with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DemoHead {
    /// A real county; everyone in it is made up.
    pub region: RegionCode,
    /// Overlay with labelled example values, relative to the package.
    pub overlay: String,
}

/// An issued document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub issuer: String,
    pub title: String,
    #[serde(default)]
    pub number: Option<String>,
    pub day: IsoDay,
}

/// One article of the document (`[[article]]` in `articles.toml`), in our own short words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    pub number: u8,
    pub title: String,
    pub title_en: String,
    pub summary: String,
    pub summary_en: String,
    pub status: ArticleStatus,
    /// Names of sources, registers, rules ... that implement it now, as `rules/medical_burden`.
    #[serde(default)]
    pub implemented_by: Vec<String>,
    /// What is to come, or why it needs no software.
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub note_en: String,
}

/// How an article is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArticleStatus {
    /// Something in `implemented_by` serves it now.
    Implemented,
    /// Nothing yet; `note` says what is to come.
    Planned,
    /// It needs no software; `note` says why.
    NoSoftware,
}

/// A code list: `codes/<name>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    pub label: String,
    pub label_en: String,
    /// Issuing document or standard.
    pub source: String,
    pub code: Vec<Code>,
}

/// One line of a code list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub code: String,
    pub label: String,
    pub label_en: String,
    /// Other spellings found in real files.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// As a reason for closing a lead: what the lead said was so. Feeds the hit rate of its rules.
    #[serde(default)]
    pub confirms: bool,
}

/// A column of a source or a field of a register or child.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// English identifier, snake case; endings carry the type (`_fen`, `_on`, `_code`, `_days`).
    pub name: String,
    pub label: String,
    pub label_en: String,
    pub kind: Kind,
    /// Code list, for kind `code`.
    #[serde(default)]
    pub codes: Option<String>,
    /// Headings in real exports besides `label`.
    #[serde(default)]
    pub headings: Vec<String>,
    #[serde(default)]
    pub required: bool,
    /// Identity numbers, phones and accounts are sensitive whatever is said here.
    #[serde(default)]
    pub class: Class,
    /// Least and greatest value, for `int`, `decimal` and `fen` (in yuan).
    #[serde(default)]
    pub min: Option<Decimal>,
    #[serde(default)]
    pub max: Option<Decimal>,
    /// Days of a `day` column may lie after the delivery day (e.g. an end of validity).
    #[serde(default)]
    pub may_be_future: bool,
    /// Department that owns the truth of the field.
    #[serde(default)]
    pub owner: Option<String>,
}

impl Column {
    /// The class after what the kind demands: identity numbers, phones and accounts are always sensitive, names personal.
    pub fn effective_class(&self) -> Class {
        match self.kind {
            Kind::Identity | Kind::Phone | Kind::Account => Class::Sensitive,
            Kind::Name => self.class.max(Class::Personal),
            _ => self.class,
        }
    }

    /// True when the column may enter the lake: neither personal nor sensitive.
    pub fn enters_lake(&self) -> bool {
        self.effective_class() <= Class::Internal
    }

    /// True when the column is one of those that `Package::lake_columns` gives: it may enter the lake, expressions can read
    /// it, and it is not the household number, which every row of the lake has anyway.
    pub fn stands_in_lake(&self) -> bool {
        self.enters_lake() && self.kind.expression_type().is_some() && self.name != "household_no"
    }
}

/// What a row or record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    Resident,
    Household,
    Village,
}

/// How deliveries of a source follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Each delivery adds events; a row with a known key replaces the earlier one.
    Events,
    /// Each delivery is the whole list of its county on its day and replaces the earlier list.
    Roster,
}

/// A department extract: `sources/<name>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub label: String,
    pub label_en: String,
    /// Code of the code list `department`.
    pub department: String,
    pub article: Vec<u8>,
    /// How often it is handed in: `month`, `quarter`, `year`, `event`, `day`.
    pub cadence: String,
    pub of: Grain,
    pub mode: Mode,
    /// Column with the identity number by which the resident (or, for households, a member) is found.
    #[serde(default)]
    pub identity: Option<String>,
    /// Column with the household number, used first when `of = "household"`.
    #[serde(default)]
    pub household: Option<String>,
    /// Column with the day of the event; the delivery day where there is none.
    #[serde(default)]
    pub day: Option<String>,
    /// Columns that together name a row.
    pub key: Vec<String>,
    pub legal_basis: String,
    /// Roles that may hand it in.
    pub may_hand_in: Vec<String>,
    pub column: Vec<Column>,
    /// Expressions over the row's columns that must hold.
    #[serde(default)]
    pub check: Vec<RowCheck>,
}

/// An expression over one row's columns that must not be false.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowCheck {
    pub holds: String,
    /// What is wrong when it does not, for people.
    pub what: String,
    pub hint: String,
    /// Columns whose cells are marked.
    pub columns: Vec<String>,
    /// The row is left out; otherwise it is taken with a remark.
    #[serde(default)]
    pub drops_row: bool,
}

/// A ledger: `registers/<name>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Register {
    pub label: String,
    pub label_en: String,
    pub article: Vec<u8>,
    /// What a record is about; `None` for registers of other things.
    #[serde(default)]
    pub of: Option<Grain>,
    /// Fields that together name a record.
    pub key: Vec<String>,
    /// Field with the place by which reads are scoped.
    #[serde(default)]
    pub region: Option<String>,
    pub field: Vec<Column>,
    #[serde(default)]
    pub child: Vec<Child>,
    #[serde(default)]
    pub list: List,
    #[serde(default)]
    pub check: Vec<RowCheck>,
    #[serde(default)]
    pub state: Vec<State>,
    #[serde(default)]
    pub step: Vec<Step>,
    /// Roles that may import it from a file.
    #[serde(default)]
    pub may_import: Vec<String>,
}

/// Records that belong to a record (one to many): `[[child]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Child {
    pub name: String,
    pub label: String,
    pub label_en: String,
    pub field: Vec<Column>,
}

/// What a list page shows and sorts by.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    pub columns: Vec<String>,
    pub sort: Vec<String>,
    #[serde(default)]
    pub filter: Vec<String>,
}

/// A state of a lifecycle.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    pub name: String,
    pub label: String,
    pub label_en: String,
    /// Records start here.
    #[serde(default)]
    pub initial: bool,
    /// Nothing follows.
    #[serde(default)]
    pub is_final: bool,
}

/// A step of a lifecycle.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub name: String,
    pub label: String,
    pub label_en: String,
    pub from: Vec<String>,
    pub to: String,
    pub roles: Vec<String>,
    /// Fields that must be filled to take the step.
    #[serde(default)]
    pub required: Vec<String>,
    /// Whole days that must lie between entering the state and the step.
    #[serde(default)]
    pub wait_days: u16,
    /// Days after entering the state by which the step is due.
    #[serde(default)]
    pub due_days: Option<u16>,
    /// Who entered the record may not take the step.
    #[serde(default)]
    pub not_by_who_entered: bool,
}

/// A named value per household, resident or village: `facts/<name>.toml`. Exactly one of `aggregate`, `derived`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    pub label: String,
    pub label_en: String,
    pub article: Vec<u8>,
    pub over: Grain,
    /// Unit shown behind the value: `yuan`, `days`, `persons`, `times` ...; empty for truths and codes.
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub aggregate: Option<Aggregate>,
    #[serde(default)]
    pub derived: Option<Derived>,
}

/// A sum over rows of a source, or over the records of the grain below with their facts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Aggregate {
    /// A source; or `resident` (for facts over households) or `household` (for facts over villages): then the
    /// register's fields and all facts over that grain are the columns, so facts climb.
    pub from: String,
    /// `sum(expr)`, `count()`, `min(expr)`, `max(expr)`, `any(expr)`, `all(expr)`. Over no rows: sum and count are 0,
    /// any is false, all is true, min and max are unknown.
    pub value: String,
    /// Only rows for which this is true.
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
    /// `all` (default), `month`, `school_year`, `year_to_date`, `rolling_<n>m`, `rolling_<n>d`; over the source's day column.
    /// All windows end on the screening day, that day included: `rolling_12m` of 2024-06-30 starts on 2023-07-01;
    /// `month` starts on the 1st of the day's month, `school_year` on the latest 1 September, `year_to_date` on 1 January.
    #[serde(default)]
    pub window: Option<String>,
}

/// An expression over facts and fields of the same grain (residents may also read their household's fields as
/// `household.<field>`) and parameters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    pub value: String,
}

/// `rules/<name>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub label: String,
    pub label_en: String,
    pub article: Vec<u8>,
    pub kind: RuleKind,
    pub over: Grain,
    /// Code of the list `risk_type`; for screening rules.
    #[serde(default)]
    pub risk: Option<String>,
    pub severity: Severity,
    /// Points for the urgency of the lead, 1 to 100; for screening rules.
    #[serde(default)]
    pub points: i64,
    /// Truth over facts, fields and parameters of the grain.
    pub when: String,
    /// Sentence with `{fact}`, `{field}`, `{p.parameter}`; money is shown in yuan, codes by label.
    pub because: String,
    pub because_en: String,
    /// The value that the reason states (a fact's or field's name or an expression); needed for screening rules.
    #[serde(default)]
    pub value: Option<String>,
    /// The line that the value is held against (an expression over parameters).
    #[serde(default)]
    pub line: Option<String>,
    /// Multiples of the line at which a higher band starts, e.g. `[1.0, 1.5, 2.0]`; absolute values where there is no line.
    /// The band is how many of them the value has reached. Descending multiples (`[1.0, 0.8, 0.5]`) are for values that are
    /// grave when they are low: reached means at most the multiple.
    #[serde(default)]
    pub bands: Vec<Decimal>,
    /// Aggregate facts whose rows are the evidence (climbing facts lead on to the rows below them).
    #[serde(default)]
    pub evidence: Vec<String>,
    /// Department that owns the data; for quality rules.
    #[serde(default)]
    pub owner: Option<String>,
    /// Where the rule's idea comes from (document, or `inferred`).
    pub source: String,
}

/// What follows when a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Raises a lead.
    Screening,
    /// Raises a data fault for the owner of the data.
    Quality,
    /// A reason to doubt, shown beside a lead, never a rejection.
    Flag,
}

/// A value by day and place: `parameters/<name>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    pub label: String,
    pub label_en: String,
    pub article: Vec<u8>,
    /// `fen` (amounts are written in fen), `rate` (decimal share), `int`, `days`, `months`, `bool`.
    pub unit: ParameterUnit,
    /// `at_least = "province"`: a place's own value counts only where it is above the value of the place around it.
    #[serde(default)]
    pub at_least: Option<Level>,
    #[serde(default)]
    pub value: Vec<ParameterValue>,
    #[serde(default)]
    pub note: String,
}

/// The unit of a parameter's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterUnit {
    Fen,
    Rate,
    Int,
    Days,
    Months,
    Bool,
}

/// One value: exactly one of `amount`, `rate`, `truth`, `formula`, `unset`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParameterValue {
    /// In force from this day.
    pub from: IsoDay,
    /// Known since; `from` where it is not said.
    #[serde(default)]
    pub published: Option<IsoDay>,
    /// The place it holds for; the package's place where it is not said.
    #[serde(default)]
    pub region: Option<RegionCode>,
    /// Fen or a whole number.
    #[serde(default)]
    pub amount: Option<i64>,
    /// A decimal written as text, e.g. `"0.5"`.
    #[serde(default)]
    pub rate: Option<Decimal>,
    #[serde(default)]
    pub truth: Option<bool>,
    /// Expression over other parameters (`p.dibao_rural_month * 24`).
    #[serde(default)]
    pub formula: Option<String>,
    /// Said to be not known; pages show "待设定".
    #[serde(default)]
    pub unset: bool,
    /// Issuing body, number and day of the document; `example` values of an overlay say that they are examples.
    pub source: String,
    /// Grade of the source: `A` official, `B` copy, `example` (overlays only).
    pub grade: String,
}

/// `roles/<name>.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    pub label: String,
    pub label_en: String,
    /// Level of the places that the role is given for.
    pub level: Level,
    /// What it may do; see `Permission`.
    pub may: Vec<Permission>,
    /// The role belongs to a department and sees its sources only.
    #[serde(default)]
    pub of_department: bool,
}

/// What a role may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Leads and what is behind them.
    SeeLeads,
    /// Close a lead with a reason.
    CloseLeads,
    /// Household files.
    SeeHouseholds,
    /// Hand in sources (each source names its roles).
    HandIn,
    /// Imports and faults of all departments in the place.
    SeeImports,
    /// Start a screening.
    Screen,
    /// Rules, parameters and hit rates.
    SeeRules,
    /// Full names and masked numbers instead of masked names.
    SeeNames,
}

/// A figure for places: `indicators/<name>.toml`. Both parts are aggregates over households with their facts.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub label: String,
    pub label_en: String,
    pub article: Vec<u8>,
    #[serde(default)]
    pub unit: String,
    /// Aggregate over households with their facts, e.g. `count()`.
    pub numerator: String,
    #[serde(default, rename = "where")]
    pub filter: Option<String>,
    /// Aggregate of the whole; the indicator is a share where it is given.
    #[serde(default)]
    pub denominator: Option<String>,
    #[serde(default)]
    pub target: Option<Decimal>,
}

/// Cases beside a thing: `<name>.cases.toml`, `[[case]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    pub case: Vec<Case>,
}

/// Given values, expected value. Names that are not given are unknown (null).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    pub name: String,
    pub day: IsoDay,
    /// Day of knowledge; `day` where it is not said.
    #[serde(default)]
    pub known: Option<IsoDay>,
    #[serde(default)]
    pub region: Option<RegionCode>,
    /// Facts and fields by name. Money in fen; days as TOML dates; decimals as text.
    #[serde(default)]
    pub given: toml::Table,
    /// Rows for aggregates; each a table of columns.
    #[serde(default)]
    pub rows: Vec<toml::Table>,
    /// Parameters by name, in place of the package's values.
    #[serde(default)]
    pub parameters: toml::Table,
    /// Rule: true/false. Fact, parameter, indicator: the value. The text `"unknown"` means null.
    pub expect: toml::Value,
    /// Rule: the sentence expected, if it holds.
    #[serde(default)]
    pub because: Option<String>,
    /// Rule: the band expected.
    #[serde(default)]
    pub band: Option<u32>,
}

/// A day written as a TOML date (`2021-05-27`) or as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IsoDay(pub Day);

impl<'de> Deserialize<'de> for IsoDay {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<IsoDay, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Date(toml::value::Datetime),
            Text(String),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Date(date) => date.to_string(),
            Written::Text(text) => text,
        };
        text.parse().map(IsoDay).map_err(serde::de::Error::custom)
    }
}
