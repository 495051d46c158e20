//! `shouwang leads`: the list of open leads.

use super::Said;
use crate::arguments::{Leads, ListFormat};
use crate::installation::Installation;
use crate::jobs::export::{risk_label, write_leads};
use crate::trouble::{Outcome, Trouble};
use exchange::Output;
use serde_json::json;
use store::{LeadFilter, LeadRow};

/// Lists open leads, most urgent first, or writes them to a file.
///
/// # Errors
/// When the store cannot be read or the file cannot be written.
pub fn run(arguments: &Leads) -> Outcome<Said> {
    let installation = Installation::open(&arguments.dir)?;
    let view = installation.store.view(&installation.system());
    let filter = LeadFilter { open: Some(true), ..LeadFilter::default() };
    let output = match arguments.format {
        ListFormat::Table | ListFormat::Json => {
            let rows = all(&view, &filter, arguments)?;
            return Ok(shown(&installation, arguments, &rows));
        }
        ListFormat::Csv => Output::CsvBom,
        ListFormat::Xlsx => Output::Xlsx,
    };
    let path = arguments
        .out
        .as_ref()
        .ok_or_else(|| Trouble::new("没有指定写到哪个文件", "请加上 --out,例如 --out leads.xlsx"))?;
    let rows = write_leads(&installation, &view, &filter, false, (path, output))?;
    let line = format!("已写出 {rows} 条线索到 {}", path.display());
    Ok(Said::new(vec![line], &json!({ "rows": rows, "file": path })))
}

fn all(view: &store::View, filter: &LeadFilter, arguments: &Leads) -> Outcome<Vec<LeadRow>> {
    let most = if arguments.format == ListFormat::Json { usize::MAX } else { arguments.limit };
    let (mut rows, mut after) = (Vec::new(), None);
    while rows.len() < most {
        let page = view.leads(filter, after.as_deref(), 500)?;
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    rows.truncate(most);
    Ok(rows)
}

fn shown(installation: &Installation, arguments: &Leads, rows: &[LeadRow]) -> Said {
    let mut lines = Vec::new();
    if arguments.format == ListFormat::Json {
        lines.push(serde_json::to_string_pretty(rows).unwrap_or_default());
    } else {
        for row in rows {
            lines.push(format!(
                "{:<26} {:>4}分 {} {} {} | {}",
                row.lead_id,
                row.urgency,
                risk_label(&installation.package, &row.risk, false),
                row.township,
                row.village,
                row.because
            ));
        }
        lines.push(format!("共列出 {} 条;shouwang explain --dir DIR <线索编号> 查看依据", rows.len()));
    }
    Said::new(lines, &json!({ "leads": rows }))
}
