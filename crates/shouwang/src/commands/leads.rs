//! `shouwang leads`: the list of open leads.

use super::Said;
use super::out_file::format_of;
use crate::arguments::{Leads, ListFormat};
use crate::installation::Installation;
use crate::jobs::export::{risk_label, write_leads};
use crate::trouble::{Attempt, CHECK_DISK, Outcome, Trouble, cannot_write};
use exchange::Output;
use serde_json::json;
use std::path::Path;
use store::{LeadFilter, LeadRow, View};

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
            return told(&installation, arguments, format, &all(&view, most)?);
        }
        ListFormat::Csv if arguments.out.is_none() => Output::Csv,
        ListFormat::Csv => Output::CsvBom,
        ListFormat::Xlsx => Output::Xlsx,
        ListFormat::Parquet => Output::Parquet,
    };
    match &arguments.out {
        Some(path) => {
            let rows = write_leads(&installation, &view, &open(), false, path, output)?;
            Ok(written(rows, path))
        }
        None if output == Output::Csv => on_standard_output(&installation, &view),
        None => Err(Trouble::new(
            ["没有指定写到哪个文件", "No file to write was named"],
            ["请加上 --out,例如 --out leads.xlsx", "Add --out, e.g. --out leads.xlsx."],
        )),
    }
}

fn open() -> LeadFilter {
    LeadFilter { open: Some(true), ..LeadFilter::default() }
}

fn written(rows: u64, path: &Path) -> Said {
    let line = format!("已写出 {rows} 条线索到 {}", path.display());
    Said::new(vec![line], &json!({ "rows": rows, "file": path }))
}

/// The table as lines of CSV; they pass through a file of the installation's own, which only its owner reads.
fn on_standard_output(installation: &Installation, view: &View) -> Outcome<Said> {
    let attempt = || ["无法列出线索", "The leads cannot be listed"];
    let folder = installation.out();
    std::fs::create_dir_all(&folder).attempt(attempt, CHECK_DISK)?;
    let path = folder.join(format!(".leads-{}.csv", std::process::id()));
    let rows = write_leads(installation, view, &open(), false, &path, Output::Csv);
    let text = std::fs::read_to_string(&path);
    // Whatever came of it, nothing is left behind.
    let _ = std::fs::remove_file(&path);
    let (rows, text) = (rows?, text.attempt(attempt, CHECK_DISK)?);
    let line = text.strip_suffix('\n').unwrap_or(&text).to_owned();
    Ok(Said::new(vec![line], &json!({ "rows": rows })))
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

fn told(installation: &Installation, arguments: &Leads, format: ListFormat, rows: &[LeadRow]) -> Outcome<Said> {
    let lines = match format {
        ListFormat::Json => vec![serde_json::to_string_pretty(rows).unwrap_or_default()],
        _ => table(installation, rows),
    };
    let Some(path) = &arguments.out else { return Ok(Said::new(lines, &json!({ "leads": rows }))) };
    let text = lines.join("\n") + "\n";
    std::fs::write(path, text).attempt(|| cannot_write(path), CHECK_DISK)?;
    Ok(written(rows.len() as u64, path))
}

fn table(installation: &Installation, rows: &[LeadRow]) -> Vec<String> {
    let line = |row: &LeadRow| {
        let risk = risk_label(&installation.package, &row.risk, false);
        let (id, urgency) = (&row.lead_id, row.urgency);
        format!("{id:<26} {urgency:>4}分 {risk} {} {} | {}", row.township, row.village, row.because)
    };
    let count = format!("共列出 {} 条;shouwang explain --dir DIR <线索编号> 查看依据", rows.len());
    rows.iter().map(line).chain([count]).collect()
}
