//! How values of codes stand in files: by label where the label is read back as this code.

use crate::cell::CodeTable;
use model::{Kind, Value};
use policy::declare::{CodeList, Column};
use std::collections::BTreeMap;
use words::Language;

/// The labels of a code list, and what is read from them.
pub(crate) struct Labels {
    table: CodeTable,
    /// Stands between several codes of one cell.
    pub between: &'static str,
    /// Code and what is written for it, in the list's order.
    pub all: Vec<(String, String)>,
}

impl Labels {
    /// The label under which each code is written: its own in this language where that is read back as this code, else the code itself.
    pub fn of(list: &CodeList, language: Language) -> Labels {
        let table = CodeTable::of(list);
        let written = |code: &policy::declare::Code| {
            let label = language.pick(&code.label, &code.label_en);
            let is_own = table.find_written(label) == Some(code.code.as_str());
            (code.code.clone(), if is_own { label.to_owned() } else { code.code.clone() })
        };
        let all = list.code.iter().map(written).collect();
        Labels { table, between: language.pick("、", ", "), all }
    }

    /// The labels of the list of a column, where it has one.
    pub fn of_column(column: &Column, codes: &BTreeMap<String, CodeList>, language: Language) -> Option<Labels> {
        let list = column.codes.as_ref().filter(|_| column.kind == Kind::Code).and_then(|name| codes.get(name));
        list.map(|list| Labels::of(list, language))
    }

    /// What a cell shows for a value: one code, or several with `,` between them. Codes that are not of the list stay.
    pub fn shown(&self, value: &str, many: bool) -> String {
        let label = |code: &str| {
            let known = self.all.iter().find(|(known, _)| known == code);
            known.map_or_else(|| code.to_owned(), |(_, label)| label.clone())
        };
        if !many {
            return label(value);
        }
        let labels = value.split(',').map(label).collect::<Vec<_>>().join(self.between);
        match self.table.find_all(&labels) {
            Ok(codes) if codes.join(",") == value => labels,
            _ => value.to_owned(),
        }
    }
}

/// Yes or no, as a file shows it.
pub(crate) fn truth_shown(truth: bool, language: Language) -> &'static str {
    let [chinese, english] = if truth { ["是", "Yes"] } else { ["否", "No"] };
    language.pick(chinese, english)
}

/// The value as a file shows it.
pub(crate) fn shown(value: &Value, column: &Column, labels: Option<&Labels>, language: Language) -> Value {
    match (value, labels) {
        (Value::Text(code), Some(labels)) => Value::Text(labels.shown(code, column.many)),
        (Value::Bool(truth), _) if language.reads_english() => Value::Text(truth_shown(*truth, language).to_owned()),
        _ => value.clone(),
    }
}
