//! The columns of a template's sheet, in their order.

use crate::Part;
use crate::register::place_columns;
use crate::write::headings::Written;
use model::{Kind, Level, RegionCode};
use policy::declare::Column;
use words::Language;

/// One column of a sheet.
pub(super) enum Slot<'a> {
    /// A declared column.
    Own { column: &'a Column, heading: String },
    /// Names of places of one level, to choose from.
    Level {
        level: Level,
        /// The heading of the column of places that they stand beside.
        of: String,
        heading: String,
        /// Where on the sheet the columns of this place begin.
        first: usize,
    },
}

impl Slot<'_> {
    /// The heading above the column.
    pub fn heading(&self) -> &str {
        match self {
            Slot::Own { heading, .. } | Slot::Level { heading, .. } => heading,
        }
    }

    /// What its cells hold; household numbers are accounts, as far as digits are concerned.
    pub fn kind(&self) -> Kind {
        match self {
            Slot::Own { column, .. } => column.kind,
            Slot::Level { .. } => Kind::Text,
        }
    }
}

/// The columns of a part that people fill in, with the names by level beside the place of the record.
pub(super) fn slots(part: &Part, place: RegionCode, language: Language) -> Vec<Slot<'_>> {
    let all: Vec<&Column> = part.columns.iter().collect();
    let mut slots = Vec::new();
    for column in part.columns.iter().filter(|column| column.is_entered() && column.kind != Kind::File) {
        let Written { heading, .. } = Written::of(column, &all, language);
        slots.push(Slot::Own { column, heading: heading.clone() });
        if column.kind == Kind::Region && part.region.as_ref() == Some(&column.name) {
            let first = slots.len();
            let level = |level| {
                let own = place_columns::level_heading(&heading, level, language);
                Slot::Level { level, of: heading.clone(), heading: own, first }
            };
            slots.extend(place_columns::levels_below(place).map(level));
        }
    }
    slots
}
