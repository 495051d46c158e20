//! Codes: by code, by label, by what real files write instead.

use super::problem::Problem;
use super::text;
use crate::raw::RawCell;
use model::{FaultKind, Value};
use policy::declare::{Code, CodeList};
use std::collections::HashMap;
use words::{Wording, wording};

/// Labels that the advice names.
const EXAMPLES_MAX: usize = 6;

/// A code list made ready for looking up.
pub(crate) struct CodeTable {
    label: Wording,
    codes: Vec<String>,
    by_spelling: HashMap<String, usize>,
    /// Length of the codes where all are numbers of one length: spreadsheets drop their leading zeros.
    digits: Option<usize>,
    /// The first labels, for the advice.
    examples: Wording,
}

impl CodeTable {
    /// The table of a code list. A spelling that is a code counts before one that is a label, and that before an alias.
    pub fn of(list: &CodeList) -> CodeTable {
        let codes: Vec<String> = list.code.iter().map(|code| code.code.clone()).collect();
        let mut by_spelling = HashMap::new();
        // Codes win over labels, labels over aliases.
        for (at, code) in list.code.iter().enumerate() {
            by_spelling.insert(spelling(&code.code), at);
        }
        for (at, code) in list.code.iter().enumerate() {
            by_spelling.entry(spelling(&code.label)).or_insert(at);
        }
        for (at, code) in list.code.iter().enumerate() {
            for alias in code.aliases.iter().chain([&code.label_en]) {
                by_spelling.entry(spelling(alias)).or_insert(at);
            }
        }
        let is_number = |code: &String| code.bytes().all(|byte| byte.is_ascii_digit());
        let length = codes.first().map_or(0, String::len);
        let digits = codes.iter().all(|code| is_number(code) && code.len() == length).then_some(length);
        let label = |code: &Code| Wording::pair(code.label.as_str(), code.label_en.as_str());
        let labels = words::list(list.code.iter().take(EXAMPLES_MAX).map(label));
        let has_more = list.code.len() > EXAMPLES_MAX;
        let examples = if has_more { wording!("code_examples_more", examples = labels) } else { labels };
        let label = Wording::pair(list.label.as_str(), list.label_en.as_str());
        CodeTable { label, codes, by_spelling, digits, examples }
    }

    /// The code that a cell with this text is read as.
    pub fn find_written(&self, written: &str) -> Option<&str> {
        self.find(&text::fold_key(written))
    }

    /// The codes of a cell that names several, in the list's order.
    ///
    /// # Errors
    /// The first part that names none.
    pub fn find_all<'t>(&self, written: &'t str) -> Result<Vec<&str>, &'t str> {
        let ends: Vec<(usize, usize)> = parts(written);
        let mut found = Vec::new();
        let mut at = 0;
        while at < ends.len() {
            // Labels may hold such marks themselves: the longest run of parts that names a code goes first.
            let fitting = (at..ends.len()).rev().find_map(|last| {
                let code = self.position(&text::fold_key(&written[ends[at].0..ends[last].1]))?;
                Some((last, code))
            });
            let (last, code) = fitting.ok_or(&written[ends[at].0..ends[at].1])?;
            found.push(code);
            at = last + 1;
        }
        found.sort_unstable();
        found.dedup();
        Ok(found.into_iter().map(|at| self.codes[at].as_str()).collect())
    }

    fn find(&self, folded: &str) -> Option<&str> {
        self.position(folded).map(|at| self.codes[at].as_str())
    }

    fn position(&self, folded: &str) -> Option<usize> {
        let direct = match self.by_spelling.get(folded) {
            Some(at) => Some(*at),
            None => self.by_spelling.get(&folded.to_lowercase()).copied(),
        };
        direct.or_else(|| self.padded(folded)).or_else(|| self.code_and_label(folded))
    }

    fn padded(&self, folded: &str) -> Option<usize> {
        let length = self.digits.filter(|length| folded.len() < *length)?;
        let is_number = folded.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { self.by_spelling.get(&format!("{folded:0>length$}")).copied() } else { None }
    }

    /// `01男`, `01-男`: both halves must name the same code.
    fn code_and_label(&self, folded: &str) -> Option<usize> {
        let end = folded.find(|letter: char| !letter.is_ascii_digit()).filter(|end| *end > 0)?;
        let label = folded[end..].trim_start_matches(['-', '.', '、', ':', '_']);
        let by_label = self.by_spelling.get(&label.to_lowercase())?;
        let code = &folded[..end];
        let by_code = self.by_spelling.get(code).copied().or_else(|| self.padded(code))?;
        (by_code == *by_label).then_some(by_code)
    }
}

