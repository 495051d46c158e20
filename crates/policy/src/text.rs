//! Texts of declarations, and where a key or value stands in them.

use crate::expression::ExpressionError;
use crate::problem::{Gravity, Problem};
use std::ops::Range;
use std::path::PathBuf;
use toml::de::{DeTable, DeValue};
use words::{Advice, Wording};

/// A file of the package as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileText {
    pub path: PathBuf,
    pub text: String,
}

impl FileText {
    /// A problem at a key, written as `aggregate.where` or `column.3.name` (places in lists counted from 0); the nearest
    /// key above it where it is not there.
    pub fn at(&self, key: &str, what: impl Into<Wording>, hint: impl Into<Wording>) -> Problem {
        self.at_range(self.find(key), what, hint)
    }

    /// A problem at a key, as [`FileText::at`].
    pub fn problem(&self, key: &str, advice: Advice) -> Problem {
        self.at(key, advice.what, advice.hint)
    }

    /// A problem within the expression that stands at a key.
    pub fn in_expression(&self, key: &str, expression: &str, error: &ExpressionError) -> Problem {
        let value = self.find(key);
        let range = self.expression_start(&value, expression).map_or(value, |start| {
            let from = start + error.offset.min(expression.len().saturating_sub(1));
            from..(from + error.length).min(start + expression.len()).max(from + 1)
        });
        self.at_range(range, error.what.clone(), error.hint.clone())
    }

    /// A problem that the TOML reader found.
    pub fn of_toml(&self, error: &toml::de::Error) -> Problem {
        let (message, hint) = toml_in_words(error.message());
        self.at_range(error.span().unwrap_or(0..0), message, hint)
    }

    /// A problem on a line counted from 1.
    pub fn on_line(&self, line: usize, what: impl Into<Wording>, hint: impl Into<Wording>) -> Problem {
        let start: usize = self.text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let length = self.text[start..].lines().next().map_or(0, str::len);
        self.at_range(start..start + length, what, hint)
    }

    fn at_range(&self, range: Range<usize>, what: impl Into<Wording>, hint: impl Into<Wording>) -> Problem {
        let start = floor_boundary(&self.text, range.start);
        let end = floor_boundary(&self.text, range.end).max(start);
        let line_start = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = self.text[start..].find('\n').map_or(self.text.len(), |at| start + at);
        Problem {
            gravity: Gravity::Error,
            file: self.path.clone(),
            line: self.text[..line_start].matches('\n').count() + 1,
            column: self.text[line_start..start].chars().count() + 1,
            span_len: self.text[start..end.min(line_end).max(start)].chars().count().max(1),
            line_text: self.text[line_start..line_end].trim_end_matches('\r').to_owned(),
            what: what.into(),
            hint: hint.into(),
        }
    }

    /// The bytes of the value at the key; of the nearest key above it where it is not there.
    fn find(&self, key: &str) -> Range<usize> {
        let Ok(root) = DeTable::parse(&self.text) else { return 0..0 };
        let first_line = 0..self.text.lines().next().map_or(0, str::len);
        let mut range = first_line;
        let mut steps = key.split('.').filter(|step| !step.is_empty());
        let Some(first) = steps.next() else { return range };
        let Some((_, value)) = root.get_ref().iter().find(|(name, _)| name.get_ref() == first) else { return range };
        range = value.span();
        let mut at = value.get_ref();
        for step in steps {
            let next = match at {
                DeValue::Table(table) => table.iter().find(|(name, _)| name.get_ref() == step).map(|(_, value)| value),
                DeValue::Array(list) => step.parse::<usize>().ok().and_then(|index| list.get(index)),
                _ => None,
            };
            let Some(next) = next else { return range };
            range = next.span();
            at = next.get_ref();
        }
        range
    }

    /// Where the text of an expression starts within the TOML value that holds it; `None` where TOML writes it otherwise.
    fn expression_start(&self, value: &Range<usize>, expression: &str) -> Option<usize> {
        let written = self.text.get(value.clone())?;
        written.find(expression).filter(|_| !expression.is_empty()).map(|at| value.start + at)
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// What the TOML reader says, in words for people: message and hint.
fn toml_in_words(message: &str) -> (String, String) {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    match (message, quoted.as_slice()) {
        (text, [unknown, known @ ..]) if text.starts_with("unknown field") => {
            let near = crate::expression::nearest_of(unknown, known);
            let hint = near.map_or_else(|| format!("可用:{}", known.join("、")), |near| format!("是不是 `{near}`?"));
            (format!("不认识的键 `{unknown}`"), hint)
        }
        (text, [unknown, known @ ..]) if text.starts_with("unknown variant") => {
            (format!("不认识的取值 `{unknown}`"), format!("可用:{}", known.join("、")))
        }
        (text, [missing, ..]) if text.starts_with("missing field") => {
            (format!("缺少 `{missing}`"), format!("补上 {missing} = …"))
        }
        (text, [key, ..]) if text.starts_with("duplicate") => (format!("`{key}` 重复"), "只保留一个".to_owned()),
        (text, _) if text.starts_with("invalid type") || text.starts_with("invalid value") => {
            (format!("值的类型不对:{text}"), "文字加引号,数和日期不加,列表写 [ ]".to_owned())
        }
        (text, _) if text.starts_with("duplicate") => (format!("键重复:{text}"), "只保留一个".to_owned()),
        (text, _) => {
            (format!("读不懂:{}", text.replace('\n', ";")), "检查引号、方括号和等号;日期写成 2021-05-27".to_owned())
        }
    }
}
