//! What can go wrong between the lake and the leads.

use datafusion_common::DataFusionError;
use parquet::errors::ParquetError;
use std::path::PathBuf;

/// An attempt of this crate that failed. The cause hangs behind it.
#[derive(Debug, thiserror::Error)]
pub enum AnalysisError {
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
    /// An expression of the package cannot be planned.
    #[error("cannot plan `{of}`: {what}")]
    Plan { of: String, what: String },
    /// An expression could not be calculated.
    #[error("cannot calculate `{of}`")]
    Calculate {
        of: String,
        #[source]
        source: Box<DataFusionError>,
    },
    /// The lake lacks what a screening cannot do without.
    #[error("the lake has no `{dataset}`; import it first")]
    NoDataset { dataset: String },
    /// A household that the register in the lake does not hold.
    #[error("the lake has no household {household_no}")]
    NoHousehold { household_no: i64 },
}

/// Shorthand of this crate.
pub type Result<T> = std::result::Result<T, AnalysisError>;

impl AnalysisError {
    pub(crate) fn file(
        attempt: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> AnalysisError {
        let path = path.into();
        move |source| AnalysisError::File { attempt, path, source }
    }

    pub(crate) fn parquet(
        attempt: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(ParquetError) -> AnalysisError {
        let path = path.into();
        move |source| AnalysisError::Parquet { attempt, path, source }
    }

    pub(crate) fn calculate<E: Into<DataFusionError>>(of: &str) -> impl FnOnce(E) -> AnalysisError {
        let of = of.to_owned();
        move |source| AnalysisError::Calculate { of, source: Box::new(source.into()) }
    }

    pub(crate) fn plan(of: &str, what: impl Into<String>) -> AnalysisError {
        AnalysisError::Plan { of: of.to_owned(), what: what.into() }
    }
}
