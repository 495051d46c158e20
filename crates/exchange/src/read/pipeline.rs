//! Three stages side by side: rows come out of the file on one thread, are judged on a second, and are taken on the caller's.
//! Batches keep the order of the file, so the outcome does not depend on who is faster.

use super::sheets::Sheet;
use crate::Refusal;
use crate::judge::{Judge, Judged};
use crate::raw::{MergedCells, RawFile, RawRow, Work};
use std::ops::ControlFlow;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

/// Rows that travel together.
const BATCH_ROWS: usize = 512;
/// Bytes of texts from which on a batch is sent with fewer rows.
const BATCH_BYTES: usize = 1 << 22;
/// Batches that wait between two stages.
const WAITING_MAX: usize = 4;

/// Rows as they stand in the file, and the work done when the last of them was read.
#[derive(Default)]
struct Batch {
    rows: Vec<RawRow>,
    /// Rows in use; the others are kept for their memory.
    used: usize,
    /// Bytes of their texts.
    bytes: usize,
    work: Work,
}

/// What is done with judged rows.
pub(super) type Take<'t> = dyn FnMut(Vec<Judged>, Work) -> Result<(), Refusal> + 't;

/// Rows down to the last one of the headings that hold something: titles and notes, and the headings themselves.
#[derive(Clone, Copy, Default)]
pub(super) struct Head {
    pub above: u64,
    pub headings: u64,
}

/// Reads the data rows of a sheet, judges them and gives them to `take`, in order. Gives the rows above them.
///
/// # Errors
/// The refusal of the file, or what `take` refuses; then the other stages stop, too.
pub(super) fn run(file: &mut RawFile, sheet: &Sheet, judge: &Judge<'_>, take: &mut Take<'_>) -> Result<Head, Refusal> {
    thread::scope(|scope| {
        let (raw_sender, raw_receiver) = sync_channel(WAITING_MAX);
        let (judged_sender, judged_receiver) = sync_channel(WAITING_MAX);
        let (spare_sender, spare_receiver) = channel();
        let reader = scope.spawn(move || read_batches(file, sheet, &raw_sender, &spare_receiver));
        scope.spawn(move || judge_batches(judge, &raw_receiver, &judged_sender, &spare_sender));
        let mut taken = Ok(());
        for (judged, work) in judged_receiver {
            taken = take(judged, work);
            if taken.is_err() {
                break;
            }
        }
        // The receiver is gone by now: the other stages find their channels closed and end.
        let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        taken.and(read)
    })
}

fn read_batches(
    file: &mut RawFile,
    sheet: &Sheet,
    full: &SyncSender<Batch>,
    spare: &Receiver<Batch>,
) -> Result<Head, Refusal> {
    let mut batch = Batch::default();
    let mut head = Head::default();
    let areas = file.merged(sheet.at).to_vec();
    let mut merged = MergedCells::below(&areas, sheet.headings.row, &|column| sheet.headings.feeds(column));
    file.visit(sheet.at, &mut |row, work| {
        if row.number <= sheet.headings.row {
            let is_heading = row.number >= sheet.headings.first_row;
            let counted = if is_heading { &mut head.headings } else { &mut head.above };
            *counted += u64::from(!row.is_blank());
            return Ok(ControlFlow::Continue(()));
        }
        merged.fill(row);
        let number = row.number;
        if batch.used == batch.rows.len() {
            batch.rows.push(RawRow::default());
        }
        batch.bytes += row.text_bytes();
        std::mem::swap(row, &mut batch.rows[batch.used]);
        // The walk counts on from the row it gave.
        row.number = number;
        batch.used += 1;
        batch.work = work;
        if batch.used < BATCH_ROWS && batch.bytes < BATCH_BYTES {
            return Ok(ControlFlow::Continue(()));
        }
        let next = spare.try_recv().unwrap_or_default();
        let sent = full.send(std::mem::replace(&mut batch, next));
        Ok(if sent.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    // Nobody waits for the rest once the reading was stopped.
    let _ = full.send(batch);
    Ok(head)
}

fn judge_batches(
    judge: &Judge<'_>,
    full: &Receiver<Batch>,
    judged: &SyncSender<(Vec<Judged>, Work)>,
    spare: &Sender<Batch>,
) {
    for mut batch in full {
        let rows = batch.rows[..batch.used].iter().map(|row| judge.judge(row)).collect();
        if judged.send((rows, batch.work)).is_err() {
            return;
        }
        batch.used = 0;
        batch.bytes = 0;
        // The reader may have ended; then the batch is dropped here.
        let _ = spare.send(batch);
    }
}
