//! Faults: what is wrong with a cell, a row or a file, and what to do about it.

use serde::{Deserialize, Serialize};
use words::{Language, Wording};

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

/// Why a cell was not taken.
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

impl FaultKind {
    /// Every kind.
    pub const ALL: [FaultKind; 25] = [
        FaultKind::Missing,
        FaultKind::NotANumber,
        FaultKind::NotMoney,
        FaultKind::NotADay,
        FaultKind::DayOutOfRange,
        FaultKind::OutOfRange,
        FaultKind::UnknownCode,
        FaultKind::NotABool,
        FaultKind::IdentityLength,
        FaultKind::IdentityCheckDigit,
        FaultKind::IdentityBirthDay,
        FaultKind::IdentityArea,
        FaultKind::DisabilityDigits,
        FaultKind::NotAPhone,
        FaultKind::UnknownRegion,
        FaultKind::TooLong,
        FaultKind::BadText,
        FaultKind::FormulaError,
        FaultKind::DuplicateKey,
        FaultKind::DuplicateRow,
        FaultKind::CellCount,
        FaultKind::CheckFailed,
        FaultKind::SwappedCells,
        FaultKind::NotData,
        FaultKind::UnknownHousehold,
    ];

    /// The kind in a few words.
    pub fn label(self, language: Language) -> &'static str {
        language.say(&format!("fault_{}", self.word()))
    }

    /// The kind in the keys of the words.
    fn word(self) -> &'static str {
        match self {
            FaultKind::Missing => "missing",
            FaultKind::NotANumber => "number",
            FaultKind::NotMoney => "money",
            FaultKind::NotADay => "day",
            FaultKind::DayOutOfRange => "day_range",
            FaultKind::OutOfRange => "range",
            FaultKind::UnknownCode => "code",
            FaultKind::NotABool => "bool",
            FaultKind::IdentityLength => "identity_length",
            FaultKind::IdentityCheckDigit => "identity_digit",
            FaultKind::IdentityBirthDay => "identity_birth",
            FaultKind::IdentityArea => "identity_area",
            FaultKind::DisabilityDigits => "disability",
            FaultKind::NotAPhone => "phone",
            FaultKind::UnknownRegion => "region",
            FaultKind::TooLong => "long",
            FaultKind::BadText => "text",
            FaultKind::FormulaError => "formula",
            FaultKind::DuplicateKey => "duplicate_key",
            FaultKind::DuplicateRow => "duplicate_row",
            FaultKind::CellCount => "cells",
            FaultKind::CheckFailed => "check",
            FaultKind::SwappedCells => "swapped",
            FaultKind::NotData => "not_data",
            FaultKind::UnknownHousehold => "household",
        }
    }
}

/// One fault. `seen` is masked where the column is sensitive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub place: Place,
    pub kind: FaultKind,
    /// What stands in the cell, shortened and masked.
    pub seen: String,
    /// What is wrong, without full stop.
    pub what: Wording,
    /// What to do, without full stop.
    pub hint: Wording,
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_has_its_own_label_in_every_language() {
        for language in Language::all() {
            let labels: BTreeSet<&str> = FaultKind::ALL.into_iter().map(|kind| kind.label(language)).collect();
            assert!(labels.len() == FaultKind::ALL.len() && !labels.contains("??"), "{labels:?}");
        }
    }

    #[test]
    fn a_fault_is_kept_so_that_earlier_and_later_releases_read_it() {
        let place = serde_json::json!({ "file": "a.csv", "sheet": null, "row": 3, "column": 0, "heading": null });
        let kept = |what: &str| {
            serde_json::json!({
                "place": place, "kind": "missing", "seen": "", "what": what, "hint": "请补填", "drops_row": true
            })
        };
        for (what, english) in
            [("必填项为空", ""), ("必填项为空\u{1f}A required cell is empty", "A required cell is empty")]
        {
            let fault: Fault = serde_json::from_value(kept(what)).expect("is a fault");
            assert_eq!((fault.what.chinese(), fault.what.english()), ("必填项为空", english));
            assert_eq!(serde_json::to_value(&fault).expect("is JSON"), kept(what));
        }
    }
}
