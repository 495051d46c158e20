//! 回执: what became of one file: counts, headings, faults, rows for which nobody was found, and files to take home.

use crate::http::address;
use crate::http::download::{is_plain, send};
use crate::http::route::Answer;
use crate::http::trouble::{PageError, page};
use crate::http::visit::Visit;
use crate::jobs::{ColumnQuestion, IMPORT, ImportOutcome, Question, is_noted_file};
use crate::pages::files::column_choice::{self, ColumnForm};
use crate::pages::files::hand_in::may_hand_in;
use crate::pages::files::import_answer::{self, QuestionShown};
use crate::pages::files::import_undo;
use crate::pages::files::imports::{ImportLine, account_shown, line, need};
use crate::parts::catalog::Catalog;
use crate::parts::fault_list::{Effect, FaultList, Found};
use crate::parts::list::{Card, Pager, filled};
use crate::parts::shell::{Crumb, Shell};
use crate::parts::show;
use askama::Template;
use axum::extract::{Path, Query};
use model::FaultKind;
use serde::Deserialize;
use std::path::PathBuf;
use store::{ImportRow, ImportState, ImportSummary, Job, Page, ReasonCounts};
use words::Wording;

/// Faults on one page.
const FAULT_ROWS: u32 = 100;
/// Jobs among which the one of the import is looked for.
const JOBS_MAX: u32 = 200;

