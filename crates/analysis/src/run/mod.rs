//! Running a plan: county by county, a stretch of households at a time, each dataset read once.

mod chunk;
mod cursor;
mod elsewhere;
mod registers;

pub(crate) use chunk::{Chunk, CountyCursors, SourceColumns, calculated, truths};
pub(crate) use cursor::household_numbers;
pub(crate) use registers::CountyRegisters;
