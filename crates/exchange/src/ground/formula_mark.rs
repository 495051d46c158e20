//! Texts that a spreadsheet would take for formulas, and the apostrophe that keeps it from doing so in CSV.
//!
//! The mark is put before a text that looks like a formula, and before a text with an apostrophe of its own that would otherwise be
//! taken for the mark. So exactly one apostrophe is taken away again where what follows looks like a formula or is an apostrophe.

/// Beginnings that Excel, WPS or LibreOffice take for a formula, or drop to find one behind.
const BEGINNINGS: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '＠', '－'];

/// True when the text begins like a formula.
pub(crate) fn looks_like_formula(text: &str) -> bool {
    text.starts_with(BEGINNINGS)
}

/// The text behind the mark, where it has one.
pub(crate) fn behind_mark(text: &str) -> Option<&str> {
    text.strip_prefix('\'').filter(|rest| rest.starts_with('\'') || looks_like_formula(rest))
}

/// True when CSV needs the mark before the text.
pub(crate) fn needs_mark(text: &str) -> bool {
    looks_like_formula(text) || behind_mark(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_own_mark_is_needed() {
        let cases = [
            ("=1+1", true),
            ("+86138", true),
            ("-5", true),
            ("@a", true),
            ("\t=1", true),
            ("\r=1", true),
            ("\n=1", true),
            ("\0=1", true),
            ("＝1", true),
            ("'=1", true),
            ("''", true),
            ("'001", false),
            ("'", false),
            ("1=1", false),
            ("", false),
        ];
        for (text, expected) in cases {
            assert_eq!(needs_mark(text), expected, "{text:?}");
            let marked = if expected { format!("'{text}") } else { text.to_owned() };
            assert_eq!(behind_mark(&marked).unwrap_or(&marked), text, "{text:?}");
        }
    }
}
