//! The tables of a run, and the columns that stand in them from the beginning.

use super::columns::Columns;
use crate::error::{AnalysisError, Result};
use lake::DatasetSchema;
use lake::values::ColumnType;
use policy::Package;
use std::collections::BTreeSet;

/// Name of the register of residents.
pub(crate) const RESIDENT: &str = "resident";
/// Name of the register of households.
pub(crate) const HOUSEHOLD: &str = "household";

/// A table of a run: one row per household, or one per resident of a household.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub schema: DatasetSchema,
    pub columns: Columns,
    /// Declared columns that the run reads.
    pub read: BTreeSet<usize>,
}

impl Table {
    pub(super) fn new(package: &Package, register: &str) -> Result<Table> {
        let declared = package
            .registers
            .get(register)
            .ok_or_else(|| AnalysisError::plan(register, "the package declares no such register"))?;
        let schema = DatasetSchema::of_register(register, declared);
        Ok(Table { columns: declared_columns(&schema), schema, read: BTreeSet::new() })
    }

    /// True when the place is a declared column of the register.
    pub(crate) fn is_declared(&self, place: usize) -> bool {
        place < self.schema.columns.len()
    }
}

/// The declared columns of a dataset, place for place.
pub(crate) fn declared_columns(schema: &DatasetSchema) -> Columns {
    let mut columns = Columns::default();
    for column in &schema.columns {
        if let Some(column_type) = ColumnType::of_kind(column.kind) {
            columns.add(&column.name, column_type);
        }
    }
    columns
}
