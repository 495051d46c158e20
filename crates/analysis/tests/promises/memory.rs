//! Rows in memory, as a run reads them.

use crate::support::{County, day};
use arrow::array::{Array, RecordBatch, UInt64Array};
use arrow::compute::{cast, take_record_batch};
use arrow::datatypes::{Field, Schema};
use lake::{Batches, CountyRows, DatasetSchema, RowSource, Stretch, Stretches, batch_of};
use model::LakeRow;
use policy::Package;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Rows of one dataset in one county, all in one batch.
struct Listed {
    hash: String,
    numbers: Vec<i64>,
    batch: RecordBatch,
}

/// A list of rows by dataset and county.
#[derive(Default)]
pub struct Lists(BTreeMap<(String, u32), Arc<Listed>>);

impl Lists {
    /// Lists the rows of a county.
    pub fn fill(&mut self, package: &Package, county: u32, rows: &County) {
        for (name, rows) in [("household", &rows.household), ("resident", &rows.resident)] {
            self.put(&DatasetSchema::of_register(name, &package.registers[name]), county, rows);
        }
        for (name, rows) in [("medical_bill", &rows.medical_bill), ("school_roster", &rows.school_roster)] {
            self.put(&DatasetSchema::of_source(name, &package.sources[name]), county, rows);
        }
    }

    fn put(&mut self, schema: &DatasetSchema, county: u32, rows: &[LakeRow]) {
        let mut sorted: Vec<&LakeRow> = rows.iter().collect();
        sorted.sort_by_key(|row| (row.household_no, row.resident_key, row.key_hash));
        let plain = batch_of(schema, day("2023-06-30"), &sorted).expect("the rows fit");
        let fields = schema.read_schema();
        let columns = plain.columns().iter().zip(fields.fields());
        let columns = columns.map(|(column, field)| cast(column, field.data_type()).expect("texts become views"));
        let batch = RecordBatch::try_new(fields.clone(), columns.collect()).expect("the same shape");
        let numbers = sorted.iter().map(|row| row.household_no.0).collect();
        let listed = Listed { hash: format!("list of {}", schema.name), numbers, batch };
        self.0.insert((schema.name.clone(), county), Arc::new(listed));
    }
}

impl RowSource for Lists {
    fn counties(&self, dataset: &str) -> lake::Result<Vec<u32>> {
        Ok(self.0.keys().filter(|(name, _)| name == dataset).map(|(_, county)| *county).collect())
    }

    fn rows(&self, schema: &DatasetSchema, county: u32) -> lake::Result<Option<Arc<dyn CountyRows>>> {
        let found = self.0.get(&(schema.name.clone(), county));
        Ok(found.map(|listed| Arc::clone(listed) as Arc<dyn CountyRows>))
    }
}

impl CountyRows for Listed {
    fn hash(&self) -> &str {
        &self.hash
    }

    fn span(&self) -> Option<(i64, i64)> {
        Some((*self.numbers.first()?, *self.numbers.last()?))
    }

    /// Two halves, at whatever household the second begins.
    fn stripes(&self, _: usize) -> Vec<(i64, i64)> {
        match self.numbers.get(self.numbers.len() / 2) {
            Some(middle) => vec![(i64::MIN, middle - 1), (*middle, i64::MAX)],
            None => vec![(i64::MIN, i64::MAX)],
        }
    }

    /// Five rows at a time.
    fn between(&self, first: i64, last: i64, names: &[String]) -> lake::Result<Stretches<'_>> {
        let from = self.numbers.partition_point(|number| *number < first);
        let to = self.numbers.partition_point(|number| *number <= last);
        let batch = columns(&self.batch, names);
        let starts = (from..to).step_by(5);
        Ok(Box::new(starts.map(move |start| Ok(Stretch { batch: batch.slice(start, 5.min(to - start)), start }))))
    }

    fn at(&self, positions: &[Range<usize>], names: &[String]) -> lake::Result<Batches<'_>> {
        let wanted: UInt64Array = positions.iter().cloned().flatten().map(|row| Some(row as u64)).collect();
        let batch = take_record_batch(&columns(&self.batch, names), &wanted).expect("rows that are there");
        Ok(Box::new(std::iter::once(Ok(batch))))
    }
}

fn columns(batch: &RecordBatch, names: &[String]) -> RecordBatch {
    let found = names.iter().map(|name| batch.column_by_name(name).expect("a declared column").clone());
    let found: Vec<_> = found.collect();
    let fields = names.iter().zip(&found).map(|(name, column)| Field::new(name, column.data_type().clone(), true));
    RecordBatch::try_new(Arc::new(Schema::new(fields.collect::<Vec<_>>())), found).expect("columns of one length")
}
