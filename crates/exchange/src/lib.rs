//! Files in, files out: XLSX, CSV (UTF-8, GB18030) and Parquet, with faults by cell.
//!
//! `read` turns a delivered file into typed rows and faults, chunk by chunk, in flat memory. It refuses only what is not a
//! file of that shape at all; nothing that stands in a row makes it fail. `write_faults` gives the file back with its faults
//! marked, `TableWriter` writes tables of any size in all formats.

mod options;
mod places;
mod refusal;
mod shape;
mod summary;
mod table_writer;
mod test;

mod cell;
mod fault_book;
mod heading;
mod judge;
mod raw;
mod read;
mod seen;

pub use fault_book::{fault_label, write_faults};
pub use options::{Limits, Mapping, Options};
pub use places::{KnownPlaces, NoPlaces, Places};
pub use read::read;
pub use refusal::{Missing, Refusal};
pub use shape::Shape;
pub use summary::{Chunk, Encoding, Format, HeadingUse, Progress, SheetRead, Summary};
pub use table_writer::{Heading, Output, TableWriter, WriteError};
pub use test::{Holds, Test};
