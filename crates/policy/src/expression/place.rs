//! From the places of the SQL parser to bytes of the text.

use sqlparser::tokenizer::Span;

/// Byte offset of a line and column (in characters) counted from 1.
pub(super) fn offset_of(text: &str, line: u64, column: u64) -> usize {
    let mut start = 0;
    for _ in 1..line {
        start = text[start..].find('\n').map_or(text.len(), |at| start + at + 1);
    }
    let skip = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
    text[start..].char_indices().nth(skip).map_or(text.len(), |(at, _)| start + at)
}

pub(super) fn place(text: &str, span: Span) -> (usize, usize) {
    if span.start.line == 0 {
        return (0, text.len());
    }
    let start = offset_of(text, span.start.line, span.start.column);
    let end = offset_of(text, span.end.line, span.end.column);
    (start, end.saturating_sub(start).max(1))
}

/// Bytes up to the parenthesis that closes a call, which the parser's span leaves out.
pub(super) fn closing(rest: &str) -> usize {
    let skipped = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '(');
    if skipped.starts_with(')') { rest.len() - skipped.len() + 1 } else { 0 }
}
