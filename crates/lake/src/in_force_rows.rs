//! The rows in force, for whoever reads them: a run county by county, a page one household at a time.

use crate::error::Result;
use crate::lake::Lake;
use crate::read::LakeFile;
use crate::row_source::{Batches, CountyRows, RowSource, Stretch, Stretches};
use crate::schema::{DatasetSchema, FILE, HOUSEHOLD_NO, KEY_HASH, RESIDENT_KEY, ROW};
use crate::values::{self, ColumnType};
use arrow::array::{ArrayRef, RecordBatch};
use model::{HouseholdNo, LakeRow, ResidentKey, Value};
use std::ops::Range;
use std::sync::Arc;

/// The file in force of a dataset in a county.
struct InForceRows {
    hash: String,
    file: LakeFile,
}

impl RowSource for Lake {
    fn counties(&self, dataset: &str) -> Result<Vec<u32>> {
        Lake::counties(self, dataset)
    }

    fn rows(&self, schema: &DatasetSchema, county: u32) -> Result<Option<Arc<dyn CountyRows>>> {
        let opened = self.opened(schema, county)?;
        Ok(opened.map(|(in_force, file)| Arc::new(InForceRows { hash: in_force.hash, file }) as Arc<dyn CountyRows>))
    }
}

impl CountyRows for InForceRows {
    fn hash(&self) -> &str {
        &self.hash
    }

    fn span(&self) -> Option<(i64, i64)> {
        self.file.span()
    }

    fn stripes(&self, pages: usize) -> Vec<(i64, i64)> {
        self.file.stripes(pages)
    }

    fn between(&self, first: i64, last: i64, names: &[String]) -> Result<Stretches<'_>> {
        let mut rows = self.file.rows(first, last, names)?;
        Ok(Box::new(std::iter::from_fn(move || {
            let start = rows.next_row();
            rows.next().map(|batch| batch.map(|batch| Stretch { batch, start }))
        })))
    }

    fn at(&self, positions: &[Range<usize>], names: &[String]) -> Result<Batches<'_>> {
        Ok(Box::new(self.file.rows_at(positions, names)?))
    }
}

impl Lake {
    /// All rows of one household in a dataset, in key order; counties are found by themselves.
    ///
    /// # Errors
    /// `File`, `Manifest` or `Parquet` when the lake cannot be read.
    pub fn rows_of_household(&self, schema: &DatasetSchema, household: HouseholdNo) -> Result<Vec<LakeRow>> {
        let names: Vec<String> = schema.read_schema().fields().iter().map(|field| field.name().clone()).collect();
        let mut rows = Vec::new();
        for county in self.counties(&schema.name)? {
            let Some((_, file)) = self.opened(schema, county)? else { continue };
            if file.span().is_none_or(|(first, last)| household.0 < first || household.0 > last) {
                continue;
            }
            for batch in file.rows(household.0, household.0, &names)? {
                rows.extend(to_rows(schema, &batch?, household));
            }
        }
        Ok(rows)
    }
}

fn to_rows(schema: &DatasetSchema, batch: &RecordBatch, household: HouseholdNo) -> Vec<LakeRow> {
    let column = |name: &str| batch.column_by_name(name).expect("every lake file has the lake's own columns");
    let (households, residents, hashes) = (column(HOUSEHOLD_NO), column(RESIDENT_KEY), column(KEY_HASH));
    let own = batch.num_columns() - schema.columns.len();
    let number = |array: &ArrayRef, row: usize| values::int_at(array, row);
    (0..batch.num_rows())
        .filter(|row| number(households, *row) == Some(household.0))
        .map(|row| LakeRow {
            household_no: household,
            resident_key: number(residents, row).map(ResidentKey),
            key_hash: number(hashes, row).unwrap_or_default(),
            file: values::text_at(column(FILE), row).unwrap_or_default().to_owned(),
            row: values::row_number_at(column(ROW), row),
            values: (0..schema.columns.len())
                .map(|position| {
                    let column_type = ColumnType::of_kind(schema.columns[position].kind);
                    column_type.map_or(Value::Null, |shape| values::value_at(batch.column(own + position), shape, row))
                })
                .collect(),
        })
        .collect()
}
