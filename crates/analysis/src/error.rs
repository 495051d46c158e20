//! What can go wrong between the lake and the leads.

use datafusion_common::DataFusionError;
use lake::LakeError;

/// An attempt of this crate that failed. The cause hangs behind it.
#[derive(Debug, thiserror::Error)]
pub enum AnalysisError {
    /// The rows could not be read.
    #[error("cannot read the rows of a county")]
    Rows(#[from] LakeError),
    /// An expression of the package cannot be planned.
    #[error("cannot plan `{of}`: {what}")]
    Plan { of: String, what: String },
    /// A task means another package than the one that is here.
    #[error("the task is about package {asked}, and here is {here}")]
    OtherPackage { asked: String, here: String },
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
    pub(crate) fn calculate<E: Into<DataFusionError>>(of: &str) -> impl FnOnce(E) -> AnalysisError {
        let of = of.to_owned();
        move |source| AnalysisError::Calculate { of, source: Box::new(source.into()) }
    }

    pub(crate) fn plan(of: &str, what: impl Into<String>) -> AnalysisError {
        AnalysisError::Plan { of: of.to_owned(), what: what.into() }
    }
}
