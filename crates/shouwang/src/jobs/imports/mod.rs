//! One file in: shape, read, match, land, give back. Each step is a file or folder of that name, and knows only those before it.
//!
//! A refused file changes nothing. A file that is taken twice, or taken again after an interruption or a correction, ends
//! in the state of one clean import: records and rows are found by their keys, and what the earlier try noted is cleared.

pub mod columns;
pub mod counts;
mod entry;
pub mod give_back;
pub mod land;
mod matched;
pub mod order;
pub mod preview;
mod read;
pub mod shape;
mod stop;

use super::code_files::area_codes;
use super::people::People;
use crate::clock;
use crate::installation::Installation;
use crate::progress::Progress;
use crate::trouble::{Attempt, Outcome};
use entry::{Entry, RowNotes};
use exchange::{FileHash, KnownPlaces, Options, Places};
use give_back::Taken;
use land::delivery::{Arrival, check_place};
use land::holding::Holding;
use matched::extract_rows::ExtractMatcher;
use matched::near_household::Orphans;
use matched::register_rows::RecordMatcher;
use model::FaultKind;
use order::{Order, Report};
use policy::declare::{Register, Source};
use read::register_file::RegisterFile;
use shape::{Dataset, Expected};
use stop::Stop;
use words::{Wording, advice, wording};

/// Takes a file in. The report of a refused file says why; nothing was changed then.
///
/// # Errors
/// When the dataset does not exist or the store, the lake or the disk fail.
pub fn import(
    installation: &Installation,
    people: &People,
    order: &Order<'_>,
    progress: &mut dyn Progress,
) -> Outcome<Report> {
    let package = &installation.package;
    let dataset = Dataset::find(package, order.dataset)?;
    check_place(order)?;
    let hash = FileHash::of_file(order.path).attempt(|| advice!("file_unread", file = order.path.display()))?;
    let areas = area_codes(package)?;
    let places = KnownPlaces::new(&areas, &package.divisions);
    let expected = Expected::of(installation, order, &places)?;
    let options = expected.options(order, Some(&hash));
    let mut entry = Entry::begin(installation, order, dataset, &hash)?;
    let taken = match dataset {
        Dataset::Source(source) => {
            if let Some(why) = comes_later(order) {
                return give_back::refused_for(&entry, why);
            }
            take_extract(&mut entry, people, source, &expected, &options, progress)
        }
        Dataset::Register(register) => take_register(&mut entry, people, register, &places, &options, progress),
    };
    match taken {
        Ok(taken) => give_back::taken(&mut entry, &dataset.label(), taken),
        Err(Stop::Refused(refusal)) => give_back::refused(&entry, &refusal),
        Err(Stop::Failed(trouble)) => give_back::failed(&entry, trouble),
    }
}

/// Why a delivery cannot be of the day that it was said to be of.
fn comes_later(order: &Order<'_>) -> Option<Wording> {
    let (day, today) = (order.day, clock::today());
    (day > today).then(|| wording!("delivery_day_to_come", day, today))
}

/// The extract of a department: its rows are held back until all are read, and come into force together.
fn take_extract(
    entry: &mut Entry<'_>,
    people: &People,
    source: &Source,
    expected: &Expected<'_>,
    options: &Options<'_>,
    progress: &mut dyn Progress,
) -> Result<Taken, Stop> {
    let (installation, order) = (entry.installation, entry.order);
    let mut matcher = ExtractMatcher::new(installation, people, order, source, &entry.file);
    let mut holding = Holding::new(installation, order, source);
    let summary = read::read(order, &expected.shape, options, progress, &mut |chunk| {
        let matched = matcher.take(chunk.rows, &chunk.left_out)?;
        entry.counts.taken += matched.rows.len() as u64;
        holding.take(matched.rows)?;
        entry.note(chunk.faults, matched.notes)
    })?;
    let repeats = [FaultKind::DuplicateRow, FaultKind::DuplicateKey];
    let repeated: u64 = repeats.iter().filter_map(|kind| summary.faults.get(kind)).sum();
    let heard = matcher.heard(summary.rows_dropped.saturating_sub(repeated));
    let Holding { schema, counties, .. } = holding;
    let arrival = Arrival { installation, people, source, schema: &schema, order, import: &entry.id };
    let landed = arrival.land(counties, &heard).map_err(Stop::Failed)?;
    entry.note_leavers(&landed.leavers).map_err(Stop::Failed)?;
    entry.counts.changes = landed.changes;
    entry.remarks.extend(landed.remarks);
    Ok(Taken { summary, coverage: landed.coverage, question: landed.question })
}

/// The file of a register: its records are taken piece by piece; what the store says of its rows stands beside the faults of the reading.
fn take_register(
    entry: &mut Entry<'_>,
    people: &People,
    register: &Register,
    places: &dyn Places,
    options: &Options<'_>,
    progress: &mut dyn Progress,
) -> Result<Taken, Stop> {
    let (installation, order) = (entry.installation, entry.order);
    let matcher = RecordMatcher::new(installation, people, order, register);
    let text = order.importing();
    let (mut said, mut orphans) = (0, Orphans::default());
    let file = RegisterFile::new(order, register, &installation.package, places);
    let read = file.read(options, &mut |mut piece| {
        let matched = matcher.records(std::mem::take(&mut piece.rows))?;
        if !matched.records.is_empty() {
            said += piece.hear(&entry.take_records(matched.records)?);
        }
        let unmatched = orphans.keep(matched.unmatched);
        entry.note(piece.faults, RowNotes { unmatched, ..RowNotes::default() })?;
        Ok(progress.at(piece.done, piece.total, &text))
    })?;
    let mut summary = read.summary;
    *summary.faults.entry(FaultKind::CheckFailed).or_default() += said;
    let guessed = orphans.finish(installation, order).map_err(Stop::Failed)?;
    entry.remarks.extend(read.remarks.into_iter().chain(guessed.remark));
    let notes = RowNotes { unmatched: guessed.rows, ..RowNotes::default() };
    entry.note(Vec::new(), notes).map_err(Stop::Failed)?;
    Ok(Taken { summary, coverage: None, question: None })
}
