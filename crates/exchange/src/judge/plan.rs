//! How a declared column is judged in a sheet.

use crate::cell::{CellPlan, Problem};
use model::Class;

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

/// Problems by declared column.
pub(crate) type Problems = Vec<(usize, Problem)>;
