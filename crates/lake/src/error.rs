//! What can go wrong between rows and the lake's files.

use arrow::error::ArrowError;
use parquet::errors::ParquetError;
use std::path::PathBuf;

/// An attempt of this crate that failed. The cause hangs behind it.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// A folder or file of the lake could not be read or written.
    #[error("cannot {attempt} `{path}`")]
    File {
        attempt: &'static str,
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// A Parquet file of the lake is damaged or of another shape.
    #[error("cannot {attempt} the lake file `{path}`")]
    Parquet {
        attempt: &'static str,
        path: PathBuf,
        #[source]
        source: ParquetError,
    },
    /// The small file that names the lake file in force is damaged.
    #[error("cannot read `{path}`, which names the lake file in force")]
    Manifest {
        path: PathBuf,
        #[source]
        source: serde_json::Error,
    },
    /// A row does not have the shape that the package declares for its dataset.
    #[error("row {row} of file `{file}` does not fit `{dataset}`: {what}")]
    Row { dataset: String, file: String, row: u32, what: String },
    /// Columns could not be brought into the shape of the dataset.
    #[error("cannot arrange the columns of `{of}`")]
    Columns {
        of: String,
        #[source]
        source: ArrowError,
    },
}

/// Shorthand of this crate.
pub type Result<T> = std::result::Result<T, LakeError>;

impl LakeError {
    pub(crate) fn file(attempt: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> LakeError {
        let path = path.into();
        move |source| LakeError::File { attempt, path, source }
    }

    pub(crate) fn parquet(attempt: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(ParquetError) -> LakeError {
        let path = path.into();
        move |source| LakeError::Parquet { attempt, path, source }
    }

    pub(crate) fn columns(of: &str) -> impl FnOnce(ArrowError) -> LakeError {
        let of = of.to_owned();
        move |source| LakeError::Columns { of, source }
    }
}
