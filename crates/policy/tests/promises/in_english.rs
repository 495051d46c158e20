//! What is said in English is whole: it is there, it is filled in, and Chinese stands in it only where something is quoted.

use policy::Problem;
use policy::expression::ExpressionError;
use words::Wording;

/// Signs between which a text quotes what stands in a file.
const QUOTES: [(char, char); 6] = [('`', '`'), ('\'', '\''), ('“', '”'), ('"', '"'), ('[', ']'), ('「', '」')];

/// The text without what it quotes.
fn without_quotes(text: &str) -> String {
    let mut left = String::new();
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        match QUOTES.iter().find(|(open, _)| *open == letter) {
            Some((_, close)) if rest.as_str().contains(*close) => drop(rest.by_ref().find(|next| next == close)),
            _ => left.push(letter),
        }
    }
    left
}

/// True where a placeholder was left as it stands in the words.
fn is_unfilled(text: &str) -> bool {
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|letter| letter.is_ascii_lowercase() || "_|".contains(letter))
    };
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).any(|(name, _)| is_name(name))
}

/// What is wrong with the English text; `None` where nothing is.
fn odd(text: &Wording) -> Option<&'static str> {
    let english = text.english();
    let said = without_quotes(english);
    let is_chinese = |letter: char| matches!(letter, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
    let faults = [
        (english.trim().is_empty() && !text.is_empty(), "lacks"),
        (english.contains('\u{1f}'), "has U+001F"),
        (english.contains("??"), "has no words"),
        (is_unfilled(&said), "is not filled in"),
        (said.contains(is_chinese), "has Chinese in it"),
    ];
    faults.into_iter().find(|(is_so, _)| *is_so).map(|(_, fault)| fault)
}

/// Panics where something is wrong with what is said in English.
fn check(what: &Wording, hint: &Wording) {
    assert!(!what.is_empty(), "nothing is said; hint: {hint:?}");
    for text in [what, hint] {
        assert_eq!(odd(text), None, "{:?} of {:?}", text.english(), text.chinese());
    }
}

/// Panics where something is wrong with the English of a refused expression.
pub fn check_error(error: &ExpressionError) {
    check(&error.what, &error.hint);
}

/// Panics where something is wrong with the English of a problem.
pub fn check_problem(problem: &Problem) {
    check(&problem.what, &problem.hint);
}

#[test]
fn what_is_wrong_with_an_english_text_is_seen() {
    let cases = [
        ("", "", None),
        ("没有 `甲`", "there is no `甲`", None),
        ("没有", "'01' and “甲” and [乙;丙]", None),
        ("没有", "write `{name}`", None),
        ("没有", "write x = { … }", None),
        ("没有", "there isn't any", None),
        ("没有", "", Some("lacks")),
        ("没有", " ", Some("lacks")),
        ("没有", "there is no 甲", Some("has Chinese in it")),
        ("没有", "one、two", Some("has Chinese in it")),
        ("没有", "one `two` 甲 `three`", Some("has Chinese in it")),
        ("没有", "one\u{ff0c}two", Some("has Chinese in it")),
        ("没有", "{rows} rows", Some("is not filled in")),
        ("没有", "1 {rows|row|rows}", Some("is not filled in")),
        ("没有", "??", Some("has no words")),
    ];
    for (chinese, english, wrong) in cases {
        assert_eq!(odd(&Wording::pair(chinese, english)), wrong, "{english}");
    }
}
