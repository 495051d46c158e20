//! Expressions of the package as people read them: names by their labels, operators and functions by words.
//!
//! The text is taken apart lightly, word by word; it was parsed and proved when the package was loaded.

use crate::catalog::Catalog;

/// The expression with labels: `self_paid_fen >= p.line` reads 个人自付 ≥ 医疗自付线.
pub fn readable(expression: &str, catalog: &Catalog<'_>) -> String {
    let words = words(expression);
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let lower = words[at].to_lowercase();
        let next = words.get(at + 1).map(|word| word.to_lowercase());
        let after = words.get(at + 2).map(|word| word.to_lowercase());
        let (text, used) = match (lower.as_str(), next.as_deref(), after.as_deref()) {
            ("is", Some("not"), Some("null")) => (say(catalog, "known"), 3),
            ("is", Some("null"), _) => (say(catalog, "unknown"), 2),
            ("not", Some("in"), _) => (say(catalog, "not_in"), 2),
            _ => (one(&words[at], &lower, catalog), 1),
        };
        out.push(text);
        at += used;
    }
    join(&out)
}

fn say(catalog: &Catalog<'_>, word: &str) -> String {
    catalog.language.say(&format!("expression_{word}")).to_owned()
}

fn one(word: &str, lower: &str, catalog: &Catalog<'_>) -> String {
    match lower {
        ">=" => return "≥".to_owned(),
        "<=" => return "≤".to_owned(),
        "<>" | "!=" => return "≠".to_owned(),
        "*" => return "×".to_owned(),
        _ => {}
    }
    if let Some(own) = catalog.language.words().get(&format!("expression_{lower}")) {
        return own.clone();
    }
    if let Some(name) = lower.strip_prefix("p.") {
        return quoted(&catalog.parameter_label(name), catalog);
    }
    if let Some(label) = catalog.value_label(lower) {
        return quoted(&label, catalog);
    }
    let is_name = lower.contains('_') && !word.starts_with('\'');
    if is_name { quoted(&column_label(lower, catalog), catalog) } else { literal(word, catalog) }
}

/// A column of any source with that name; a general word where there is none.
fn column_label(name: &str, catalog: &Catalog<'_>) -> String {
    let mut columns = catalog.package.sources.values().flat_map(|source| source.column.iter());
    let found = columns.find(|column| column.name == name);
    found.map_or_else(|| say(catalog, "value"), |column| catalog.column_label(column))
}

/// A text literal without its quotes, where it is a code that the neighbour's list would name, as it stands otherwise.
fn literal(word: &str, catalog: &Catalog<'_>) -> String {
    match word.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(text) if text.contains('_') => say(catalog, "value"),
        Some(text) => text.to_owned(),
        None => word.to_owned(),
    }
}

fn quoted(label: &str, catalog: &Catalog<'_>) -> String {
    match catalog.language {
        crate::language::Language::Chinese => format!("“{label}”"),
        crate::language::Language::English => format!("“{}”", label),
    }
}

/// Names, numbers, quoted texts, and operators one by one.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_whitespace() {
            continue;
        }
        let mut word = letter.to_string();
        if letter == '\'' {
            for inner in letters.by_ref() {
                word.push(inner);
                if inner == '\'' {
                    break;
                }
            }
        } else if letter.is_alphanumeric() || letter == '_' {
            while let Some(more) = letters.next_if(|next| next.is_alphanumeric() || matches!(next, '_' | '.')) {
                word.push(more);
            }
        } else if matches!(letter, '<' | '>' | '!') {
            word.extend(letters.next_if(|next| matches!(next, '=' | '>')));
        }
        words.push(word);
    }
    words
}

/// Words with one space between, none inside brackets and before commas.
fn join(words: &[String]) -> String {
    let mut out = String::new();
    for word in words {
        let tight = out.is_empty() || out.ends_with('(') || matches!(word.as_str(), ")" | "," | "(");
        let after_operator = word == "(" && out.ends_with(['≥', '≤', '≠', '×', '>', '<', '=', '+', '-']);
        if !tight || after_operator {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_taken_apart_into_names_texts_and_operators() {
        let cases = [
            ("a_b>=p.line", vec!["a_b", ">=", "p.line"]),
            ("x in ('01','a b') and y<>2", vec!["x", "in", "(", "'01'", ",", "'a b'", ")", "and", "y", "<>", "2"]),
            ("'open", vec!["'open"]),
            ("", vec![]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn words_are_joined_as_people_write_them() {
        let words: Vec<String> = ["取已知值", "(", "A", ",", "0", ")", "≥", "(", "B", ")"].map(str::to_owned).to_vec();
        assert_eq!(join(&words), "取已知值(A, 0) ≥ (B)");
    }
}
