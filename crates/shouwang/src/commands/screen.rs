//! `shouwang screen`: all households, all rules.

use super::Said;
use super::out_file::must_end_in;
use crate::arguments::Screen;
use crate::installation::Installation;
use crate::jobs::refresh::refresh;
use crate::jobs::screen::{Screening, ScreeningReport, request, screen};
use crate::progress::Terminal;
use crate::trouble::{Attempt, CHECK_FOLDER, CHECK_MEMORY, Outcome, cannot_write};
use analysis::{ScreeningOutcome, ScreeningRequest};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

/// Screens the installation's place and puts the leads in force.
///
/// # Errors
/// See [`screen`].
pub fn run(arguments: &Screen) -> Outcome<Said> {
    arguments.pairs.as_deref().map_or(Ok(()), |out| must_end_in(out, &["csv", "txt"]))?;
    let installation = Installation::open(&arguments.dir)?;
    let order = Screening {
        region: installation.settings.region,
        day: arguments.day,
        known: arguments.known,
        threads: arguments.threads,
    };
    if arguments.dry_run {
        return dry_run(&installation, &order, arguments.pairs.as_deref());
    }
    let report = screen(&installation, &order, &mut Terminal::new())?;
    Ok(Said::new(lines_of(&report), &report))
}

/// Finds leads and writes none; says how long the finding took, the registers' snapshot left out.
fn dry_run(installation: &Installation, order: &Screening, pairs: Option<&Path>) -> Outcome<Said> {
    let mut progress = Terminal::new();
    refresh(installation, &mut progress)?;
    // As if nothing had ever been verified, without the rows behind the leads.
    let standard = request(installation, order, BTreeMap::new())?;
    let request = ScreeningRequest { verified: Vec::new(), with_evidence: false, with_findings: false, ..standard };
    let began = Instant::now();
    let found = analysis::screen(&installation.lake, &installation.package, &request)
        .attempt(|| ["筛查未能完成", "The screening could not be finished"], CHECK_MEMORY)?;
    let seconds = began.elapsed().as_secs_f64();
    drop(progress);
    if let Some(path) = pairs {
        std::fs::write(path, pairs_of(&found)).attempt(|| cannot_write(path), CHECK_FOLDER)?;
    }
    let line =
        format!("试筛 {} 户:线索 {} 条,用时 {seconds:.2} 秒(未写入任何数据)", found.households, found.leads.len());
    let summary = json!({ "households": found.households, "leads": found.leads.len(), "seconds": seconds });
    Ok(Said::new(vec![line], &summary))
}

/// Lines of `household,rule`, each once, in order.
fn pairs_of(found: &ScreeningOutcome) -> String {
    let pairs: BTreeSet<(i64, &str)> = found
        .leads
        .iter()
        .flat_map(|lead| lead.reasons.iter().map(|reason| (lead.household_no.0, reason.rule.as_str())))
        .collect();
    pairs.into_iter().map(|(household_no, rule)| format!("{household_no},{rule}\n")).collect()
}

/// What a screening found, in a few lines.
pub fn lines_of(report: &ScreeningReport) -> Vec<String> {
    let mut lines = vec![format!(
        "筛查 {} 户(数据日期 {},知悉日期 {}):线索 {} 条,其中新增 {} 条、更新 {} 条、证据消失 {} 条;数据疑点 {} 处",
        report.households,
        report.day,
        report.known,
        report.leads,
        report.raised,
        report.changed,
        report.lapsed,
        report.quality
    )];
    for (rule, why) in &report.not_run {
        lines.push(format!("  规则 {rule} 未运行:{why}"));
    }
    lines
}
