//! A dataset's rows in step with the households: every cursor of a county moves forward together.

use crate::error::Result;
use arrow::array::{AsArray, Int64Array, RecordBatch};
use arrow::datatypes::Int64Type;
use lake::{CountyRows, Stretch, Stretches};

/// Household numbers of a run of rows; they are its first column and ascend.
pub(crate) fn household_numbers(stretch: &Stretch) -> &[i64] {
    numbers(&stretch.batch, 0).values()
}

fn slice(stretch: &Stretch, offset: usize, length: usize) -> Stretch {
    Stretch { batch: stretch.batch.slice(offset, length), start: stretch.start + offset }
}

/// A column of whole numbers.
pub(crate) fn numbers(batch: &RecordBatch, column: usize) -> &Int64Array {
    batch.column(column).as_primitive::<Int64Type>()
}

/// Reads rows forward by household.
pub(crate) struct Cursor<'a> {
    rows: Stretches<'a>,
    rest: Option<Stretch>,
}

impl<'a> Cursor<'a> {
    /// A cursor over the households from `first` to `last`; `names` starts with the household number.
    pub(crate) fn open(rows: &'a dyn CountyRows, first: i64, last: i64, names: &[String]) -> Result<Cursor<'a>> {
        Ok(Cursor { rows: rows.between(first, last, names)?, rest: None })
    }

    /// The next run of rows, as long as it comes.
    fn next(&mut self) -> Result<Option<Stretch>> {
        if let Some(rest) = self.rest.take() {
            return Ok(Some(rest));
        }
        Ok(self.rows.next().transpose()?)
    }

    /// All rows up to and with household `last`.
    pub(crate) fn take_until(&mut self, last: i64) -> Result<Vec<Stretch>> {
        let mut taken = Vec::new();
        while let Some(stretch) = self.next()? {
            let length = stretch.batch.num_rows();
            let end = household_numbers(&stretch).partition_point(|household| *household <= last);
            if end > 0 {
                taken.push(slice(&stretch, 0, end));
            }
            if end < length {
                self.rest = Some(slice(&stretch, end, length - end));
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
            taken.push(slice(&stretch, 0, end));
            if end < length {
                self.rest = Some(slice(&stretch, end, length - end));
            }
        }
        Ok(taken)
    }
}
