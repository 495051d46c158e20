//! The line above the headings of an export, and how rows of a template begin that only show how.

use words::Language;

/// Beginning of the line by which an export is known again: in Chinese before the label of its part, in English before the name.
const MARK: &str = "守望导出｜";
const MARK_EN: &str = "Shouwang export｜";
/// Beginning of the first cell of a row that shows how a template is filled in, without its colon.
pub(crate) const EXAMPLE: &str = "示例";
pub(crate) const EXAMPLE_EN: &str = "Example";

/// Who took a list away, when, what it was narrowed to and in which language it is written.
#[derive(Clone, Copy, Debug)]
pub struct ExportHead<'a> {
    pub who: &'a str,
    /// Day and time, as people write them.
    pub when: &'a str,
    /// The filter in words; empty for everything.
    pub filter: &'a str,
    pub language: Language,
    /// The register takes files, so that the list may be changed and handed in again.
    pub is_handed_in: bool,
}

impl ExportHead<'_> {
    /// The filter in words, for everything, too.
    pub(crate) fn filter_told(&self) -> &str {
        if self.filter.is_empty() { self.language.say("export_everything") } else { self.filter }
    }
}

/// The line of an export of the part with this name, and this label in the head's language.
pub(crate) fn line(name: &str, label: &str, head: &ExportHead<'_>) -> String {
    let (who, when, filter) = (head.who, head.when, head.filter_told());
    let [chinese, english] = [format!("{MARK}{label}"), format!("{MARK_EN}{name}｜{label}")];
    let told = head.language.fill("export_line", &[("who", &who), ("when", &when), ("filter", &filter)]);
    // In English the full-width signs that stand for separators would be strange: parts of the filter stand apart as those of the line.
    let apart = told.replace("; ", "｜");
    let told = head.language.pick(&told, &apart);
    plain(&format!("{}{told}", head.language.pick(&chinese, &english)))
}

/// True for the line of an export.
pub(crate) fn is_line(text: &str) -> bool {
    [MARK, MARK_EN].iter().any(|mark| text.starts_with(mark))
}

/// True for the line of an export of the part with this name and label.
pub(crate) fn is_line_of(text: &str, name: &str, label: &str) -> bool {
    text.starts_with(&plain(&format!("{MARK}{label}｜"))) || text.starts_with(&plain(&format!("{MARK_EN}{name}｜")))
}

/// Nothing in it may end the cell, or look like the separators of a table.
pub(crate) fn plain(line: &str) -> String {
    let letter = |letter| match letter {
        ',' => '，',
        ';' => '；',
        '"' => '”',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    line.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_english_line_has_no_chinese_separators() {
        let filter = "not closed; due before 2024-07-01";
        let head =
            ExportHead { who: "Li", when: "2024-06-30", filter, language: Language::ENGLISH, is_handed_in: true };
        let line = line("lead", "Leads", &head);
        assert!(line.ends_with("｜not closed｜due before 2024-07-01"), "{line}");
    }

    #[test]
    fn the_line_of_an_export_is_known_in_both_languages() {
        for (language, label) in [(Language::CHINESE, "低保,台账"), (Language::ENGLISH, "Allowances")] {
            let head = ExportHead { who: "Li", when: "2024-06-30", filter: "", language, is_handed_in: true };
            let line = line("allowance", label, &head);
            assert!(is_line(&line) && is_line_of(&line, "allowance", "低保,台账"), "{line}");
            assert!(!is_line_of(&line, "allowances", "低保"), "{line}");
        }
        assert!(!is_line("守望｜低保") && !is_line_of("Shouwang export｜other｜", "allowance", "低保"));
    }
}