#[derive(Template)]
#[template(path = "import_receipt.html")]
struct ReceiptPage {
    shell: Shell,
    row: ImportLine,
    message: String,
    is_bad: bool,
    /// What was done that should be known.
    notes: Vec<String>,
    /// Where the file waits for an answer.
    choice: Option<ColumnForm>,
    next_text: &'static str,
    cards: Vec<Card>,
    downloads: Vec<(String, String)>,
    receipt: Vec<(&'static str, String)>,
    headings: Vec<(String, String)>,
    /// Why rows that were taken should be looked at, and how many there are.
    noted: Vec<(String, String)>,
    found: FaultList,
    pager: Pager,
    /// What has to be answered before the file is taken.
    question: Option<QuestionShown>,
    /// There is a list of those whose rows go.
    has_leavers: bool,
    /// The actor may take the import back.
    may_undo: bool,
    /// What was put back, right after that.
    undone: String,
}

/// What the address says.
#[derive(Deserialize)]
pub struct ImportReceiptQuery {
    after: Option<String>,
    put_back: Option<u64>,
    stayed: Option<u64>,
}

/// What the store and the job know about one import.
struct ReceiptNames {
    row: ImportRow,
    faults: Page<store::FaultRow>,
    fault_counts: Vec<(FaultKind, u64)>,
    unmatched: ReasonCounts,
    noted: ReasonCounts,
    headings: Vec<(Wording, Option<String>)>,
    /// What the file waits for, and the job that took it in.
    column_question: Option<(i64, ColumnQuestion)>,
    /// Files to take home.
    files: Vec<String>,
    question: Option<Question>,
    has_leavers: bool,
}

/// `GET /imports/{id}`
pub fn show(visit: &Visit<'_>, (Path(id), Query(asked)): (Path<String>, Query<ImportReceiptQuery>)) -> Answer {
    need(visit)?;
    let language = visit.preferences.language;
    let after = filled(&asked.after);
    let known = read(visit, &id, after.as_deref())?;
    let title = language.say("import_receipt").to_owned();
    let crumbs = vec![Crumb::link("/imports", language.say("menu_imports")), Crumb::here(known.row.file_name.clone())];
    let shell = visit.shell(title, crumbs)?;
    let catalog = Catalog::new(visit.site, language);
    let address = format!("/imports/{}", address::url_part(&id));
    let pager = Pager::new(&address, &[], after.as_deref(), known.faults.next.as_deref());
    let may_undo = import_undo::may_undo(visit, &known.row);
    let undone = asked.put_back.zip(asked.stayed).filter(|_| known.row.state == ImportState::Undone);
    let undone =
        undone.map(|(put_back, stayed)| import_undo::undone_text(put_back, stayed, language)).unwrap_or_default();
    let question = known.question.as_ref().map(|question| QuestionShown::new(visit, question, &catalog));
    page(&ReceiptPage { may_undo, undone, question, ..prepare(shell, &known, &catalog, pager) })
}

fn read(visit: &Visit<'_>, id: &str, after: Option<&str>) -> Result<ReceiptNames, PageError> {
    let view = visit.view();
    let row = view.import(id)?.ok_or(PageError::NotFound)?;
    let jobs = view.jobs(JOBS_MAX)?;
    let is_it = |job: &&Job| outcome(job).is_some_and(|outcome| outcome.import.as_deref() == Some(id));
    let job = jobs.iter().filter(|job| job.kind == IMPORT).find(is_it);
    Ok(ReceiptNames {
        faults: view.faults(id, after, FAULT_ROWS)?.ok_or(PageError::NotFound)?,
        fault_counts: view.fault_counts(id)?.ok_or(PageError::NotFound)?,
        unmatched: view.unmatched_counts(id)?.ok_or(PageError::NotFound)?,
        noted: view.noted_counts(id)?.ok_or(PageError::NotFound)?,
        headings: job.and_then(outcome).unwrap_or_default().headings,
        column_question: job.and_then(|job| Some((job.id, column_choice::question_of(job)?))),
        question: match row.state {
            ImportState::Refused => import_answer::open_question(&jobs, view, id).map(|(_, question)| question),
            _ => None,
        },
        has_leavers: view.leavers(id, None, 1)?.is_some_and(|leavers| !leavers.rows.is_empty()),
        files: folder(visit, &row)?.map(|folder| names_in(&folder)).unwrap_or_default(),
        row,
    })
}

fn prepare(shell: Shell, known: &ReceiptNames, catalog: &Catalog<'_>, pager: Pager) -> ReceiptPage {
    let language = catalog.language;
    let summary = &known.row.summary;
    let faults: Vec<&model::Fault> = known.faults.rows.iter().map(|row| &row.fault).collect();
    let found = Found {
        file: &known.row.file_name,
        counts: &known.fault_counts,
        faults: &faults,
        is_paged: true,
        unmatched: &known.unmatched,
        effect: Effect::Taken,
    };
    ReceiptPage {
        message: summary.message.of(language).to_owned(),
        is_bad: matches!(known.row.state, ImportState::Refused | ImportState::Failed),
        notes: summary.notes.iter().map(|note| note.of(language).to_owned()).collect(),
        choice: known
            .column_question
            .as_ref()
            .filter(|_| known.row.state == ImportState::Refused)
            .map(|(job, question)| column_choice::form(*job, &known.row.dataset, question, catalog)),
        next_text: language.say(next_key(&known.row)),
        cards: cards(&known.row, catalog),
        downloads: downloads(known, catalog),
        receipt: receipt(&known.row, catalog),
        headings: headings(known, catalog),
        noted: noted(known, catalog),
        found: FaultList::new(&found, language),
        row: line(&known.row, catalog),
        pager,
        question: None,
        has_leavers: known.has_leavers,
        may_undo: false,
        undone: String::new(),
        shell,
    }
}

/// What to do next, by what became of the file.
fn next_key(row: &ImportRow) -> &'static str {
    match row.state {
        ImportState::Running => "receipt_next_running",
        ImportState::Refused => "receipt_next_refused",
        ImportState::Failed => "receipt_next_failed",
        ImportState::Undone => "receipt_next_undone",
        ImportState::Done => done_key(&row.summary),
    }
}

/// What to do next with a file that was taken: only what can be downloaded is told of, and a supplement stays one.
fn done_key(summary: &ImportSummary) -> &'static str {
    let is_partial = summary.coverage.as_ref().is_some_and(|coverage| coverage.is_partial);
    match (summary.fault_file.is_some(), summary.rows_unmatched > 0, is_partial) {
        (true, _, false) => "receipt_next_faults",
        (true, _, true) => "receipt_next_faults_partial",
        (false, true, false) => "receipt_next_unmatched",
        (false, true, true) => "receipt_next_unmatched_partial",
        (false, false, _) => "receipt_next_done",
    }
}

