//! Texts of declarations, and where a key or value stands in them.

use crate::expression::ExpressionError;
use crate::problem::{Gravity, Problem};
use crate::toml_reader;
use serde::de::DeserializeOwned;
use std::ops::Range;
use std::path::PathBuf;
use toml::de::{DeTable, DeValue};
use words::Advice;

/// A file of the package as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileText {
    pub path: PathBuf,
    pub text: String,
}

impl FileText {
    /// A problem at a key, written as `aggregate.where` or `column.3.name` (places in lists counted from 0); the nearest
    /// key above it where it is not there.
    pub fn problem(&self, key: &str, advice: Advice) -> Problem {
        self.at_range(self.find(key), advice)
    }

    /// A problem within the expression that stands at a key.
    pub fn in_expression(&self, key: &str, expression: &str, error: &ExpressionError) -> Problem {
        let value = self.find(key);
        let range = self.expression_start(&value, expression).map_or(value, |start| {
            let from = start + error.offset.min(expression.len().saturating_sub(1));
            from..(from + error.length).min(start + expression.len()).max(from + 1)
        });
        self.at_range(range, Advice { what: error.what.clone(), hint: error.hint.clone() })
    }

    /// The declaration that the text is.
    ///
    /// # Errors
    /// The first place where it is not TOML, or not this declaration.
    pub fn declared<T: DeserializeOwned>(&self) -> Result<T, Box<Problem>> {
        toml_reader::read(&self.text).map_err(|fault| {
            let advice = fault.advice();
            Box::new(self.at_range(fault.span.unwrap_or(0..0), advice))
        })
    }

    /// A problem on a line counted from 1.
    pub fn on_line(&self, line: usize, advice: Advice) -> Problem {
        let start: usize = self.text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let length = self.text[start..].lines().next().map_or(0, str::len);
        self.at_range(start..start + length, advice)
    }

    fn at_range(&self, range: Range<usize>, advice: Advice) -> Problem {
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
            what: advice.what,
            hint: advice.hint,
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
