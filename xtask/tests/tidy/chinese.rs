//! What is said to people stands in `crates/words/` and not in the code.

use crate::files::must_be_empty;
use crate::rust::{Source, Token, read, sources};

/// Crates whose texts have not moved to the words yet, or that hold none for people. The list only becomes shorter.
const NOT_YET: [&str; 1] = ["sample"];
/// Files, and folders of files, with vocabulary that is recognised in what people hand in, or with marks that are read back: that is data
/// and no text for them.
const RECOGNISED: [&str; 20] = [
    "crates/exchange/src/cell/code.rs",
    "crates/exchange/src/cell/text.rs",
    "crates/exchange/src/ground/export_line.rs",
    "crates/exchange/src/ground/file_column.rs",
    "crates/exchange/src/ground/money_unit.rs",
    "crates/exchange/src/ground/own_sheets.rs",
    "crates/exchange/src/heading/",
    "crates/exchange/src/judge/layout.rs",
    "crates/exchange/src/judge/seen_text.rs",
    "crates/exchange/src/raw/book/styles.rs",
    "crates/exchange/src/register/part.rs",
    "crates/exchange/src/register/place_columns.rs",
    "crates/exchange/src/write/shown.rs",
    "crates/matching/src/spellings.rs",
    "crates/model/src/value.rs",
    "crates/model/src/written/",
    "crates/shouwang/src/jobs/imports/columns.rs",
    "crates/shouwang/src/jobs/imports/land/period.rs",
    "crates/web/src/pages/files/column_choice.rs",
    "crates/web/src/parts/catalog.rs",
];

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
    of_crate && !NOT_YET.contains(&name) && !RECOGNISED.iter().any(|known| source.path.starts_with(known))
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
