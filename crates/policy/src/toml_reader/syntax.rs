//! What is wrong with a text that is no TOML, in words: by what the reader of TOML says, and by what stands there.

use std::ops::Range;
use words::{Wording, wording};

/// What the reader says, by a part of it, is one of these.
const KINDS: [(&[&str], fn() -> Wording); 6] = [
    (&["duplicate key"], || wording!("toml_written_twice")),
    (&["must be quoted"], || wording!("toml_quotes_missing")),
    (&["string", "quote"], || wording!("toml_quotes_open")),
    (&["no value", "missing value"], || wording!("toml_value_lacking")),
    (&["array"], || wording!("toml_list_unfit")),
    (&["number", "integer", "float", "sign", "zero", "radix", "digit", "date", "time", "boolean"], || {
        wording!("toml_figure_unfit")
    }),
];

/// What is wrong at these bytes of the text. What the reader says itself is English, and for the log.
pub(super) fn unread(said: &str, text: &str, span: Option<&Range<usize>>) -> Wording {
    tracing::debug!(said, "a text is no TOML");
    let rest = span.and_then(|span| text.get(span.start..)).unwrap_or_default();
    let found: String = rest.chars().take_while(|letter| !letter.is_whitespace()).take(20).collect();
    if found.is_empty() && said.contains("must be quoted") {
        return wording!("toml_value_lacking");
    }
    if let Some((_, kind)) = KINDS.iter().find(|(parts, _)| parts.iter().any(|part| said.contains(part))) {
        return kind();
    }
    if found.is_empty() { wording!("toml_line_unfinished") } else { wording!("toml_misplaced", found) }
}
