//! Some rows of a register's file, and where they stand in it.

use exchange::HeadingUse;
use model::{Fault, FaultKind, Place, Row, Value};
use std::sync::Arc;
use store::{Receipt, RefusedRow, Unsaid};

/// Some rows of the file, read and not yet matched.
pub struct Piece {
    pub rows: Vec<RecordRow>,
    pub faults: Vec<Fault>,
    pub spot: Spot,
    pub done: u64,
    pub total: u64,
}

/// The row of a record, with what stands of it on other sheets.
pub struct RecordRow {
    pub row: Row,
    /// The number of the record, where the file gives it.
    pub id: Option<String>,
    /// For each kind of child record its rows; `None` where the file says nothing of them.
    pub children: Option<Vec<Option<Vec<Vec<Value>>>>>,
    pub unsaid: Unsaid,
}

/// Where the rows of a piece stand, so that what the store says of them can be marked.
#[derive(Clone)]
pub struct Spot {
    pub file: String,
    pub sheet: Option<String>,
    pub headings: Arc<[HeadingUse]>,
}

impl Spot {
    /// What the store said of a row, as faults at the cells of its columns; at the row where it names none.
    pub fn faults(&self, said: &RefusedRow, drops_row: bool) -> Vec<Fault> {
        let fault = |column: Option<&HeadingUse>| Fault {
            place: Place {
                file: self.file.clone(),
                sheet: self.sheet.clone(),
                row: Some(said.row),
                column: column.and_then(|column| column.index),
                heading: column.and_then(|column| column.heading.clone()),
            },
            kind: FaultKind::CheckFailed,
            seen: String::new(),
            what: said.what.clone(),
            hint: said.hint.clone(),
            drops_row,
        };
        let named =
            self.headings.iter().filter(|column| column.index.is_some() && said.columns.contains(&column.column));
        let faults: Vec<Fault> = named.map(|column| fault(Some(column))).collect();
        if faults.is_empty() { vec![fault(None)] } else { faults }
    }
}

impl Piece {
    /// Puts what the store said beside the faults of the reading, in the order of the rows; gives how many were added.
    pub fn hear(&mut self, receipt: &Receipt) -> u64 {
        let refused = receipt.refused.iter().flat_map(|row| self.spot.faults(row, true));
        let remarks = receipt.remarks.iter().flat_map(|row| self.spot.faults(row, false));
        let said: Vec<Fault> = refused.chain(remarks).collect();
        let count = said.len() as u64;
        self.faults.extend(said);
        self.faults.sort_by_key(|fault| fault.place.row);
        count
    }
}
