//! One file per page, and what several pages share.

pub mod asked_once;
pub mod column_choice;
pub mod export;
pub mod form_state;
pub mod hand_in;
pub mod help;
pub mod household;
pub mod household_records;
pub mod households;
pub mod import;
pub mod import_answer;
pub mod import_leavers;
pub mod import_receipt;
pub mod import_undo;
pub mod imports;
pub mod job;
pub mod lead;
pub mod leads;
pub mod notices;
pub mod parameters;
pub mod policy;
pub mod preferences;
pub mod preview_address;
pub mod record;
pub mod record_act;
pub mod record_bulk;
pub mod record_form;
pub mod record_form_shown;
pub mod record_forms;
pub mod record_history;
pub mod record_list;
pub mod record_steps;
pub mod record_wanted;
pub mod register;
pub mod register_desk;
pub mod register_files;
pub mod register_import;
pub mod registers;
pub mod rule;
pub mod rules;
pub mod sign_in;
pub mod tokens;
pub mod unsent;
pub mod upload;
pub mod workbench;

pub(crate) use record_wanted::kept_search;

use crate::catalog::{Catalog, LEAD, severity_class};
use crate::evidence::FileNames;
use crate::show;
use model::{Day, Kind, RegionCode, Severity};
use store::{HistoryRow, LeadRow, View};

/// Rows on one page of a list.
pub const PAGE_ROWS: u32 = 50;
/// Imports whose file names are looked up for evidence.
const FILES_MAX: u32 = 500;

/// One choice of a drop-down list.
pub struct Choice {
    pub value: String,
    pub text: String,
    pub chosen: bool,
}

impl Choice {
    /// Choices of which the one with value `chosen` is marked.
    pub fn list(pairs: impl IntoIterator<Item = (String, String)>, chosen: &str) -> Vec<Choice> {
        pairs.into_iter().map(|(value, text)| Choice { chosen: value == chosen, value, text }).collect()
    }
}

/// Links to the first and the next page of a list.
#[derive(Default)]
pub struct Pager {
    pub first: Option<String>,
    pub next: Option<String>,
}

impl Pager {
    /// `parameters`: what the page is filtered by; `after`: where this page began; `next`: where the next one begins.
    pub fn new(path: &str, parameters: &[(&str, &str)], after: Option<&str>, next: Option<&str>) -> Pager {
        let with = |after: &str| {
            let mut all = parameters.to_vec();
            all.push(("after", after));
            show::address(path, &all)
        };
        Pager { first: after.map(|_| with("")), next: next.map(with) }
    }
}

/// A figure in a card; without address it is no link.
pub struct Card {
    pub address: String,
    pub label: String,
    pub number: String,
    pub class: &'static str,
    pub note: String,
}

impl Card {
    /// A number of rows that leads nowhere; its label is the word `key`, its note the word `<key>_note`. Nought is plain.
    pub fn of_rows(catalog: &Catalog<'_>, key: &str, number: u64, class: &'static str) -> Card {
        Card {
            address: String::new(),
            label: catalog.language.say(key).to_owned(),
            number: show::count(number),
            class: if number > 0 { class } else { "" },
            note: catalog.language.say(&format!("{key}_note")).to_owned(),
        }
    }
}

