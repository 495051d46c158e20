//! The columns of a template's sheet, in their order.

use crate::Part;
use crate::register::place_columns;
use model::{Kind, Level, RegionCode};
use policy::declare::Column;

/// One column of a sheet.
pub(super) enum Slot<'a> {
    /// A declared column.
    Own(&'a Column),
    /// Names of places of one level, to choose from.
    Level {
        of: &'a Column,
        level: Level,
        /// Where on the sheet the columns of this place begin.
        first: usize,
    },
}

impl Slot<'_> {
    /// The heading above the column, in Chinese.
    pub fn heading(&self) -> String {
        match self {
            Slot::Own(column) => column.label.clone(),
            Slot::Level { of, level, .. } => place_columns::level_heading(&of.label, *level),
        }
    }

    /// What its cells hold; household numbers are accounts, as far as digits are concerned.
    pub fn kind(&self) -> Kind {
        match self {
            Slot::Own(column) => column.kind,
            Slot::Level { .. } => Kind::Text,
        }
    }
}

/// The columns of a part that people fill in, with the names by level beside the place of the record.
pub(super) fn slots(part: &Part, place: RegionCode) -> Vec<Slot<'_>> {
    let mut slots = Vec::new();
    for column in part.columns.iter().filter(|column| column.is_entered() && column.kind != Kind::File) {
        slots.push(Slot::Own(column));
        if column.kind == Kind::Region && part.region.as_ref() == Some(&column.name) {
            let first = slots.len();
            slots.extend(place_columns::levels_below(place).map(|level| Slot::Level { of: column, level, first }));
        }
    }
    slots
}
