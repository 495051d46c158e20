//! Faults: what is wrong with a cell, a row or a file, and what to do about it.

use serde::{Deserialize, Serialize};

/// The outcome of reading: good rows go on, bad cells become faults; reading never fails because of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading<T> {
    pub rows: Vec<T>,
    pub faults: Vec<Fault>,
}

/// Where a fault stands. `row` counts from 1 as a spreadsheet does; `column` counts from 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    pub file: String,
    pub sheet: Option<String>,
    pub row: Option<u32>,
    pub column: Option<u32>,
    /// The heading as it stands in the file.
    pub heading: Option<String>,
}

/// Why a cell was not taken. Texts for people come from the words of the page, by this kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// A required cell is empty.
    Missing,
    /// Not a number.
    NotANumber,
    /// Not an amount of money in yuan with at most two decimals.
    NotMoney,
    /// Not a day (or month) that the calendar has.
    NotADay,
    /// A day after the delivery day, or before 1900.
    DayOutOfRange,
    /// A number outside its declared range.
    OutOfRange,
    /// Not a code or label of the code list.
    UnknownCode,
    /// Not yes or no.
    NotABool,
    /// Wrong length for an identity number.
    IdentityLength,
    /// The check digit of the identity number is wrong.
    IdentityCheckDigit,
    /// The identity number holds an impossible day of birth.
    IdentityBirthDay,
    /// The identity number's area code never existed.
    IdentityArea,
    /// The kind or grade digits of a disability certificate are impossible.
    DisabilityDigits,
    /// Not a phone number.
    NotAPhone,
    /// Not a division code in the divisions of the package.
    UnknownRegion,
    /// Text longer than allowed.
    TooLong,
    /// Characters that cannot be text (control characters, replacement characters).
    BadText,
    /// A formula or an error value (`#N/A`, `#REF!`) in place of a value.
    FormulaError,
    /// The same key stands in an earlier row of the same file with other values.
    DuplicateKey,
    /// The row repeats an earlier row word for word; it is taken once.
    DuplicateRow,
    /// The row has more or fewer cells than headings.
    CellCount,
    /// A declared check of the row does not hold.
    CheckFailed,
    /// The cells of two columns look swapped.
    SwappedCells,
    /// A total or note line that is not data.
    NotData,
    /// The household number does not exist or is not a number.
    UnknownHousehold,
}

/// One fault. `seen` is masked where the column is sensitive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub place: Place,
    pub kind: FaultKind,
    /// What stands in the cell, shortened and masked.
    pub seen: String,
    /// What is wrong, for people (Chinese).
    pub what: String,
    /// What to do, for people (Chinese).
    pub hint: String,
    /// True when the whole row was left out; false when the row was taken with this remark.
    pub drops_row: bool,
}

impl Fault {
    /// True for a remark: the row was taken as it stands and should be looked at. Of other faults without `drops_row` a cell was
    /// left out.
    pub fn is_remark(&self) -> bool {
        !self.drops_row && self.kind == FaultKind::CheckFailed
    }
}
