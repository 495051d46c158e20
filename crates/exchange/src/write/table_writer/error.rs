//! Why a table was not written.

use std::path::PathBuf;

/// A table that could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
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
    #[error("a cell of column `{heading}` of `{path}` does not fit the column's type")]
    WrongType { path: PathBuf, heading: String },
    /// A format without sheets holds one part of a register.
    #[error("`{path}` can hold one table only")]
    Parts { path: PathBuf },
    /// The original of a fault book cannot be read again.
    #[error("cannot read the original again")]
    Original(#[source] crate::Refusal),
    /// The original of a fault book is not the file that was read.
    #[error("`{path}` has changed since it was read")]
    Changed { path: PathBuf },
}
