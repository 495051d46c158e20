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

use crate::language;
use policy::Package;
use serde::Serialize;
use serde_json::Value;
use words::{Language, Wording};

/// What a command leaves: text and lines for people, and one summary for machines.
pub struct Said {
    /// What was asked for: a list, a program.
    pub text: Option<String>,
    pub lines: Vec<Wording>,
    pub summary: Value,
}

impl Said {
    /// The lines, and anything serialisable as the summary. Of sentences in every language the summary has that of the terminal, as
    /// the lines do.
    pub fn new(lines: Vec<Wording>, summary: &impl Serialize) -> Said {
        Said { text: None, lines, summary: summary_of(summary) }
    }

    /// A text that is the same for all who read it, and its summary.
    pub fn text(text: String, summary: &impl Serialize) -> Said {
        Said { text: Some(text), ..Said::new(Vec::new(), summary) }
    }
}

/// Anything serialisable as one value for machines; of sentences in every language it has that of the terminal.
pub fn summary_of(summary: &impl Serialize) -> Value {
    let mut summary = serde_json::to_value(summary).unwrap_or_default();
    in_language(&mut summary, language::of_terminal());
    summary
}

fn in_language(value: &mut Value, language: Language) {
    match value {
        Value::String(text) => *text = Wording::from(std::mem::take(text)).of(language).to_owned(),
        Value::Array(values) => values.iter_mut().for_each(|value| in_language(value, language)),
        Value::Object(members) => members.values_mut().for_each(|value| in_language(value, language)),
        _ => {}
    }
}

/// Says something while a command still works, on standard error.
pub fn announce(text: &Wording) {
    eprintln!("{}", text.of(language::of_terminal()));
}

/// Lines one below the other, as one text.
pub fn lines(lines: &[Wording]) -> Wording {
    Wording::each(|language| lines.iter().map(|line| line.of(language)).collect::<Vec<_>>().join("\n"))
}

/// A line below another one.
pub fn indented(line: &Wording) -> Wording {
    Wording::each(|language| format!("  {}", line.of(language)))
}

/// What a kind of risk is called; its code where the package does not name it.
pub fn risk_label(package: &Package, risk: &str) -> Wording {
    let label = package.code_label("risk_type", risk);
    label.map_or_else(|| Wording::same(risk), |(label, label_en)| Wording::pair(label, label_en))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn summaries_have_one_language_of_what_is_said_in_all() {
        let said = Wording::pair("有两列。", "Two columns.");
        for (language, text) in [(Language::CHINESE, "有两列。"), (Language::ENGLISH, "Two columns.")] {
            let mut summary = json!({ "message": said, "notes": [said, "旧"], "rows": 2 });
            in_language(&mut summary, language);
            assert_eq!(summary, json!({ "message": text, "notes": [text, "旧"], "rows": 2 }));
        }
    }
}
