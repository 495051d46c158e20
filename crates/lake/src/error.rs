//! What can go wrong between rows and the lake's files.

use arrow::error::ArrowError;
use parquet::errors::ParquetError;
use std::fmt;
use std::path::PathBuf;
use words::{Wording, wording};

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
        path: String,
        #[source]
        source: ParquetError,
    },
    /// An object of a bucket could not be read or written.
    #[error("cannot {attempt} `{object}`: {fault}")]
    Object {
        attempt: &'static str,
        /// Its address.
        object: String,
        fault: ObjectFault,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The address of a bucket, or what the environment says about it, does not do.
    #[error("the lake's bucket cannot be opened: {what}")]
    Address { what: String },
    /// Somebody else changed the dataset while a change was worked out; nothing of it is in force.
    #[error("`{dataset}` was changed by somebody else at the same time; nothing was put in force")]
    Changed { dataset: String },
    /// The system gave no random numbers.
    #[error("the system gave no random numbers: {what}")]
    Random { what: String },
    /// The small file that names the lake file in force is damaged.
    #[error("cannot read `{path}`, which names the lake file in force")]
    Manifest {
        path: String,
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

/// Why a store does not give an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectFault {
    /// It is not there, or the bucket is not.
    Missing,
    /// Key or secret are wrong, or do not allow it.
    Refused,
    /// The store cannot be reached, or answered with a failure.
    NoAnswer,
}

impl fmt::Display for ObjectFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ObjectFault::Missing => "it is not there",
            ObjectFault::Refused => "the store refuses it",
            ObjectFault::NoAnswer => "the store gave no answer that can be used",
        })
    }
}

/// Shorthand of this crate.
pub type Result<T> = std::result::Result<T, LakeError>;

impl LakeError {
    pub(crate) fn file(attempt: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> LakeError {
        let path = path.into();
        move |source| LakeError::File { attempt, path, source }
    }

    pub(crate) fn parquet(attempt: &'static str, path: impl Into<String>) -> impl FnOnce(ParquetError) -> LakeError {
        let path = path.into();
        move |source| LakeError::Parquet { attempt, path, source }
    }

    pub(crate) fn columns(of: &str) -> impl FnOnce(ArrowError) -> LakeError {
        let of = of.to_owned();
        move |source| LakeError::Columns { of, source }
    }

    /// What happened and what to do next, for people; `None` where the caller knows better.
    pub fn advice(&self) -> Option<Wording> {
        let hint = match self {
            LakeError::Object { object, fault, .. } => match fault {
                ObjectFault::Missing => wording!("lake_object_missing", object),
                ObjectFault::Refused => wording!("lake_object_refused", object),
                ObjectFault::NoAnswer => wording!("lake_object_no_answer", object),
            },
            LakeError::Address { what } => wording!("lake_address_wrong", what),
            LakeError::Changed { .. } => wording!("lake_changed_meanwhile"),
            LakeError::Parquet { path, .. } | LakeError::Manifest { path, .. } => wording!("lake_file_damaged", path),
            _ => return None,
        };
        Some(hint)
    }
}
