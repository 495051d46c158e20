//! Tables out: every export and the made-up samples.

mod book_table;
mod csv_table;
mod error;
mod output;
mod parquet_table;

use model::Value;
use std::path::Path;
use words::Language;

pub(crate) use book_table::{Formats, fitting, put, serial_of, width_of};
pub(crate) use csv_table::CsvTable;
pub use error::WriteError;
pub use output::{Heading, Output};

/// Writes a table row by row in constant memory.
///
/// Workbooks have a frozen line of headings, texts that stay texts (identity numbers, phones, anything beginning with `=`), and
/// further sheets with the same headings after 1,048,576 rows. In CSV a text that a spreadsheet would take for a formula has an
/// apostrophe in front, which `read` takes away again.
pub struct TableWriter {
    inside: TableTarget,
}

enum TableTarget {
    Csv(csv_table::CsvTable),
    Book(Box<book_table::BookTable>),
    Parquet(Box<parquet_table::ParquetTable>),
}

impl TableWriter {
    /// Begins a table with one line of headings, its sheets named in Chinese.
    ///
    /// # Errors
    /// `WriteError` when the file cannot be made.
    pub fn create(path: &Path, output: Output, headings: &[Heading]) -> Result<TableWriter, WriteError> {
        TableWriter::create_in(path, output, headings, Language::CHINESE)
    }

    /// Begins a table with one line of headings, the sheets of a workbook named in this language.
    ///
    /// # Errors
    /// As `create`.
    pub fn create_in(
        path: &Path,
        output: Output,
        headings: &[Heading],
        language: Language,
    ) -> Result<TableWriter, WriteError> {
        let inside = match output {
            Output::Csv | Output::CsvBom | Output::CsvGb18030 => {
                TableTarget::Csv(csv_table::CsvTable::create(path, output, None, headings)?)
            }
            Output::Xlsx => TableTarget::Book(Box::new(book_table::BookTable::create(path, headings, language)?)),
            Output::Parquet | Output::ParquetText => {
                let is_typed = output == Output::Parquet;
                TableTarget::Parquet(Box::new(parquet_table::ParquetTable::create(path, headings, is_typed)?))
            }
        };
        Ok(TableWriter { inside })
    }

    /// Writes one row; `cells` stand in the order of the headings. A `Value::Text` is written as it stands whatever the kind of its
    /// column, so that samples can hold wrong cells.
    ///
    /// # Errors
    /// `CellCount` for a row of another length (CSV and workbooks take any), `WrongType` for a value that a typed Parquet column cannot
    /// hold, otherwise what the file system says.
    pub fn write_row(&mut self, cells: &[Value]) -> Result<(), WriteError> {
        match &mut self.inside {
            TableTarget::Csv(table) => table.write_row(cells),
            TableTarget::Book(table) => table.write_row(cells),
            TableTarget::Parquet(table) => table.write_row(cells),
        }
    }

    /// Writes one row of texts as they stand; an empty text is an empty cell.
    ///
    /// # Errors
    /// As `write_row`.
    pub fn write_texts(&mut self, cells: &[impl AsRef<str>]) -> Result<(), WriteError> {
        if let TableTarget::Csv(table) = &mut self.inside {
            return table.write_texts(cells.iter().map(AsRef::as_ref));
        }
        let value = |text: &str| if text.is_empty() { Value::Null } else { Value::Text(text.to_owned()) };
        let values: Vec<Value> = cells.iter().map(|cell| value(cell.as_ref())).collect();
        self.write_row(&values)
    }

    /// Completes the file.
    ///
    /// # Errors
    /// What the file system says.
    pub fn finish(self) -> Result<(), WriteError> {
        match self.inside {
            TableTarget::Csv(table) => table.finish(),
            TableTarget::Book(table) => table.finish(),
            TableTarget::Parquet(table) => table.finish(),
        }
    }
}
