//! A record on its way in.

use crate::stored::record::{Children, StoredRecord};
use crate::stored::tables::RegisterTable;
use crate::{Record, RefusedRow};
use model::{RecordId, ResidentKey, Value};
use words::advice;

/// A record on its way in.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) resident_key: Option<ResidentKey>,
    /// The record that it is about, where that is known: its key may be spelled otherwise than it is folded now.
    pub(crate) id: Option<RecordId>,
    /// Row of the file; 0 for what is entered by hand.
    pub(crate) row: u32,
    pub(crate) fields: Vec<Value>,
    /// `None` where nothing was said about them: those that are held stay.
    pub(crate) children: Option<Children>,
}

/// What is said of the child records is taken when it is known what is held.
impl From<Record> for Draft {
    fn from(record: Record) -> Draft {
        let Record { resident_key, row, fields, .. } = record;
        Draft { resident_key, id: None, row, fields, children: None }
    }
}

impl Draft {
    /// The rows of each kind of child record; none where nothing was said.
    pub(crate) fn children(&self) -> impl Iterator<Item = &[Vec<Value>]> {
        let said = self.children.iter().flatten().map(Vec::as_slice);
        said.chain(std::iter::repeat(&[][..]))
    }

    pub(crate) fn children_or_none(&self) -> Children {
        self.children.clone().unwrap_or_default()
    }
}

/// A text with the character NUL, in the record or in its child records.
pub(crate) fn unkeepable(table: &RegisterTable, draft: &Draft) -> Option<RefusedRow> {
    let has_nul = |value: &Value| value.as_text().is_some_and(crate::database::has_nul);
    let own = table.columns.iter().zip(&draft.fields).find(|(_, value)| has_nul(value)).map(|(column, _)| column);
    let of_children = || {
        let rows = table
            .children
            .iter()
            .zip(draft.children())
            .flat_map(|(child, rows)| rows.iter().map(move |row| (child, row)));
        let mut cells = rows.flat_map(|(child, row)| child.columns.iter().zip(row));
        cells.find(|(_, value)| has_nul(value)).map(|(column, _)| column)
    };
    own.or_else(of_children).map(|column| {
        RefusedRow::new(draft.row, advice!("row_with_nul", field = column.label()), vec![column.field.name.clone()])
    })
}

/// A record that is held, as one on its way in.
pub(crate) fn draft_of(stored: &StoredRecord) -> Draft {
    Draft {
        resident_key: stored.resident_key.map(model::ResidentKey),
        id: Some(stored.id),
        row: 0,
        fields: stored.fields.clone(),
        children: Some(stored.children.clone()),
    }
}
