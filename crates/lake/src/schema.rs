//! The shape of a dataset in the lake, taken from the package's declarations.

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use model::Kind;
use policy::Package;
use policy::declare::{Column, Register, Source};
use std::sync::Arc;

/// Precision of decimal columns in lake files.
pub const DECIMAL_PRECISION: u8 = 18;
/// Digits behind the point of decimal columns in lake files; further digits are rounded half away from zero.
pub const DECIMAL_SCALE: i8 = 4;

// Columns that every lake file starts with.
/// The household's number, by which every file is sorted.
pub const HOUSEHOLD_NO: &str = "household_no";
/// The resident's key; unknown where a row is about the household.
pub const RESIDENT_KEY: &str = "resident_key";
/// Hash of the row's declared key.
pub const KEY_HASH: &str = "key_hash";
/// First digits of the hash of the file that the row came from.
pub const FILE: &str = "file";
/// Row number in that file.
pub const ROW: &str = "row";
/// The day of delivery.
pub const DELIVERED_ON: &str = "delivered_on";
const SYSTEM: [&str; 6] = [HOUSEHOLD_NO, RESIDENT_KEY, KEY_HASH, FILE, ROW, DELIVERED_ON];

/// One declared column that may enter the lake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LakeColumn {
    pub name: String,
    pub kind: Kind,
}

/// A dataset of the lake: its name and, in declared order, the columns of `LakeRow::values`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetSchema {
    /// Name of the source or register.
    pub name: String,
    /// The declared columns that stand in the lake (`policy::Package::lake_columns`), in declared order.
    pub columns: Vec<LakeColumn>,
}

impl DatasetSchema {
    /// The lake columns of a source.
    pub fn of_source(name: &str, source: &Source) -> DatasetSchema {
        DatasetSchema::of_columns(name, &source.column)
    }

    /// The lake columns of a register; child records do not enter the lake.
    pub fn of_register(name: &str, register: &Register) -> DatasetSchema {
        DatasetSchema::of_columns(name, &register.field)
    }

    /// The lake columns among `columns`.
    pub fn of_columns(name: &str, columns: &[Column]) -> DatasetSchema {
        let columns = Package::lake_columns(columns)
            .map(|column| LakeColumn { name: column.name.clone(), kind: column.kind })
            .collect();
        DatasetSchema { name: name.to_owned(), columns }
    }

    /// Position of a declared column among `columns`.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|candidate| candidate.name == column)
    }

    /// The schema of the dataset's Parquet files: who, where from, then the declared columns.
    pub fn file_schema(&self) -> SchemaRef {
        self.arrow_schema(DataType::Utf8)
    }

    /// The same with texts as views, which is how they are read.
    pub fn read_schema(&self) -> SchemaRef {
        self.arrow_schema(DataType::Utf8View)
    }

    fn arrow_schema(&self, text: DataType) -> SchemaRef {
        let mut fields = vec![
            Field::new(HOUSEHOLD_NO, DataType::Int64, false),
            Field::new(RESIDENT_KEY, DataType::Int64, true),
            Field::new(KEY_HASH, DataType::Int64, false),
            Field::new(FILE, text.clone(), false),
            Field::new(ROW, DataType::Int32, false),
            Field::new(DELIVERED_ON, DataType::Date32, false),
        ];
        fields.extend(self.columns.iter().map(|column| {
            let data_type = stored_type(column.kind, &text);
            Field::new(stored_name(&column.name), data_type, true)
        }));
        Arc::new(Schema::new(fields))
    }
}

/// The name of a declared column in lake files; a declared name that the lake itself uses gets a prefix.
pub fn stored_name(column: &str) -> String {
    if SYSTEM.contains(&column) { format!("declared_{column}") } else { column.to_owned() }
}

fn stored_type(kind: Kind, text: &DataType) -> DataType {
    match kind {
        Kind::Int | Kind::Fen => DataType::Int64,
        Kind::Decimal => DataType::Decimal128(DECIMAL_PRECISION, DECIMAL_SCALE),
        Kind::Day | Kind::Month => DataType::Date32,
        Kind::Bool => DataType::Boolean,
        _ => text.clone(),
    }
}
