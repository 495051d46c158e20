//! `shouwang leads`: the list of open leads.

use super::out_file::format_of;
use super::{Said, lines};
use crate::arguments::{Leads, ListFormat};
use crate::installation::Installation;
use crate::jobs::export::{LeadList, risk_label, write_leads};
use crate::language;
use crate::trouble::{Attempt, Outcome, Trouble};
use exchange::Output;
use serde_json::json;
use std::path::Path;
use store::{LeadFilter, LeadRow, View};
use words::{Wording, advice, wording};

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

fn write_open(installation: &Installation, view: &View, output: Output, path: &Path) -> Outcome<u64> {
    let list = LeadList { filter: &open(), language: language::of_terminal(), output };
    write_leads(installation, view, &list, path)
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
        let page = view.leads(&open(), after.as_deref(), 500)?;
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
