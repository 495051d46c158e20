//! Rows on their way from a file to the lake.

use crate::{HouseholdNo, ResidentKey, Value};

/// One good row of a file. `cells` stand in the order of the declared columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Row number as a spreadsheet shows it: the first line of the sheet is 1.
    pub number: u32,
    pub cells: Vec<Value>,
}

/// One row of a dataset of the lake: who it is about, where it came from, and the values that may enter the lake.
#[derive(Clone, Debug, PartialEq)]
pub struct LakeRow {
    pub household_no: HouseholdNo,
    /// `None` where the dataset is about households.
    pub resident_key: Option<ResidentKey>,
    /// Hash of the row's declared key; a later row with the same hash replaces this one.
    pub key_hash: i64,
    /// First 12 hexadecimal digits of the hash of the file that the row came from.
    pub file: String,
    /// Row number in that file.
    pub row: u32,
    /// Values in the order of the dataset's lake columns.
    pub values: Vec<Value>,
}
