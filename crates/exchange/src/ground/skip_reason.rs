//! Rows of a file that are passed over, by reason.

use std::collections::BTreeMap;
use std::fmt;

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

    /// The reasons with their counts in a line for people.
    pub fn list(skipped: &BTreeMap<SkipReason, u64>) -> String {
        let one = |(reason, count): (&SkipReason, &u64)| format!("{reason}{count}行");
        let texts: Vec<String> = skipped.iter().filter(|(_, count)| **count > 0).map(one).collect();
        if texts.is_empty() { "没有跳过的行".to_owned() } else { format!("跳过{}", texts.join("、")) }
    }
}

impl fmt::Display for SkipReason {
    /// In Chinese, for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SkipReason::AboveHeadings => "表头以上",
            SkipReason::Headings => "表头",
            SkipReason::Total => "合计",
            SkipReason::Note => "说明或落款",
            SkipReason::RepeatedHeadings => "重复的表头",
            SkipReason::Example => "示例",
            SkipReason::Empty => "空白",
        })
    }
}
