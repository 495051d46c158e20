//! Rows that are none of data and put the whole table in doubt: other headings, another unit of money.

use super::{ColumnPlan, Judge, Problems, layout};
use crate::ground::letters::letters;
use crate::heading::says_other_unit;
use crate::raw::RawRow;
use crate::{FileColumn, Question, Refusal};
use model::{Kind, Value};

/// Cells of a note below or between the data.
const NOTE_CELLS_MAX: usize = 4;

/// A row that puts the whole table in doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Headings other than those above.
    Headings,
    /// A unit of money other than the one that the sums are read in.
    Unit,
}

impl Judge<'_> {
    /// Whether the row is none of data and puts the table in doubt.
    pub(super) fn doubt(&self, raw: &RawRow, values: &[Value], problems: &Problems) -> Option<Doubt> {
        if self.origin.is_export || problems.is_empty() {
            return None;
        }
        if layout::is_other_heading(self.headings, &self.plans, raw, values) {
            return Some(Doubt::Headings);
        }
        let is_sparse = raw.cells.iter().filter(|cell| !cell.is_empty()).count() <= NOTE_CELLS_MAX;
        (is_sparse && !self.names_somebody(values) && says_other_unit(raw, self.headings)).then_some(Doubt::Unit)
    }

    /// A cell says whom the row is about, in a form that nothing else has.
    fn names_somebody(&self, values: &[Value]) -> bool {
        let is_strict = |kind: Kind| matches!(kind, Kind::Identity | Kind::Phone | Kind::Account);
        self.plans.iter().zip(values).any(|(plan, value)| is_strict(plan.cell.column.kind) && !value.is_null())
    }

    /// The refusal of the file because of a row.
    pub fn refusal(&self, row: u32, doubt: Doubt) -> Refusal {
        let (file, sheet) = (self.origin.file.to_owned(), self.origin.sheet.map(str::to_owned));
        if doubt == Doubt::Headings {
            return Refusal::OtherHeadings { file, sheet, row, heading_row: self.headings.row };
        }
        let is_money = |plan: &&ColumnPlan<'_>| plan.cell.column.kind == Kind::Fen && plan.index.is_some();
        let columns = self.plans.iter().filter(is_money).map(|plan| plan.label()).collect();
        let column = |at| FileColumn { letters: letters(at), heading: self.headings.shown[at].clone(), group: None };
        let all = self.headings.standing().map(column).collect();
        let question = Question { all, asks_unit: true, ..Question::default() };
        Refusal::UnclearUnit { file, sheet, row: Some(row), columns, question }
    }
}
