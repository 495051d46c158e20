//! `shouwang screen`: all households, all rules.

use super::Said;
use super::out_file::must_end_in;
use crate::arguments::Screen;
use crate::installation::Installation;
use crate::jobs::refresh::refresh;
use crate::jobs::screen::{Screening, ScreeningReport, request, screen};
use crate::progress::Terminal;
use crate::trouble::{Attempt, Outcome};
use analysis::{ScreeningOutcome, ScreeningRequest};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;
use words::{Wording, advice, wording};

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
        .attempt(|| advice!("trial_screening_unfinished"))?;
    let seconds = began.elapsed().as_secs_f64();
    drop(progress);
    if let Some(path) = pairs {
        std::fs::write(path, pairs_of(&found)).attempt(|| advice!("file_unwritten", path = path.display()))?;
    }
    let (households, leads) = (found.households, found.leads.len());
    let line = wording!("screening_tried", households, leads, seconds = format!("{seconds:.2}"));
    let summary = json!({ "households": households, "leads": leads, "seconds": seconds });
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
pub fn lines_of(report: &ScreeningReport) -> Vec<Wording> {
    let ScreeningReport { day, known, households, leads, raised, changed, lapsed, quality, .. } = report;
    let screened = wording!("screened", day, known, households, leads, raised, changed, lapsed, quality);
    let not_run = report.not_run.iter().map(|(rule, why)| wording!("rule_not_run_line", rule, why));
    [screened].into_iter().chain(not_run).collect()
}
