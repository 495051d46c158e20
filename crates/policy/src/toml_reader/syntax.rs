//! What is wrong with a text that is no TOML, in words: by what stands at the place that the reader of TOML names.

use std::ops::Range;
use words::{Wording, wording};

/// What is wrong at these bytes of the text. What the reader says itself is English, and for the log.
pub(super) fn unread(said: &str, text: &str, span: Option<&Range<usize>>) -> Wording {
    tracing::debug!(said, "a text is no TOML");
    let start = span.map_or(text.len(), |span| span.start.min(text.len()));
    let (Some(before), Some(rest)) = (text.get(..start), text.get(start..)) else {
        return wording!("toml_line_unfinished");
    };
    if in_open_list(before) {
        return wording!("toml_list_unfit");
    }
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    let found: String = rest.chars().take_while(|letter| !letter.is_whitespace()).take(20).collect();
    match line.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
        Some((_, "")) => wording!("toml_value_lacking"),
        Some((_, value)) if is_open(value, '"') || is_open(value, '\'') => wording!("toml_quotes_open"),
        Some((_, value)) if is_bare_word(value) => wording!("toml_quotes_missing"),
        Some((key, _)) if stands_before(&text[..line_start], key) => wording!("toml_written_twice"),
        Some((_, value)) if value.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) => {
            wording!("toml_figure_unfit")
        }
        _ if found.is_empty() => wording!("toml_line_unfinished"),
        _ => wording!("toml_misplaced", found),
    }
}

/// True where a list was begun and not ended, quoted signs left aside.
fn in_open_list(before: &str) -> bool {
    let Some(begun) = before.rfind("= [").or_else(|| before.rfind("=[")) else { return false };
    let (mut depth, mut quoted) = (0_i32, false);
    for letter in before[begun..].chars() {
        match letter {
            '"' => quoted = !quoted,
            '[' if !quoted => depth += 1,
            ']' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 && letter == ']' {
            return false;
        }
    }
    depth > 0
}

/// True where the text begins with this sign and has it an odd number of times.
fn is_open(value: &str, quote: char) -> bool {
    value.starts_with(quote) && value.matches(quote).count() % 2 == 1
}

/// True for a word that stands there without quotation marks.
fn is_bare_word(value: &str) -> bool {
    value.starts_with(char::is_alphabetic)
        && !["true", "false", "inf", "nan"].iter().any(|known| value.starts_with(known))
}

/// True where the key was given already in the table that is being read.
fn stands_before(before: &str, key: &str) -> bool {
    let of_table = before.lines().rev().take_while(|line| !line.trim_start().starts_with('['));
    let mut keys = of_table.filter_map(|line| line.split_once('=')).map(|(known, _)| known.trim());
    keys.any(|known| known == key)
}
