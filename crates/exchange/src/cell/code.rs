//! Codes: by code, by label, by what real files write instead.

use super::{Problem, text};
use crate::raw::RawCell;
use model::{FaultKind, Value};
use policy::declare::CodeList;
use std::collections::HashMap;

/// A code list made ready for looking up.
pub(crate) struct CodeTable {
    label: String,
    codes: Vec<String>,
    by_spelling: HashMap<String, usize>,
    /// Length of the codes where all are numbers of one length: spreadsheets drop their leading zeros.
    digits: Option<usize>,
    /// The first labels, for the advice.
    examples: String,
}

impl CodeTable {
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
        let labels: Vec<&str> = list.code.iter().take(6).map(|code| code.label.as_str()).collect();
        let more = if list.code.len() > 6 { "等" } else { "" };
        let examples = format!("{}{more}", labels.join("、"));
        CodeTable { label: list.label.clone(), codes, by_spelling, digits, examples }
    }

    fn find(&self, folded: &str) -> Option<&str> {
        let direct = match self.by_spelling.get(folded) {
            Some(at) => Some(*at),
            None => self.by_spelling.get(&folded.to_lowercase()).copied(),
        };
        direct.or_else(|| self.padded(folded)).or_else(|| self.code_and_label(folded)).map(|at| self.codes[at].as_str())
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

fn spelling(text: &str) -> String {
    text::fold(text).to_lowercase()
}

/// The code of a cell.
pub(super) fn read(raw: &RawCell, codes: &CodeTable) -> Result<Value, Problem> {
    let unknown = || {
        Problem::new(
            FaultKind::UnknownCode,
            format!("不在“{}”的代码和名称之中", codes.label),
            format!("请填下列之一：{}", codes.examples),
        )
    };
    let written = super::cell_text(raw).map_err(|_| unknown())?;
    let folded = text::fold(&written);
    match codes.find(&folded) {
        Some(code) => Ok(Value::Text(code.to_owned())),
        None if text::is_nothing(&folded) => Ok(Value::Null),
        None if folded.contains(|letter: char| letter.is_control() || letter == '\u{FFFD}') => {
            Err(super::bad_characters())
        }
        None => Err(unknown()),
    }
}
