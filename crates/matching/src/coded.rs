//! What rows are counted by: closed lists of kinds, each with a code and its texts.

/// Code and texts of one kind.
pub struct Texts {
    /// Stable, in snake case.
    pub code: &'static str,
    /// The kind in a few words, Chinese and English.
    pub label: [&'static str; 2],
    /// What to do next, Chinese and English; without full stop.
    pub hint: [&'static str; 2],
}

/// A closed list of kinds.
pub trait Coded: Copy + 'static {
    /// Every kind, in the order in which lists show them.
    const ALL: &'static [Self];

    fn texts(self) -> &'static Texts;

    fn code(self) -> &'static str {
        self.texts().code
    }

    /// The kind with this code.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }

    /// The kind in a few Chinese words.
    fn label(self) -> &'static str {
        self.texts().label[0]
    }
}
