//! A register's file looked at before it is taken in: everything is read and rehearsed, nothing is changed.
//!
//! Each piece of the file is rehearsed by itself: rows that only hold because of rows far above them in the same file may be
//! told as refused here, and are taken by the import.

use super::super::code_files::area_codes;
use super::super::people::People;
use super::columns;
use super::counts::Counts;
use super::give_back::files::{RowsRead, mark};
use super::give_back::headings_of;
use super::matched::near_household::LeftRow;
use super::matched::register_rows::{MatchedRecords, RecordMatcher};
use super::order::Order;
use super::read::piece::Piece;
use super::read::register_file::{FileRead, RegisterFile};
use super::shape::Expected;
use super::stop::Stop;
use crate::clock;
use crate::installation::Installation;
use crate::progress::Progress;
use crate::trouble::{Attempt, Outcome, Trouble};
use exchange::{FileHash, KnownPlaces, Refusal, RowFate};
use model::{Fault, FaultKind, Value};
use policy::declare::Register;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use store::{Command, Receipt, Record, View};
use web::jobs::{ChangeSample, FieldChange, PreviewOutcome};
use words::{Advice, Wording, advice, wording};

/// Changed records that are shown one by one.
const SAMPLE_MAX: usize = 20;
/// Faults that are shown one by one; they stand in the job's row of the store.
const FAULTS_MAX: usize = 50;

fn not_kept() -> Advice {
    advice!("preview_not_kept")
}

/// Reads and rehearses a file.
///
/// # Errors
/// When the register does not exist, the actor may not import it, or the store or the disk fails. A file that is refused is no
/// error: the outcome says why.
pub fn preview(
    installation: &Installation,
    people: &People,
    order: &Order<'_>,
    progress: &mut dyn Progress,
) -> Outcome<PreviewOutcome> {
    let package = &installation.package;
    let register = package.registers.get(order.dataset);
    let register = register.ok_or_else(|| Trouble::of(advice!("no_preview_of_source", name = order.dataset)))?;
    let hash = FileHash::of_file(order.path).attempt(|| advice!("file_unread", file = order.path.display()))?;
    let areas = area_codes(package)?;
    let places = KnownPlaces::new(&areas, &package.divisions);
    let expected = Expected::of(installation, order, &places)?;
    let options = expected.options(order, Some(&hash));
    let matcher = RecordMatcher::new(installation, people, order, register);
    let mut rehearsal = Rehearsal::begin(installation, order, register)?;
    let text = wording!("preview_under_way", file = order.file_name);
    let read = RegisterFile::new(order, register, package, &places).read(&options, &mut |mut piece| {
        let matched = matcher.records(std::mem::take(&mut piece.rows))?;
        rehearsal.take(matched, &mut piece)?;
        Ok(progress.at(piece.done, piece.total, &text))
    });
    match read {
        Ok(read) => rehearsal.finish(read),
        Err(Stop::Refused(refusal)) => rehearsal.refused(&refusal),
        Err(Stop::Failed(trouble)) => Err(trouble),
    }
}

/// A rehearsal under way.
struct Rehearsal<'a> {
    installation: &'a Installation,
    order: &'a Order<'a>,
    register: &'a Register,
    view: View<'static>,
    outcome: PreviewOutcome,
    counts: Counts,
    /// Faults that the store found.
    said: u64,
    /// By reason: its text, and how many rows.
    unmatched: BTreeMap<String, (Wording, u64)>,
    /// Faults wait on the disk until the workbook is written.
    faults: BufWriter<std::fs::File>,
    waiting: PathBuf,
}