/// A lead as a list shows it.
pub struct LeadLine {
    pub id: String,
    pub head: String,
    pub members: String,
    pub place: String,
    pub risk: String,
    pub class: &'static str,
    pub because: String,
    /// Further reasons and flags.
    pub more: Option<String>,
    pub state: String,
    pub raised: String,
    pub left: Option<(String, &'static str)>,
}

/// Urgency from which a lead's tag is red, and from which it is amber.
const URGENCY_STEPS: (i64, i64) = (80, 40);

/// Prepares a lead for a list.
pub fn lead_line(row: &LeadRow, catalog: &Catalog<'_>, today: Day) -> LeadLine {
    let language = catalog.language;
    let is_final = catalog
        .register(LEAD)
        .is_some_and(|register| register.state.iter().any(|state| state.name == row.state && state.is_final));
    let mut more = Vec::new();
    if row.reasons > 1 {
        more.push(language.fill("lead_more_reasons", &[("count", &(row.reasons - 1))]));
    }
    if row.flags > 0 {
        more.push(language.fill("lead_flags", &[("count", &row.flags)]));
    }
    if row.stale {
        more.push(language.say("lead_stale_short").to_owned());
    }
    LeadLine {
        id: row.lead_id.clone(),
        head: head_name(&row.head_name, catalog),
        members: language.fill("members_count", &[("count", &row.members)]),
        place: place_text(&row.township, &row.village),
        risk: catalog.risk(&row.risk),
        class: severity_class(urgency_class(row.urgency)),
        because: language.pick(&row.because, &row.because_en).to_owned(),
        more: Some(more.join(" · ")).filter(|text| !text.is_empty()),
        state: catalog.state(LEAD, &row.state),
        raised: language.fill("raised_on", &[("day", &row.raised_on)]),
        left: if is_final { None } else { show::days_left(row.due_on, today, language) },
    }
}

fn urgency_class(urgency: i64) -> Severity {
    match urgency {
        urgency if urgency >= URGENCY_STEPS.0 => Severity::High,
        urgency if urgency >= URGENCY_STEPS.1 => Severity::Middle,
        _ => Severity::Low,
    }
}

/// The head's name; a word for it where it is not known.
pub fn head_name(name: &str, catalog: &Catalog<'_>) -> String {
    if name.is_empty() { catalog.language.say("head_unknown").to_owned() } else { name.to_owned() }
}

/// `马桑镇 / 大石村`
pub fn place_text(township: &str, village: &str) -> String {
    match (township, village) {
        ("", place) | (place, "") => place.to_owned(),
        _ => format!("{township} / {village}"),
    }
}

/// An event of a time line.
pub struct EventLine {
    pub what: String,
    pub when: String,
    pub who: String,
    pub changes: Vec<String>,
}

/// Prepares a time line; changes show what stood there before and after.
pub fn time_line(history: &[HistoryRow], catalog: &Catalog<'_>) -> Vec<EventLine> {
    history.iter().map(|event| event_line(event, catalog)).collect()
}

fn event_line(event: &HistoryRow, catalog: &Catalog<'_>) -> EventLine {
    let action = catalog.action(&event.register, &event.action);
    let what = format!("{} · {action}", catalog.dataset(&event.register));
    let who = if event.role == store::SYSTEM_ROLE {
        catalog.language.say("role_system").to_owned()
    } else {
        format!("{} ({})", event.shown_name, catalog.role(&event.role))
    };
    // What was there from the beginning stands on the page already; the line tells what changed since.
    let since = event.changes.iter().filter(|_| !matches!(event.action.as_str(), "added" | "raised"));
    let changes = since.filter_map(|change| change_text(&event.register, change, catalog));
    EventLine { what, when: model::moment_at(event.at_ms), who, changes: changes.take(12).collect() }
}

/// `办结原因: – → 已有帮扶`; fields that the package does not declare are the engine's own and are left out.
fn change_text(
    register: &str,
    (name, before, after): &(String, String, String),
    catalog: &Catalog<'_>,
) -> Option<String> {
    let column = catalog.column(register, name)?;
    let shown = |text: &str| match (&column.codes, text) {
        (_, "") => "–".to_owned(),
        (_, code) if column.kind == Kind::Region => {
            code.parse().map_or_else(|_| code.to_owned(), |code| catalog.place(code))
        }
        (Some(list), code) => catalog.code(list, code),
        _ => text.to_owned(),
    };
    Some(format!("{}: {} → {}", catalog.column_label(column), shown(before), shown(after)))
}

/// Places one level below `region` (and itself) for a drop-down list.
///
/// # Errors
/// What the store says.
pub fn place_choices(view: &View, chosen: Option<RegionCode>) -> Result<Vec<Choice>, store::StoreError> {
    let own = view.actor().region;
    let inside = chosen.filter(|place| own.holds(*place)).unwrap_or(own);
    let mut pairs: Vec<(String, String)> = view
        .region_path(inside)?
        .into_iter()
        .filter(|region| own.holds(region.code) && region.code != own)
        .map(|region| (region.code.to_string(), region.name))
        .collect();
    pairs.extend(view.regions(inside)?.into_iter().map(|region| (region.code.to_string(), region.name)));
    let chosen = chosen.map(|place| place.to_string()).unwrap_or_default();
    Ok(Choice::list(pairs, &chosen))
}

/// Names of the files that the actor may know of.
///
/// # Errors
/// What the store says.
pub fn file_names(view: &View) -> Result<FileNames, store::StoreError> {
    let imports = view.imports(None, FILES_MAX)?.rows;
    Ok(imports.into_iter().map(|row| (row.file_hash.chars().take(12).collect(), row.file_name)).collect())
}

/// A text of a query, without spaces around it; `None` where it is missing or empty.
pub fn filled(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}
