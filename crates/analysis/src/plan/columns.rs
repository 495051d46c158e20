//! The columns that the expressions of a table name.

use lake::values::ColumnType;
use std::collections::HashMap;

/// The columns an expression may name, each with its place in a table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    places: HashMap<String, usize>,
    names: Vec<String>,
    types: Vec<ColumnType>,
}

impl Columns {
    /// Adds a column and returns its place; a known name keeps its place.
    pub(crate) fn add(&mut self, name: &str, column_type: ColumnType) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.types.len();
        self.places.insert(name.to_owned(), place);
        self.names.push(name.to_owned());
        self.types.push(column_type);
        place
    }

    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    pub(crate) fn type_at(&self, place: usize) -> ColumnType {
        self.types[place]
    }

    pub(crate) fn name_at(&self, place: usize) -> &str {
        &self.names[place]
    }

    pub(crate) fn len(&self) -> usize {
        self.types.len()
    }
}
