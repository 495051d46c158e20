//! What is written: formats and headings.

use model::Kind;

/// Formats that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    Csv,
    /// With a byte order mark, so that Excel shows Chinese text at a double click.
    CsvBom,
    CsvGb18030,
    Xlsx,
    /// Columns typed by their kind: `Int64`, `Decimal128` (money in yuan), `Date32`, `Boolean`, otherwise texts.
    Parquet,
    /// All columns texts, so that any cell may hold anything.
    ParquetText,
}

/// One column of a table to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    pub text: String,
    /// What the cells hold; money is written in yuan.
    pub kind: Kind,
}
