//! The list of leads to a file: exactly what the actor sees.

use crate::clock;
use crate::installation::Installation;
use crate::trouble::{Attempt, CHECK_INSTALLATION, Outcome, cannot_write};
use exchange::{Heading, Output, TableWriter};
use model::{Kind, Value};
use policy::Package;
use std::path::Path;
use store::{LeadFilter, LeadRow, View};
use web::jobs::{ExportFormat, ExportOrder, ExportOutcome};

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
    let english = order.language == "en";
    let file = format!("{}.{ending}", if english { "leads" } else { "线索清单" });
    make_folder(folder)?;
    let rows =
        write_leads(installation, view, &order.filter.for_store(clock::today()), english, &folder.join(&file), output)?;
    Ok(ExportOutcome { file, rows })
}

/// Makes the folder of a job's files.
///
/// # Errors
/// When the disk fails.
pub(super) fn make_folder(folder: &Path) -> Outcome<()> {
    let failed = || ["无法建立导出目录", "The folder for the file cannot be made"];
    std::fs::create_dir_all(folder).attempt(failed, CHECK_INSTALLATION)
}

/// Writes leads to one file; returns how many.
///
/// # Errors
/// When the store cannot be read or the file cannot be written.
pub fn write_leads(
    installation: &Installation,
    view: &View,
    filter: &LeadFilter,
    english: bool,
    path: &Path,
    output: Output,
) -> Outcome<u64> {
    let attempt = || cannot_write(path);
    let headings: Vec<Heading> = HEADINGS
        .iter()
        .map(|(chinese, text, kind)| Heading { text: (if english { *text } else { *chinese }).to_owned(), kind: *kind })
        .collect();
    let states = installation.package.raised().map(|(_, register)| register.state.as_slice()).unwrap_or_default();
    let mut table = TableWriter::create(path, output, &headings).attempt(attempt, CHECK_INSTALLATION)?;
    let (mut after, mut rows) = (None, 0);
    loop {
        let page = view.leads(filter, after.as_deref(), PAGE)?;
        for lead in &page.rows {
            let state = states.iter().find(|state| state.name == lead.state);
            let state = state.map_or(lead.state.as_str(), |state| if english { &state.label_en } else { &state.label });
            table
                .write_row(&cells(lead, state, &installation.package, english))
                .attempt(attempt, CHECK_INSTALLATION)?;
            rows += 1;
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    table.finish().attempt(attempt, CHECK_INSTALLATION)?;
    Ok(rows)
}

const HEADINGS: [(&str, &str, Kind); 12] = [
    ("线索编号", "Lead", Kind::Text),
    ("户编号", "Household", Kind::Text),
    ("户主", "Head", Kind::Name),
    ("人数", "Members", Kind::Int),
    ("乡镇", "Township", Kind::Text),
    ("村", "Village", Kind::Text),
    ("风险类型", "Risk", Kind::Text),
    ("紧急程度", "Urgency", Kind::Int),
    ("为什么被发现", "Why", Kind::Text),
    ("原因数", "Reasons", Kind::Int),
    ("状态", "State", Kind::Text),
    ("首次发现", "Raised on", Kind::Day),
];

fn cells(lead: &LeadRow, state: &str, package: &Package, english: bool) -> [Value; 12] {
    let text = |text: &str| Value::Text(text.to_owned());
    [
        text(&lead.lead_id),
        Value::Text(lead.household_no.to_string()),
        text(&lead.head_name),
        Value::Int(i64::from(lead.members)),
        text(&lead.township),
        text(&lead.village),
        text(risk_label(package, &lead.risk, english)),
        Value::Int(lead.urgency),
        text(if english { &lead.because_en } else { &lead.because }),
        Value::Int(i64::from(lead.reasons)),
        text(state),
        Value::Day(lead.raised_on),
    ]
}

/// What a kind of risk is called; its code where the package does not name it.
pub fn risk_label<'a>(package: &'a Package, risk: &'a str, english: bool) -> &'a str {
    package.code_label("risk_type", risk).map_or(risk, |(label, label_en)| if english { label_en } else { label })
}
