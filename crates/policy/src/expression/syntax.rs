//! What is wrong with a text that is no expression, in words: by what stands at the place where the parser stopped.

use words::{Wording, wording};

/// Words behind which a value or condition has to follow.
const LEADING: [&str; 13] =
    ["and", "or", "not", "in", "is", "between", "like", "case", "when", "then", "else", "distinct", "from"];

/// What is wrong at this byte of the text. What the parser says itself is English, and for the log.
pub(super) fn misread(said: &str, text: &str, offset: usize) -> Wording {
    tracing::debug!(said, "a text is no expression");
    if text.matches('\'').count() % 2 == 1 {
        return wording!("expression_quotes_open");
    }
    let (Some(before), Some(rest)) = (text.get(..offset), text.get(offset..)) else {
        return wording!("expression_odd");
    };
    let (before, rest) = (before.trim_end(), rest.trim());
    let operand = || wording!("expression_operand");
    let open = text.matches('(').count() > text.matches(')').count();
    match (rest.is_empty(), wants_operand(before)) {
        (true, true) => wording!("expression_ends_before", wanted = operand()),
        (true, false) if open => wording!("expression_ends_before", wanted = wording!("expression_sign", sign = ")")),
        (true, false) => wording!("expression_ends"),
        (false, true) => wording!("expression_wanted", wanted = operand(), found = first_of(rest)),
        (false, false) => wording!("expression_misplaced", found = first_of(rest)),
    }
}

/// True where what stands last wants a value or condition behind it.
fn wants_operand(before: &str) -> bool {
    let last_word = before.rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_').next().unwrap_or_default();
    let is_sign = before.ends_with(|last: char| "<>=+-*/%(,".contains(last));
    before.is_empty() || is_sign || LEADING.contains(&last_word.to_lowercase().as_str())
}

/// The word, number or sign that the text begins with.
fn first_of(rest: &str) -> String {
    let is_of_word = |letter: &char| letter.is_alphanumeric() || matches!(letter, '_' | '.');
    let word: String = rest.chars().take_while(is_of_word).take(20).collect();
    if word.is_empty() { rest.chars().take(1).collect() } else { word }
}
