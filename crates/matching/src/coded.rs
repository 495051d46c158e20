//! What rows are counted by: closed lists of kinds, each with a code and its words.

use words::{Advice, Wording};

/// A closed list of kinds.
pub trait Coded: Copy + 'static {
    /// Every kind, in the order in which lists show them.
    const ALL: &'static [Self];

    /// Stable, in snake case.
    fn code(self) -> &'static str;

    /// The key of its words.
    fn key(self) -> String;

    /// The kind with this code.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The kind in a few words, and what to do next without full stop.
    fn advice(self) -> Advice {
        words::advice(&self.key(), &[])
    }

    /// The kind in a few words.
    fn label(self) -> Wording {
        self.advice().what
    }
}