fn cards(row: &ImportRow, catalog: &Catalog<'_>) -> Vec<Card> {
    let summary = &row.summary;
    let card = |key: &str, number: u64, class| Card::of_rows(catalog, key, number, class);
    let remarks = (summary.remarks > 0).then(|| card("import_remarks", summary.remarks, "sw-amber"));
    let noted = (summary.rows_noted > 0).then(|| card("import_noted", summary.rows_noted, "sw-amber"));
    if row.state == ImportState::Refused {
        let known = [
            card("import_in_file", summary.rows_in_file, ""),
            card("import_read", summary.rows_read, ""),
            card("import_dropped", summary.rows_dropped, "sw-red"),
            card("import_unmatched", summary.rows_unmatched, "sw-amber"),
            card("import_faults", summary.faults, "sw-amber"),
        ];
        // Of a file that could not be read nothing is known.
        return known.into_iter().chain(remarks).filter(|_| summary.rows_in_file > 0).collect();
    }
    let mut cards = vec![
        card("import_in_file", summary.rows_in_file, ""),
        card("import_read", summary.rows_read, ""),
        card("import_taken", summary.rows_taken, "sw-green"),
    ];
    match summary.rows_added {
        Some(added) => cards.extend([
            card("import_added", added, ""),
            card("import_changed", summary.rows_changed, ""),
            card("import_removed", summary.rows_removed, ""),
            card("import_unchanged", summary.rows_unchanged, ""),
        ]),
        None => cards.push(card("import_changed_before", summary.rows_changed, "")),
    }
    cards.extend([
        card("import_dropped", summary.rows_dropped, "sw-red"),
        card("import_unmatched", summary.rows_unmatched, "sw-amber"),
        card("import_faults", summary.faults, "sw-amber"),
    ]);
    cards.extend(remarks.into_iter().chain(noted));
    cards
}

fn downloads(known: &ReceiptNames, catalog: &Catalog<'_>) -> Vec<(String, String)> {
    let faults = known.row.summary.fault_file.as_deref();
    let link = |name: &String| {
        let key = match faults == Some(name) {
            true => "download_faults",
            false if is_noted_file(name) => "download_noted",
            false => "download_unmatched",
        };
        let id = address::url_part(&known.row.import_id);
        (format!("/imports/{id}/files/{}", address::url_part(name)), catalog.language.say(key).to_owned())
    };
    known.files.iter().map(link).collect()
}

/// `GET /imports/{id}/files/{name}`: for whoever may hand in this kind of data, because the rows of the file come back in full.
pub fn file(visit: &Visit<'_>, Path((id, name)): Path<(String, String)>) -> Answer {
    need(visit)?;
    let row = visit.view().import(&id)?.ok_or(PageError::NotFound)?;
    let folder = folder(visit, &row)?.ok_or(PageError::NotFound)?;
    if names_in(&folder).contains(&name) { send(&folder, &name) } else { Err(PageError::NotFound) }
}

/// The folder with what the import gave back, if the actor may have it: of the job that took the file in, or, where it
/// came by the command line, the one that is named for it.
fn folder(visit: &Visit<'_>, row: &ImportRow) -> Result<Option<PathBuf>, PageError> {
    if !may_hand_in(&visit.site.package, visit.actor, &row.dataset) {
        return Ok(None);
    }
    let jobs = visit.jobs_of_all(JOBS_MAX)?.into_iter().filter(|job| job.kind == IMPORT);
    let mut of_import =
        jobs.filter(|job| outcome(job).is_some_and(|outcome| outcome.import.as_ref() == Some(&row.import_id)));
    let named = || format!("import-{}-{}", row.dataset, row.file_name);
    let by_command = (row.account == store::SYSTEM_ROLE).then(named);
    let name = of_import.next().map(|job| job.id.to_string()).or(by_command);
    Ok(name.filter(|name| is_plain(name)).map(|name| visit.site.out.join(name)))
}

