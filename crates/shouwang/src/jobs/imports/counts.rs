//! What became of the rows of a file: one set of counters for every kind of import, and for its rehearsal.

use model::Fault;
use serde::Serialize;
use store::{ImportState, ImportSummary, Receipt};

/// Rows that came, that read otherwise, that went, that stayed. They are never added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RowChanges {
    pub added: u64,
    pub changed: u64,
    pub removed: u64,
    pub unchanged: u64,
}

/// What became of the rows of a file so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub taken: u64,
    pub changes: RowChanges,
    /// Rows for which nobody was found when they were matched.
    pub unmatched: u64,
    /// Notes on rows that were taken and should be looked at.
    pub noted: u64,
    /// Rows that checks of the store refused.
    pub refused: u64,
    /// Rows that the store found outside of the actor's place, or nowhere.
    pub outside: u64,
    /// Rows of child records that went.
    pub child_rows_gone: u64,
    /// Rows that put somebody into two households.
    pub in_two_households: u64,
    /// Cells and rows that are wrong.
    pub faults: u64,
    /// Remarks on rows that were taken as they stand.
    pub remarks: u64,
}

impl Counts {
    /// Adds what the store says of some records.
    pub fn add_receipt(&mut self, receipt: &Receipt) {
        self.taken += receipt.added + receipt.changed + receipt.unchanged;
        self.changes.added += receipt.added;
        self.changes.changed += receipt.changed;
        self.changes.unchanged += receipt.unchanged;
        self.refused += receipt.refused.len() as u64;
        self.outside += receipt.outside;
        self.child_rows_gone += receipt.rows_gone;
        self.in_two_households += receipt.in_two_households;
    }

    /// Adds faults, and remarks apart from them.
    pub fn add_faults(&mut self, faults: &[Fault]) {
        let remarks = faults.iter().filter(|fault| fault.is_remark()).count() as u64;
        self.faults += faults.len() as u64 - remarks;
        self.remarks += remarks;
    }

    /// Rows that were not taken because nobody knows whose they are, or they are of another place.
    pub fn left(&self) -> u64 {
        self.unmatched + self.outside
    }

    /// The counts as the store keeps them; what only the reading knows is not among them.
    pub fn summary(&self, state: ImportState) -> ImportSummary {
        ImportSummary {
            state,
            rows_taken: self.taken,
            rows_added: Some(self.changes.added),
            rows_changed: self.changes.changed,
            rows_removed: self.changes.removed,
            rows_unchanged: self.changes.unchanged,
            rows_unmatched: self.left(),
            rows_noted: self.noted,
            faults: self.faults,
            remarks: self.remarks,
            ..ImportSummary::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{FaultKind, Place};
    use words::Wording;

    fn fault(kind: FaultKind, drops_row: bool) -> Fault {
        let place = Place { file: "a.csv".to_owned(), sheet: None, row: Some(2), column: None, heading: None };
        Fault { place, kind, seen: String::new(), what: Wording::default(), hint: Wording::default(), drops_row }
    }

    #[test]
    fn receipts_add_up_and_every_row_has_one_fate() {
        let receipt = Receipt { added: 1, changed: 2, unchanged: 4, outside: 8, rows_gone: 16, ..Receipt::default() };
        let mut counts = Counts { unmatched: 32, ..Counts::default() };
        counts.add_receipt(&receipt);
        counts.add_receipt(&receipt);
        let changes = RowChanges { added: 2, changed: 4, removed: 0, unchanged: 8 };
        assert_eq!((counts.taken, counts.changes, counts.left()), (14, changes, 48));
        let summary = counts.summary(ImportState::Done);
        assert_eq!((summary.rows_taken, summary.rows_added, summary.rows_unmatched), (14, Some(2), 48));
        assert_eq!(counts.child_rows_gone, 32);
    }

    #[test]
    fn remarks_are_no_faults() {
        let mut counts = Counts::default();
        let kinds = [(FaultKind::CheckFailed, true), (FaultKind::CheckFailed, false), (FaultKind::Missing, false)];
        counts.add_faults(&kinds.map(|(kind, drops_row)| fault(kind, drops_row)));
        assert_eq!((counts.faults, counts.remarks), (2, 1));
    }
}
