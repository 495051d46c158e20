//! Where a run reads rows from, whatever keeps them: the lake, or a list in memory.

use crate::error::Result;
use crate::schema::DatasetSchema;
use arrow::array::RecordBatch;
use std::ops::Range;
use std::sync::Arc;

/// Rows of datasets by county, those of each county sorted by household, resident (rows about the household first) and key.
pub trait RowSource: Sync {
    /// Six-digit counties that have rows of the dataset, in order.
    ///
    /// # Errors
    /// When they cannot be read.
    fn counties(&self, dataset: &str) -> Result<Vec<u32>>;

    /// The rows of a dataset in a county (its six digits) as they are now; `None` where nothing was handed in.
    ///
    /// # Errors
    /// When they cannot be read.
    fn rows(&self, schema: &DatasetSchema, county: u32) -> Result<Option<Arc<dyn CountyRows>>>;
}

/// The rows of one dataset in one county: they stay as they are while they are read, as often as wanted.
///
/// Columns are asked for by the names under which they are stored (`stored_name`) and come in that order, in the types of
/// `DatasetSchema::read_schema`; one that was declared later than the rows were handed in is unknown.
pub trait CountyRows: Send + Sync {
    /// What these rows are called: 16 hexadecimal digits, others for other rows.
    fn hash(&self) -> &str;

    /// Least household, greatest household; `None` where there are no rows.
    fn span(&self) -> Option<(i64, i64)>;

    /// Spans of households (first and last, both included) that can be read one apart from the other, of about `pages` times
    /// 4,096 rows each; together they cover every number.
    fn stripes(&self, pages: usize) -> Vec<(i64, i64)>;

    /// The rows of households from `first` to `last`, both included, in order. Rows outside may come along.
    ///
    /// # Errors
    /// When they cannot be read.
    fn between(&self, first: i64, last: i64, names: &[String]) -> Result<Stretches<'_>>;

    /// The rows at these positions, which are counted over all rows of the county, ascend and lie apart.
    ///
    /// # Errors
    /// When they cannot be read.
    fn at(&self, positions: &[Range<usize>], names: &[String]) -> Result<Batches<'_>>;
}

/// Runs of rows as they are read.
pub type Stretches<'a> = Box<dyn Iterator<Item = Result<Stretch>> + Send + 'a>;

/// Rows that were asked for one by one.
pub type Batches<'a> = Box<dyn Iterator<Item = Result<RecordBatch>> + Send + 'a>;

/// A run of rows, and where it starts among all rows of the county.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// The columns that were asked for.
    pub batch: RecordBatch,
    /// Position of the first row.
    pub start: usize,
}
