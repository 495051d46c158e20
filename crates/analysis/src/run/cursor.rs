//! A dataset's rows in step with the households: every cursor of a county moves forward together.

use crate::error::Result;
use arrow::array::{AsArray, Int64Array, RecordBatch};
use arrow::datatypes::Int64Type;
use lake::{LakeFile, LakeRows};

/// A run of rows of one file, and where it starts in the file.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    /// First column: household numbers, ascending.
    pub batch: RecordBatch,
    /// Position of the first row in the file.
    pub start: usize,
}

impl Stretch {
    /// Household numbers.
    pub(crate) fn households(&self) -> &[i64] {
        numbers(&self.batch, 0).values()
    }

    fn slice(&self, offset: usize, length: usize) -> Stretch {
        Stretch { batch: self.batch.slice(offset, length), start: self.start + offset }
    }
}

/// A column of whole numbers.
pub(crate) fn numbers(batch: &RecordBatch, column: usize) -> &Int64Array {
    batch.column(column).as_primitive::<Int64Type>()
}

/// Reads a file forward by household.
pub(crate) struct Cursor {
    rows: LakeRows,
    rest: Option<Stretch>,
}

impl Cursor {
    /// A cursor over the households from `first` to `last`; `names` starts with the household number.
    pub(crate) fn open(file: &LakeFile, first: i64, last: i64, names: &[String]) -> Result<Cursor> {
        Ok(Cursor { rows: file.rows(first, last, names)?, rest: None })
    }

    /// The next run of rows, as long as it comes.
    fn next(&mut self) -> Result<Option<Stretch>> {
        if let Some(rest) = self.rest.take() {
            return Ok(Some(rest));
        }
        let start = self.rows.next_row();
        Ok(self.rows.next().transpose()?.map(|batch| Stretch { batch, start }))
    }

    /// All rows up to and with household `last`.
    pub(crate) fn take_until(&mut self, last: i64) -> Result<Vec<Stretch>> {
        let mut taken = Vec::new();
        while let Some(stretch) = self.next()? {
            let length = stretch.batch.num_rows();
            let end = stretch.households().partition_point(|household| *household <= last);
            if end > 0 {
                taken.push(stretch.slice(0, end));
            }
            if end < length {
                self.rest = Some(stretch.slice(end, length - end));
                break;
            }
        }
        Ok(taken)
    }

    /// Up to `rows` rows; empty at the end.
    pub(crate) fn take_rows(&mut self, rows: usize) -> Result<Vec<Stretch>> {
        let (mut taken, mut missing) = (Vec::new(), rows);
        while missing > 0
            && let Some(stretch) = self.next()?
        {
            let length = stretch.batch.num_rows();
            let end = length.min(missing);
            missing -= end;
            taken.push(stretch.slice(0, end));
            if end < length {
                self.rest = Some(stretch.slice(end, length - end));
            }
        }
        Ok(taken)
    }
}
