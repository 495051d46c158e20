//! How a declared column is judged in a sheet.

use crate::cell::{CellPlan, Problem};
use crate::ground::shape::label_of;
use model::Class;
use words::Wording;

/// A declared column in this sheet.
pub(crate) struct ColumnPlan<'a> {
    pub cell: CellPlan<'a>,
    /// Its column in the file.
    pub index: Option<usize>,
    pub(super) class: Class,
    /// A row without a good value here is left out.
    pub(super) is_needed: bool,
    /// An empty cell here is a fault.
    pub(super) is_required: bool,
    /// A good value here says whom or what the row is about.
    pub(super) names_row: bool,
}

impl ColumnPlan<'_> {
    /// The label of the column.
    pub(super) fn label(&self) -> Wording {
        label_of(self.cell.column)
    }
}

/// Problems by declared column.
pub(crate) type Problems = Vec<(usize, Problem)>;
