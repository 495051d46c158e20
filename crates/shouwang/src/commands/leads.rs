//! `shouwang leads`: the list of open leads.

use super::out_file::format_of;
use super::{Said, lines, risk_label};
use crate::arguments::{Leads, ListFormat};
use crate::installation::Installation;
use crate::jobs::export::headings;
use crate::language;
use crate::trouble::{Attempt, Outcome, Trouble};
use exchange::{Output, TableWriter};
use model::{Kind, Value};
use policy::Package;
use serde_json::json;
use std::path::Path;
use store::{LeadFilter, LeadRow, View};
use words::{Language, Wording, advice, wording};

/// Leads that are read at a time.
const PAGE: u32 = 500;

/// Lists open leads, most urgent first, on standard output or to a file.
///
/// # Errors
/// When the store cannot be read or the file cannot be written.
pub fn run(arguments: &Leads) -> Outcome<Said> {
    let format = match (&arguments.out, arguments.format) {
        (Some(out), asked) => format_of(out, asked)?,
        (None, asked) => asked.unwrap_or(ListFormat::Table),
    };
    let installation = Installation::open(&arguments.dir)?;
    let view = installation.store.view(&installation.system());
    let output = match format {
        ListFormat::Table | ListFormat::Json => {
            let most = if format == ListFormat::Json { usize::MAX } else { arguments.limit };
            return printed(&installation, arguments, format, &all(&view, most)?);
        }
        ListFormat::Csv if arguments.out.is_none() => Output::Csv,
        ListFormat::Csv => Output::CsvBom,
        ListFormat::Xlsx => Output::Xlsx,
        ListFormat::Parquet => Output::Parquet,
    };
    match &arguments.out {
        Some(path) => {
            let rows = write_open(&installation, &view, output, path)?;
            Ok(written(rows, path))
        }
        None if output == Output::Csv => on_standard_output(&installation, &view),
        None => Err(Trouble::of(advice!("leads_out_unnamed"))),
    }
}

fn open() -> LeadFilter {
    LeadFilter { open: Some(true), ..LeadFilter::default() }
}

/// Writes the open leads to one file; returns how many.
fn write_open(installation: &Installation, view: &View, output: Output, path: &Path) -> Outcome<u64> {
    let language = language::of_terminal();
    let unwritten = || advice!("export_unwritten", path = path.display());
    let headings = headings(&HEADINGS, language);
    let states = installation.package.raised().map(|(_, register)| register.state.as_slice()).unwrap_or_default();
    let mut table = TableWriter::create_in(path, output, &headings, language).attempt(unwritten)?;
    let (mut after, mut rows) = (None, 0);
    loop {
        let page = view.leads(&open(), after.as_deref(), PAGE)?;
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

fn written(rows: u64, path: &Path) -> Said {
    let line = wording!("leads_written", rows, path = path.display());
    Said::new(vec![line], &json!({ "rows": rows, "file": path }))
}

/// The table as lines of CSV; they pass through a file of the installation's own, which only its owner reads.
fn on_standard_output(installation: &Installation, view: &View) -> Outcome<Said> {
    let unlisted = || advice!("leads_unlisted");
    let folder = installation.out();
    std::fs::create_dir_all(&folder).attempt(unlisted)?;
    let path = folder.join(format!(".leads-{}.csv", std::process::id()));
    let rows = write_open(installation, view, Output::Csv, &path);
    let text = std::fs::read_to_string(&path);
    // Whatever came of it, nothing is left behind.
    let _ = std::fs::remove_file(&path);
    let (rows, text) = (rows?, text.attempt(unlisted)?);
    let text = text.strip_suffix('\n').unwrap_or(&text).to_owned();
    Ok(Said::text(text, &json!({ "rows": rows })))
}

fn all(view: &View, most: usize) -> Outcome<Vec<LeadRow>> {
    let (mut rows, mut after) = (Vec::new(), None);
    while rows.len() < most {
        let page = view.leads(&open(), after.as_deref(), PAGE)?;
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    rows.truncate(most);
    Ok(rows)
}

fn printed(installation: &Installation, arguments: &Leads, format: ListFormat, rows: &[LeadRow]) -> Outcome<Said> {
    let text = match format {
        ListFormat::Json => serde_json::to_string_pretty(rows).unwrap_or_default(),
        _ => lines(&table(installation, rows)).of(language::of_terminal()).to_owned(),
    };
    let Some(path) = &arguments.out else { return Ok(Said::text(text, &json!({ "leads": rows }))) };
    std::fs::write(path, text + "\n").attempt(|| advice!("file_unwritten", path = path.display()))?;
    Ok(written(rows.len() as u64, path))
}

fn table(installation: &Installation, rows: &[LeadRow]) -> Vec<Wording> {
    let line = |row: &LeadRow| {
        let LeadRow { township, village, .. } = row;
        let (lead, urgency) = (format!("{:<26}", row.lead_id), format!("{:>4}", row.urgency));
        let because = Wording::pair(&row.because, &row.because_en);
        let risk = risk_label(&installation.package, &row.risk);
        wording!("leads_line", lead, urgency, risk, township, village, because)
    };
    rows.iter().map(line).chain([wording!("leads_listed", count = rows.len())]).collect()
}