/// Start and end of the parts between `、,;` of every width and spaces.
fn parts(written: &str) -> Vec<(usize, usize)> {
    let is_mark = |letter: char| matches!(letter, '、' | ',' | ';' | '，' | '；') || text::is_space(letter);
    let mut parts = Vec::new();
    for part in written.split(is_mark).filter(|part| !part.is_empty()) {
        let start = part.as_ptr() as usize - written.as_ptr() as usize;
        parts.push((start, start + part.len()));
    }
    parts
}

fn spelling(text: &str) -> String {
    text::fold_key(text).to_lowercase()
}

/// The code of a cell.
pub(super) fn read(raw: &RawCell, codes: &CodeTable) -> Result<Value, Problem> {
    let unknown = || {
        let problem = Problem::new(FaultKind::UnknownCode, "cell_unknown_code");
        problem.with("list", codes.label.clone()).with("examples", codes.examples.clone())
    };
    let written = text::cell_text(raw).map_err(|_| unknown())?;
    let folded = text::fold_key(&written);
    match codes.find(&folded) {
        Some(code) => Ok(Value::Text(code.to_owned())),
        None if text::is_nothing(&folded) => Ok(Value::Null),
        None if folded.contains(|letter: char| letter.is_control() || letter == '\u{FFFD}') => {
            Err(super::problem::bad_characters())
        }
        None => Err(unknown()),
    }
}

/// The codes of a cell that may name several, joined by `,`.
pub(super) fn read_many(raw: &RawCell, codes: &CodeTable) -> Result<Value, Problem> {
    let written = text::cell_text(raw)?;
    if text::is_nothing(&text::fold_key(&written)) && codes.find_written(&written).is_none() {
        return Ok(Value::Null);
    }
    match codes.find_all(&written) {
        Ok(found) if found.is_empty() => Ok(Value::Null),
        Ok(found) => Ok(Value::Text(found.join(","))),
        Err(part) => {
            let problem = Problem::new(FaultKind::UnknownCode, "cell_unknown_code_among");
            let problem = problem.with("list", codes.label.clone()).with("examples", codes.examples.clone());
            Err(problem.with("character", before(&written, part) + 1))
        }
    }
}

/// Characters before a part of a text.
fn before(written: &str, part: &str) -> usize {
    written.find(part).map_or(0, |at| written[..at].chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use policy::declare::Code;
    use words::Advice;

    #[test]
    fn several_codes_stand_in_one_cell_between_marks_of_every_width() {
        let code = |(code, label): &(&str, &str)| Code {
            code: (*code).to_owned(),
            label: (*label).to_owned(),
            label_en: String::new(),
            aliases: Vec::new(),
            confirms: false,
        };
        let codes = [("01", "就业"), ("02", "就学"), ("03", "就业、就学"), ("04", "住 房")].iter().map(code).collect();
        let list = CodeList { label: "需求".into(), label_en: String::new(), source: String::new(), code: codes };
        let table = CodeTable::of(&list);
        let cases = [
            ("就业", Some("01")),
            ("就学，就业", Some("01,02")),
            ("就学;就业；就学,就业", Some("01,02")),
            ("就业、就学", Some("03")),
            ("就业、就学、住 房", Some("03,04")),
            (" 02  1\u{3000}住房 ", Some("01,02,04")),
            ("、，", Some("")),
            ("无", Some("")),
            ("就业、没有", None),
            ("没有", None),
        ];
        for (written, expected) in cases {
            let read = read_many(&RawCell::Text(written.to_owned()), &table).ok();
            let found = read.map(|value| value.as_text().unwrap_or_default().to_owned());
            assert_eq!(found.as_deref(), expected, "{written}");
        }
        let problem = read_many(&RawCell::Text("就业、张三的病".to_owned()), &table).expect_err("is unknown");
        let Advice { what, hint } = problem.advice();
        assert!(what.chinese().contains("第4个字起") && what.english().contains("from character 4 on"), "{what:?}");
        assert!(!format!("{what:?}{hint:?}").contains("张三"), "{what:?}");
    }
}
