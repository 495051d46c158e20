//! What is wrong with a text that is no expression, in words: by what the SQL parser says it expected and found.

use words::{Wording, wording};

/// What the parser says stands where the text is at its end.
const END: &str = "EOF";

/// What is wrong, from `Expected: ), found: EOF`. What the parser says itself is English, and for the log.
pub(super) fn misread(said: &str) -> Wording {
    tracing::debug!(said, "a text is no expression");
    let Some((expected, found)) = said.strip_prefix("Expected: ").and_then(|said| said.split_once(", found: ")) else {
        return if said.contains("nterminated") {
            wording!("expression_quotes_open")
        } else {
            wording!("expression_odd")
        };
    };
    match (wanted(expected), found.trim()) {
        (Some(wanted), END) => wording!("expression_ends_before", wanted),
        (Some(wanted), found) => wording!("expression_wanted", wanted, found),
        (None, END) => wording!("expression_ends"),
        (None, found) => wording!("expression_misplaced", found),
    }
}

/// Signs and words of SQL as they are written; `None` for what the parser calls by a name of its own.
fn wanted(expected: &str) -> Option<Wording> {
    let expected = expected.trim_end_matches(':');
    match expected {
        "an expression" => Some(wording!("expression_operand")),
        _ if expected.contains([' ', ',']) || expected.contains(|letter: char| letter.is_ascii_lowercase()) => None,
        sign => Some(wording!("expression_sign", sign = sign.to_lowercase())),
    }
}
