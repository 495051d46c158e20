//! What is wrong in a package, and where: file, line, caret and hint.

use std::fmt;
use std::path::PathBuf;
use words::{Advice, Language, Wording, wording};

/// How grave a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gravity {
    /// The package is refused.
    Error,
    /// The package works; something is missing that should be there (e.g. cases).
    Warning,
}

/// One mistake in one file of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub gravity: Gravity,
    /// The file, as it was reached from the package's root.
    pub file: PathBuf,
    /// Counted from 1.
    pub line: usize,
    /// Characters from the start of the line, counted from 1.
    pub column: usize,
    /// Characters that the caret underlines, at least 1.
    pub span_len: usize,
    /// The line as it stands in the file; empty for a file that cannot be read.
    pub line_text: String,
    /// What is wrong, for people.
    pub what: Wording,
    /// What to do, for people; may be empty.
    pub hint: Wording,
}

impl Problem {
    /// A problem of a whole file (or folder), shown at its first line.
    pub fn of_file(file: impl Into<PathBuf>, Advice { what, hint }: Advice) -> Problem {
        Problem {
            gravity: Gravity::Error,
            file: file.into(),
            line: 1,
            column: 1,
            span_len: 1,
            line_text: String::new(),
            what,
            hint,
        }
    }

    /// True unless it is only a warning.
    pub fn is_error(&self) -> bool {
        self.gravity == Gravity::Error
    }

    /// The same problem as a warning.
    pub fn as_warning(mut self) -> Problem {
        self.gravity = Gravity::Warning;
        self
    }
}

impl Problem {
    /// Four lines: `file:line:column: 错误: what`, the line, a caret, `hint: …` (fewer where there is nothing to show).
    pub fn shown(&self, language: Language) -> String {
        let word = if self.is_error() { wording!("package_mistake") } else { wording!("package_reminder") };
        let (word, what, hint) = (word.of(language), self.what.of(language), self.hint.of(language));
        let mut shown = format!("{}:{}:{}: {word}: {what}", self.file.display(), self.line, self.column);
        if !self.line_text.is_empty() {
            let number = self.line.to_string();
            let gutter = " ".repeat(number.len());
            let before = self.line_text.chars().take(self.column - 1);
            let indent: String = before.map(|letter| if is_wide(letter) { "  " } else { " " }).collect();
            let marked = self.line_text.chars().skip(self.column - 1).take(self.span_len);
            let width: usize = marked.map(|letter| if is_wide(letter) { 2 } else { 1 }).sum();
            shown += &format!("\n{number} | {}", self.line_text.replace('\t', " "));
            shown += &format!("\n{gutter} | {indent}{}", "^".repeat(width.max(1)));
        }
        if !hint.is_empty() {
            shown += &format!("\nhint: {hint}");
        }
        shown
    }
}

impl Problem {
    /// As [`Problem::shown`], in every language.
    pub fn wording(&self) -> Wording {
        Wording::each(|language| self.shown(language))
    }
}

impl fmt::Display for Problem {
    /// As [`Problem::shown`] in Chinese.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(Language::CHINESE))
    }
}

/// Chinese letters and full-width signs take two places in a terminal.
fn is_wide(letter: char) -> bool {
    matches!(u32::from(letter), 0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6)
}

/// All problems found, sorted by file and line. As an error it holds at least one that is not a warning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// True when at least one problem is not a warning.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(Problem::is_error)
    }

    pub(crate) fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }

    pub(crate) fn sort(&mut self) {
        self.0.sort_by(|a, b| (&a.file, a.line, a.column, &a.what).cmp(&(&b.file, b.line, b.column, &b.what)));
        self.0.dedup();
    }
}

impl Problems {
    /// Each problem as [`Problem::shown`], and how many there are.
    pub fn shown(&self, language: Language) -> String {
        let mut shown: String = self.0.iter().map(|problem| problem.shown(language) + "\n\n").collect();
        let errors = self.0.iter().filter(|problem| problem.is_error()).count();
        let reminders = self.0.len() - errors;
        shown += wording!("package_problems_counted", errors, reminders).of(language);
        shown
    }

    /// As [`Problems::shown`], in every language.
    pub fn wording(&self) -> Wording {
        Wording::each(|language| self.shown(language))
    }
}

impl fmt::Display for Problems {
    /// As [`Problems::shown`] in Chinese.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown(Language::CHINESE))
    }
}

impl std::error::Error for Problems {}
