//! Files in, files out: XLSX, CSV (UTF-8, GB18030, UTF-16) and Parquet, with faults by cell.
//!
//! `read` turns a delivered file into typed rows and faults, chunk by chunk, in flat memory. It refuses only what is not a
//! file of that shape at all; nothing that stands in a row makes it fail. `write_faults` gives the file back with its faults
//! marked, `TableWriter` writes tables of any size in all formats.
//!
//! Registers leave and come back: `Part::all_of` says which tables a register has, `write_template` makes the workbook that people fill in,
//! `ExportBook` the one that they take away, `read_part` takes either in again, and `table_schema` tells programs what stands in it.
//! Example rows, hidden sheets and the line above the headings of an export are passed over; places may be given by code or chosen by
//! name, level by level; several codes of one cell stand between `、,;` or spaces. The texts of an export are taken as they stand.
//! Of a column that a file does not have it says nothing (`HeadingUse::is_fed`); an export may lack all but what names its rows.
//! `ChildRows` tells which records a sheet of children was written for.
//!
//! # How it is built
//!
//! Each folder knows only those before it: `ground` < `raw` (rows as they stand) < `cell` (a cell becomes a value or a problem) <
//! `register` (parts of registers, stamps of our workbooks) < `heading` < `judge` (a row becomes good or gets faults) < `read` < `write`.
//!
//! # What is found in rows
//!
//! A wrong cell that the row can do without is left empty with a remark; a wrong required, key or identity cell, and every fault of a
//! whole row, leaves the row out. `tests/dirt.rs` plants these mistakes in every format and wants each at its cell and no other.
//!
//! | kind of fault | mistakes |
//! |---|---|
//! | `Missing` | empty; only spaces; a dash or 无 where a value is required |
//! | `NotANumber` | words; a unit behind the number; decimals where a whole number belongs; two points |
//! | `NotMoney` | words; fractions of a fen; separators in the wrong place; a sum rounded to `1.2E+05`; 万 in the cell; a day |
//! | `OutOfRange` | negative; above or below what the column allows |
//! | `NotADay` | not in the calendar or on no clock; words; a year or month where a day belongs; two-digit years; month 13; `2024.1` as a number |
//! | `DayOutOfRange` | after the delivery; before 1900; a month to come |
//! | `UnknownCode`, `NotABool` | neither code, label nor alias; neither yes nor no |
//! | `IdentityLength` | too short or long; a letter; a number rounded by a spreadsheet, as text or as number |
//! | `IdentityCheckDigit` | a wrong digit; zeros in place of the end |
//! | `IdentityBirthDay`, `IdentityArea` | a day that never was or is to come; an area that never was |
//! | `DisabilityDigits` | kind or grade that does not exist |
//! | `NotAPhone`, `UnknownRegion`, `UnknownHousehold` | wrong length; two in one cell; not among the divisions; leading zero |
//! | `BadText` | digits, masks or lost characters in a name; control and damaged characters; long numbers rounded; an open quotation mark; a quoted cell that holds whole rows |
//! | `TooLong` | a text or line beyond the limit |
//! | `FormulaError` | `#N/A`, `#REF!` and their kind |
//! | `DuplicateRow`, `DuplicateKey` | the same row again; the same key with other values (the first row counts) |
//! | `CellCount` | more or fewer cells than headings; a row shifted by one column |
//! | `SwappedCells` | two cells, each of which is right in the other's place |
//! | `CheckFailed` | a declared check of the row does not hold |
//! | `NotData` | totals, notes, repeated headings: they are counted as skipped, not as left out |

mod cell;
mod ground;
mod heading;
mod judge;
mod raw;
mod read;
mod register;
mod write;

pub use ground::export_line::ExportHead;
pub use ground::file_column::{AskedColumn, FileColumn, NearestField, Question, UnusedColumn};
pub use ground::file_format::{Encoding, Format};
pub use ground::file_hash::FileHash;
pub use ground::limits::Limits;
pub use ground::mapping::Mapping;
pub use ground::money_unit::MoneyUnit;
pub use ground::note::{Note, NoteKind};
pub use ground::places::{KnownPlaces, NoPlaces, Places};
pub use ground::refusal::Refusal;
pub use ground::shape::Shape;
pub use ground::skip_reason::SkipReason;
pub use ground::test::{Holds, RowTest};
pub use read::options::Options;
pub use read::summary::{Chunk, HeadingUse, LeftReason, Progress, RowCounts, SheetLeft, SheetRead, Summary};
pub use read::{read, read_part};
pub use register::child_rows::ChildRows;
pub use register::part::{Part, RECORD_COLUMN, SHOWN_HEADINGS, record_column};
pub use register::stamp::{FormChange, Origin, Purpose, Stamp};
pub use write::export_book::{ExportBook, ExportTable};
pub use write::fault_book::{RowFate, write_faults};
pub use write::table_schema::table_schema;
pub use write::table_writer::{Heading, Output, TableWriter, WriteError};
pub use write::template::{Template, write_template};
