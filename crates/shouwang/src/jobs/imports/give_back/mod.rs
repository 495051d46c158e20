//! Giving back: how an import ended, kept in the store and told to the author, with the files that go back.

pub mod files;

use super::super::people::HOUSEHOLD;
use super::columns;
use super::counts::RowChanges;
use super::entry::Entry;
use super::order::Report;
use crate::trouble::{Outcome, Trouble};
use exchange::{Refusal, RowFate, Summary};
use files::{Kept, RowsRead};
use std::path::Path;
use store::{ImportCoverage, ImportState};
use web::jobs::Question;
use words::{Wording, wording};

/// What a file came to once all its rows were read and matched.
pub struct Taken {
    pub summary: Summary,
    /// What a delivery of a department covers.
    pub coverage: Option<ImportCoverage>,
    /// What has to be answered first; nothing was changed then.
    pub question: Option<Question>,
}

/// Ends an import whose file was read. `label`: what its dataset is called.
///
/// # Errors
/// When the store fails or a file cannot be written.
pub fn taken(entry: &mut Entry<'_>, label: &Wording, taken: Taken) -> Outcome<Report> {
    let Taken { summary, coverage, question } = taken;
    let (state, message) = match &question {
        // Nothing is taken until the question is answered.
        Some(question) => {
            (entry.counts.taken, entry.counts.changes) = (0, RowChanges::default());
            (ImportState::Refused, question.why.clone())
        }
        None => {
            let order = entry.order;
            columns::remember(entry.installation, order.actor, order.dataset, &summary)?;
            add_remarks(entry, &summary);
            (ImportState::Done, Wording::joined(&entry.remarks))
        }
    };
    let mut report = report(entry, state, message);
    report.summary.coverage = coverage;
    report.headings = headings_of(&summary);
    report.question = question;
    with_files(entry, report, label, &summary)
}

/// Ends an import whose file is not of its kind, or cannot be read.
///
/// # Errors
/// When the store fails.
pub fn refused(entry: &Entry<'_>, refusal: &Refusal) -> Outcome<Report> {
    let report = without_rows(entry, ImportState::Refused, refusal.said())?;
    Ok(Report { column_question: columns::question(refusal), ..report })
}

/// Ends an import that is refused before its file is read.
///
/// # Errors
/// When the store fails.
pub fn refused_for(entry: &Entry<'_>, why: Wording) -> Outcome<Report> {
    without_rows(entry, ImportState::Refused, why)
}

/// Ends an import that the machine could not finish.
///
/// # Errors
/// Always: the trouble itself, or the store's.
pub fn failed(entry: &Entry<'_>, trouble: Trouble) -> Outcome<Report> {
    without_rows(entry, ImportState::Failed, trouble.what.clone())?;
    Err(trouble)
}

fn without_rows(entry: &Entry<'_>, state: ImportState, message: Wording) -> Outcome<Report> {
    let report = report(entry, state, message);
    entry.finish(&report.summary)?;
    Ok(report)
}

fn report(entry: &Entry<'_>, state: ImportState, message: Wording) -> Report {
    let mut summary = entry.counts.summary(state);
    summary.message = message;
    Report {
        dataset: entry.order.dataset.to_owned(),
        file: entry.order.file_name.to_owned(),
        import: entry.id.clone(),
        summary,
        headings: Vec::new(),
        fault_file: None,
        unmatched_file: None,
        question: None,
        column_question: None,
        noted: Vec::new(),
        noted_file: None,
    }
}

/// The report with what the reading tells, and with what goes back to the author; so it is kept.
fn with_files(entry: &Entry<'_>, mut report: Report, label: &Wording, summary: &Summary) -> Outcome<Report> {
    let view = entry.installation.store.view(&entry.installation.system());
    let refused = summary.rows_dropped + entry.counts.refused;
    let fate = RowFate { taken: entry.counts.taken, refused, unmatched: entry.counts.left(), is_trial: false };
    let kept = files::give_back(&view, entry, label, RowsRead { summary, fate: &fate })?;
    let Kept { faults, unmatched, noted, noted_counts } = kept;
    report.summary.rows_read = summary.rows_seen;
    report.summary.rows_dropped = refused;
    report.summary.rows_in_file = summary.rows_in_file;
    report.summary.rows_skipped = columns::skipped(summary);
    report.summary.notes = columns::remarks_on(summary);
    report.summary.fault_file = faults.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into());
    entry.finish(&report.summary)?;
    Ok(Report { fault_file: faults, unmatched_file: unmatched, noted_file: noted, noted: noted_counts, ..report })
}

/// Remarks on what became of rows, for an import that is done.
fn add_remarks(entry: &mut Entry<'_>, summary: &Summary) {
    let (counts, remarks) = (entry.counts, &mut entry.remarks);
    let mut add = |count: u64, remark: fn(u64) -> Wording| remarks.extend((count > 0).then(|| remark(count)));
    add(counts.child_rows_gone, |count| wording!("child_rows_gone", count));
    add(counts.in_two_households, |count| wording!("in_two_households_taken", count));
    add(counts.outside, |count| wording!("rows_outside", count));
    let left_out = summary.rows_dropped + counts.refused;
    if entry.order.dataset == HOUSEHOLD {
        add(left_out, |count| wording!("households_left_out", count));
    }
}

/// Heading in the file, and the column that it was read as.
pub fn headings_of(summary: &Summary) -> Vec<(Wording, Option<String>)> {
    let is_own = |used: &&exchange::HeadingUse| used.column != exchange::RECORD_COLUMN;
    let used = summary.headings.iter().filter(is_own);
    let used = used.filter_map(|used| Some((Wording::from(used.heading.clone()?), Some(used.column.clone()))));
    used.chain(summary.unused.iter().map(|unused| (unused.column.said(), None))).collect()
}