impl<'a> Rehearsal<'a> {
    fn begin(installation: &'a Installation, order: &'a Order<'a>, register: &'a Register) -> Outcome<Rehearsal<'a>> {
        std::fs::create_dir_all(&order.out).attempt(not_kept)?;
        let waiting = order.out.join(".faults");
        let faults = BufWriter::new(std::fs::File::create(&waiting).attempt(not_kept)?);
        let view = installation.store.view(order.actor);
        let outcome = PreviewOutcome::default();
        let (counts, said, unmatched) = (Counts::default(), 0, BTreeMap::new());
        Ok(Rehearsal { installation, order, register, view, outcome, counts, said, unmatched, faults, waiting })
    }

    fn take(&mut self, MatchedRecords { records, unmatched }: MatchedRecords, piece: &mut Piece) -> Outcome<()> {
        self.note_unmatched(&unmatched);
        if !records.is_empty() {
            let is_sampled = self.outcome.sample.len() < SAMPLE_MAX;
            let by_row: HashMap<u32, Record> =
                records.iter().filter(|_| is_sampled).map(|record| (record.row, record.clone())).collect();
            let receipt = self.rehearse(records)?;
            self.said += piece.hear(&receipt);
            self.counts.add_receipt(&receipt);
            self.sample(&receipt, &by_row)?;
        }
        self.note_faults(&piece.faults)
    }

    fn note_unmatched(&mut self, rows: &[LeftRow]) {
        self.counts.unmatched += rows.len() as u64;
        for LeftRow { row, .. } in rows {
            let (what, count) = self.unmatched.entry(row.reason.clone()).or_default();
            // Of several texts of a reason the last one stands for all, as it does in the receipt of an import.
            if row.what > *what {
                what.clone_from(&row.what);
            }
            *count += 1;
        }
    }

    fn note_faults(&mut self, faults: &[Fault]) -> Outcome<()> {
        for fault in faults {
            serde_json::to_writer(&mut self.faults, fault).attempt(not_kept)?;
            self.faults.write_all(b"\n").attempt(not_kept)?;
        }
        self.counts.add_faults(faults);
        let left = FAULTS_MAX - self.outcome.first_faults.len();
        self.outcome.first_faults.extend(faults.iter().take(left).cloned());
        Ok(())
    }

    fn rehearse(&self, records: Vec<Record>) -> Outcome<Receipt> {
        let command = Command::ImportRecords { register: self.order.dataset.to_owned(), file: String::new(), records };
        Ok(self.installation.store.rehearse(self.order.actor, clock::moment(), command)?)
    }

    /// What changes in the first changed records, as the role may see it.
    fn sample(&mut self, receipt: &Receipt, by_row: &HashMap<u32, Record>) -> Outcome<()> {
        for (row, id) in &receipt.changed_records {
            let Some(record) = by_row.get(row).filter(|_| self.outcome.sample.len() < SAMPLE_MAX) else { continue };
            let Some(stored) = self.view.record(self.order.dataset, id, clock::today())? else { continue };
            let mut changes = Vec::new();
            let pairs = self.register.field.iter().zip(&stored.fields).zip(&record.fields).enumerate();
            for (at, ((field, before), after)) in pairs.filter(|(_, ((field, _), _))| field.is_entered()) {
                // What the file does not speak of, stays.
                if after.is_null() && record.unsaid.fields.contains(&at) {
                    continue;
                }
                let after = self.view.field_shown(field, after.clone()).value;
                if before.value != after {
                    changes.push(FieldChange { field: field.name.clone(), before: before.value.clone(), after });
                }
            }
            let said = record.children.iter().flatten();
            for (before, after) in stored.children.iter().zip(said) {
                let Some(after) = after.as_ref().filter(|after| after.len() != before.rows.len()) else { continue };
                let number = |rows: usize| Value::Int(i64::try_from(rows).unwrap_or(i64::MAX));
                let (field, before) = (before.name.clone(), number(before.rows.len()));
                changes.push(FieldChange { field, before, after: number(after.len()) });
            }
            self.outcome.sample.push(ChangeSample { row: *row, record: id.clone(), changes });
        }
        Ok(())
    }

    fn finish(mut self, read: FileRead) -> Outcome<PreviewOutcome> {
        let FileRead { mut summary, remarks } = read;
        *summary.faults.entry(FaultKind::CheckFailed).or_default() += self.said;
        self.faults.flush().attempt(not_kept)?;
        let counts = self.counts;
        let refused = counts.refused + summary.rows_dropped;
        let fate = RowFate { taken: counts.taken, refused, unmatched: counts.left(), is_trial: true };
        let rows = RowsRead { summary: &summary, fate: &fate };
        let marked = mark(self.order, rows, waiting(&self.waiting)?)?;
        self.outcome = PreviewOutcome {
            rows_read: summary.rows_seen,
            added: counts.changes.added,
            changed: counts.changes.changed,
            unchanged: counts.changes.unchanged,
            refused,
            unmatched: counts.unmatched,
            outside: counts.outside,
            rows_gone: counts.child_rows_gone,
            faults: summary.fault_count().saturating_sub(counts.remarks),
            remarks: counts.remarks,
            ..self.outcome
        };
        let by_kind = summary.faults.iter().filter(|(_, count)| **count > 0);
        self.outcome.fault_counts = by_kind.map(|(kind, count)| (*kind, *count)).collect();
        let unmatched = std::mem::take(&mut self.unmatched).into_iter();
        self.outcome.unmatched_counts = unmatched.map(|(reason, (what, count))| (reason, what, count)).collect();
        self.outcome.unmatched_counts.sort_by_key(|(_, _, count)| Reverse(*count));
        self.outcome.headings = headings_of(&summary);
        let count = counts.in_two_households;
        let in_two = (count > 0).then(|| wording!("in_two_households_will_be", count));
        let remarks: Vec<Wording> = remarks.into_iter().chain(in_two).chain(columns::remarks_on(&summary)).collect();
        self.outcome.remark = Wording::joined(&remarks);
        let name = marked.as_deref().and_then(Path::file_name);
        self.outcome.fault_file = name.map(|name| name.to_string_lossy().into_owned());
        self.end()
    }

    fn refused(mut self, refusal: &Refusal) -> Outcome<PreviewOutcome> {
        self.outcome = PreviewOutcome {
            refusal: refusal.said(),
            column_question: columns::question(refusal),
            ..PreviewOutcome::default()
        };
        self.end()
    }

    fn end(self) -> Outcome<PreviewOutcome> {
        drop(self.faults);
        std::fs::remove_file(&self.waiting).attempt(|| advice!("preview_not_cleared"))?;
        Ok(self.outcome)
    }
}

fn waiting(path: &Path) -> Outcome<impl Iterator<Item = Fault> + use<>> {
    let file = std::fs::File::open(path).attempt(|| advice!("preview_not_read"))?;
    let lines = BufReader::new(file).lines().map_while(Result::ok);
    Ok(lines.filter_map(|line| serde_json::from_str(&line).ok()))
}