fn outcome(job: &Job) -> Option<ImportOutcome> {
    serde_json::from_value(job.result.clone()?).ok()
}

/// Names of the files in a folder, in order; none where there is no such folder.
fn names_in(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| is_plain(name));
    names.sort();
    names
}

fn receipt(row: &ImportRow, catalog: &Catalog<'_>) -> Vec<(&'static str, String)> {
    let say = |key: &str| catalog.language.say(key);
    let mut receipt = vec![
        (say("import_file"), row.file_name.clone()),
        (say("receipt_size"), show::size(row.bytes)),
        (say("receipt_hash"), row.file_hash.clone()),
        (say("import_skipped"), skipped(row, catalog)),
        (say("import_day"), row.delivered_on.to_string()),
        (say("column_place"), catalog.place(row.region)),
        (say("receipt_account"), account_shown(&row.account, catalog)),
        (say("receipt_began"), model::moment_at(row.began_ms)),
        (say("receipt_ended"), row.ended_ms.map_or("–".to_owned(), model::moment_at)),
    ];
    if let Some(coverage) = &row.summary.coverage {
        receipt.push((say("coverage_place"), catalog.place(coverage.place)));
        receipt.push((say("coverage_days"), format!("{} – {}", coverage.from, coverage.to)));
        let kind = if coverage.is_partial { "coverage_is_partial" } else { "coverage_is_whole" };
        receipt.push((say("coverage_kind"), say(kind).to_owned()));
    }
    receipt
}

/// Rows that are no data, by reason.
fn skipped(row: &ImportRow, catalog: &Catalog<'_>) -> String {
    let one = |(reason, count): &(String, u64)| {
        let reason = catalog.language.say(&format!("skip_{reason}"));
        catalog.language.fill("skip_rows", &[("reason", &reason), ("count", &show::count(*count))])
    };
    let texts: Vec<String> = row.summary.rows_skipped.iter().map(one).collect();
    if texts.is_empty() { "–".to_owned() } else { texts.join(catalog.language.say("list_comma")) }
}

/// The kinds of notes by their words; a kind without one by what it says.
fn noted(known: &ReceiptNames, catalog: &Catalog<'_>) -> Vec<(String, String)> {
    let words = catalog.language.words();
    let line = |(kind, what, count): &(String, Wording, u64)| {
        let word = words.get(&format!("noted_{kind}.what")).map(String::as_str);
        (word.unwrap_or_else(|| what.of(catalog.language)).to_owned(), show::count(*count))
    };
    known.noted.iter().map(line).collect()
}

fn headings(known: &ReceiptNames, catalog: &Catalog<'_>) -> Vec<(String, String)> {
    let label = |name: &Option<String>| {
        let column = name.as_deref().and_then(|name| catalog.column(&known.row.dataset, name));
        column
            .map_or_else(|| catalog.language.say("heading_not_used").to_owned(), |column| catalog.heading_label(column))
    };
    known.headings.iter().map(|(heading, name)| (heading.of(catalog.language).to_owned(), label(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::ImportCoverage;

    #[test]
    fn the_next_step_names_only_what_is_there() {
        let cases = [
            (true, 0, false, "receipt_next_faults"),
            (true, 5, false, "receipt_next_faults"),
            (true, 5, true, "receipt_next_faults_partial"),
            (false, 1, false, "receipt_next_unmatched"),
            (false, 1, true, "receipt_next_unmatched_partial"),
            (false, 0, true, "receipt_next_done"),
        ];
        let (day, place) = ("2024-06-03".parse().expect("a day"), "990101000000".parse().expect("a place"));
        for (has_faults, rows_unmatched, is_partial, expected) in cases {
            let coverage = Some(ImportCoverage { place, from: day, to: day, is_declared: true, is_partial });
            let fault_file = has_faults.then(|| "a-错误标注.xlsx".to_owned());
            let summary = ImportSummary { fault_file, rows_unmatched, coverage, ..ImportSummary::default() };
            assert_eq!(done_key(&summary), expected);
        }
    }
}
