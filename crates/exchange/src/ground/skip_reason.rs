//! Rows of a file that are passed over, by reason.

use std::collections::BTreeMap;
use words::{Wording, wording};

/// Why a row is no row of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkipReason {
    /// Titles and notes above the headings.
    AboveHeadings,
    /// The headings themselves.
    Headings,
    /// A total.
    Total,
    /// A note or signature below or between the data.
    Note,
    /// The headings again.
    RepeatedHeadings,
    /// An example row of a template of ours.
    Example,
    /// Nothing stands in it.
    Empty,
}

impl SkipReason {
    /// All reasons, in order.
    pub const ALL: [SkipReason; 7] = [
        SkipReason::AboveHeadings,
        SkipReason::Headings,
        SkipReason::Total,
        SkipReason::Note,
        SkipReason::RepeatedHeadings,
        SkipReason::Example,
        SkipReason::Empty,
    ];

    /// Short name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            SkipReason::AboveHeadings => "above_headings",
            SkipReason::Headings => "headings",
            SkipReason::Total => "total",
            SkipReason::Note => "note",
            SkipReason::RepeatedHeadings => "repeated_headings",
            SkipReason::Example => "example",
            SkipReason::Empty => "empty",
        }
    }

    /// The reason in a few words.
    pub fn label(self) -> Wording {
        words::wording(&format!("skip_{}", self.name()), &[])
    }

    /// The reasons with their counts in a line for people.
    pub fn list(skipped: &BTreeMap<SkipReason, u64>) -> Wording {
        let counted = skipped.iter().filter(|(_, count)| **count > 0);
        let rows: Vec<Wording> =
            counted.map(|(reason, count)| wording!("rows_skipped_of", reason = reason.label(), count)).collect();
        if rows.is_empty() { wording!("rows_skipped_none") } else { wording!("rows_skipped", rows = words::list(rows)) }
    }
}
