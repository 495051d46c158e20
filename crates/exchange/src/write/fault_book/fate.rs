//! What became of the rows of a file.

use crate::Summary;

/// What became of the rows of a file: together they are the rows that were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RowFate {
    pub taken: u64,
    /// Left out because of what stands in them.
    pub refused: u64,
    /// Nobody was found for them, or they lie outside the sender's place.
    pub unmatched: u64,
    /// Nothing was taken yet: so it would be.
    pub is_trial: bool,
}

impl From<&Summary> for RowFate {
    /// Where every row that could be read is taken.
    fn from(summary: &Summary) -> RowFate {
        RowFate { taken: summary.rows_good, refused: summary.rows_dropped, ..RowFate::default() }
    }
}
