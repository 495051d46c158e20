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
pub mod sample_folder;
pub mod sample_ledgers;
pub mod score;
pub mod screen;
pub mod serve;
pub mod sql;
pub mod verify;
pub mod whatif;

use serde::Serialize;
use serde_json::Value;
use words::Wording;

/// What a command leaves: lines for people, and one summary for machines.
pub struct Said {
    pub lines: Vec<String>,
    pub summary: Value,
}

impl Said {
    /// The lines, and anything serialisable as the summary. Of sentences in both languages the summary has the Chinese one, as the
    /// lines do.
    pub fn new(lines: Vec<String>, summary: &impl Serialize) -> Said {
        let mut summary = serde_json::to_value(summary).unwrap_or_default();
        in_chinese(&mut summary);
        Said { lines, summary }
    }
}

fn in_chinese(value: &mut Value) {
    match value {
        Value::String(text) => *text = Wording::from(std::mem::take(text)).chinese().to_owned(),
        Value::Array(values) => values.iter_mut().for_each(in_chinese),
        Value::Object(members) => members.values_mut().for_each(in_chinese),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn summaries_have_the_chinese_of_what_is_said_in_both_languages() {
        let said = Wording::pair("有两列。", "Two columns.");
        let summary = json!({ "message": said, "notes": [said, "旧"], "rows": 2 });
        let expected = json!({ "message": "有两列。", "notes": ["有两列。", "旧"], "rows": 2 });
        assert_eq!(Said::new(Vec::new(), &summary).summary, expected);
    }
}
