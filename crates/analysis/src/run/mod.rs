//! Running a plan: county by county, a stretch of households at a time, each dataset read once.

mod chunk;
mod cursor;
mod elsewhere;

pub(crate) use chunk::{Chunk, CountyCursors, CountyFiles, SourceColumns, calculated, truths};
pub(crate) use cursor::Stretch;
