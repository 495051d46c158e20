//! Reading: a file becomes rows and faults, chunk by chunk. What the rows mean is not known here.

pub mod child_sheet;
pub mod piece;
pub mod register_file;

use super::order::Order;
use super::stop::Stop;
use crate::progress::Progress;
use crate::trouble::Outcome;
use exchange::{Chunk, Options, Shape, Summary};
use std::ops::ControlFlow;

/// Reads the file of an order; `sink` gets its chunks in order.
///
/// # Errors
/// Where the file is refused, `sink` fails or somebody stops the work.
pub fn read(
    order: &Order<'_>,
    shape: &Shape<'_>,
    options: &Options<'_>,
    progress: &mut dyn Progress,
    sink: &mut dyn FnMut(Chunk) -> Outcome<()>,
) -> Result<Summary, Stop> {
    let text = order.importing();
    let mut failed = None;
    let read = exchange::read(order.path, shape, options, &mut |chunk| {
        let at = chunk.progress;
        match sink(chunk) {
            Ok(()) => flow(progress.at(at.done, at.total, &text)),
            Err(trouble) => {
                failed = Some(trouble);
                ControlFlow::Break(())
            }
        }
    });
    match failed {
        Some(trouble) => Err(Stop::Failed(trouble)),
        None => read.map_err(Stop::Refused),
    }
}

/// Whether a reading goes on.
fn flow(goes_on: bool) -> ControlFlow<()> {
    if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}
