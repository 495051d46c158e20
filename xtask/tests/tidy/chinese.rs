//! What is said to people stands in `crates/words/` and not in the code.

use crate::files::must_be_empty;
use crate::rust::{Source, Token, read, sources};

/// Crates whose texts have not moved to the words yet, or that hold none for people. The list only becomes shorter.
const NOT_YET: [&str; 9] =
    ["analysis", "exchange", "lifecycle", "matching", "model", "policy", "sample", "store", "web"];
/// Files with vocabulary that is recognised in what people hand in: it is data and no text for them.
const RECOGNISED: [&str; 2] =
    ["crates/shouwang/src/jobs/imports/columns.rs", "crates/shouwang/src/jobs/imports/land/period.rs"];

/// Where Chinese stands in what ships of a file.
fn chinese(source: &Source) -> Vec<String> {
    let has_han = |token: &&Token| token.text.contains(|letter| ('\u{3001}'..='\u{9fff}').contains(&letter));
    source.tokens.iter().filter(has_han).map(|token| format!("{}:{}", source.path, token.line)).collect()
}

/// True for the sources of crates whose texts have moved.
fn has_moved(source: &Source) -> bool {
    let mut parts = source.path.split('/');
    let of_crate = parts.next() == Some("crates");
    let name = parts.next().unwrap_or_default();
    of_crate && !NOT_YET.contains(&name) && !RECOGNISED.contains(&source.path.as_str())
}

#[test]
fn no_text_for_people_stands_in_the_code_of_crates_that_have_moved() {
    let sources: Vec<Source> = sources().into_iter().filter(has_moved).collect();
    assert!(sources.len() > 60, "the sources are not where this test looks: {}", sources.len());
    let found: Vec<String> = sources.iter().flat_map(chinese).collect();
    must_be_empty("Chinese in code: word it in crates/words", &found);
}

#[test]
fn chinese_in_code_is_seen_and_that_of_tests_is_not() {
    let cases = [
        (r#"let text = "没有";"#, 1),
        (r#"let text = format!("{n}、");"#, 1),
        ("let letter = '年';", 1),
        (r#"let text = "none";"#, 0),
        (
            r#"/// 没有
            fn a() {}"#,
            0,
        ),
        (r#"#[test] fn a() { let text = "没有"; }"#, 0),
    ];
    for (text, count) in cases {
        assert_eq!(chinese(&read("crates/a/src/b.rs", &format!("mod b {{ {text} }}"))).len(), count, "{text}");
    }
}
