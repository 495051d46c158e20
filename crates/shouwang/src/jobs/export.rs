//! The list of leads to a file: exactly what the actor sees.

use crate::clock;
use crate::installation::Installation;
use crate::trouble::{Attempt, Outcome};
use exchange::{Heading, Output, TableWriter};
use model::{Kind, Value};
use policy::Package;
use std::path::Path;
use store::{LeadFilter, LeadRow, View};
use web::jobs::{ExportFormat, ExportOrder, ExportOutcome};
use words::{Language, Wording, advice};

const PAGE: u32 = 500;

/// Writes the leads that the view shows under the filter.
///
/// # Errors
/// When the store cannot be read or the file cannot be written.
pub fn leads(installation: &Installation, view: &View, order: &ExportOrder, folder: &Path) -> Outcome<ExportOutcome> {
    let (ending, output) = match order.format {
        ExportFormat::Xlsx => ("xlsx", Output::Xlsx),
        ExportFormat::Csv => ("csv", Output::CsvBom),
    };
    let language = language_of(order);
    let file = format!("{}.{ending}", language.say("leads_file_name"));
    make_folder(folder)?;
    let list = LeadList { filter: &order.filter.for_store(clock::today()), language, output };
    let rows = write_leads(installation, view, &list, &folder.join(&file))?;
    Ok(ExportOutcome { file, rows })
}

/// The language that an export was ordered in.
pub(super) fn language_of(order: &ExportOrder) -> Language {
    Language::of_tag(&order.language).unwrap_or_default()
}

/// Makes the folder of a job's files.
///
/// # Errors
/// When the disk fails.
pub(super) fn make_folder(folder: &Path) -> Outcome<()> {
    std::fs::create_dir_all(folder).attempt(|| advice!("export_folder_unmade"))
}

/// A list of leads to be written.
pub struct LeadList<'a> {
    pub filter: &'a LeadFilter,
    pub language: Language,
    pub output: Output,
}

/// Writes leads to one file; returns how many.
///
/// # Errors
/// When the store cannot be read or the file cannot be written.
pub fn write_leads(installation: &Installation, view: &View, list: &LeadList<'_>, path: &Path) -> Outcome<u64> {
    let &LeadList { filter, language, output } = list;
    let unwritten = || advice!("export_unwritten", path = path.display());
    let headings = headings(&HEADINGS, language);
    let states = installation.package.raised().map(|(_, register)| register.state.as_slice()).unwrap_or_default();
    let mut table = TableWriter::create(path, output, &headings).attempt(unwritten)?;
    let (mut after, mut rows) = (None, 0);
    loop {
        let page = view.leads(filter, after.as_deref(), PAGE)?;
        for lead in &page.rows {
            let state = states.iter().find(|state| state.name == lead.state);
            let state = state.map_or(lead.state.as_str(), |state| language.pick(&state.label, &state.label_en));
            table.write_row(&cells(lead, state, &installation.package, language)).attempt(unwritten)?;
            rows += 1;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    table.finish().attempt(unwritten)?;
    Ok(rows)
}

/// The columns, each with the key of its heading.
const HEADINGS: [(&str, Kind); 12] = [
    ("leads_file_number", Kind::Text),
    ("leads_file_household", Kind::Text),
    ("leads_file_head", Kind::Name),
    ("leads_file_members", Kind::Int),
    ("leads_file_township", Kind::Text),
    ("leads_file_village", Kind::Text),
    ("leads_file_risk", Kind::Text),
    ("leads_file_urgency", Kind::Int),
    ("leads_file_because", Kind::Text),
    ("leads_file_reasons", Kind::Int),
    ("leads_file_state", Kind::Text),
    ("leads_file_raised_on", Kind::Day),
];

/// Headings in a language.
pub(super) fn headings(columns: &[(&str, Kind)], language: Language) -> Vec<Heading> {
    columns.iter().map(|(key, kind)| Heading { text: language.say(key).to_owned(), kind: *kind }).collect()
}

fn cells(lead: &LeadRow, state: &str, package: &Package, language: Language) -> [Value; 12] {
    let text = |text: &str| Value::Text(text.to_owned());
    [
        text(&lead.lead_id),
        Value::Text(lead.household_no.to_string()),
        text(&lead.head_name),
        Value::Int(i64::from(lead.members)),
        text(&lead.township),
        text(&lead.village),
        text(risk_label(package, &lead.risk).of(language)),
        Value::Int(lead.urgency),
        text(language.pick(&lead.because, &lead.because_en)),
        Value::Int(i64::from(lead.reasons)),
        text(state),
        Value::Day(lead.raised_on),
    ]
}

/// What a kind of risk is called; its code where the package does not name it.
pub fn risk_label(package: &Package, risk: &str) -> Wording {
    let label = package.code_label("risk_type", risk);
    label.map_or_else(|| Wording::same(risk), |(label, label_en)| Wording::pair(label, label_en))
}
