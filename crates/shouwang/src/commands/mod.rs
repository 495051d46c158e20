//! The commands: each reads its arguments, calls a job, and says what came of it.

pub mod accounts;
pub mod check;
pub mod demo;
pub mod explain;
pub mod import;
pub mod init;
pub mod leads;
pub mod migrate;
pub mod new;
pub mod out_file;
pub mod registers;
pub mod sample;
pub mod sample_ledgers;
pub mod score;
pub mod screen;
pub mod serve;
pub mod sql;
pub mod verify;
pub mod whatif;

use serde::Serialize;

/// What a command leaves: lines for people, and one summary for machines.
pub struct Said {
    pub lines: Vec<String>,
    pub summary: serde_json::Value,
}

impl Said {
    /// The lines, and anything serialisable as the summary.
    pub fn new(lines: Vec<String>, summary: &impl Serialize) -> Said {
        Said { lines, summary: serde_json::to_value(summary).unwrap_or_default() }
    }
}
