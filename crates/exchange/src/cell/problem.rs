//! What is wrong with a cell.

use model::FaultKind;
use words::{Advice, Value, Wording};

/// What is wrong with a cell. Its words are made only where it becomes a fault: cells are also read to see what they are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    pub kind: FaultKind,
    /// Its column in the file, where that is not the declared column's own.
    pub column: Option<usize>,
    key: &'static str,
    values: Vec<(&'static str, Wording)>,
}

impl Problem {
    /// A problem whose words stand under this key, in the declared column's own place.
    pub fn new(kind: FaultKind, key: &'static str) -> Problem {
        Problem { kind, column: None, key, values: Vec::new() }
    }

    /// The same problem with a parameter of its words.
    pub fn with(mut self, name: &'static str, value: impl Value) -> Problem {
        self.values.push((name, Wording::each(|language| value.in_language(language))));
        self
    }

    /// The same problem, counted as one of another kind.
    pub fn of_kind(self, kind: FaultKind) -> Problem {
        Problem { kind, ..self }
    }

    /// The same problem, in this column of the file.
    pub fn at(self, column: usize) -> Problem {
        Problem { column: Some(column), ..self }
    }

    /// What is wrong and what to do.
    pub fn advice(&self) -> Advice {
        let values: Vec<(&str, &dyn Value)> =
            self.values.iter().map(|(name, value)| (*name, value as &dyn Value)).collect();
        words::advice(self.key, &values)
    }
}

pub(super) fn too_long(limit: usize) -> Problem {
    Problem::new(FaultKind::TooLong, "cell_too_long").with("limit", limit)
}

pub(super) fn bad_characters() -> Problem {
    Problem::new(FaultKind::BadText, "cell_bad_characters")
}
